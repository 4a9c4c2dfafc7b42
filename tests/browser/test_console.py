"""A dispatcher's whole call in a real browser: ring, place, triage, dispatch, follow, close."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

UNIT_PLACE = (
    "id => { const unit = window.goldenhour.store.state.units.get(id);"
    " return unit ? [unit.lon, unit.lat] : null; }"
)
HAS_MOVED = (
    "({unit, from}) => { const now = window.goldenhour.store.state.units.get(unit);"
    " return Boolean(now && from && (now.lon !== from[0] || now.lat !== from[1])); }"
)


@pytest.mark.acceptance
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_whole_call(open_page, site, screenshot, locale):
    watched = open_page(locale=locale)
    page = log_in(watched)
    name = locale[:2]
    screenshot(page, f"console-{name}-1-quiet")

    page.keyboard.press("n")
    page.get_by_test_id("call-words").fill("Dolor en el pecho, suda / 胸痛出汗")
    page.get_by_test_id("place-search").fill("Balmaseda")  # a wrong letter on purpose
    option = page.get_by_test_id("place-option").first
    expect(option).to_contain_text("Balmaceda")
    screenshot(page, f"console-{name}-2-place")
    option.click()

    page.get_by_test_id("complaint-search").fill("chest" if name == "en" else "胸")
    page.get_by_test_id("complaint-option").first.click()
    screenshot(page, f"console-{name}-3-triage")
    page.get_by_test_id("save-triage").click()
    expect(page.get_by_test_id("triage-result")).to_be_visible()

    rows = page.get_by_test_id("recommendation-row")
    expect(rows.first).to_be_visible()
    whole_list = page.get_by_test_id("recommendation-all")
    unit_count = int(re.findall(r"\d+", whole_list.inner_text())[0])
    assert rows.count() < unit_count
    whole_list.click()
    expect(rows).to_have_count(unit_count)
    whole_list.click()
    expect(rows).not_to_have_count(unit_count)
    unit_id = int(rows.first.get_attribute("data-unit-id"))
    page.wait_for_timeout(1500)
    screenshot(page, f"console-{name}-4-recommendation")
    with page.expect_request(re.compile("/assignments$")) as sent:
        page.get_by_test_id("dispatch-button").first.click()
    # A time says what it is by, or it could not be told from a straight line afterwards.
    assert sent.value.post_data_json["predicted_travel_time_s"] > 0
    assert sent.value.post_data_json["predicted_by"] == "road"
    assignment = page.get_by_test_id("assignment-row").first
    expect(assignment).to_have_attribute("data-state", re.compile("notified|acknowledged|en_route"))

    expect(assignment).to_have_attribute("data-state", "en_route", timeout=40_000)
    before = page.evaluate(UNIT_PLACE, unit_id)
    until(page, HAS_MOVED, {"unit": unit_id, "from": before})
    screenshot(page, f"console-{name}-5-under-way")
    expect(assignment).to_have_attribute(
        "data-state", re.compile("on_scene|at_patient"), timeout=90_000
    )
    page.get_by_test_id("stamp-no_transport").first.click()
    expect(assignment).to_have_attribute("data-state", re.compile("no_transport|available"))

    number = page.evaluate("window.goldenhour.store.state.incidentId")
    page.get_by_test_id("close-outcome").select_option("treated_on_scene")
    page.get_by_test_id("close-incident").click()
    expect(page.locator(f'[data-testid="queue-row"][data-incident-id="{number}"]')).to_have_count(0)
    screenshot(page, f"console-{name}-6-closed")
    assert watched.faults == []


def test_a_wrong_password_is_one_clear_sentence(open_page, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = watched.page
    page.goto("/login")
    page.fill("input[name=username]", "dispatcher")
    page.fill("input[name=password]", "not the password")
    page.get_by_test_id("login-button").click()
    expect(page.get_by_test_id("login-error")).to_be_visible()
    screenshot(page, "login-refused")
    assert "/login" in page.url
    assert watched.faults == []


def test_the_console_fits_a_small_screen_and_the_dark(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=1366, height=768)
    page = log_in(watched, "supervisor")
    page.get_by_test_id("theme-switch").click()
    page.wait_for_timeout(1500)
    screenshot(page, "console-dark-1366")
    overflow = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not overflow
    assert watched.faults == []
