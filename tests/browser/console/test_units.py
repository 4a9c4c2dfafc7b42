"""A unit goes out of service and comes back, from the list of units."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from gis.access import SYSTEM
from gis.tables import Unit
from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(600)]


def test_a_unit_is_taken_out_with_reason_and_return_and_put_back(open_page, desk, site, screenshot):
    watched = open_page(locale="en-GB")
    page = log_in(watched)
    mine = desk(page)
    incident_id = mine.call("2301021")
    best = page.request.get(f"/v1/incidents/{incident_id}/recommendation").json()["units"][0]
    page.get_by_role("tab").nth(1).click()
    page.get_by_test_id("unit-search").fill(best["call_sign"])
    row = page.locator(f'[data-testid="unit-row"][data-unit-id="{best["unit_id"]}"]')
    row.click()
    duty = page.get_by_test_id("unit-duty")
    expect(duty.get_by_test_id("duty-shift")).to_contain_text("driver: driver")

    # Without a reason nothing happens, and that is said.
    duty.get_by_test_id("duty-out").click()
    expect(page.get_by_text("Choose a reason first.")).to_be_visible()
    duty.get_by_test_id("duty-reason").select_option("workshop")
    duty.get_by_test_id("duty-out").click()
    expect(duty.get_by_test_id("duty-state")).to_have_text("out of service · workshop")
    expect(row.get_by_test_id("unit-out")).to_have_text("workshop")
    shown = page.request.get(f"/v1/incidents/{incident_id}/recommendation").json()["units"]
    assert not any(one["eligible"] and one["unit_id"] == best["unit_id"] for one in shown)

    # That the time it was expected back has passed is said.
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Unit)
            .where(Unit.unit_id == best["unit_id"])
            .values(
                expected_back_at=uow.clock.now() - timedelta(minutes=12), version=Unit.version + 1
            )
        )
    page.reload()
    page.get_by_role("tab").nth(1).click()
    page.get_by_test_id("unit-search").fill(best["call_sign"])
    row.click()
    expect(duty.get_by_test_id("duty-state")).to_contain_text("due back")
    expect(duty.get_by_test_id("duty-state")).to_contain_text("12:")
    screenshot(page, "console-unit-overdue")
    duty.get_by_test_id("duty-in").click()
    expect(duty.get_by_test_id("duty-state")).to_have_text("in service")
    assert watched.faults == []
