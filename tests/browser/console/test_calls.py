"""Taking a call: coordinates, numbers, patients, doubles."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]


def opened(page, incident_id):
    """Show an incident."""
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()


def test_coordinates_are_typed_or_pasted_in_any_form(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    opened(page, at.call(placed=False))
    search = page.get_by_test_id("place-search")
    options = page.get_by_test_id("place-option")
    search.fill("22.54, 114.05")
    expect(page.get_by_test_id("coordinates-outside")).to_be_visible()
    search.fill("29°57'12\"S 71°20'22\"W")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("-29.95333, -71.33944")
    screenshot(page, "coordinates-en")
    search.press("Enter")
    expect(page.get_by_test_id("place-section")).to_contain_text("confirmed")
    place = page.request.get(f"/v1/incidents/{at.taken[0]}").json()
    assert (round(place["lat"], 5), round(place["lon"], 5)) == (-29.95333, -71.33944)
    assert place["declared_datum"] == "wgs84"
    assert watched.faults == []
