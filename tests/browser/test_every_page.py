"""Every page of the manifest: no serious fault of access, no sideways scrolling, light to load.

A later page is among them by being declared. The whole matrix of languages, themes and sizes, with
its pictures, is for `./run acceptance`.
"""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.rooms import HOUSE
from gis.rooms.model import Page as DeclaredPage
from gis.settings import PROJECT_FOLDER
from maps.pages import modules_of
from tests.browser.conftest import ACCOUNTS, PASSWORD, until
from tests.browser.weight import is_tile, weigh

pytestmark = [pytest.mark.browser, pytest.mark.database]

AXE = (PROJECT_FOLDER / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
FIND = """async () => {
  const found = await window.axe.run(document, { resultTypes: ['violations'] });
  return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => [one.id, one.nodes.slice(0, 4).map((node) => node.html.slice(0, 160))]);
}"""
SIZES = ((1366, 768), (1920, 1080), (390, 844))
WITH_A_MAP_KB, WITHOUT_KB = 600, 160
"""What a first load may weigh on the wire, without the map's tiles."""
PAGES = [page for page in HOUSE.pages.values() if page.order is not None or page.path == "/login"]


def account_for(page: DeclaredPage) -> str | None:
    """Return an account that may use the page; None for one that everybody may use."""
    if page.permission is None:
        return "supervisor" if page.path == "/" else None
    for username, role in ACCOUNTS.items():
        if not page.permission or not HOUSE.holdings[role].isdisjoint(page.permission):
            return username
    raise AssertionError(page.path)


def be(context: BrowserContext, page: DeclaredPage) -> None:
    """Be signed in as whom the page is for."""
    username = account_for(page)
    if username is not None:
        answer = context.request.post(
            "/v1/session",
            data={"username": username, "password": PASSWORD},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.ok


def settle(page: Page, declared: DeclaredPage) -> None:
    """Go to the page and wait until it shows what it is there to show."""
    page.goto(declared.path)
    expect(page.locator("h1, h2").first).to_be_visible()
    # A page on the live stream is never idle.
    if declared.path == "/console":
        until(page, "() => Boolean(window.goldenhour && window.goldenhour.map.loaded())")
    elif declared.markup or any("/live/" in one for one in modules_of(declared.script)):
        page.wait_for_timeout(1500)
    else:
        page.wait_for_load_state("networkidle")
    expect(page.locator(".loading")).to_have_count(0)


def serious_faults(page: Page) -> list[object]:
    """Return what axe-core finds serious or critical."""
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    found: list[object] = page.evaluate(FIND)
    return found


@pytest.mark.parametrize("declared", PAGES, ids=lambda page: page.path)
def test_a_page_is_open_to_all_senses_and_light(open_page, declared):
    watched = open_page(locale="zh-CN", width=390, height=844, color_scheme="dark")
    page = watched.page
    be(page.context, declared)
    weight = weigh(page)
    settle(page, declared)
    assert serious_faults(page) == []
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert declared.path == "/console" or not page.evaluate(wide)
    sizes = weight.measure()
    kilobytes = sum(size for url, size in sizes if not is_tile(url)) / 1000
    with_map = any("maplibre-gl" in url for url, _ in sizes)
    assert kilobytes <= (WITH_A_MAP_KB if with_map else WITHOUT_KB)
    assert watched.faults == []


@pytest.mark.acceptance
@pytest.mark.parametrize("declared", PAGES, ids=lambda page: page.path)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_page_in_every_language_theme_and_size(  # noqa: PLR0917 (one for each thing that varies)
    open_page, screenshot, declared, locale, scheme, size
):
    width, height = size
    watched = open_page(locale=locale, width=width, height=height, color_scheme=scheme)
    page = watched.page
    be(page.context, declared)
    settle(page, declared)
    name = declared.path.strip("/").replace("/", "-") or "home"
    screenshot(page, f"page-{name}-{locale[:2]}-{scheme}-{width}")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert serious_faults(page) == []
    assert watched.faults == []
