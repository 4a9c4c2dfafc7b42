"""Nothing happens on a key that was not meant."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]


def test_an_enter_that_chooses_a_complaint_answers_no_question(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    sent: list[str] = []
    page.on(
        "request", lambda one: sent.append(one.url) if one.url.endswith("/assignments") else None
    )
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
    # Nobody was chosen by hand, so no Enter sent anybody; one that is meant says so.
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').press("Enter")
    expect(page.get_by_test_id("messages")).to_contain_text("nothing sent")
    assert sent == []
    assert watched.faults == []
