"""Rows of a file become inspections, each bad one refused by a sentence of its own."""

from datetime import date
from pathlib import Path

import pytest
import shapely

from gis.datum import Datum, to_wgs84
from gis.intake.take import IntakeOptions, take_in
from surveillance.inspections.compose import (
    BOTH,
    ELSEWHERE,
    FUTURE,
    MORE_THAN_ALL,
    NOTHING,
    compose,
)
from surveillance.inspections.model import Composed, Kind
from surveillance.inspections.schema import SCHEMA
from surveillance.intake.places import AreaRow, Areas

LAST = date(2026, 6, 30)
AREAS = Areas([
    AreaRow(code="440305", level="district", names=("南山区",), path=("4403", "440305"),
            outline=shapely.box(113.9, 22.5, 114.0, 22.6)),
])  # fmt: skip
HEAD = "日期,经度,纬度,检查户数,阳性户数,检查容器数,阳性容器数,检查结果\n"


def read(folder: Path, text: str, datum: Datum = Datum.WGS84) -> Composed:
    path = folder / "points.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    intake = take_in(path, SCHEMA, IntakeOptions(datum=datum))
    return compose(intake, areas=AREAS, datum=datum, last_day=LAST)


def test_houses_and_outcomes_are_told_apart(tmp_path: Path) -> None:
    made = read(tmp_path, "2026-06-01,113.95,22.55,30,4,55,6,\n"
                "2026-06-02,113.96,22.55,,,,,不合格\n"
                "2026-06-03,113.95,22.56,,,20,0,\n")  # fmt: skip
    assert len(made.intake.rejects) == 0
    house, kitchen, traps = made.inspections
    assert (house.kind, house.premises, house.containers_positive) == (Kind.MOSQUITO, 30, 6)
    assert (kitchen.kind, kitchen.outcome, kitchen.premises) == (Kind.OUTCOME, "failed", None)
    assert (traps.kind, traps.containers, traps.containers_positive) == (Kind.MOSQUITO, 20, 0)
    assert {one.area_code for one in made.inspections} == {"440305"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-06-01,113.95,22.55,30,31,,,", MORE_THAN_ALL),
        ("2026-06-01,113.95,22.55,30,,5,6,", MORE_THAN_ALL),
        ("2026-06-01,115.95,22.55,30,3,,,", ELSEWHERE),
        ("2026-07-01,113.95,22.55,30,3,,,", FUTURE),
        ("2026-06-01,113.95,22.55,30,,,,", NOTHING),
        ("2026-06-01,113.95,22.55,0,0,,,", NOTHING),
        ("2026-06-01,113.95,22.55,,2,,,", NOTHING),
        ("2026-06-01,113.95,22.55,30,3,,,合格", BOTH),
        ("2026-06-01,113.95,22.55,,,,,suspended", "outcome"),
        ("2026-06-01,113.95,22.55,-3,0,,,", "premises"),
        (",113.95,22.55,30,3,,,", "day"),
        ("2026-06-01,,22.55,30,3,,,", "coordinate"),
        ("2026-06-01,22.55,113.95,30,3,,,", "latitude"),
    ],
)
def test_a_row_that_cannot_be_an_inspection_costs_itself_only(
    tmp_path: Path, row: str, why: str
) -> None:
    made = read(tmp_path, f"{row}\n2026-06-01,113.91,22.51,10,1,,,\n")
    assert len(made.inspections) == 1
    (reason,) = made.intake.rejects["reason"]
    assert why in reason


def test_the_same_place_and_day_twice_is_one_inspection(tmp_path: Path) -> None:
    row = "2026-06-01,113.95,22.55,30,4,,,\n"
    made = read(tmp_path, row + row)
    assert len(made.inspections) == 1
    assert "row 2" in made.intake.rejects["reason"].iloc[0]


def test_points_are_brought_to_wgs_84_from_the_datum_they_name(tmp_path: Path) -> None:
    made = read(tmp_path, "2026-06-01,113.95,22.55,30,4,,,\n", Datum.GCJ02)
    (one,) = made.inspections
    lon, lat = to_wgs84(113.95, 22.55, Datum.GCJ02)
    assert (one.lon, one.lat) == pytest.approx((float(lon), float(lat)), abs=1e-6)
    assert one.lon != pytest.approx(113.95, abs=1e-3)
    assert one.declared_datum is Datum.GCJ02
