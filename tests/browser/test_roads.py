"""A dispatcher closes roads in a real browser: draws, sees what it hits, confirms, ends."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import mapping

from tests.browser.conftest import Site, log_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(180)]

PLAZA = [-71.2519, -29.9027]
SMALL = {"width": 1100, "height": 700}
"""Less to paint: these tests look at words, not at the picture."""
SQUARE = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6))


def show_plaza(page: Page) -> None:
    page.evaluate("at => window.goldenhour.map.jumpTo({center: at, zoom: 15.5})", PLAZA)
    until(page, "() => window.goldenhour.map.areTilesLoaded()")


def closure_around_plaza(city_id: int) -> dict[str, object]:
    lon, lat = PLAZA
    box = shapely.box(lon - 0.002, lat + 0.0005, lon + 0.002, lat + 0.003)
    expires_at = datetime.now(tz=UTC) + timedelta(hours=1)
    return {
        "city_id": city_id, "kind": "closure", "reason_en": "parade",
        "expires_at": expires_at.isoformat(),
        "sketch": {"drawn": "polygon", "datum": "wgs84", "geometry": mapping(box)},
    }  # fmt: skip


def click_map(page: Page, *shares: tuple[float, float]) -> None:
    box = page.locator("#map").bounding_box()
    assert box is not None
    for across, down in shares:
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


@pytest.mark.parametrize("locale", ["zh-CN", pytest.param("en-GB", marks=pytest.mark.acceptance)])
def test_a_closure_is_drawn_previewed_put_in_force_and_ended(
    open_page, site: Site, screenshot, locale: str
) -> None:
    watched = open_page(locale=locale, width=1366, height=768)
    page = log_in(watched)
    page.keyboard.press("r")
    show_plaza(page)
    page.get_by_test_id("road-new-closure").click()
    click_map(page, *SQUARE)
    page.get_by_test_id("sketch-finish").click()
    preview = page.get_by_test_id("road-preview")
    expect(preview).to_contain_text("road piece(s)" if locale == "en-GB" else "条道路")
    confirm = page.get_by_test_id("road-confirm")
    expect(confirm).to_be_disabled()  # nobody has said yet until when
    page.get_by_test_id("road-reason").fill("burst main / 水管爆裂")
    page.get_by_test_id("road-ends-1h").click()
    expect(confirm).to_be_enabled()
    screenshot(page, f"roads-{locale[:2]}-1-preview")
    confirm.click()
    row = page.locator('[data-testid="road-row"][data-kind="closure"]')
    expect(row).to_have_attribute("data-state", "active")
    expect(page.get_by_test_id("road-count")).to_contain_text("1")
    until(page, "() => window.goldenhour.map.querySourceFeatures('conditions',"
                " {sourceLayer: 'conditions'}).length > 0")  # fmt: skip
    page.wait_for_timeout(500)
    screenshot(page, f"roads-{locale[:2]}-2-in-force")
    row.get_by_test_id("road-end").click()
    row.get_by_test_id("road-end").click()
    expect(row).to_have_count(0)
    assert watched.faults == []


@pytest.mark.acceptance
def test_a_closure_from_elsewhere_is_seen_at_once_and_reach_shrinks(open_page, site: Site) -> None:
    page = log_in(open_page(locale="en-GB", **SMALL))
    page.keyboard.press("r")
    show_plaza(page)
    page.keyboard.press("t")
    page.get_by_test_id("reach-4").click()
    click_map(page, (0.5, 0.5))
    result = page.get_by_test_id("reach-result")
    expect(result).to_contain_text("km²", timeout=60_000)
    before = result.inner_text()

    made = page.context.request.post(
        "/v1/routing/conditions", headers={"Idempotency-Key": str(uuid4()), "Origin": site.url},
        data=closure_around_plaza(site.city_id),
    )  # fmt: skip
    assert made.ok, made.text()
    expect(page.get_by_test_id("road-row")).to_have_count(1)
    expect(result).not_to_have_text(before)
    page.get_by_test_id("road-end").click()
    page.get_by_test_id("road-end").click()
    expect(page.get_by_test_id("road-row")).to_have_count(0)


@pytest.mark.acceptance
def test_drawing_by_keys_and_an_outline_that_crosses_itself(open_page) -> None:
    page = log_in(open_page(locale="en-GB", **SMALL))
    page.keyboard.press("r")
    show_plaza(page)
    page.get_by_test_id("road-new-flood").press("Enter")
    click_map(page, (0.4, 0.4), (0.6, 0.6), (0.6, 0.4), (0.4, 0.6))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("messages")).to_contain_text("crosses itself")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("sketch-hint")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("road-form")).to_be_hidden()

    page.get_by_test_id("road-new-roadworks").press("Enter")
    page.get_by_test_id("road-draw-edges").press("Enter")
    page.locator("#map canvas").focus()
    page.keyboard.press("Space")  # the road at the cross in the middle
    until(page, "() => window.goldenhour.store.state.roadDraft.pieces.length === 1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("road-preview")).to_contain_text("1 road piece(s)")
