"""The planner's page: who is covered today, and what a closed station would change."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, sign_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_a_planner_reads_coverage_and_closes_a_station_by_keys(open_page, site: Site) -> None:
    watched = open_page(locale="en-GB", streets=False)
    page = sign_in(watched, "planner")
    page.wait_for_url("**/planner")
    says = page.get_by_test_id("coverage-says")
    expect(says).to_contain_text("have a unit within 8 min by road")
    expect(page.get_by_test_id("calibration")).to_contain_text("Uncalibrated")
    sheet = page.get_by_test_id("sheet")
    expect(sheet).to_contain_text("not known")
    # Nobody said what the districts are: no radius is judged until somebody does.
    expect(sheet.get_by_role("columnheader", name="10 to 20 km")).to_have_count(1)
    page.get_by_test_id("setting").get_by_role("button", name="urban").press("Enter")
    expect(sheet.get_by_role("columnheader", name="10 to 20 km")).to_have_count(0)
    station = page.get_by_test_id("stations").get_by_role("checkbox").first
    station.press("Space")
    expect(page.get_by_test_id("coverage-without")).to_contain_text("fall out of the limit")
    expect(page.get_by_role("columnheader", name="After closing")).to_be_visible()
    page.get_by_test_id("limit").get_by_role("button", name="12 min").press("Enter")
    expect(says).to_contain_text("within 12 min by road")
    until(page, "() => document.querySelector('[data-testid=coverage-map]').dataset.places > 1")
    page.get_by_test_id("open-all").press("Enter")
    expect(page.get_by_test_id("coverage-without")).to_have_count(0)
    assert watched.faults == []
