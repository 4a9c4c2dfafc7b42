"""A login that ends at the desk: said why, signed in again on the spot, nothing typed is lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, update

from gis.access import SYSTEM
from gis.tables import LoginSession, User
from tests.browser.conftest import PASSWORD, log_in, sign_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

WORDS = "my father fell in the bath"
REMARK = "gate code 4711"


def expire(site, username):
    """End every browser session of an account, as time would."""
    with site.database.unit_of_work(SYSTEM) as uow:
        ids = uow.session.query(User.user_id).filter(User.username == username)
        uow.session.execute(
            update(LoginSession)
            .where(LoginSession.user_id.in_(ids))
            .values(expires_at=func.now() - timedelta(seconds=1))
        )


def test_an_ended_login_says_why_and_returns_to_everything_that_was_typed(
    open_page, desk, site, screenshot
):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched, "supervisor")
    at = desk(page)
    page.get_by_test_id("new-call").click()
    page.get_by_test_id("call-words").press_sequentially(WORDS[:9])
    until(page, "() => Boolean(window.goldenhour.store.state.incidentId)")
    incident_id = page.evaluate("() => window.goldenhour.store.state.incidentId")
    at.taken.append(incident_id)
    page.get_by_test_id("remark-text").fill(REMARK)
    expire(site, "supervisor")
    page.evaluate("() => { window.goldenhour.store.state.session.ends_at = '2020-01-01T00:00Z' }")
    words = page.get_by_test_id("call-words")
    words.focus()
    words.press("End")
    page.keyboard.type(WORDS[9:], delay=10)
    banner = page.get_by_test_id("signed-out")
    expect(banner).to_contain_text("a sign-in lasts a fixed time")
    expect(words).to_be_focused()  # what comes up takes nobody's cursor
    expect(page.locator(".messages")).not_to_contain_text("connection")
    screenshot(page, "session-ended")
    page.get_by_test_id("again-password").fill("wrong")
    page.get_by_test_id("again").click()
    expect(page.get_by_test_id("sign-in-wrong")).to_be_visible()
    page.get_by_test_id("again-password").fill(PASSWORD)
    page.get_by_test_id("again").click()
    expect(banner).to_have_count(0)
    expect(words).to_have_value(WORDS)
    expect(page.get_by_test_id("remark-text")).to_have_value(REMARK)
    assert page.evaluate("() => window.goldenhour.store.state.incidentId") == incident_id

    def told():
        caller = at.ask("POST", f"/v1/incidents/{incident_id}/caller", {"reason": "test"})
        return any(call.get("words") == WORDS for call in caller["calls"])

    for _ in range(50):
        if told():
            break
        page.wait_for_timeout(200)
    assert told()
    assert watched.faults == []


@pytest.mark.acceptance
def test_without_a_cookie_there_is_a_login_link_at_once_and_the_same_incident_after_it(
    open_page, desk
):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = sign_in(watched, "dispatcher")
    page.goto("/layers")  # what going back must lead to
    page.goto("/console")
    until(page, "() => Boolean(window.goldenhour?.store.state.loaded)")
    incident_id = desk(page).call("2301019")
    page.locator(f'[data-incident-id="{incident_id}"]').click()
    until(page, "id => location.search.includes(id)", incident_id)
    page.context.clear_cookies()
    page.get_by_test_id("new-call").click()
    link = page.get_by_test_id("login-link")
    expect(link).to_be_visible()
    expect(page.locator(".messages")).not_to_contain_text("connection")
    page.get_by_test_id("call-words").fill(WORDS)
    page.locator(f'[data-incident-id="{incident_id}"]').click()
    link.click()
    page.fill("input[name=username]", "dispatcher")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_test_id("login-button").click()
    page.wait_for_url("**/console*")
    until(page, "id => window.goldenhour?.store.state.incidentId === id", incident_id)
    # The call that could not be sent meanwhile is sent now, with its words.
    until(page, "() => [...window.goldenhour.store.state.drafts.values()].some("
          "one => one.incident_id && !one.dirty)")  # fmt: skip
    desk_of_it = page.evaluate(
        "() => [...window.goldenhour.store.state.drafts.values()].map(one => one.incident_id)"
    )
    cleaner = desk(page)
    cleaner.taken.extend(desk_of_it)
    page.go_back()
    assert "/login" not in page.url


@pytest.mark.parametrize(
    ("username", "landing"),
    [
        ("planner", "/planner"),
        pytest.param("hospital", "/", marks=pytest.mark.acceptance),
        pytest.param("privacy", "/admin", marks=pytest.mark.acceptance),
    ],
)
def test_a_role_that_may_not_use_the_page_it_asked_for_lands_where_it_can_work(
    open_page, username, landing
):
    page = open_page(locale="en-GB").page
    page.goto("/login?next=/console")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_test_id("login-button").click()
    page.wait_for_url(lambda address: "/login" not in address)
    assert page.url.split("?")[0].endswith(landing)
    expect(page.get_by_test_id("account")).to_be_visible()
    expect(page.get_by_test_id("denied")).to_have_count(0)
