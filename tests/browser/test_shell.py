"""The shell of the newer pages: landing by role, navigation, display, rights that change."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.mark.parametrize("username", ["admin", "hospital", "planner"])
def test_a_role_lands_on_a_page_of_its_own_and_can_sign_out(open_page, screenshot, username):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = sign_in(watched, username)
    assert "/console" not in page.url
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("provenance")).to_contain_text("SIMULATED")
    screenshot(page, f"landing-{username}")
    page.get_by_test_id("account").click()
    page.get_by_test_id("sign-out").click()
    page.wait_for_url("**/login")
    assert watched.faults == []
