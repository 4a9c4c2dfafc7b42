"""Steps of administration on the page: holds, erasing, roles, a job begun again, rights gone."""

import io
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import delete, insert

from data.jobs import LOAD_CITY
from gis.access import SYSTEM, Grant
from gis.identity import Accounts
from gis.jobs.service import defer
from gis.tables import City, UserRole
from tests.browser.conftest import PASSWORD, Site, downloaded, sign_in
from tests.browser.test_admin import open_row, open_tab
from tests.browser.test_glass import SAME

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.acceptance]

NUMBER = "13655550000"


def take_call(page: Page, key: str) -> dict[str, str]:
    """Take a call from a number; return its incident."""
    city = page.request.get("/v1/cities").json()["cities"][0]
    taken = page.request.post(
        "/v1/calls", data={"city_id": city["city_id"], "source": "phone", "caller_number": NUMBER},
        headers=SAME | {"Idempotency-Key": key},
    )  # fmt: skip
    assert taken.ok
    incident: dict[str, str] = taken.json()["incident"]
    return incident


def test_what_is_held_is_not_erased_until_it_is_let_go(open_page, screenshot):
    desk = sign_in(open_page(), "supervisor", to="/exports")
    expect(desk.get_by_test_id("new-export")).to_be_visible()
    incident = take_call(desk, "held-and-erased")
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = sign_in(watched, "privacy", to="/admin")
    open_tab(page, "retention")
    page.get_by_test_id("new-hold").press("Enter")
    page.get_by_test_id("place-hold").press("Enter")
    expect(page.locator("dialog[open] .problem")).to_have_count(2)
    held = page.get_by_test_id("hold-new")
    held.get_by_label("Kind").select_option("incident")
    held.get_by_label("Number or id").fill(incident["number"])
    held.get_by_label("Reason").fill("asked for by the court, file 12/26")
    screenshot(page, "admin-hold-en-light-1366")
    page.get_by_test_id("place-hold").press("Enter")
    expect(page.get_by_test_id("toasts")).to_contain_text("It is held.")

    page.get_by_test_id("new-erasure").click()
    erase = page.get_by_test_id("erase-dialog")
    erase.get_by_label("Number, name or id").fill(NUMBER)
    erase.get_by_label("Reason").fill("asked for by the person")
    page.get_by_test_id("erase").click()
    expect(page.get_by_test_id("refused")).to_contain_text("hold")
    screenshot(page, "admin-erase-held-en-light-1366")
    page.keyboard.press("Escape")

    open_row(page, "asked for by the court")
    page.get_by_test_id("lift-hold").click()
    page.get_by_test_id("confirm").click()
    expect(page.locator("dialog[open] .problem")).to_be_visible()
    page.get_by_test_id("reason").fill("the court has closed its file")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("toasts")).to_contain_text("The hold was lifted.")
    page.get_by_test_id("new-erasure").click()
    erase.get_by_label("Number, name or id").fill(NUMBER)
    erase.get_by_label("Reason").fill("asked for by the person")
    page.get_by_test_id("erase").click()
    expect(page.get_by_test_id("toasts")).to_contain_text("1 values were erased")
    version = desk.request.get(f"/v1/incidents/{incident['incident_id']}").json()["version"]
    cancelled = desk.request.post(
        f"/v1/incidents/{incident['incident_id']}/cancel", data={"reason": "a test of holds"},
        headers=SAME | {"If-Match": f'"{version}"'},
    )  # fmt: skip
    assert cancelled.ok
    assert [one for one in watched.faults if "422" not in one] == []


def test_a_role_is_made_changed_and_removed(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=390, height=844, color_scheme="dark")
    page = sign_in(watched, "admin", to="/admin")
    open_tab(page, "roles")
    page.get_by_test_id("new-role").click()
    page.get_by_test_id("role-code").fill("night_planner")
    page.get_by_test_id("role-zh").fill("夜班规划")
    page.get_by_test_id("role-en").fill("night planner")
    page.get_by_test_id("may-layers_read").check()
    screenshot(page, "admin-role-new-zh-dark-390")
    page.get_by_test_id("make-role").press("Enter")
    expect(page.get_by_test_id("toasts")).to_contain_text("已保存")
    open_row(page, "夜班规划")
    expect(page.get_by_test_id("may-layers_read")).to_be_checked()
    page.get_by_test_id("may-access_read").check()
    page.get_by_test_id("save-role").press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    roles = page.request.get("/v1/admin/roles").json()["roles"]
    (made,) = (one for one in roles if one["role"] == "night_planner")
    assert sorted(made["permissions"]) == ["access_read", "layers_read"]
    open_row(page, "夜班规划")
    page.get_by_test_id("remove-role").click()
    page.get_by_test_id("confirm").click()
    expect(page.locator(".table-body [role=row]").filter(has_text="夜班规划")).to_have_count(0)
    # A role that the house declares can be changed, not removed.
    open_row(page, "疾控")
    expect(page.get_by_test_id("save-role")).to_be_visible()
    expect(page.get_by_test_id("remove-role")).to_have_count(0)
    assert watched.faults == []


def test_a_job_that_failed_is_begun_again(open_page, screenshot, site: Site):
    with site.database.unit_of_work(SYSTEM) as uow:
        job_id = defer(uow, LOAD_CITY, {"key": "nowhere", "origin": "hearsay", "name": "nowhere"})
    watched = open_page(locale="en-GB", width=1366, height=768, color_scheme="dark")
    page = sign_in(watched, "admin", to="/admin")
    open_tab(page, "jobs")
    page.get_by_test_id("job-state").select_option("failed")
    row = page.locator(".table-body [role=row]").filter(has_text="Load a city").first
    expect(row).to_contain_text("failed", timeout=90_000)
    row.click()
    expect(page.get_by_test_id("job-dialog")).to_contain_text("invalid_input")
    screenshot(page, "admin-job-failed-en-dark-1366")
    page.get_by_test_id("retry-job").click()
    expect(page.get_by_test_id("toasts")).to_contain_text("waits in its queue again")
    job = page.request.get(f"/v1/jobs/{job_id}").json()
    assert job["state"] in {"waiting", "running", "failed"}
    assert watched.faults == []


def test_a_page_says_within_half_a_minute_that_its_role_was_withdrawn(
    open_page, screenshot, site: Site
):
    with site.database.unit_of_work(SYSTEM) as uow:
        user_id = Accounts().create_user(
            uow, "withdrawn", password=PASSWORD, grants=[Grant("planner"), Grant("hospital")]
        )
    watched = open_page(locale="zh-CN", width=390, height=844, color_scheme="dark")
    page = sign_in(watched, "withdrawn", to="/reports")
    expect(page.get_by_test_id("make")).to_be_enabled()
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            delete(UserRole).where(UserRole.user_id == user_id, UserRole.role == "planner")
        )
    expect(page.get_by_test_id("denied")).to_contain_text("已被撤销", timeout=30_000)
    screenshot(page, "withdrawn-zh-dark-390")
    assert [one for one in watched.faults if "403" not in one] == []


def test_the_report_of_an_empty_city_says_so_in_print(open_page, site: Site):
    with site.database.unit_of_work(SYSTEM) as uow:
        city_id = uow.session.execute(
            insert(City).returning(City.city_id).values(
                key="bare", name="Bare", name_zh="空城", source="test", attribution="-",
                time_zone="UTC", added_at=datetime.now(tz=UTC),
                extent="SRID=4326;POLYGON((0 0,1 0,1 1,0 1,0 0))",
            )
        ).scalar_one()  # fmt: skip
    try:
        watched = open_page(locale="zh-CN", width=1366, height=768)
        page = sign_in(watched, "planner", to="/reports?city=bare")
        expect(page.get_by_test_id("make")).to_be_enabled()
        page.get_by_test_id("kind").select_option("resources")
        for made_as in ("html", "docx", "xlsx", "folium"):
            page.get_by_test_id(f"format-{made_as}").uncheck()
        page.get_by_test_id("make").click()
        file = page.get_by_test_id("file-pdf").first
        expect(file).to_be_visible(timeout=120_000)
        with page.expect_download() as saved:
            file.click()
        read = PdfReader(io.BytesIO(downloaded(saved.value)))
        told = "".join(one.extract_text() for one in read.pages)
        assert "没有任何登记" in told.replace("\n", "")
        assert watched.faults == []
    finally:
        with site.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(delete(City).where(City.city_id == city_id))
