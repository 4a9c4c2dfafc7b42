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


STANDS = """() => {
  const { map, store } = window.goldenhour;
  const box = map.getContainer().getBoundingClientRect();
  for (const unit of store.state.units.values()) {
    if (unit.lon === null || (unit.speed_kmh ?? 0) > 0) continue;
    const { x, y } = map.project([unit.lon, unit.lat]);
    const over = document.elementFromPoint(box.left + x, box.top + y);
    if (over === map.getCanvas()) return { x, y, left: box.left + x, top: box.top + y };
  }
  return null;
}"""
INK = """([x, y]) => {
  const canvas = document.querySelector('canvas.marks');
  const ratio = canvas.width / canvas.clientWidth;
  return canvas.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data[3];
}"""
NEARBY = """([x, y]) => {
  const { map, store } = window.goldenhour;
  const unit = store.state.units.get(store.state.unitId);
  const at = unit && map.project([unit.lon, unit.lat]);
  return Boolean(at) && Math.hypot(at.x - x, at.y - y) < 20;
}"""


@pytest.mark.acceptance
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
    # What moves is drawn above the map, which needs not be drawn anew for it.
    until(page, "() => !window.goldenhour.map.isMoving()")
    until(
        page,
        f"() => {{ const at = ({STANDS})(); return Boolean(at) && ({INK})([at.x, at.y]) > 0; }}",
    )
    at = page.evaluate(STANDS)
    drawn = "async () => (await window.goldenhour.map.getSource('units').getData()).features.length"
    assert page.evaluate(drawn) == 0
    page.mouse.move(at["left"], at["top"])
    until(page, "() => window.goldenhour.map.getCanvas().style.cursor === 'pointer'")
    page.mouse.click(at["left"], at["top"])
    until(page, NEARBY, [at["x"], at["y"]])
    page.evaluate("() => window.goldenhour.store.set({ unitId: null })")
    page.reload()  # and the next start is not slow again
    until(page, "() => Boolean(window.goldenhour?.map.loaded())")
    assert page.evaluate(ROADS) == 2
    screenshot(page, "light-map")
    page.get_by_test_id("layers").locator("summary").click()
    page.get_by_test_id("light-map").select_option("off")
    until(page, f"() => ({ROADS})() > 5")
    until(page, f"async () => (await ({drawn})()) > 0")
    assert page.locator("canvas.marks").count() == 0
