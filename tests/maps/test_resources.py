"""The report on resources: what is counted, and what is said of it."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, insert, select, update

from gis.access import SYSTEM
from gis.cluster import PrivateCluster
from gis.documents import Interval, Paragraph, Table, Tone
from gis.rooms.layers import Provenance
from gis.tables import Area, City, Population, Station, Unit
from maps.reports.reading import read_report
from maps.resources.model import CityResources, Count, Residents
from maps.resources.report import build
from maps.resources.repository import read_resources
from tests.conftest import opened
from tests.reports import EMPTY, FULL, NASTY, NOTHING, document


def table(counted, name: str) -> Table:
    return next(one for one in document(counted).tables if one.name == name)


def said(counted, tone: Tone, **options) -> str:
    blocks = document(counted, **options).blocks
    return "\n".join(
        one.words.en for one in blocks if isinstance(one, Paragraph) and one.tone is tone
    )


@pytest.mark.database
def test_what_stands_where_is_counted(cluster: PrivateCluster, clone: Callable[..., str]) -> None:
    with opened(cluster, clone(seed="testburg")) as database:
        with database.unit_of_work(SYSTEM) as uow:
            city_id = uow.session.scalars(select(City.city_id)).one()
            west = uow.session.scalars(select(Area.area_id).where(Area.code == "440399")).one()
            for counted_on, persons, base in (
                (date(2010, 11, 1), 900, "resident"), (date(2020, 11, 1), 1200, "resident"),
                (date(2024, 1, 1), 700, "registered"),
            ):  # fmt: skip
                uow.session.execute(insert(Population).values(
                    area_id=west, counted_on=counted_on, persons=persons, base=base, source="census"
                ))  # fmt: skip
            units = uow.session.scalars(select(Unit.unit_id)).all()
            uow.session.execute(
                update(Unit).where(Unit.unit_id == units[0]).values(level="first_responder")
            )
            nowhere = func.ST_SetSRID(func.ST_MakePoint(119.0, 22.55), 4326)
            uow.session.execute(insert(Station).values(
                city_id=city_id, source="test", source_ref="far", name="far", geom=nowhere,
                modelled=True,
            ))  # fmt: skip
        with database.read(SYSTEM) as uow:
            found = read_resources(uow.session, city_id)
            written = build(uow, city_id)
            shown = read_report(uow, uow.house.reports["resources"], city_id).grounds["map"]
    by_code = {one.code: one for one in found.districts}
    assert by_code["440399"].residents == Residents(1200, date(2020, 11, 1), "census")
    assert by_code["440398"].residents is None
    assert found.residents is None
    assert by_code["440399"].counts["stations"] == Count(1, 0)
    assert by_code["440399"].counts["aeds"] == Count(3, 0)
    assert by_code["440398"].counts["aeds"] == Count(0, 0)
    assert found.outside["stations"] == Count(1, 1)
    assert found.total("stations") == Count(3, 1)
    assert found.total("ambulances").there == len(units) - 1
    assert written.provenance is Provenance.SIMULATED
    assert written.population is not None
    stations, hospitals = shown.marks  # hospitals above
    assert [mark.words.zh for mark in hospitals.marks] == ["Near医院", "Far医院"]
    assert [(one.words.en, one.letter, one.colour) for one in hospitals.used] == [
        ("hospital", "H", "#d55e00")
    ]
    assert [mark.modelled for mark in stations.marks] == [False, False, True]
    assert [area.code for area in shown.areas] == ["440398", "440399"]
    assert "2020" in written.population.words.en


def test_a_district_whose_people_nobody_counted_has_no_rate_and_is_not_zero() -> None:
    rates = table(NASTY, "rates")
    last = rates.rows[-1]
    assert last[rates.column("rank")] is None
    assert last[rates.column("aeds")] is None
    assert rates.total is not None
    assert rates.total[rates.column("aeds")] is None
    counted = table(NASTY, "counts")
    assert counted.rows[2][counted.column("residents")] is None
    assert counted.rows[2][counted.column("aeds")] == 50
    assert "Residents unknown in" in said(NASTY, Tone.CAUTION)


def test_districts_are_ranked_by_their_rate_with_its_interval() -> None:
    rates = table(FULL, "rates")
    cells = [row[rates.column("aeds")] for row in rates.rows]
    assert [cell.value for cell in cells if isinstance(cell, Interval)] == [40, 25, 10]
    assert [row[rates.column("rank")] for row in rates.rows] == [1, 2, 3]


def test_only_what_lies_beyond_its_interval_is_said_to_differ() -> None:
    findings = said(FULL, Tone.FINDING)
    assert "Clearly below the city's rate: 东区. Clearly above the city's rate: 西区." in findings
    shades = document(FULL).maps[0].shade_of
    assert shades == {"440301": 1, "440302": 0, "440303": 1}  # ambulances


def test_a_right_for_some_districts_compares_them_with_all_of_them_together() -> None:
    two = CityResources(FULL.districts[:2], NOTHING, limited=True)
    charts = document(two).charts
    assert [chart.value for chart in charts] == ["aeds", "ambulances"]
    reference = charts[0].reference
    assert reference is not None
    assert (reference[0], reference[1].en) == (25, "Together")  # 50 AEDs for 200,000 people
    assert "南区" not in charts[0].alt.zh
    one = CityResources(FULL.districts[:1], NOTHING, limited=True)
    assert document(one).charts == ()  # a single dot compares nothing


def test_what_is_modelled_is_said() -> None:
    assert "all 6 stations, 50 of 100 AEDs" in said(FULL, Tone.CAUTION)
    assert document(FULL).provenance is Provenance.MODELLED
    assert document(FULL, simulated=True).provenance is Provenance.SIMULATED


def test_a_city_of_which_nothing_is_known_says_so() -> None:
    report = document(EMPTY)
    assert "Nothing is on record for Testburg" in said(EMPTY, Tone.FINDING)
    assert "No districts of Testburg are loaded" in said(EMPTY, Tone.CAUTION)
    assert report.charts == ()
    assert report.population is None
    assert [one.name for one in report.maps] == ["map"]


def test_a_department_nobody_spoke_of_is_not_counted_and_said() -> None:
    counted = CityResources(FULL.districts, FULL.outside, unknown_departments=4)
    assert "Of 4 hospitals it is not known whether" in said(counted, Tone.CAUTION)
