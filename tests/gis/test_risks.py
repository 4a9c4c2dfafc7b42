"""People weighed by a risk of areas: sums, what is not known, and who may weigh by what."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sqlalchemy import text

from api.rooms import HOUSE
from gis.access import EVERYWHERE, SYSTEM, Identity
from gis.database import Database
from gis.indicators import Indication, put_indications
from gis.risks import Risk, RiskUnknownError, risk_of, risk_said_at, told, weighed, weighing_layers
from gis.words import alike
from tests.cities import corner, grid_id
from tests.identities import granted

PEOPLE = arrays(np.float64, 12, elements=st.integers(0, 400).map(float))
VALUES = arrays(np.float64, 3, elements=st.integers(0, 50).map(float))
AREAS = arrays(np.int64, 12, elements=st.integers(-1, 2))
DISTRICTS = ("440305", "440306")


def risk(values: np.ndarray, area: np.ndarray, *, counts: bool) -> Risk:
    return Risk(
        layer="x", words=alike("x"), unit="{person}" if counts else "%", counts_people=counts,
        values=values, area=area, sources=("s",), first_day=None, last_day=None,
    )  # fmt: skip


@given(PEOPLE, VALUES, AREAS)
@settings(max_examples=60, deadline=None)
def test_a_rate_moves_people_and_adds_none(
    people: np.ndarray, values: np.ndarray, area: np.ndarray
) -> None:
    demand = weighed(people, risk(values, area, counts=False))
    assert demand.sum() == pytest.approx(people.sum())
    assert (demand >= 0).all()
    assert demand[area < 0] == pytest.approx(people[area < 0])
    twice = weighed(people, risk(values * 2, area, counts=False))
    assert twice == pytest.approx(demand)


@given(PEOPLE, VALUES, AREAS)
@settings(max_examples=60, deadline=None)
def test_counts_of_persons_are_shared_out_whole(
    people: np.ndarray, values: np.ndarray, area: np.ndarray
) -> None:
    demand = weighed(people, risk(values, area, counts=True))
    assert np.isnan(demand[area < 0]).all()
    for one in range(3):
        here = area == one
        if people[here].sum() > 0:
            assert demand[here].sum() == pytest.approx(values[one])


def test_few_people_are_not_told() -> None:
    assert [told(one) for one in (0.2, 0.6, 4.4, 4.6, 70.0)] == [0, None, None, 5, 70]


def test_no_temperature_is_a_weight() -> None:
    assert {"vulnerability", "indicator_elderly_alone"} <= set(HOUSE.layers)
    assert HOUSE.layers["indicator_wbgt"].unit == "Cel"


@pytest.mark.database
def test_values_of_a_layer_are_for_who_may_see_it_there(grid_database: Database) -> None:
    city_id = grid_id(grid_database)
    said = datetime(2026, 1, 10, tzinfo=UTC)
    lonlat = np.array([corner(1, 4), corner(6, 4)])

    def value(code: str, number: float, n: int | None = None, year: int = 2025) -> Indication:
        return Indication(
            "elderly_alone", "area", code, date(year, 1, 1), date(year + 1, 1, 1), number, n,
            "{person}", "census", said,
        )  # fmt: skip

    with grid_database.unit_of_work(SYSTEM) as uow:
        codes = (
            uow.session.execute(
                text("SELECT code FROM areas WHERE level = 'district' ORDER BY code")
            )
            .scalars()
            .all()
        )
        assert list(codes) == list(DISTRICTS)
        put_indications(uow.session, [value(DISTRICTS[0], 70), value(DISTRICTS[1], 30),
                                      value(DISTRICTS[0], 20, year=2020)])  # fmt: skip
        found = risk_of(uow, city_id, "indicator_elderly_alone", lonlat)
        assert found.counts_people
        assert found.values[found.area].tolist() == [70.0, 30.0]
        assert (found.first_day, found.last_day) == (date(2025, 1, 1), date(2025, 12, 31))
        assert risk_said_at(uow, city_id, "indicator_elderly_alone") == said
        assert "indicator_wbgt" not in {one.name for one in weighing_layers(uow)}
        with pytest.raises(RiskUnknownError, match="vulnerability"):
            risk_of(uow, city_id, "indicator_wbgt", lonlat)

    def seen(role: str, area: str, *codes: str) -> list[float | None]:
        who = Identity(None, role, role, grants=(granted(role, area, codes=codes),))
        with grid_database.read(who) as uow:
            its = risk_of(uow, city_id, "indicator_elderly_alone", lonlat)
        return [None if row < 0 else float(its.values[row]) for row in its.area.tolist()]

    assert seen("planner", EVERYWHERE) == [70.0, 30.0]
    assert seen("planner", DISTRICTS[1], DISTRICTS[1]) == [None, 30.0]
    with pytest.raises(RiskUnknownError):
        seen("hospital", EVERYWHERE)
