"""Files of indicators: what they say, what is reckoned of it, and what is refused and why."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from gis.intake.take import IntakeOptions, take_in
from surveillance.indicators.catalogue import INDICATORS
from surveillance.indicators.compose import Around, Composed, compose
from surveillance.indicators.model import ABOUT_PEOPLE
from surveillance.indicators.schema import CODES, SCHEMA
from surveillance.intake.places import AreaRow, Areas

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)


def area(code: str, level: str, name: str, *above: str) -> AreaRow:
    return AreaRow(code=code, level=level, names=(name,), path=(*above, code),
                   outline=shapely.box(0, 0, 1, 1))  # fmt: skip


AREAS = Areas([
    area("440305", "district", "南山区"), area("440306", "district", "宝安区"),
    area("440305001", "street", "南头街道", "440305"),
])  # fmt: skip


def taken(tmp_path: Path, text: str, **levels: str) -> Composed:
    path = tmp_path / "indicators.csv"
    path.write_text(text, encoding="utf-8")
    around = Around(
        areas=AREAS, source="cdc", as_of=AS_OF, last_day=AS_OF.date(), levels=levels
    )  # fmt: skip
    return compose(take_in(path, SCHEMA, IntakeOptions()), around)


def reasons(composed: Composed) -> list[str]:
    return [str(one) for one in composed.intake.rejects["reason"]]


def test_values_by_name_or_code_of_area_and_indicator(tmp_path: Path) -> None:
    found = taken(
        tmp_path,
        "地区,指标,年份,数值,样本量,单位\n南山区,高血压,2025,24.5,4000,%\n"
        "440306,hypertension_prevalence,2025,31,2500,\n",
    )
    first, second = found.values
    assert (first.indicator, first.subject_id, first.value, first.n, first.unit) == (
        "hypertension_prevalence", "440305", 24.5, 4000, "%",
    )  # fmt: skip
    assert (first.period_from, first.period_until) == (date(2025, 1, 1), date(2026, 1, 1))
    assert (second.subject_id, second.source, second.as_of) == ("440306", "cdc", AS_OF)
    assert reasons(found) == []


def test_heat_and_mosquito_indices_are_reckoned_of_what_was_measured(tmp_path: Path) -> None:
    hot = taken(tmp_path, "area,date,temperature,humidity\n440305,2026-06-30,35,60\n")
    assert {one.indicator: round(one.value, 1) for one in hot.values} == {
        "heat_index": 45.1, "wbgt": 37.0,
    }  # fmt: skip
    assert {(one.period_from, one.period_until) for one in hot.values} == {
        (date(2026, 6, 30), date(2026, 7, 1))
    }
    bred = taken(
        tmp_path,
        "街道,检查日期,检查户数,阳性户数,检查容器数,阳性容器数\n南头街道,2026-06-01,200,12,500,18\n",
    )
    assert {one.indicator: (one.value, one.n) for one in bred.values} == {
        "breteau_index": (9.0, 200), "house_index": (6.0, 200), "container_index": (3.6, 500),
    }  # fmt: skip


HEAD = "area,indicator,year,value,n,unit\n"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("440305,elderly_alone,2025,3,,", "fewer than 5 people"),
        ("440305,diabetes_prevalence,2025,4,50,", "fewer than 5 people"),
        ("440305001,elderly_alone,2025,60,,", "one level of areas, here district"),
        ("440305,pm25,2025,40,,mg/m3", "the unit of pm25 is ug/m3"),
        ("440305,diabetes_prevalence,2025,140,,", "lies outside 0 to 100"),
        ("440305,pm25,2027,40,,", "begins after the file's time"),
        ("440305,pm25,,40,,", "no day, year or first and last day"),
        ("440305,,2025,40,,", "neither an indicator with its value"),
        ("440305,phlogiston,2025,40,,", "indicator"),
        ("110101,pm25,2025,40,,", "not of this city"),
        ("Atlantis,pm25,2025,40,,", "not known here"),
    ],
)
def test_a_row_that_cannot_be_a_value_is_refused(tmp_path: Path, row: str, why: str) -> None:
    good = "440306,pm25,2025,31,,\n"
    found = taken(tmp_path, f"{HEAD}{row}\n{good}", elderly_alone="district")
    assert [one.subject_id for one in found.values] == ["440306"]
    (told,) = reasons(found)
    assert why in told


def test_zero_and_five_people_are_told_and_a_second_row_is_refused(tmp_path: Path) -> None:
    rows = "440305,elderly_alone,2025,0,,\n440306,elderly_alone,2025,5,,\n"
    found = taken(tmp_path, f"{HEAD}{rows}440305,独居老人,2025,70,,\n")
    assert [one.value for one in found.values] == [0.0, 5.0]
    assert reasons(found) == ["the same area, indicator and period stands in row 2"]


def test_more_positive_than_inspected_is_refused(tmp_path: Path) -> None:
    text = "area,date,houses,houses_positive,containers,containers_positive\n"
    found = taken(tmp_path, f"{text}440305,2026-06-01,20,30,10,1\n")
    assert reasons(found) == ["more are positive than were inspected"]


def test_the_catalogue_holds_together() -> None:
    assert len(CODES) >= 2 * len(INDICATORS)
    for one in INDICATORS.values():
        assert one.lowest <= one.breaks[0] < one.breaks[-1] <= one.highest
        if one.theme in ABOUT_PEOPLE:
            assert one.unit in {"%", "/100000.a", "{person}"}
        assert one.counts_people == (one.unit == "{person}")
