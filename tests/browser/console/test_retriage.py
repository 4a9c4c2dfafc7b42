"""A triage is made anew with what was answered in sight, and with what it will change."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.browser.console.test_queue import shown_codes

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]


@pytest.mark.parametrize("locale", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.acceptance)])
def test_a_retriage_opens_with_the_answers_and_shows_what_it_changes(
    open_page, desk, screenshot, locale
):
    watched = open_page(locale=locale, width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    incident_id = at.call("2301019", conscious="yes", breathing="normal")
    row = page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]')
    row.click()
    result = page.get_by_test_id("triage-result")
    before = result.get_attribute("data-category")
    result.get_by_role("button").click()
    for question, given in (("conscious", "yes"), ("breathing", "normal")):
        expect(
            page.locator(f'fieldset[data-question="{question}"] [data-option="{given}"]')
        ).to_have_attribute("aria-pressed", "true")
    preview = page.get_by_test_id("triage-preview")
    expect(preview).to_contain_text(re.compile("leaves the plan|不改变方案"))
    for question in ("conscious", "breathing"):
        page.locator(f'fieldset[data-question="{question}"] [data-option="no"]').click()
    expect(preview.locator(".preview-category")).to_contain_text(f"{before} → C1")
    expect(preview.get_by_role("listitem").filter(has_text="+").first).to_be_visible()
    assert shown_codes(page) == []
    # It was shown, not saved.
    assert page.request.get(f"/v1/incidents/{incident_id}").json()["category"] == before
    screenshot(page, f"retriage-{locale[:2]}")
    page.get_by_test_id("save-triage").click()
    expect(result).to_have_attribute("data-category", "C1")
    assert watched.faults == []


def test_a_colleague_adds_to_the_callers_words_and_the_old_ones_stay(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    taken = at.ask("POST", "/v1/calls", {
        "city_id": at.city_id, "source": "phone", "words": "chest pain, third floor",
        "caller_number": "555 0100",
    })  # fmt: skip
    at.taken.append(taken["incident"]["incident_id"])
    page.locator(f'[data-incident-id="{at.taken[-1]}"]').first.click()
    page.get_by_test_id("read-caller").click()
    page.get_by_test_id("call-correct").click()
    field = page.get_by_test_id("correct-words")
    expect(field).to_be_focused()
    expect(field).to_have_value("chest pain, third floor")
    field.fill("chest pain, fourth floor")
    page.get_by_test_id("correct-save").click()
    expect(page.get_by_test_id("caller")).to_contain_text("fourth floor")
    expect(page.get_by_test_id("caller")).to_contain_text("555 0100")
    # After a reload it is there, and so is what stood there before.
    page.reload()
    page.locator(f'[data-incident-id="{at.taken[-1]}"]').first.click()
    page.get_by_test_id("read-caller").click()
    expect(page.get_by_test_id("caller")).to_contain_text("fourth floor")
    page.get_by_test_id("read-log").click()
    earlier = page.get_by_test_id("log-entry").filter(has_text="third floor")
    expect(earlier).to_have_class(re.compile("earlier"))
    screenshot(page, "words-corrected-en")
    assert watched.faults == []
