"""The light map of slow machines: chosen by itself where frames are slow, or by hand."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

ROADS = """() => (window.goldenhour.map.getStyle()?.layers ?? []).filter(
    (one) => one['source-layer'] === 'roads' && one.type === 'line').length"""
SLOWED = """() => {
  const { map } = window.goldenhour;
  map.on('render', () => {
    const until = performance.now() + 120;
    while (performance.now() < until);
  });
  map.easeTo({ center: map.getCenter().wrap(), zoom: map.getZoom() + 1, duration: 4000 });
}"""


def test_slow_frames_choose_the_light_map_and_one_can_choose_otherwise(open_page, screenshot):
    page = log_in(open_page(locale="en-GB", streets=True))
    page.evaluate("() => localStorage.removeItem('goldenhour.map.slow')")
    page.get_by_test_id("layers").locator("summary").click()
    page.get_by_test_id("light-map").select_option("off")
    until(page, f"() => ({ROADS})() > 5")
    page.get_by_test_id("light-map").select_option("auto")
    assert page.evaluate(ROADS) > 5
    page.evaluate(SLOWED)
    until(page, f"() => ({ROADS})() === 2")
    expect(page.locator(".messages")).to_contain_text("draws slowly")
    until(page, "() => window.goldenhour.map.isStyleLoaded()")
    assert page.evaluate(
        "() => ['unit', 'incident', 'facilities'].every((id) => window.goldenhour.map.getLayer(id))"
    )
    page.reload()  # and the next start is not slow again
    until(page, "() => Boolean(window.goldenhour?.map.loaded())")
    assert page.evaluate(ROADS) == 2
    screenshot(page, "light-map")
    page.get_by_test_id("layers").locator("summary").click()
    page.get_by_test_id("light-map").select_option("off")
    until(page, f"() => ({ROADS})() > 5")
