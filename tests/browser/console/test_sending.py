"""Lists that stay still under the fingers, and what happens when a unit is sent."""

import random

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

REVERSED = """() => {
  const { store } = window.goldenhour;
  const { recommendation } = store.state;
  const units = [...recommendation.units.slice(0, 9).reverse(), ...recommendation.units.slice(9)];
  store.set({ recommendation: { ...recommendation, units } });
}"""
WITHOUT = """id => {
  const { store } = window.goldenhour;
  const { recommendation } = store.state;
  const units = recommendation.units.filter((unit) => unit.unit_id !== id);
  store.set({ recommendation: { ...recommendation, units } });
}"""
SHOWN = "[...document.querySelectorAll('.candidate')].map((row) => Number(row.dataset.unitId))"
STILL = """() => {
  const { store } = window.goldenhour;
  const fetched = window.fetch;
  window.fetch = (path, ...rest) => (String(path).includes('/recommendation')
    ? Promise.resolve(Response.json(store.state.recommendation))
    : fetched(path, ...rest));
}"""
HELD_ORDER = """async cases => {
  const { heldOrder } = await import('/static/js/kit/parts/calm_list.js');
  return cases.map(([shown, wanted]) => heldOrder(shown, wanted));
}"""


def select(page: Page, incident_id: str) -> None:
    """Show an incident and wait for its units."""
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()
    expect(page.get_by_test_id("recommendation-row").first).to_be_visible()


def ids(page: Page) -> list[int]:
    """Return the units as they stand on the screen."""
    found: list[int] = page.evaluate(SHOWN)
    return found


def test_live_updates_move_nothing_that_somebody_is_at(open_page, desk):
    watched = open_page(locale="en-GB")
    page = log_in(watched)
    incident_id = desk(page).call("2301021")
    select(page, incident_id)
    page.evaluate(STILL)
    before = ids(page)
    rows, held = page.get_by_test_id("recommendation-row"), page.get_by_test_id("held-changes")

    # The focus stays on its button, at its place, and what changed is told.
    third = rows.nth(2).get_by_test_id("dispatch-button")
    third.focus()
    place = third.bounding_box()
    page.evaluate(REVERSED)
    expect(held).to_contain_text("changes, press Alt+S to sort")
    assert ids(page)[: len(before)] == before
    expect(third).to_be_focused()
    assert third.bounding_box() == place

    # Sorted when asked; the focus goes with its row.
    page.keyboard.press("Alt+s")
    expect(held).to_be_empty()
    assert ids(page) != before
    assert page.evaluate("document.activeElement.dataset.unitId") == str(before[2])

    # A button that is held down while the list changes is still pressed.
    page.evaluate("document.activeElement.blur()")
    order = ids(page)
    row = rows.nth(1)
    row.hover()
    page.mouse.down()
    page.evaluate(REVERSED)
    page.evaluate(WITHOUT, order[3])
    page.mouse.up()
    assert page.evaluate("window.goldenhour.store.state.candidateUnit") == order[1]
    assert ids(page)[: len(order)] == order
    expect(rows.nth(3)).to_have_attribute("data-gone", "true")

    # The digit means the row that is seen, not the one that the newest answer has there.
    page.keyboard.press("3")
    assert page.evaluate("window.goldenhour.store.state.candidateUnit") == order[2]

    # When pointer, focus and keys rest the list sorts itself.
    page.evaluate("document.activeElement.blur()")
    page.locator("#map").hover(position={"x": 5, "y": 5})
    expect(held).to_be_empty()
    expect(page.locator(f'.candidate[data-unit-id="{order[3]}"]')).to_have_count(0)
    assert watched.faults == []


def test_a_held_order_keeps_every_row_at_its_place(open_page):
    """Shown rows keep their places, new ones follow, and nothing is told of equal lists."""
    page = open_page().page
    page.goto("/login")
    chance = random.Random(10)
    cases = []
    for _ in range(300):
        known = [str(n) for n in range(chance.randint(0, 12))]
        shown, wanted = (
            chance.sample(known, chance.randint(0, len(known))) for _ in range(2)
        )  # fmt: skip
        cases.append([shown, wanted])
    for (shown, wanted), held in zip(cases, page.evaluate(HELD_ORDER, cases), strict=True):
        assert held["order"][: len(shown)] == shown
        assert sorted(held["order"]) == sorted({*shown, *wanted})
        assert (held["changes"] == 0) == (held["order"] == wanted)
