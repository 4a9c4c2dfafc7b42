"""Every state of the citizen's page in each language, theme and size: pictures, and open to all.

The pictures are for eyes (tests/screenshots); what is held here is that nothing serious is found by
axe-core and that nothing runs off the screen.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import into_view, until
from tests.browser.looks import serious_faults
from tests.browser.test_aed import PLAZA, find

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.acceptance]

AROUND, NEAREST = "**/v1/aeds/around", "**/v1/aeds/nearest"


def answer_with(change):
    """Return what lets the server answer and then changes every device of the answer."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        for place, aed in enumerate(body["aeds"]):
            change(place, aed, body)
        route.fulfill(response=answer, body=json.dumps(body))

    return handle


def closed(place, aed, body):
    """All are closed; half of them open later."""
    later = (datetime.fromisoformat(body["at"]) + timedelta(hours=7)).isoformat()
    aed["periods"] = [{"from_at": body["at"], "open": False}]
    if place % 2:
        aed["periods"].append({"from_at": later, "open": True})


def mixed(place, aed, body):
    """Open, not known and closed ones; told floor, place and keeper; one is reported."""
    state = (True, None, False)[place % 3]
    aed["periods"] = [{"from_at": body["at"], "open": state}]
    if place == 0:
        aed.update(floor="2", indoor=True, phone="+56 51 222 3344", location="Recepción")
        aed["reported"] = {"kind": "missing", "at": body["at"]}
    if place == 3:
        aed["reported"] = {"kind": "broken", "at": "2026-11-02T10:00:00Z"}


def no_hours(_place, aed, body):
    """Nobody knows the hours of any."""
    aed["periods"] = [{"from_at": body["at"], "open": None}]


def drawn(page: Page) -> None:
    """Wait until the map shows what it has."""
    until(page, "() => Boolean(window.goldenhour && window.goldenhour.map.loaded())")


State = Iterator[tuple[str, Page]]
"""A state's name and the page in it."""
HERE = {"geolocation": PLAZA, "permissions": ["geolocation"]}


def to_the_list(page: Page) -> None:
    """Bring what was found into view."""
    page.locator("#find-title").evaluate("one => one.scrollIntoView()")


def without_position(open_page, **look) -> State:
    """Nobody allows the position."""
    page = open_page(**look).page
    page.goto("/aed")
    expect(page.get_by_test_id("use-position")).to_be_visible()
    yield "start", page
    page.locator("#numbers summary").click()
    yield "numbers", page
    page.get_by_test_id("use-position").click()
    expect(page.locator("#find-hint.warn")).to_be_visible()
    yield "no-position", page


def with_a_list(open_page, **look) -> State:
    """Open, unknown, closed and reported devices; one is chosen and reported."""
    page = open_page(**HERE, **look).page
    page.route(AROUND, answer_with(mixed))
    page.goto("/aed")
    find(page)
    drawn(page)
    to_the_list(page)
    yield "list", page
    page.get_by_test_id("aed-card").nth(1).click()
    yield "chosen", page
    page.get_by_test_id("aed-report").first.click()
    expect(page.get_by_test_id("report-send")).to_be_visible()
    yield "form", page
    page.route("**/v1/aeds/*/reports", lambda route: route.abort())
    page.locator(".report input[type=radio]").first.check()
    page.get_by_test_id("report-send").click()
    expect(page.locator(".report .notice")).to_be_visible()
    yield "form-lost", page
    page.keyboard.press("Escape")
    into_view(page.locator("#map"))
    yield "map", page


def with_hours(open_page, **look) -> State:
    """None is open."""
    for name, change in (("closed", closed), ("unknown", no_hours)):
        page = open_page(**HERE, **look).page
        page.route(AROUND, answer_with(change))
        page.goto("/aed")
        find(page)
        # Nothing is promised: neither closed nor unknown is open.
        expect(page.locator("#find-hint.warn")).to_be_visible()
        to_the_list(page)
        yield name, page


def with_a_poor_position(open_page, **look) -> State:
    """The phone is not sure where it is."""
    page = open_page(**HERE | {"geolocation": {**PLAZA, "accuracy": 180}}, **look).page
    page.goto("/aed")
    find(page)
    drawn(page)
    to_the_list(page)
    yield "poor", page
    into_view(page.locator("#map"))
    yield "poor-map", page


def without_server(open_page, **look) -> State:
    """The server is away, then the network, then there is a list of before."""
    page = open_page(**HERE, **look).page
    page.route(AROUND, lambda route: route.fulfill(status=503, body="{}"))
    page.goto("/aed")
    page.get_by_test_id("use-position").click()
    expect(page.locator("#find-hint.warn")).to_be_visible()
    to_the_list(page)
    yield "server-away", page
    page.unroute(AROUND)
    page.context.set_offline(True)
    page.get_by_test_id("use-position").click()
    expect(page.locator("#find-hint.warn")).to_be_visible()
    yield "no-network", page
    page.context.set_offline(False)
    find(page)
    until(page, "() => caches.match('/aed/last-area.json').then(Boolean)")
    page.context.set_offline(True)
    find(page)
    expect(page.get_by_test_id("aed-card").first).to_be_visible()
    to_the_list(page)
    yield "offline", page


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB", "es-CL"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1366, 768)], ids=lambda size: str(size[0]))
def test_every_state_is_open_to_all_senses(open_page, screenshot, locale, scheme, size):
    width, height = size
    look = {"locale": locale, "color_scheme": scheme, "width": width, "height": height}
    for states in (without_position, with_a_list, with_hours, with_a_poor_position, without_server):
        for name, page in states(open_page, **look):
            screenshot(page, f"aed-state-{name}-{locale[:2]}-{scheme}-{width}")
            assert serious_faults(page) == [], name
            assert page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            ), name
