"""Every page of the manifest: no serious fault of access, no sideways scrolling, light to load.

A later page is among them by being declared. The whole matrix of languages, themes and sizes, with
its pictures, is for `./run acceptance`.
"""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.rooms import HOUSE
from gis.rooms.model import Page as DeclaredPage
from maps.pages import modules_of
from tests.browser.conftest import ACCOUNTS, PASSWORD, sign_in, until
from tests.browser.looks import LOOKS, look_at, serious_faults
from tests.browser.test_cdc import morning  # noqa: F401 (a fixture: something for the pages to show)
from tests.browser.weight import is_tile, weigh

pytestmark = [pytest.mark.browser, pytest.mark.database]

WITH_A_MAP_KB, WITHOUT_KB = 600, 160
"""What a first load may weigh on the wire, without the map's tiles."""
PAGES = [page for page in HOUSE.pages.values() if page.order is not None or page.path == "/login"]


WHOSE = {"/": "supervisor", "/cdc": "cdc"}
"""Who sees the most of a page that several may use."""


def account_for(page: DeclaredPage) -> str | None:
    """Return an account that may use the page; None for one that everybody may use."""
    if page.path in WHOSE or page.permission is None:
        return WHOSE.get(page.path)
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
        until(
            page, "() => Boolean(window.goldenhour && window.goldenhour.map.loaded())", seconds=120
        )
    elif declared.markup or any("/live/" in one for one in modules_of(declared.script)):
        page.wait_for_timeout(1500)
    else:
        page.wait_for_load_state("networkidle")
    expect(page.locator(".loading")).to_have_count(0)


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
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize("declared", PAGES, ids=lambda page: page.path)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_page_and_its_tabs_in_every_look(open_page, declared, look):
    watched = open_page(**look.as_context())
    page = watched.page
    be(page.context, declared)
    settle(page, declared)
    name = declared.path.strip("/").replace("/", "-") or "home"
    found = {}
    keys = [one.get_attribute("data-key") for one in page.locator("main [role=tab]").all()]
    if declared.path == "/console" or not any(keys):
        found |= look_at(page, f"page-{name}", look, whole=declared.path != "/console")
    else:
        for key in keys:
            page.locator(f'[role=tab][data-key="{key}"]').click()
            expect(page.locator(".loading")).to_have_count(0)
            expect(page.get_by_test_id("error-state")).to_have_count(0)
            found |= look_at(page, f"page-{name}-{key}", look, whole=True)
    assert found == {}
    # What was never computed here (a risk map) is a 404 to the browser and a sentence on the page.
    assert [fault for fault in watched.faults if "404" not in fault] == []


@pytest.mark.acceptance
@pytest.mark.timeout(900)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_stands_before_and_beside_the_pages_in_every_look(open_page, site, look):
    page = open_page(**look.as_context()).page
    found = {}
    page.goto("/login")
    page.fill("input[name=username]", "nobody")
    page.fill("input[name=password]", "nothing at all")
    page.get_by_test_id("login-button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found |= look_at(page, "page-login-wrong", look, whole=True)
    page.context.clear_cookies()
    signed = sign_in(open_page(**look.as_context()), "hospital")
    expect(signed.locator("h1, h2").first).to_be_visible()
    found |= look_at(signed, "page-landing-hospital", look, whole=True)
    signed.goto("/admin")
    expect(signed.get_by_test_id("denied")).to_be_visible()
    found |= look_at(signed, "page-denied", look, whole=True)
    signed.goto("/no-such-page")
    found |= look_at(signed, "page-missing", look, whole=True)
    office = sign_in(open_page(**look.as_context()), "admin", to="/admin")
    for tab, button, name in (
        ("accounts", "new-account", "account"), ("roles", "new-role", "role"),
        ("logins", "new-token", "token"),
    ):  # fmt: skip
        office.locator(f'[role=tab][data-key="{tab}"]').click()
        office.get_by_test_id(button).click()
        expect(office.locator("dialog[open]")).to_be_visible()
        found |= look_at(office, f"page-admin-new-{name}", look)
        office.keyboard.press("Escape")
        expect(office.locator("dialog[open]")).to_have_count(0)
    assert found == {}
