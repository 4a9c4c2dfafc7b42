"""What is done by keys alone: tabs, dialogs, comparing, times; what is said of a lost server."""

import json
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.database]

FOCUSED_OUTSIDE = """() => {
  const { activeElement } = document;
  const dialog = document.querySelector('dialog[open]');
  return activeElement !== document.body && !dialog.contains(activeElement);
}"""
STOPS = 40


def focused_tab(page: Page) -> str | None:
    return page.evaluate("document.activeElement.getAttribute('data-key')")


def stays_inside(page: Page) -> None:
    """Press Tab all round, forwards and backwards: focus never reaches the page behind."""
    for key in ("Tab", "Shift+Tab"):
        seen = set()
        for _ in range(STOPS):
            page.keyboard.press(key)
            assert not page.evaluate(FOCUSED_OUTSIDE)
            seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
        assert len(seen) > 2


def test_tabs_dialogs_and_the_last_administrator_by_keys(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=1366, height=768, color_scheme="dark")
    page = sign_in(watched, "admin", to="/admin")
    expect(page.get_by_role("tab").first).to_be_visible()
    tabs = [one.get_attribute("data-key") for one in page.get_by_role("tab").all()]
    page.get_by_role("tab").first.focus()
    for key, place in (("ArrowRight", 1), ("ArrowRight", 2), ("End", -1), ("ArrowRight", 0),
                       ("ArrowLeft", -1), ("Home", 0)):  # fmt: skip
        page.keyboard.press(key)
        assert focused_tab(page) == tabs[place]
        chosen = page.get_by_role("tab", selected=True)
        expect(chosen).to_have_attribute("data-key", tabs[place] or "")
    # One stop for all tabs: the next one is in the panel.
    page.keyboard.press("Tab")
    assert focused_tab(page) is None

    opener = page.get_by_test_id("new-account")
    expect(opener).to_be_enabled()
    opener.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    stays_inside(page)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(opener).to_be_focused()

    grid = page.get_by_role("grid").first
    own = page.locator(".table-body [role=row]").filter(has_text="admin").first
    own.click()
    disable = page.get_by_test_id("disable")
    disable.press("Enter")
    confirm = page.get_by_test_id("confirm")
    expect(confirm).to_be_visible()
    confirm.press("Enter")
    expect(page.get_by_test_id("account-dialog")).to_contain_text("没有人能管理账户")
    screenshot(page, "admin-last-administrator-zh-dark-1366")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    # Back where one was: in the table.
    assert grid.evaluate("grid => grid.contains(document.activeElement)")
    assert page.request.get("/v1/session").json()["user"]["username"] == "admin"
    assert watched.faults == []


def without_the_network(faults: list[str]) -> list[str]:
    return [one for one in faults if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_lost_server_is_said_and_what_was_typed_stays(open_page):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = sign_in(watched, "admin", to="/admin")
    page.get_by_test_id("new-account").click()
    page.get_by_test_id("username").fill("while-away")
    banner = page.get_by_test_id("connection-banner")
    expect(banner).to_be_empty()
    page.context.set_offline(True)
    # As the page does by itself every 15 seconds.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(banner).to_contain_text("The server has not answered since")
    page.context.set_offline(False)
    expect(banner).to_be_empty()
    expect(page.get_by_test_id("username")).to_have_value("while-away")
    assert without_the_network(watched.faults) == []


def with_times(route: Route) -> None:
    """Give people by cell six times, which no layer of the sample city has."""
    answer = route.fetch()
    body = answer.json()
    for layer in body["layers"]:
        if layer["name"] == "population_cells":
            layer["time"] = {
                "kind": "choices", "default": "h0",
                "values": [{"value": f"h{n}", "words": {"en": f"{n}:00", "zh": f"{n}点"}}
                           for n in range(6)],
            }  # fmt: skip
    route.fulfill(response=answer, body=json.dumps(body))


def layers_page(watched: Watched) -> Page:
    page = sign_in(watched, "cdc", to="/layers")
    expect(page.get_by_test_id("minutes-says")).to_be_visible()
    return page


@pytest.mark.acceptance
def test_layers_are_compared_and_their_times_chosen_by_keys(open_page, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    asked: list[str] = []

    def tile(route: Route) -> None:
        asked.append(route.request.url.split("time=")[-1])
        route.fulfill(status=200, body=b"", content_type="application/vnd.mapbox-vector-tile")

    watched.page.route("**/v1/map/layers?*", with_times)
    watched.page.route("**/guarded-tiles/*/population_cells/**", tile)
    page = layers_page(watched)
    page.locator('[data-layer="population_cells"]').press("Space")
    slider = page.get_by_test_id("time-slider")
    expect(slider).to_have_attribute("aria-valuetext", "0:00")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "2:00")
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "5:00")
    expect(slider).to_be_focused()
    deadline = time.monotonic() + 30
    while "h5" not in asked:
        assert time.monotonic() < deadline, asked
        page.wait_for_timeout(100)

    page.get_by_test_id("compare").select_option("population_areas")
    swipe = page.get_by_test_id("swipe")
    expect(swipe).to_have_attribute("aria-label", "Place of the dividing line")
    swipe.focus()
    before = float(swipe.input_value())
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    assert float(swipe.input_value()) == pytest.approx(before - 0.1)
    pane = page.locator(".layer-pane")
    assert "40%" in (pane.get_attribute("style") or "")
    page.keyboard.press("Home")
    assert float(swipe.input_value()) == 0.0
    page.keyboard.press("End")
    assert float(swipe.input_value()) == 1.0
    screenshot(page, "layers-compared-en-light-1366")
    assert watched.faults == []


def test_a_download_over_the_limit_is_refused_with_a_sentence(open_page, screenshot):
    watched = open_page(locale="zh-CN", width=390, height=844, color_scheme="dark")

    def refuse(route: Route) -> None:
        route.fulfill(
            status=413, content_type="application/problem+json",
            body=json.dumps({"code": "layer_export_too_large", "detail": "too many"}),
        )  # fmt: skip

    watched.page.route("**/features?*format=csv*", refuse)
    page = layers_page(watched)
    page.locator('[data-format="csv"]').first.click()
    expect(page.get_by_test_id("toasts")).to_contain_text("要素过多")
    screenshot(page, "layers-export-too-large-zh-dark-390")
    with page.expect_download() as saved:
        page.locator('[data-format="geojson"]').first.click()
    assert saved.value.suggested_filename.endswith(".geojson")
    assert [one for one in watched.faults if "413" not in one] == []
