"""Commands by keys that work everywhere, and the focus after each step."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import log_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

BROWSERS_OWN = {"F5", "F11", "F12", "Control+N", "Control+T", "Control+W"}
RESTED = "() => performance.now() - (window.quiet ??= performance.now()) > 1000"
FOCUSED = "(selector) => document.activeElement?.matches(selector)"


def show(page: Page, incident_id: str) -> None:
    """Select an incident of the queue."""
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()
    expect(page.get_by_test_id("head-facts")).to_be_visible()


def rest(page: Page) -> None:
    """Wait until a single key no longer counts as part of what was typed."""
    page.evaluate("() => { delete window.quiet; }")
    until(page, RESTED)


def test_each_command_has_keys_that_work_while_typing_and_are_told(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    incident_id = at.call("2301021")
    show(page, incident_id)
    typed = page.get_by_test_id("command")
    typed.fill("Balmaceda")
    for keys, field in {
        "F3": "#place-search", "F4": 'fieldset[data-question="conscious"]', "F6": ".recommend",
        "Alt+c": "[data-testid=read-caller]", "Alt+r": "[data-testid=remark-text]",
        "F10": "#close-outcome", "Alt+q": f'[data-incident-id="{incident_id}"]',
    }.items():  # fmt: skip
        typed.focus()
        page.keyboard.press(keys)
        until(page, FOCUSED, field)
    # A digit, then F9 from within a field: sent is the unit that was chosen.
    page.keyboard.press("F6")
    until(page, FOCUSED, ".recommend")
    until(
        page,
        "() => { window.quiet ??= performance.now(); return performance.now() - quiet > 1000; }",
    )
    page.keyboard.press("1")
    expect(page.get_by_test_id("messages")).to_contain_text("Enter sends it to")
    typed.focus()
    with page.expect_response(re.compile("/assignments$")):
        page.keyboard.press("F9")
    # F8 is on the usual stamp, until the crew reports it itself: then on the unit.
    expect(page.get_by_test_id("assignment-row").first).to_be_visible()
    typed.focus()
    page.keyboard.press("F8")
    until(page, FOCUSED, ".assignment, .assignment *")
    told = page.evaluate(
        "[...document.querySelectorAll('[aria-keyshortcuts]')].map(one => one.ariaKeyShortcuts"
        " ?? one.getAttribute('aria-keyshortcuts'))"
    )
    assert {"F2", "F3", "F6", "F10", "Alt+C", "Alt+R"} <= set(told)
    assert not BROWSERS_OWN & set(told)

    assert watched.faults == []


@pytest.mark.acceptance
def test_keys_are_changed_in_the_help_and_remembered(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    incident_id = desk(page).call("2301021")
    show(page, incident_id)
    typed = page.get_by_test_id("command")

    # Help shows them; keys that another command has are refused with a sentence.
    page.keyboard.press("F1")
    change = page.locator('[data-testid="change-keys"][data-of="place"]')
    expect(page.get_by_test_id("commands")).to_contain_text("F9")
    change.press("Enter")
    page.keyboard.press("F9")
    expect(page.get_by_test_id("keys-told")).to_contain_text("F9 already means")
    change.press("Enter")
    page.keyboard.press("Control+t")
    expect(page.get_by_test_id("keys-told")).to_contain_text("belongs to the browser")
    change.press("Enter")
    page.keyboard.press("x")
    expect(page.get_by_test_id("keys-told")).to_contain_text("could be part of a text")
    screenshot(page, "keys-help-en")
    change.press("Enter")
    page.keyboard.press("Alt+p")
    expect(page.get_by_test_id("keys-told")).to_contain_text("Alt+P now")
    page.keyboard.press("Escape")
    expect(page.locator("#place-search")).to_have_attribute("aria-keyshortcuts", "Alt+P")

    # They are remembered, until all are put back.
    page.reload()
    until(page, "() => Boolean(window.goldenhour?.store.state.loaded)")
    show(page, incident_id)
    typed.focus()
    page.keyboard.press("F3")
    expect(typed).to_be_focused()
    page.keyboard.press("Alt+p")
    until(page, FOCUSED, "#place-search")
    page.keyboard.press("F1")
    page.get_by_test_id("reset-keys").click()
    page.keyboard.press("Escape")
    typed.focus()
    page.keyboard.press("F3")
    until(page, FOCUSED, "#place-search")
    assert watched.faults == []


@pytest.mark.acceptance
def test_a_call_goes_from_step_to_step_by_itself(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    pressed: list[str] = []

    def press(key: str, then: str) -> None:
        pressed.append(key)
        page.keyboard.press(key)
        until(page, FOCUSED, then)

    press("F2", "#call-words")
    page.keyboard.type("unconscious")
    press("Tab", "#call-number")
    page.keyboard.type("5551234")
    until(page, "() => Boolean(window.goldenhour.store.state.incidentId)")
    at.taken.append(page.evaluate("window.goldenhour.store.state.incidentId"))
    press("F3", "#place-search")

    # The answer to the text comes late: Enter is kept for it.
    def late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/v1/places/search", late)
    page.keyboard.type("Hospital San Pablo")
    press("Enter", "#complaint-search")
    page.unroute("**/v1/places/search")
    page.keyboard.type("arrest")
    press("Enter", 'fieldset[data-question="conscious"]')
    press("2", 'fieldset[data-question="breathing"]')
    press("2", '[data-testid="save-triage"]')
    press("Enter", ".recommend")
    # Nobody is chosen yet: an Enter too many sends nobody.
    expect(page.get_by_test_id("recommendation-row").first).to_be_visible()
    press("Enter", ".recommend")
    expect(page.get_by_test_id("messages")).to_contain_text("nothing sent")
    rest(page)
    press("1", ".candidate")
    screenshot(page, "keys-chosen-en")
    press("Enter", ".recommend, .recommend *")
    expect(page.get_by_test_id("assignment-row")).to_have_count(1)
    expect(page.get_by_test_id("messages")).to_contain_text("dispatched")
    # Somebody is still missing, so the list has the focus again.
    expect(page.get_by_test_id("head-missing")).to_be_visible()
    press("Enter", ".recommend, .recommend *")
    expect(page.get_by_test_id("assignment-row")).to_have_count(1)
    assert len(pressed) <= 20
    assert watched.faults == []


def test_letters_and_all_chords_stand_in_the_help_and_can_be_changed(open_page, desk):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    incident_id = desk(page).call("2301021", placed=False)
    show(page, incident_id)
    page.keyboard.press("F1")
    listed = page.get_by_test_id("commands")
    for keys in ("Alt+D · d", "Alt+V · v", "Alt+L", "Alt+G", "Alt+F", "Alt+Z", "Alt+A", "F2 · n"):
        expect(listed).to_contain_text(keys)
    # A letter is changed as chords are; one that another command has is refused.
    change = page.locator('[data-testid="change-keys"][data-of="show_units"]')
    change.press("Enter")
    page.keyboard.press("d")
    expect(page.get_by_test_id("keys-told")).to_contain_text("d already means")
    change.press("Enter")
    page.keyboard.press("w")
    expect(page.get_by_test_id("keys-told")).to_contain_text("w now")
    page.keyboard.press("Escape")
    expect(page.locator("#tab-units kbd")).to_have_text("w")
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').focus()
    page.keyboard.press("u")
    expect(page.get_by_test_id("unit-search")).to_be_hidden()
    page.keyboard.press("w")
    expect(page.get_by_test_id("unit-search")).to_be_visible()
    # A chord says why it can do nothing now, and works while one types.
    page.get_by_test_id("command").focus()
    page.keyboard.press("Alt+l")
    expect(page.get_by_test_id("messages")).to_contain_text("No incident is known")
    page.keyboard.press("Alt+f")
    expect(page.get_by_test_id("search-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("F1")
    page.get_by_test_id("reset-keys").click()
    assert watched.faults == []
