"""Units under way: a corrected place is told to each crew, and when it will be there is seen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.console.test_queue import shown_codes

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

ELSEWHERE = {"lon": -71.2520, "lat": -29.9060, "datum": "wgs84", "uncertainty_m": 20}


# A simulated crew is fast: on a slow machine it arrives before the page is pressed.
@pytest.mark.acceptance
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_corrected_place_warns_until_the_crew_has_it(open_page, desk, screenshot, locale):
    watched = open_page(locale=locale, width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    incident_id = at.call("2301011", conscious="yes", breathing="normal", sweating="no")
    row = page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]')
    row.click()
    unit_id = page.request.get(f"/v1/incidents/{incident_id}/recommendation").json()["units"][0][
        "unit_id"
    ]
    sent = at.change("POST", incident_id, "assignments", {"unit_id": unit_id})
    expect(page.get_by_test_id("arrival")).to_be_visible()
    expect(page.get_by_test_id("place-warning")).to_have_count(0)
    # One that acknowledges after the change has the place with it.
    expect(row).to_have_attribute("data-state", "en_route")
    at.change("PUT", incident_id, "place", {"point": ELSEWHERE, "confirmed": True})
    expect(page.get_by_test_id("place-warning")).to_contain_text(sent["call_sign"])
    expect(row).to_have_attribute("data-section", "action")
    # Some ten kilometres farther: the new time is later than the one that was told.
    expect(page.get_by_test_id("arrival")).to_have_text(re.compile("late|晚"))
    assert shown_codes(page) == []
    screenshot(page, f"place-changed-{locale[:2]}")
    page.get_by_test_id("place-heard").click()
    expect(page.get_by_test_id("place-warning")).to_have_count(0)
    expect(page.get_by_test_id("place-unheard")).to_have_count(0)
    at.ask("POST", f"/v1/assignments/{sent['assignment_id']}/stamps", {
        "state": "on_scene", "source": "console",
    })  # fmt: skip
    # It stands where it was, kilometres away: said beside its stamp, and nothing asks anything.
    expect(page.get_by_test_id("off-place")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    screenshot(page, f"off-place-{locale[:2]}")
    assert watched.faults == []
