"""Panes and windows of one workstation; a call within one small screen; marks on the map apart."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, sign_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

SCROLLS = (
    "() => [document.documentElement, document.body].some("
    "one => one.scrollHeight > innerHeight + 1 || one.scrollWidth > innerWidth + 1)"
)


@pytest.mark.acceptance
@pytest.mark.parametrize(
    ("width", "height"),
    [(960, 540), pytest.param(1366, 768, marks=pytest.mark.acceptance)],
)
def test_a_small_screen_holds_the_whole_desk_while_a_unit_is_sent(
    open_page, desk, screenshot, width, height
):
    watched = open_page(locale="en-GB", width=width, height=height)
    page = log_in(watched)
    at = desk(page)
    assert not page.evaluate(SCROLLS)
    arrest = at.call("2301019")
    page.locator(f'[data-incident-id="{arrest}"]').click()
    at.send(arrest)
    expect(page.get_by_test_id("assignment-row").first).to_be_attached()
    for part in ("#queue", "#map", "#incident-panel", "#command-input", "#incident-head"):
        box = page.locator(part).bounding_box()
        assert min(box["x"], box["y"]) >= 0, (part, box)
        assert box["y"] + min(box["height"], 40) <= height, (part, box)
        assert box["x"] + box["width"] <= width, (part, box)
    assert not page.evaluate(SCROLLS)
    screenshot(page, f"layout-{width}")
    assert watched.faults == []


@pytest.mark.parametrize(
    ("width", "height"),
    [(960, 540), pytest.param(1366, 768, marks=pytest.mark.acceptance)],
)
def test_a_call_is_taken_sent_and_closed_without_scrolling_the_page(open_page, desk, width, height):
    watched = open_page(locale="en-GB", width=width, height=height)
    page = log_in(watched)
    at = desk(page)

    def used(control):
        """Return a control that is wholly within the window once its own pane has shown it."""
        expect(control).to_be_visible()
        for _ in range(20):  # what an answer adds above it may move it once more
            # In one step: a panel that is drawn anew may take the control away between two.
            control.evaluate("one => one.scrollIntoView({ block: 'nearest', inline: 'nearest' })")
            box = control.bounding_box()
            if box and min(box["x"], box["y"]) >= 0 and box["y"] + box["height"] <= height:
                break
            page.wait_for_timeout(200)
        assert min(box["x"], box["y"]) >= 0, box
        assert box["x"] + box["width"] <= width + 1, box
        assert box["y"] + box["height"] <= height + 1, box
        assert not page.evaluate(SCROLLS)
        assert page.evaluate("() => scrollX + scrollY") == 0
        return control

    used(page.get_by_test_id("new-call")).click()
    used(page.get_by_test_id("call-words")).fill("he does not breathe")
    used(page.get_by_test_id("place-search")).fill("Balmaceda")
    used(page.get_by_test_id("place-option").first).click()
    used(page.get_by_test_id("complaint-search")).fill("chest")
    used(page.get_by_test_id("complaint-option").first).click()
    used(page.get_by_test_id("save-triage")).click()
    expect(page.get_by_test_id("triage-result")).to_be_visible()
    at.taken.append(page.evaluate("() => window.goldenhour.store.state.incidentId"))
    used(page.get_by_test_id("dispatch-button").first).click()
    expect(page.get_by_test_id("assignment-row").first).to_be_visible()
    for one in page.request.get(f"/v1/incidents/{at.taken[0]}").json()["assignments"]:
        at.ask("POST", f"/v1/assignments/{one['assignment_id']}/stamps",
               {"state": "cancelled", "source": "console"})  # fmt: skip
    used(page.get_by_test_id("close-outcome")).select_option("false_alarm")
    used(page.get_by_test_id("close-incident")).click()
    expect(page.get_by_test_id("incident-ended")).to_be_visible()
    assert watched.faults == []


@pytest.mark.acceptance
def test_text_of_the_panes_goes_to_twice_its_size_and_stays_on_one_screen(open_page, screenshot):
    page = log_in(open_page(locale="en-GB", width=1920, height=1080))
    button = page.get_by_test_id("new-call")
    before = button.bounding_box()["height"]
    page.get_by_test_id("desk-text").select_option("200")
    assert button.bounding_box()["height"] > 1.8 * before
    assert not page.evaluate(SCROLLS)
    assert page.locator("#map").bounding_box()["width"] > 300
    page.reload()
    expect(page.get_by_test_id("desk-text")).to_have_value("200")
    assert button.bounding_box()["height"] > 1.8 * before
    screenshot(page, "layout-text-200")


@pytest.mark.parametrize("locale", ["en-GB", pytest.param("zh-CN", marks=pytest.mark.acceptance)])
def test_the_wall_shows_what_waits_at_arms_length(open_page, desk, screenshot, locale):
    watched = open_page(locale=locale, width=3840, height=2160)
    page = sign_in(watched, "supervisor")
    at = desk(page)
    arrest, lesser = (
        at.call("2301019"),
        at.call("2301011", conscious="yes", breathing="normal", sweating="no"),
    )
    page.goto("/console?view=wall")
    first = page.get_by_test_id("wall-row").first
    expect(first).to_have_attribute("data-incident-id", arrest)
    expect(page.locator(f'#wall [data-incident-id="{lesser}"]')).to_be_visible()
    expect(page.get_by_test_id("wall-grave-count")).to_have_text("1")
    expect(page.get_by_test_id("wall-units")).to_contain_text("/")
    expect(page.get_by_test_id("wall-hospital").first).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    assert not page.evaluate(SCROLLS)
    # At two metres a letter must be some 9 mm high: 20 px of a wall 1.4 m wide.
    size = page.locator("#wall").evaluate("(wall) => parseFloat(getComputedStyle(wall).fontSize)")
    assert size >= 30
    screenshot(page, f"wall-{locale[:2]}")
    assert watched.faults == []


@pytest.mark.acceptance
def test_panes_are_sized_by_keys_and_pointer_and_remembered(open_page):
    page = log_in(open_page(width=1366, height=768))
    queue = page.locator(".desk > .queue")
    border = page.get_by_test_id("border-queue")
    before = queue.bounding_box()["width"]
    border.focus()
    page.keyboard.press("ArrowRight")
    assert queue.bounding_box()["width"] == before + 16
    box = border.bounding_box()
    page.mouse.move(box["x"] + 3, 400)
    page.mouse.down()
    page.mouse.move(box["x"] + 63, 400)
    page.mouse.up()
    assert queue.bounding_box()["width"] == before + 76
    page.reload()
    expect(page.get_by_test_id("border-queue")).to_have_attribute(
        "aria-valuenow", str(round(before + 76))
    )
    page.get_by_test_id("border-queue").press("Home")
    assert page.locator(".desk > .queue").bounding_box()["width"] == before


@pytest.mark.acceptance
def test_windows_of_one_workstation_share_what_is_chosen(open_page, desk):
    page = log_in(open_page(width=1366, height=768))
    incident_id = desk(page).call("2301019")
    with page.expect_popup() as opened:
        page.get_by_test_id("windows").select_option("queue")
    other = opened.value
    expect(other.locator("#map")).to_be_hidden()
    other.locator(f'[data-incident-id="{incident_id}"]').click()
    until(page, "id => window.goldenhour.store.state.incidentId === id", incident_id)
    page.evaluate("() => window.goldenhour.store.set({ unitId: 1 })")
    until(other, "() => window.goldenhour.store.state.unitId === 1")


DRAWN = """async name => (await window.goldenhour.map.getSource(name).getData()).features.map(
    one => ({ ...one.properties, at: one.geometry.coordinates }))"""


def test_incidents_at_one_place_stand_apart_the_gravest_on_top(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    watched.page.add_init_script("localStorage.setItem('goldenhour.map.light', 'off')")
    page = log_in(watched)
    at = desk(page)
    arrest, lesser, uncoded = (
        at.call("2301019"),
        at.call("2301011", conscious="yes", breathing="normal", sweating="no"),
        at.call(),
    )
    page.locator(f'[data-incident-id="{lesser}"]').click()
    expect(page.get_by_test_id("queue-row")).to_have_count(3)
    until(page, "async () => (await window.goldenhour.map.getSource('fans').getData())"
          ".features.length === 3")  # fmt: skip
    marks = {one["incident_id"]: one for one in page.evaluate(DRAWN, "incidents")}
    assert len({tuple(one["at"]) for one in marks.values()}) == 3
    assert marks[arrest]["order"] > marks[lesser]["order"] > marks[uncoded]["order"]
    labels = "\n".join(one["label"] for one in page.evaluate(DRAWN, "units"))
    assert re.search(r"[A-Z]+-?\d+ (ALS|BLS|\w+)", labels)
    screenshot(page, "layout-fan")


@pytest.mark.acceptance
def test_the_map_stays_while_one_types_and_returns_from_a_drawing(open_page, desk):
    page = log_in(open_page(locale="en-GB", width=1366, height=768))
    where = (
        "() => { const { lng, lat } = window.goldenhour.map.getCenter();"
        " return [lng.toFixed(5), lat.toFixed(5), window.goldenhour.map.getZoom().toFixed(2)]; }"
    )
    incident_id = desk(page).call()
    page.locator(f'[data-incident-id="{incident_id}"]').click()
    until(
        page, "() => window.goldenhour.store.state.incidentId && !window.goldenhour.map.isMoving()"
    )
    page.get_by_test_id("place-section").get_by_role("button", name="Change").click()
    before = page.evaluate(where)
    page.get_by_test_id("place-search").press_sequentially("Balmaceda")
    until(page, "() => window.goldenhour.store.state.places.length > 0")
    page.wait_for_timeout(300)  # a movement would have begun by then
    assert page.evaluate(where) == before
    page.evaluate("() => window.goldenhour.store.set({ tab: 'roads' })")
    page.get_by_test_id("road-new-closure").click()
    page.evaluate("() => window.goldenhour.map.jumpTo({ center: [-71.25, -29.9], zoom: 15 })")
    page.keyboard.press("Escape")
    until(page, f"want => JSON.stringify(({where})()) === JSON.stringify(want)", before)
