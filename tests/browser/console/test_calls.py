"""Taking a call: coordinates, numbers, patients, doubles."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]


def opened(page, incident_id):
    """Show an incident."""
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()


@pytest.mark.acceptance
def test_coordinates_are_typed_or_pasted_in_any_form(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    opened(page, at.call(placed=False))
    search = page.get_by_test_id("place-search")
    options = page.get_by_test_id("place-option")
    search.fill("22.54, 114.05")
    expect(page.get_by_test_id("coordinates-outside")).to_be_visible()
    search.fill("29°57'12\"S 71°20'22\"W")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("-29.95333, -71.33944")
    screenshot(page, "coordinates-en")
    search.press("Enter")
    expect(page.get_by_test_id("place-section")).to_contain_text("confirmed")
    place = page.request.get(f"/v1/incidents/{at.taken[0]}").json()
    assert (round(place["lat"], 5), round(place["lon"], 5)) == (-29.95333, -71.33944)
    assert place["declared_datum"] == "wgs84"
    assert watched.faults == []


def test_two_calls_about_one_thing_are_compared_merged_and_taken_apart(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    first = at.call(
        "2301011", sweating="no", said={"words": "my father fell", "caller_number": "1"}
    )
    second = at.call("2301019", said={"words": "he does not breathe"})
    opened(page, second)
    hint = page.get_by_test_id("similar")
    expect(hint).to_have_attribute("data-incident-id", first)
    expect(hint).to_contain_text("within a minute")
    expect(hint).to_contain_text("same place")
    screenshot(page, "similar-en")
    # One key links, wherever the focus is; both go on.
    page.get_by_test_id("place-section").click()
    page.keyboard.press("Alt+l")
    linked = page.get_by_test_id("linked")
    expect(linked).to_contain_text("linked with")
    expect(page.get_by_test_id("queue-row")).to_have_count(2)
    page.get_by_test_id("linked-undo").click()
    expect(hint).to_be_visible()

    page.keyboard.press("Alt+g")
    dialog = page.get_by_test_id("merge-dialog")
    expect(dialog).to_contain_text("my father fell")
    expect(dialog).to_contain_text("he does not breathe")
    screenshot(page, "merge-en")
    # An Enter that was meant for something else does nothing here.
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.get_by_test_id("merge-yes").click()
    expect(dialog).to_have_count(0)
    expect(linked).to_have_attribute("data-incident-id", second)
    expect(page.get_by_test_id("queue-row")).to_have_count(1)
    kept = page.request.get(f"/v1/incidents/{first}").json()
    assert (kept["category"], len(kept["calls"])) == ("C1", 2)
    page.get_by_test_id("linked-undo").click()
    expect(page.get_by_test_id("queue-row")).to_have_count(2)
    assert watched.faults == []


@pytest.mark.acceptance
def test_two_patients_at_one_address_both_stay(open_page, desk, screenshot):
    watched = open_page(locale="zh-CN")
    page = log_in(watched)
    at = desk(page)
    first, second = at.call(said={"words": "妻子晕倒"}), at.call(said={"words": "邻居摔倒"})
    opened(page, second)
    page.get_by_test_id("similar-merge").click()
    screenshot(page, "merge-zh")
    page.get_by_test_id("merge-no").click()
    expect(page.get_by_test_id("linked")).to_have_attribute("data-incident-id", first)
    expect(page.get_by_test_id("queue-row")).to_have_count(2)
    assert watched.faults == []


def test_an_ended_incident_is_found_again(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    ended = at.call(said={"words": "false call", "caller_number": "+56 9 8765 4321"})
    number = page.request.get(f"/v1/incidents/{ended}").json()["number"]
    at.change("POST", ended, "cancel", {"reason": "test"})
    expect(page.get_by_test_id("queue-row")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("search-open")).to_be_visible()
    page.keyboard.press("Alt+f")
    field = page.get_by_test_id("search-number")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("search-problem")).to_contain_text("Nothing to look for")
    field.fill("no-such-number")
    field.press("Enter")
    expect(page.get_by_test_id("search-count")).to_contain_text("No incident fits")
    field.fill(number)
    field.press("Enter")
    result = page.locator(f'[data-testid="search-result"][data-incident-id="{ended}"]')
    expect(result).to_contain_text(number)
    screenshot(page, "search-en")
    field.fill("")
    caller = page.get_by_test_id("search-caller")
    caller.fill("987654321")
    caller.press("Enter")
    expect(result).to_be_visible()
    result.click()
    expect(page.get_by_test_id("incident-ended")).to_be_visible()
    expect(page.locator("#incident-head")).to_contain_text(number)
    # The browser notes the refused search by itself.
    assert [fault for fault in watched.faults if "422" not in fault] == []


@pytest.mark.acceptance
def test_a_number_takes_no_letters_and_access_and_name_are_kept(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    page.get_by_test_id("new-call").click()
    words = page.get_by_test_id("call-words")
    expect(page.get_by_test_id("queue-row")).to_have_count(1)
    at.taken.append(page.get_by_test_id("queue-row").get_attribute("data-incident-id"))
    words.fill("he fell")
    page.get_by_test_id("call-number").fill("9 8765 abc")
    expect(page.get_by_test_id("call-number-fault")).to_contain_text("no letters")
    page.get_by_test_id("call-access").fill("gate 4711, 3rd floor")
    page.get_by_test_id("call-name").fill("Ana")
    screenshot(page, "call-form-en")

    def kept():
        path = f"/v1/incidents/{at.taken[0]}/caller"
        (call,) = at.ask("POST", path, {"reason": "test"})["calls"]
        return call

    while "caller_name" not in kept():
        page.wait_for_timeout(300)
    assert "caller_number" not in kept()
    page.get_by_test_id("call-number").fill("+56 9 8765 4321")
    expect(page.get_by_test_id("call-number-fault")).to_have_text("")
    while "caller_number" not in kept():
        page.wait_for_timeout(300)
    call = kept()
    assert (call["words"], call["access"]) == ("he fell", "gate 4711, 3rd floor")
    assert watched.faults == []
