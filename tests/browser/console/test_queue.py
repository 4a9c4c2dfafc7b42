"""The queue shows what must be done now; the head stays; no codes are shown."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

CODES = re.compile(
    r"\b[a-z]+(?:_[a-z]+)+\b|\b[a-z_]+\.[a-z_]+\b|\buser:\w+|\bgazetteer\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-"
)
"""What a program calls things: snake_case, dotted names, actors, ids."""


def shown_codes(page):
    """Return the codes within the text that is visible."""
    return CODES.findall(page.evaluate("document.body.innerText"))


def test_the_order_the_head_and_the_count(open_page, desk, screenshot):
    watched = open_page(width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    lesser, uncoded = (
        at.call("2301011", conscious="yes", breathing="normal", sweating="no"),
        at.call(),
    )
    arrest = at.call("2301019")
    rows = page.get_by_test_id("queue-row")
    expect(rows).to_have_count(3)
    shown = [row.get_attribute("data-incident-id") for row in rows.all()]
    assert shown == [arrest, uncoded, lesser]
    expect(rows.first).to_have_class(re.compile("unassigned-c1"))
    expect(page).to_have_title(re.compile(r"^\(3\)"))
    heights = page.evaluate(
        "[...new Set([...document.querySelectorAll('.queue-row')].map(one => one.offsetHeight))]"
    )
    assert len(heights) == 1
    rows.first.click()
    page.mouse.move(700, 300)
    at.send(arrest)
    # A crew is under way, one more is missing: it still needs somebody.
    expect(page.get_by_test_id("head-missing")).to_be_visible()
    screenshot(page, "queue-head")
    top = page.locator("#incident-head").bounding_box()["y"]
    page.evaluate("document.getElementById('incident-panel').scrollTop = 1e6")
    assert abs(page.locator("#incident-head").bounding_box()["y"] - top) <= 12
    assert watched.faults == []


def test_a_new_call_moves_no_row_under_the_pointer(open_page, desk):
    watched = open_page(width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    first = at.call("2301011", conscious="yes", breathing="normal", sweating="no")
    row = page.locator(f'[data-incident-id="{first}"]')
    row.hover()
    before = row.bounding_box()
    at.call("2301019")
    expect(page.get_by_test_id("queue-row")).to_have_count(2)
    moved = page.get_by_test_id("queue-moved")
    expect(moved).to_be_visible()
    assert row.bounding_box()["y"] == before["y"]
    moved.click()
    page.mouse.move(700, 300)
    expect(page.get_by_test_id("queue-row").first).to_have_class(re.compile("unassigned-c1"))


@pytest.mark.parametrize("locale", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.acceptance)])
def test_no_codes_anywhere_and_an_ended_one_says_so(open_page, desk, screenshot, locale):
    watched = open_page(locale=locale)
    page = log_in(watched)
    at = desk(page)
    arrest = at.call("2301019")
    at.send(arrest)
    other = at.call("2301021")
    for incident_id in (arrest, other):
        page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()
        expect(page.get_by_test_id("triage-result")).to_be_visible()
        assert shown_codes(page) == []
    page.get_by_role("button", name=re.compile("经过|Story")).click()
    expect(page.locator(".story li").first).to_be_visible()
    assert shown_codes(page) == []
    page.keyboard.press("Escape")
    at.change("POST", other, "cancel", {"reason": "test"})
    expect(page.get_by_test_id("incident-ended")).to_be_visible()
    expect(page.locator(".instructions")).to_have_count(0)
    screenshot(page, f"ended-{locale[:2]}")
    page.get_by_role("tab").nth(1).click()
    expect(page.get_by_test_id("unit-search")).to_be_visible()
    assert shown_codes(page) == []


@pytest.mark.acceptance
def test_a_remark_is_written_and_corrected_and_the_old_one_stays(open_page, desk):
    watched = open_page()
    page = log_in(watched)
    at = desk(page)
    page.locator(f'[data-incident-id="{at.call()}"]').click()
    field = page.get_by_test_id("remark-text")
    field.fill("third floor")
    field.press("Enter")
    entries = page.get_by_test_id("log-entry")
    expect(entries).to_have_count(1)
    page.get_by_test_id("log-correct").click()
    field.fill("fourth floor")
    field.press("Enter")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("third floor")
    expect(entries.first).to_have_class(re.compile("earlier"))
    expect(entries.last).to_contain_text("fourth floor")
    expect(entries.last).to_contain_text("dispatcher")
    assert shown_codes(page) == []
    assert watched.faults == []


COUNTING = """
window.tones = 0;
window.AudioContext = class {
  constructor() { this.state = 'suspended'; this.currentTime = 0; this.destination = {}; }
  resume() { this.state = 'running'; return Promise.resolve(); }
  createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, connect(to) { return to; } }; }
  createOscillator() {
    return { frequency: {}, connect(to) { return to; }, start() { window.tones += 1; }, stop() {} };
  }
};
"""  # noqa: E501


@pytest.mark.acceptance
def test_a_c1_sounds_until_one_desk_silences_it_for_all_and_stays_in_sight(open_page, desk):
    desks = [open_page(), open_page(width=1366, height=768)]
    for watched in desks:
        watched.page.add_init_script(COUNTING)
        page = log_in(watched)
        expect(page.get_by_test_id("sound-off")).to_be_visible()
        page.get_by_test_id("sound-start").click()
        expect(page.get_by_test_id("sound-off")).to_have_count(0)
    one, other = (watched.page for watched in desks)
    tested = [page.evaluate("window.tones") for page in (one, other)]
    arrest = desk(one).call("2301019")
    for page, before in zip((one, other), tested, strict=True):
        expect(page.get_by_test_id("sound-silence")).to_be_visible()
        until(page, "before => window.tones > before", before)
    one.get_by_test_id("sound-silence").click()
    for page in (one, other):
        expect(page.get_by_test_id("sound-silence")).to_have_count(0)
        row = page.locator(f'[data-incident-id="{arrest}"]')
        expect(row).to_have_class(re.compile("unassigned-c1"))
        expect(row.get_by_test_id("queue-silenced")).to_contain_text("dispatcher")
    # A window opened later is as quiet: the silence is the server's, not the window's.
    other.reload()
    row = other.locator(f'[data-incident-id="{arrest}"]')
    expect(row.get_by_test_id("queue-silenced")).to_be_visible()
    expect(other.get_by_test_id("sound-silence")).to_have_count(0)
    assert [fault for watched in desks for fault in watched.faults] == []
