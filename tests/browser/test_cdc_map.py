"""A disease on the map: how sure a raised risk is, through time, beside another week, as rows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, func, insert, select, update

from gis.access import SYSTEM
from gis.database import WritingUnitOfWork
from gis.datum import Datum
from gis.tables import Area, Population
from gis.tables.inspections import Inspection
from gis.tables.signals import SurveillanceRun, SurveillanceSeries
from gis.tables.vulnerability import VulnerabilityIndex
from surveillance.inspections import repository as inspections
from surveillance.inspections.model import Inspected, Kind
from surveillance.vulnerability import repository
from surveillance.vulnerability.weighing import vulnerability
from tests.browser.conftest import Site, sign_in
from tests.surveillance.signals.stored import DAY, store_run

pytestmark = [pytest.mark.browser, pytest.mark.database]

DAYS = 210


@pytest.fixture(scope="module")
def silent(site: Site) -> Iterator[str]:
    """Half a year of dengue by zone, from the north on; the name of a zone that fell silent."""
    draw = np.random.default_rng(7)
    with site.database.unit_of_work(SYSTEM) as uow:
        store_run(uow, site.city_id)
        uow.session.execute(
            update(SurveillanceRun)
            .where(SurveillanceRun.city_id == site.city_id)
            .values(area_level="zone")
        )
        zones = uow.session.execute(
            select(
                Area.name_zh, Area.code, Population.persons,
                func.ST_X(func.ST_Centroid(Area.geom)), func.ST_Y(func.ST_Centroid(Area.geom)),
            )
            .join(Population, Population.area_id == Area.area_id)
            .where(Area.city_id == site.city_id, Area.level == "zone")
        ).all()  # fmt: skip
        north = max(zone[4] for zone in zones)
        rows = []
        for _name, code, persons, _lon, lat in zones:
            near = np.exp(-(((north - lat) / 0.03) ** 2))
            wave = near * np.clip((np.arange(DAYS) - 150) / 30.0, 0.0, 2.0)
            cases = draw.poisson(persons / 500_000 * (1.0 + 40.0 * wave)).tolist()
            rows.append(
                {"city_id": site.city_id, "date_basis": "entry", "disease": "dengue",
                 "area_code": code, "age_group": "*", "sensitive": "ordinary",
                 "starts_on": DAY - timedelta(days=DAYS - 1), "cases": cases, "nowcast": None}
            )  # fmt: skip
        rows[3]["cases"] = [*rows[3]["cases"][:-14], *[None] * 14]
        uow.session.execute(insert(SurveillanceSeries), rows)
        store_index(uow, site.city_id, [zone[1] for zone in zones])
        inspections.put(
            uow.session, site.city_id,
            [inspected(number, zone) for number, zone in enumerate(zones)],
            source="tests", at=uow.clock.now(), by="tests",
        )  # fmt: skip
    yield zones[3][0]
    with site.database.unit_of_work(SYSTEM) as uow:
        for table in (SurveillanceSeries, SurveillanceRun, VulnerabilityIndex, Inspection):
            uow.session.execute(delete(table).where(table.city_id == site.city_id))


def inspected(number: int, zone: Any) -> Inspected:
    """Return an inspection in the middle of a zone, a third of them positive."""
    return Inspected(
        kind=Kind.MOSQUITO, inspected_on=DAY - timedelta(days=number % 6 + 3), lon=zone[3],
        lat=zone[4], declared_datum=Datum.WGS84, area_code=zone[1], premises=30,
        premises_positive=number % 3 // 2 * 4, containers=40, containers_positive=None,
        outcome=None, source_ref=str(number),
    )  # fmt: skip


def store_index(uow: WritingUnitOfWork, city_id: int, codes: list[str]) -> None:
    """Store an index of three indicators as if their values stood there."""
    parts = np.random.default_rng(5).random((len(codes), 3))
    weights = {"elderly_alone": 2.0, "wbgt": 1.0, "influenza_gap": 1.0}
    found = vulnerability(parts, np.array(list(weights.values())))
    inputs = [
        {"indicator": code, "weight": weight, "areas": len(codes), "sources": ["yearbook"],
         "first_day": "2025-01-01", "last_day": "2025-12-31", "shift": shift}
        for (code, weight), shift in zip(weights.items(), found.shifts.tolist(), strict=True)
    ]  # fmt: skip
    fields = ("rank", "rank_low", "rank_high", "rank_best", "rank_worst", "often_top")
    repository.add(
        uow.session,
        {"city_id": city_id, "version": 1, "level": "zone", "weights": weights, "inputs": inputs,
         "inputs_hash": bytes(range(32)), "areas": len(codes), "spread": 0.5,
         "made_at": uow.clock.now(), "made_by": "tests"},
        [
            {"area_code": code, "value": float(found.index[row]),
             **{name: getattr(found, name)[row].item() for name in fields}}
            for row, code in enumerate(codes)
        ],
    )  # fmt: skip


@pytest.mark.acceptance
def test_a_disease_is_looked_at_on_the_map(open_page, screenshot, silent) -> None:
    watched = open_page(color_scheme="dark", streets=False)
    page = sign_in(watched, "cdc", to="/cdc")
    page.get_by_role("tab", name="地图").click()
    says = page.get_by_test_id("map-says")
    expect(says).to_contain_text("登革热")
    expect(says).to_contain_text("风险升高的概率达95%")
    expect(page.locator(".layer-canvas canvas").first).to_be_visible()
    table = page.get_by_test_id("map-table")
    # The raised come first: the table is sorted by what the map shows.
    expect(table.get_by_role("row").nth(1)).to_contain_text("1.000")
    expect(page.get_by_test_id("map-notes")).to_contain_text("每10万常住人口")
    screenshot(page, "cdc-map")
    search = table.get_by_role("searchbox")
    search.fill(silent)
    expect(table).to_contain_text("无报告")
    search.fill("")

    slider = page.get_by_test_id("map-slider")
    newest = slider.get_attribute("aria-valuetext")
    slider.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuetext", newest)
    before = slider.get_attribute("aria-valuetext")
    page.keyboard.press("Space")
    expect(slider).not_to_have_attribute("aria-valuetext", before)
    page.keyboard.press("Space")
    expect(page.get_by_test_id("play")).to_have_attribute("aria-pressed", "false")

    page.get_by_test_id("measure").locator("[data-value=rate]").click()
    with page.expect_response("**/surveillance/maps/features?**"):
        page.get_by_test_id("map-compare").select_option(index=1)
    expect(page.get_by_test_id("map-sides")).to_contain_text(newest)
    expect(page.get_by_test_id("swipe")).to_be_visible()
    expect(table).to_contain_text("对比时段")
    screenshot(page, "cdc-map-compared")
    page.get_by_test_id("step").locator("[data-value=month]").click()
    expect(page.get_by_test_id("map-sides")).to_have_count(0)
    expect(slider).to_have_attribute("max", "5")
    assert watched.faults == []


@pytest.mark.acceptance
@pytest.mark.usefixtures("silent")
def test_other_risks_lie_on_the_map_and_points_over_them(open_page, screenshot) -> None:
    watched = open_page(color_scheme="dark", streets=False)
    page = sign_in(watched, "cdc", to="/cdc#map")
    page.get_by_test_id("map-ground").select_option("vulnerability")
    index = page.get_by_test_id("vulnerability")
    expect(index).to_contain_text("第1版")
    expect(index).to_contain_text("独居老人数")
    expect(index.get_by_role("row").nth(1)).to_contain_text("1")
    expect(page.get_by_test_id("legend")).to_contain_text("脆弱性指数")
    screenshot(page, "cdc-map-vulnerability")
    page.get_by_test_id("map-ground").select_option("")
    expect(index).to_have_count(0)
    with page.expect_response("**/mosquito_inspections/**"):
        page.locator("[data-points=mosquito_inspections]").check()
    expect(page.get_by_test_id("legend")).to_contain_text("蚊媒孳生地检查点")
    screenshot(page, "cdc-map-inspections")
    page.locator("[data-points=mosquito_inspections]").uncheck()
    assert watched.faults == []


@pytest.mark.acceptance
@pytest.mark.usefixtures("silent")
def test_the_map_in_english_by_day(open_page, screenshot) -> None:
    watched = open_page(locale="en-GB", width=1920, height=1080)
    page = sign_in(watched, "cdc", to="/cdc")
    page.get_by_role("tab", name="Map").click()
    expect(page.get_by_test_id("map-says")).to_contain_text("Dengue")
    screenshot(page, "cdc-map-english")
    page.get_by_test_id("map-ground").select_option("vulnerability")
    expect(page.get_by_test_id("vulnerability")).to_contain_text("Version 1")
    screenshot(page, "cdc-map-vulnerability-english")
    page.get_by_test_id("map-ground").select_option("")
    for measure in ("relative_risk", "cases"):
        with page.expect_response("**/surveillance/maps/features?**"):
            page.get_by_test_id("measure").locator(f"[data-value={measure}]").click()
        screenshot(page, f"cdc-map-{measure}")
    assert watched.faults == []
