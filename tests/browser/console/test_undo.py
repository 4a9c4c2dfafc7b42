"""A slip of the hand is taken back for ten seconds."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]


def test_what_was_just_done_is_undone_by_button_and_keys(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    incident_id = at.call("2301021")
    row = page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]')
    row.click()
    told = page.get_by_test_id("messages")
    state = page.get_by_test_id("incident-state")

    # A unit that was called back is notified again.
    at.send(incident_id)
    page.get_by_test_id("stamp-cancelled").click()
    expect(told.get_by_test_id("undo")).to_have_attribute("aria-keyshortcuts", "Alt+Z")
    screenshot(page, "undo-en")
    told.get_by_test_id("undo").click()
    expect(told).to_contain_text("notified again")
    page.get_by_test_id("stamp-cancelled").click()
    expect(state).to_have_attribute("data-state", "queued")

    # A cancelled incident comes back, with the focus wherever it is; once only.
    page.get_by_text("Cancel incident", exact=True).first.click()
    page.get_by_test_id("cancel-reason").fill("slip")
    page.get_by_test_id("cancel-incident").click()
    expect(state).to_have_attribute("data-state", "cancelled")
    page.get_by_test_id("command").focus()
    page.keyboard.press("Alt+z")
    expect(told).to_contain_text("open again")
    expect(state).to_have_attribute("data-state", "queued")
    expect(row).to_be_visible()
    page.keyboard.press("Alt+z")
    expect(told).to_contain_text("nothing to undo")
    assert watched.faults == []
