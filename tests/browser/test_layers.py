"""The page of map layers: a planner lands there, reads minutes by road, and sees a closure come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import httpx2
import pytest
from playwright.sync_api import Page, expect

from gis.access import SYSTEM, Grant
from gis.identity import Accounts
from gis.tables import Station
from routing.conditions.closures import end_condition
from tests.browser.conftest import PASSWORD, Site, sign_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database]

SIZES = ((1366, 768), (1920, 1080), (390, 844))
LOOKS = (("zh-CN", "dark"), ("en-GB", "light"))
QUICK = {(LOOKS[0], SIZES[0]), (LOOKS[1], SIZES[2])}


def loaded(page: Page) -> None:
    """Wait for the sums and for the map's cells."""
    expect(page.get_by_test_id("minutes-says")).to_be_visible()
    expect(page.get_by_test_id("legend")).to_contain_text("≥ 30")


@contextmanager
def closed_around_stations(site: Site) -> Iterator[int]:
    """Close the streets around every station, as a dispatcher does; give how many.

    They are open again afterwards: other pages are tested on the same city.
    """
    accounts = Accounts()
    with site.database.unit_of_work(SYSTEM) as uow:
        accounts.create_user(uow, "closer", password=PASSWORD, grants=[Grant("dispatcher")])
        token = accounts.create_token(uow, "closer", name="test")
        query = Station.__table__.select().where(Station.city_id == site.city_id)
        places = [
            (uow.session.scalar(row.geom.ST_X()), uow.session.scalar(row.geom.ST_Y()))
            for row in uow.session.execute(query)
        ]
    closed = []
    for lon, lat in places:
        half = 0.004
        ring = [
            (lon + x * half, lat + y * half)
            for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        ]
        body = {
            "city_id": site.city_id, "kind": "closure", "reason_en": "test", "confirmed": True,
            "expires_at": (datetime.now(tz=UTC) + timedelta(hours=1)).isoformat(),
            "sketch": {"drawn": "polygon", "datum": "wgs84",
                       "geometry": {"type": "Polygon", "coordinates": [ring]}},
        }  # fmt: skip
        answer = httpx2.post(
            f"{site.url}/v1/routing/conditions", json=body,
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        closed.append(UUID(answer.json()["condition_id"]))
    try:
        yield len(closed)
    finally:
        with site.database.unit_of_work(SYSTEM) as uow:
            for condition_id in closed:
                end_condition(uow, condition_id)


@pytest.mark.acceptance
def test_a_planner_reads_minutes_and_sees_a_closure_come(open_page, screenshot, site: Site) -> None:
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = sign_in(watched, "planner", to="/layers")
    loaded(page)
    expect(page.get_by_test_id("minutes-says")).to_contain_text("ambulance station now")
    expect(page.get_by_test_id("map-mark")).to_contain_text("SIMULATED")
    before = page.get_by_test_id("beyond-now").inner_text()

    limit = page.get_by_test_id("limit")
    limit.focus()
    with closed_around_stations(site) as count:
        assert count > 0
        expect(page.get_by_test_id("beyond-more")).to_be_visible()
        expect(page.get_by_test_id("beyond-now")).not_to_have_text(before)
        assert limit.evaluate("element => element === document.activeElement")
        screenshot(page, "layers-after-closure")

    page.get_by_test_id("targets").get_by_role("button", name="PCI").click()
    expect(page.get_by_test_id("legend")).to_contain_text("Minutes to a PCI hospital")
    expect(page.get_by_test_id("minutes-says")).to_contain_text("PCI-capable hospital")
    with page.expect_download() as saved:
        page.get_by_test_id("districts").get_by_test_id("csv").click()
    assert saved.value.suggested_filename.endswith("minutes-pci-districts-SIMULATED.csv")
    assert watched.faults == []


@pytest.mark.parametrize(
    ("look", "size"),
    [
        pytest.param(*both, marks=[] if both in QUICK else pytest.mark.acceptance)
        for both in product(LOOKS, SIZES)
    ],
)
def test_it_looks_right(
    open_page, screenshot, look: tuple[str, str], size: tuple[int, int]
) -> None:
    (locale, scheme), (width, height) = look, size
    watched = open_page(locale=locale, width=width, height=height, color_scheme=scheme)
    page = sign_in(watched, "cdc", to="/layers")
    loaded(page)
    until(page, "() => document.documentElement.scrollWidth <= innerWidth + 1")
    page.wait_for_timeout(1500)
    screenshot(page, f"layers-{scheme}-{width}")
    assert watched.faults == []
