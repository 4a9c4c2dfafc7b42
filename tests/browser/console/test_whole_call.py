"""A whole C1 call by the keyboard alone, from the first ring to the unit sent."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in, until
from tests.browser.console.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

FOCUSED = "(selector) => document.activeElement?.matches(selector)"
RESTED = "() => performance.now() - (window.quiet ??= performance.now()) > 1000"
MOST_KEYS = 20


class Hands:
    """Presses keys and counts them; what the caller says is typed and not counted."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page = page
        self.desk = desk
        self.keys = 0

    def press(self, key: str, then: str) -> None:
        """Press a key and wait until the focus is where the next one is meant."""
        self.keys += 1
        self.page.keyboard.press(key)
        until(self.page, FOCUSED, then)

    def say(self, words: str) -> None:
        """Type what the caller says."""
        self.page.keyboard.type(words)

    def ring(self, words: str, number: str) -> str:
        """Take a call with words and call-back number; return its incident."""
        self.page.evaluate("() => { delete window.quiet; }")
        until(self.page, RESTED)
        before = self.page.evaluate("window.goldenhour.store.state.incidentId")
        self.press("F2", "#call-words")
        self.say(words)
        self.press("Tab", "#call-number")
        self.say(number)
        until(
            self.page,
            "before => ![null, before].includes(window.goldenhour.store.state.incidentId)", before,
        )  # fmt: skip
        incident_id = self.page.evaluate("window.goldenhour.store.state.incidentId")
        self.desk.taken.append(incident_id)
        return str(incident_id)

    def place(self, words: str, shown: str) -> None:
        """Find the place; the head then shows it to be read back."""
        self.press("F3", "#place-search")
        self.say(words)
        self.press("Enter", "#complaint-search")
        expect(self.page.get_by_test_id("head-facts")).to_contain_text(shown)

    def code_and_send(self, incident_id: str) -> None:
        """Code an arrest and send the first unit of the list."""
        self.say("arrest")
        self.press("Enter", 'fieldset[data-question="conscious"]')
        self.press("2", 'fieldset[data-question="breathing"]')
        self.press("2", '[data-testid="save-triage"]')
        self.press("Enter", ".recommend")
        expect(self.page.get_by_test_id("recommendation-row").first).to_be_visible()
        # A digit pressed within a second of the caller's words would still be one of them.
        self.page.evaluate("() => { delete window.quiet; }")
        until(self.page, RESTED)
        self.press("1", ".candidate")
        self.keys += 1
        with self.page.expect_response(re.compile(f"{incident_id}/assignments$")) as answered:
            self.page.keyboard.press("Enter")
        assert answered.value.ok, answered.value.text()


def stored(page: Page, incident_id: str) -> dict[str, object]:
    """Return what the server has of an incident."""
    found: dict[str, object] = page.request.get(f"/v1/incidents/{incident_id}").json()
    return found


def test_a_c1_call_takes_few_keys_and_a_second_is_taken_while_it_waits(
    open_page: Callable[..., object],
    desk: Callable[[Page], Desk],
    record_property: Callable[[str, object], None],
) -> None:
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    hands = Hands(page, at)

    began = time.monotonic()
    first = hands.ring("my husband has collapsed", "51 255 1234")
    hands.place("Hospital San Pablo", "San Pablo")

    # While the first waits for its triage the telephone rings again.
    other = Hands(page, at)
    began_other = time.monotonic()
    second = other.ring("she does not breathe", "51 255 9876")
    other.place("Plaza de Armas de La Serena", "Armas")
    other.code_and_send(second)
    record_property("second_call_s", round(time.monotonic() - began_other, 1))

    # One key leads back to the first, at what it waits for.
    hands.press("F7", "#complaint-search")
    assert page.evaluate("window.goldenhour.store.state.incidentId") == first
    hands.code_and_send(first)
    record_property("whole_call_s", round(time.monotonic() - began, 1))
    record_property("keys", [hands.keys, other.keys])

    assert hands.keys <= MOST_KEYS, hands.keys
    assert other.keys <= MOST_KEYS, other.keys
    for incident_id, words, number in (
        (first, "my husband has collapsed", "51 255 1234"),
        (second, "she does not breathe", "51 255 9876"),
    ):
        shown = stored(page, incident_id)
        assert shown["category"] == "C1"
        assert len(shown["assignments"]) == 1
        told = at.ask("POST", f"/v1/incidents/{incident_id}/caller", {"reason": "test"})["calls"]
        assert [(one["words"], one["caller_number"]) for one in told] == [(words, number)]
    assert watched.faults == []
