"""What a release tells: nobody can work out a small count, whatever level they look at."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.disclosure.deciding import AreaNode, area_axis, decide
from gis.disclosure.model import (
    ALL,
    NO_AREA,
    Cell,
    Counted,
    CountedGroup,
    Period,
    PublishedCount,
    Rhythm,
    Sensitivity,
    Sum,
    add_up,
)
from gis.disclosure.periods import complete_periods, period_of
from gis.kernels.linear import Rows, minimise
from gis.permissions import PUBLISHED_COUNTS_READ
from gis.words import alike

AREAS = (
    AreaNode("city", "city", ("city",)),
    *(AreaNode(d, "district", ("city", d)) for d in ("d1", "d2")),
    *(
        AreaNode(f"{d}-{s}", "street", ("city", d, f"{d}-{s}"))
        for d, s in product(("d1", "d2"), "abc")
    ),
)
LEAVES = (*(f"{d}-{s}" for d, s in product(("d1", "d2"), "abc")), NO_AREA)
GROUPS = ("cough", "fever", "rash")


def subject(**rest) -> PublishedCount:
    return PublishedCount(
        "test.cases", alike("cases"), alike("cases"), rest.pop("sensitivity", Sensitivity.HEALTH),
        "x:y", rest.pop("area_level", "street"), tuple(CountedGroup(g, alike(g)) for g in GROUPS),
        Rhythm.WEEK, PUBLISHED_COUNTS_READ, **rest,
    )  # fmt: skip


def counted(table: np.ndarray) -> list[Counted]:
    return [
        Counted(area or None, group, int(table[i, j]))
        for (i, area), (j, group) in product(enumerate(LEAVES), enumerate(GROUPS))
        if table[i, j]
    ]


def leaves_of(area: str) -> list[int]:
    """The tree said again, by hand: what an attacker knows."""
    return [
        i for i, leaf in enumerate(LEAVES)
        if area in {ALL, leaf} or (area == "city" and leaf) or leaf.startswith(f"{area}-")
    ]  # fmt: skip


def narrowed(cells: Sequence[Cell], area: str, group: str) -> tuple[float, float]:
    """What the told cells leave possible for one cell: two linear programs."""

    def row(cell_area: str, cell_group: str) -> np.ndarray:
        chosen = np.zeros((len(LEAVES), len(GROUPS)))
        groups = range(len(GROUPS)) if cell_group == ALL else [GROUPS.index(cell_group)]
        chosen[np.ix_(leaves_of(cell_area), list(groups))] = 1
        return chosen.ravel()

    told = [cell for cell in cells if cell.people is not None]
    equal = Rows(
        np.array([row(cell.area_code, cell.group) for cell in told]),
        np.array([float(cell.people or 0) for cell in told]),
    ) if told else None  # fmt: skip
    aim = row(area, group)
    least, most = minimise(aim, equal=equal), minimise(-aim, equal=equal)
    return least.value, -most.value if most.status == 0 else np.inf


def assert_nobody_is_found(cells: Sequence[Cell], table: np.ndarray, k: int) -> None:
    hidden = [cell for cell in cells if cell.people is None]
    for cell in hidden[:: max(1, len(hidden) // 8)]:
        groups = range(len(GROUPS)) if cell.group == ALL else [GROUPS.index(cell.group)]
        true = int(table[np.ix_(leaves_of(cell.area_code), list(groups))].sum())
        if 0 < true < k:
            low, high = narrowed(cells, cell.area_code, cell.group)
            assert low <= 1 + 1e-6, cell
            assert high >= k - 1 - 1e-6, cell


def test_every_level_is_one_table_and_totals_add_up() -> None:
    table = np.full((len(LEAVES), len(GROUPS)), 10)
    cells = {
        (cell.area_code, cell.group): cell.people
        for cell in decide(subject(), AREAS, counted(table))
    }
    assert cells["d1-a", "cough"] == 10
    assert cells["d1", "cough"] == 30
    assert cells["city", ALL] == 180
    assert cells[NO_AREA, ALL] == 30
    assert cells[ALL, ALL] == 210
    assert len(cells) == (6 + 1 + 2 + 1 + 1) * 4


def test_a_small_count_takes_others_with_it_on_each_level() -> None:
    table = np.full((len(LEAVES), len(GROUPS)), 20)
    table[0, 0] = 2
    cells = decide(subject(), AREAS, counted(table))
    hidden = {(cell.area_code, cell.group) for cell in cells if cell.people is None}
    assert ("d1-a", "cough") in hidden
    assert len(hidden) >= 4
    assert_nobody_is_found(cells, table, 5)


def test_people_of_a_place_above_the_level_count_as_of_unknown_place() -> None:
    cells = decide(
        subject(), AREAS,
        [Counted("d1", "cough", 9), Counted("elsewhere", "cough", 9), Counted("d2-a", "cough", 9)],
    )  # fmt: skip
    told = {(cell.area_code, cell.group): cell.people for cell in cells}
    assert told[NO_AREA, "cough"] == 18
    assert told["d1", "cough"] == 0
    assert told["d2", "cough"] == 9


def test_what_hides_a_district_of_one_street_hides_the_street() -> None:
    areas = [AreaNode("d", "district", ("d",)), AreaNode("s", "street", ("d", "s"))]
    axis = area_axis(areas, "street")
    assert axis.rows[axis.keys.index("d")] == axis.rows[axis.keys.index("s")]


@given(
    st.integers(0, 2**32 - 1), st.sampled_from([0.3, 1.5, 6.0]),
    st.sampled_from([Sensitivity.HEALTH, Sensitivity.STIGMA]),
)  # fmt: skip
def test_no_release_lets_a_small_count_be_narrowed(
    seed: int, mean: float, sensitivity: Sensitivity
) -> None:
    table = np.random.default_rng(seed).poisson(mean, (len(LEAVES), len(GROUPS)))
    one = subject(sensitivity=sensitivity)
    assert_nobody_is_found(decide(one, AREAS, counted(table)), table, one.k)


def test_sums_of_told_cells_say_when_one_is_hidden() -> None:
    assert add_up([Cell("a", "x", 7), Cell("b", "x", 8)]) == Sum(15, 15)
    assert add_up([Cell("a", "x", 7), Cell("b", "x", None)]) == Sum(None, 7)


@pytest.mark.parametrize(
    ("rhythm", "first", "until"),
    [
        (Rhythm.DAY, date(2026, 12, 31), date(2027, 1, 1)),
        (Rhythm.WEEK, date(2026, 12, 28), date(2027, 1, 4)),
        (Rhythm.MONTH, date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_periods_follow_one_another(rhythm: Rhythm, first: date, until: date) -> None:
    period = period_of(date(2026, 12, 31), rhythm)
    assert period == Period(first, until)
    assert period_of(until, rhythm).first == until


def test_a_period_waits_for_its_end_in_the_city_and_for_what_comes_late() -> None:
    def due(now: datetime) -> list[Period]:
        return list(
            complete_periods(
                date(2026, 5, 4), now, rhythm=Rhythm.WEEK, delay_days=2,
                time_zone=ZoneInfo("Asia/Shanghai"),
            )
        )  # fmt: skip

    assert due(datetime(2026, 5, 12, 15, 59, tzinfo=UTC)) == []
    assert due(datetime(2026, 5, 12, 16, 0, tzinfo=UTC)) == [
        Period(date(2026, 5, 4), date(2026, 5, 11))
    ]
