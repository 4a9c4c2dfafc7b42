"""The shell of the newer pages: landing by role, navigation, display, rights that change."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from gis.access import SYSTEM, Grant
from gis.identity import Accounts
from gis.tables import UserRole
from tests.browser.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.mark.parametrize("username", ["admin", "hospital"])
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


def test_the_console_without_the_right_says_so_and_leads_out(open_page):
    page = sign_in(open_page(locale="en-GB"), "hospital")
    page.goto("/console")
    expect(page.get_by_role("alert").first).to_contain_text("no access to the console")
    page.get_by_test_id("sign-out").click()
    page.wait_for_url("**/login")


def test_language_theme_and_text_size_are_chosen_by_keyboard_and_kept(open_page):
    watched = open_page(locale="en-GB", color_scheme="dark")
    page = watched.page
    page.goto("/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.get_by_test_id("display").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("theme").get_by_role("button", name="Light").press("Enter")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_test_id("text-size").get_by_role("button", name="Larger").press("Enter")
    page.get_by_test_id("language").get_by_role("button", name="中文").press("Enter")
    expect(root).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("heading", level=1)).to_have_text("决定生死的一小时")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("theme")).to_be_hidden()
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")
    expect(root).to_have_attribute("data-text", "larger")
    expect(root).to_have_attribute("lang", "zh-CN")
    assert watched.faults == []


@pytest.mark.acceptance
def test_rights_that_are_taken_away_are_said_within_half_a_minute(open_page, site):
    accounts = Accounts()
    with site.database.unit_of_work(SYSTEM) as uow:
        user_id = accounts.create_user(
            uow, "leaving", password=PASSWORD, grants=[Grant("planner"), Grant("hospital")]
        )
    page = sign_in(open_page(locale="en-GB"), "leaving", to="/")
    expect(page.get_by_test_id("rights")).to_contain_text("report a hospital's status")
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            delete(UserRole).where(UserRole.user_id == user_id, UserRole.role == "hospital")
        )
    toasts = page.get_by_test_id("toasts")
    expect(toasts).to_contain_text("rights have just changed", timeout=30_000)
    expect(page.get_by_test_id("rights")).not_to_contain_text("report a hospital's status")
