"""Somebody without the right opens a record in an emergency, in two steps; another reviews it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.database]

SAME = {"Sec-Fetch-Site": "same-origin"}


def call_at_the_centre(desk: Page) -> Any:
    """Take a call in the middle of the city; return its incident."""
    city = desk.request.get("/v1/cities").json()["cities"][0]
    lon, lat = city["centre"]
    taken = desk.request.post(
        "/v1/calls",
        data={"city_id": city["city_id"], "source": "phone", "caller_number": "13912340000",
              "point": {"lon": lon, "lat": lat, "datum": "wgs84"}},
        headers=SAME | {"Idempotency-Key": "a-call-elsewhere"},
    )  # fmt: skip
    assert taken.ok, taken.text()
    return taken.json()["incident"]


def cancel(desk: Page, incident_id: str) -> None:
    """End the incident, so that the shared city is as it was."""
    version = desk.request.get(f"/v1/incidents/{incident_id}").json()["version"]
    ended = desk.request.post(
        f"/v1/incidents/{incident_id}/cancel", data={"reason": "a test of the glass"},
        headers=SAME | {"If-Match": f'"{version}"'},
    )  # fmt: skip
    assert ended.ok, ended.text()


def test_the_glass_is_broken_used_ended_and_reviewed(open_page, screenshot):
    watched = open_page()
    office = sign_in(watched, "admin", to="/admin")
    expect(office.get_by_role("tab").first).to_be_visible()
    made = office.request.post(
        "/v1/admin/accounts",
        data={"username": "far-away", "password": PASSWORD,
              "grants": [{"role": "supervisor", "jurisdiction": "XX"}]},
        headers=SAME | {"Idempotency-Key": "an-account-far-away"},
    )  # fmt: skip
    assert made.ok
    taker = open_page()
    desk = sign_in(taker, "supervisor", to="/exports")
    expect(desk.get_by_test_id("new-export")).to_be_visible()
    taken = call_at_the_centre(desk)
    assert taken["area_code"]

    other = open_page(locale="zh-CN", width=390, height=844, color_scheme="dark")
    page = sign_in(other, "far-away", to="/glass")
    expect(page.get_by_test_id("glass-next")).to_be_visible()
    assert page.request.get(f"/v1/incidents/{taken['incident_id']}").status == 404
    page.get_by_test_id("glass-next").click()
    expect(page.locator(".problem")).to_have_count(2)
    page.get_by_test_id("glass-area").select_option(taken["area_code"])
    page.get_by_test_id("glass-reason").fill("患者已转送至外区，须立即回拨来电人")
    page.get_by_test_id("glass-next").click()
    # The question says what follows; leaving it opens nothing and keeps what was typed.
    expect(page.get_by_test_id("confirm")).to_be_visible()
    expect(page.locator("dialog[open]")).to_contain_text("另一人将复核")
    screenshot(page, "glass-sure-zh-dark-390")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("confirm")).to_have_count(0)
    assert page.request.get("/v1/break-glass").json() == {"opened": []}
    page.get_by_test_id("glass-next").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("glass-open")).to_contain_text("另一人将复核")
    page.get_by_test_id("glass-incident").fill(taken["number"])
    page.get_by_test_id("glass-look").click()
    expect(page.get_by_test_id("glass-found")).to_contain_text("13912340000")
    screenshot(page, "glass-found-zh-dark-390")
    page.get_by_test_id("glass-end").click()
    expect(page.get_by_test_id("glass-next")).to_be_visible()
    expect(page.get_by_test_id("glass-found")).to_have_count(0)
    expect(page.locator(".table-body [role=row]")).to_contain_text("待复核")

    office.locator('[role=tab][data-key="glass"]').click()
    office.locator(".table-body [role=row]").filter(has_text="far-away").first.click()
    office.get_by_test_id("verdict").select_option("in_order")
    office.get_by_test_id("save-review").press("Enter")
    expect(office.get_by_test_id("verdict")).to_have_count(0)
    page.reload()
    expect(page.locator(".table-body [role=row]")).to_contain_text("合规")

    cancel(desk, taken["incident_id"])
    assert watched.faults == taker.faults == other.faults == []
