"""Nothing happens on a key that was not meant."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

TYPED_THEN = """([id, key]) => {
  const pressed = (key) => new KeyboardEvent('keydown', { key, bubbles: true });
  const press = (target, key) => target.dispatchEvent(pressed(key));
  press(document.getElementById('command-input'), 'x');
  press(document.querySelector(`[data-testid="queue-row"][data-incident-id="${id}"]`), key);
}"""
"""A key in a field, and another in the queue within the same second."""


def sendings(page: Page) -> list[str]:
    """Return what will hold the address of every call, and every sending, made from the page."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST"
            and request.url.endswith(("/assignments", "/v1/calls")) else None)  # fmt: skip
    return sent


def test_an_enter_that_chooses_a_complaint_answers_no_question(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    sent = sendings(page)
    incident_id = desk(page).call()
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()
    search = page.get_by_test_id("complaint-search")
    search.fill("arrest")
    search.press("Enter")
    page.keyboard.press("Enter")
    options = page.get_by_test_id("question-option")
    expect(options.first).to_be_visible()
    expect(page.locator('[data-testid="question-option"][aria-pressed="true"]')).to_have_count(0)
    expect(page.locator('fieldset[data-question="conscious"]')).to_be_focused()

    page.get_by_test_id("save-triage").click()
    result = page.get_by_test_id("triage-result")
    expect(result).to_have_attribute("data-category", "C1")
    expect(page.get_by_test_id("triage-assumed")).to_contain_text("Not answered")
    expect(page.locator(".instructions")).to_have_count(0)
    asked = page.get_by_test_id("triage-ask").get_by_role("button")
    expect(asked).to_have_count(2)
    screenshot(page, "triage-asked-en")

    # Each question by its own key; the next one then has the focus, and after the last Save.
    asked.first.click()
    for question in ("conscious", "breathing"):
        row = page.locator(f'fieldset[data-question="{question}"]')
        expect(row).to_be_focused()
        option = row.locator('[data-option="no"]')
        page.keyboard.press(option.locator("kbd").inner_text())
        expect(option).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("save-triage")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("triage-ask")).to_have_count(0)
    expect(page.locator(".instructions li")).to_have_count(4)
    assert sent == []
    assert watched.faults == []


def test_keys_outside_of_queue_map_and_list_do_nothing(open_page, desk):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    sent = sendings(page)
    incident_id = desk(page).call("2301021")
    row = page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]')
    row.click()
    rows = page.get_by_test_id("recommendation-row")
    expect(rows.first).to_be_visible()

    # Words that were meant for a field, with the focus on the page.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("unconscious")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    # Nothing was chosen by hand; just after typing a digit is no command either.
    row.press("Enter")
    expect(page.get_by_test_id("messages")).to_contain_text("nothing sent")
    page.evaluate(TYPED_THEN, [incident_id, "2"])
    assert page.evaluate("window.goldenhour.store.state.candidateUnit") is None
    assert page.evaluate("window.goldenhour.store.state.tab") == "incident"
    assert sent == []
    until(
        page,
        "() => { window.quiet ??= performance.now(); return performance.now() - quiet > 1000; }",
    )
    row.press("2")
    expect(rows.nth(1)).to_be_focused()
    expect(page.get_by_test_id("messages")).to_contain_text("Enter sends it to")
    with page.expect_request("**/assignments"):
        page.keyboard.press("Enter")
    assert watched.faults == []
