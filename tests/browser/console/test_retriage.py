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


@pytest.mark.acceptance
def test_answers_that_are_not_saved_yet_outlive_another_call_and_another_language(open_page, desk):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    first, other = at.call(), at.call()

    def show(incident_id):
        page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()
        expect(page.get_by_test_id("head-facts")).to_be_visible()

    show(first)
    page.get_by_test_id("complaint-search").fill("arrest")
    page.get_by_test_id("complaint-option").first.click()
    given = page.locator('fieldset[data-question="conscious"] [data-option="yes"]')
    given.click()
    page.get_by_test_id("patient-count").fill("2")
    show(other)
    expect(page.get_by_test_id("complaint-search")).to_be_visible()
    show(first)
    expect(given).to_have_attribute("aria-pressed", "true")
    panel = page.locator("#incident-panel")
    panel.evaluate("one => { one.scrollTop = 120; }")
    for change in (
        lambda: page.emulate_media(color_scheme="dark"),
        lambda: page.get_by_test_id("language-switch").select_option("zh"),
    ):
        change()
        expect(given).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_test_id("patient-count")).to_have_value("2")
        assert panel.evaluate("one => one.scrollTop") == 120
    page.get_by_test_id("save-triage").click()
    expect(page.get_by_test_id("triage-result")).to_be_visible()
    # A colleague has coded the other meanwhile: what was begun there is not shown over it.
    show(other)
    page.get_by_test_id("complaint-search").fill("心脏")
    page.get_by_test_id("complaint-option").first.click()
    show(first)
    at.change("PUT", other, "triage", {"complaint_code": "2301021", "answers": {}})
    show(other)
    expect(page.get_by_test_id("triage-result")).to_be_visible()
    assert watched.faults == []
