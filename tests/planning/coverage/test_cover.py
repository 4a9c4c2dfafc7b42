"""Coverage against loops over dicts, Daskin's objective and the hypercube."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.kernels.errors import OverloadedQueueError
from gis.kernels.expected_coverage import expected_cover
from gis.kernels.queueing import erlang_c
from planning.coverage.changes import compare, worst_served
from planning.coverage.cover import by_hypercube, expected, k_fold, units_reaching
from planning.coverage.errors import CoverageInputError
from planning.coverage.model import EVERYBODY, Fleet, Ground, StationTimes

CLASSES = ("ALS", "BLS")


@st.composite
def cities(draw):
    """Return people by cell and group, districts, seconds by pair, and units with their hours."""
    cells = [f"c{i}" for i in range(draw(st.integers(1, 6)))]
    stations = [f"s{j}" for j in range(draw(st.integers(1, 4)))]
    number = st.integers(0, 30)
    people = {cell: {"all": draw(number) + 1, "old": draw(number)} for cell in cells}
    district = {cell: draw(st.sampled_from(["north", "south", None])) for cell in cells}
    second = st.one_of(st.integers(0, 900), st.just(480), st.just(np.inf))
    seconds = {(cell, station): draw(second) for cell in cells for station in stations}
    known = {cell: draw(st.booleans()) for cell in cells}
    units = draw(
        st.lists(
            st.tuples(
                st.sampled_from(stations), st.sampled_from(CLASSES),
                st.lists(st.booleans(), min_size=3, max_size=3),
            ),
            max_size=6,
        )
    )  # fmt: skip
    return people, district, seconds, known, units


@given(cities(), st.data())
def test_many_hours_are_summed_as_one_by_one(city, data):
    ground, _, _ = parts(city)
    share = st.floats(0, 1)
    weight = np.array(data.draw(st.lists(
        st.lists(share, min_size=3, max_size=3), min_size=len(ground.cells),
        max_size=len(ground.cells),
    )))  # fmt: skip
    found = ground.summed_by_hour(weight)
    assert found == pytest.approx(np.stack([ground.summed(one) for one in weight.T]))


def parts(city, *, order=1):
    """Return ground, times and fleet; the times in another order of cells if `order` is -1."""
    people, district, seconds, known, units = city
    cells = list(people)
    stations = sorted({station for _, station in seconds})
    ground = Ground.of(
        cells,
        {group: [people[cell][group] for cell in cells] for group in ("all", "old")},
        district=[district[cell] for cell in cells],
    )
    turned = cells[::order]
    times = StationTimes.of(
        [[seconds[cell, station] for station in stations] for cell in turned],
        cells=turned, stations=stations, known=[known[cell] for cell in turned],
    )  # fmt: skip
    fleet = Fleet(
        tuple(one[0] for one in units), tuple(one[1] for one in units),
        np.array([one[2] for one in units], bool).reshape(-1, 3), (0, 8, 16),
    )  # fmt: skip
    return ground, times, fleet


@given(cities(), st.sampled_from([None, *CLASSES]), st.integers(1, 3))
def test_k_fold_cover_is_what_loops_over_dicts_count(city, unit_class, k):
    people, district, seconds, known, units = city
    ground, times, fleet = parts(city, order=-1)
    found = k_fold(ground, times, fleet, limit_s=480.0, k=k, unit_class=unit_class)
    rows = [*ground.districts, None]
    for hour in range(3):
        for row, name in enumerate(rows):
            for column, group in enumerate(ground.groups):
                counts = {
                    cell: sum(
                        on[hour] and unit_class in {None, of} and seconds[cell, station] <= 480
                        for station, of, on in units
                    )
                    for cell in people
                }
                here = [cell for cell in people if district[cell] == name]
                knows = [cell for cell in here if known[cell]]
                covered = sum(people[cell][group] for cell in knows if counts[cell] >= k)
                assert found.covered[hour, row, column] == covered
                assert found.known[row, column] == sum(people[cell][group] for cell in knows)
                assert found.unknown[row, column] == sum(
                    people[cell][group] for cell in here if not known[cell]
                )


@given(cities(), st.floats(0.0, 1.0))
def test_expected_cover_is_daskins(city, busy):
    ground, times, fleet = parts(city)
    found = expected(ground, times, fleet, limit_s=480.0, busy=busy)
    counts = units_reaching(times, fleet, limit_s=480.0)
    for hour in range(3):
        for column in range(2):
            demand = ground.people[:, column] * times.known
            wanted = expected_cover(demand, counts[:, hour], busy)
            assert found.covered[hour, :, column].sum() == pytest.approx(wanted, abs=1e-4)
    once = k_fold(ground, times, fleet, limit_s=480.0)
    assert (found.covered <= once.covered + 1e-4).all()
    each = expected(
        ground, times, fleet, limit_s=480.0, busy=np.full(len(fleet.station), busy)
    )  # fmt: skip
    assert each.covered == pytest.approx(found.covered, abs=1e-4)


def test_the_cells_of_every_share_are_named():
    ground = Ground.of(["a", "b", "c"], {"all": [10, 30, 5]}, district=["x", "y", "y"])
    times = StationTimes.of(
        [[480.0], [480.5], [10.0]], cells=["a", "b", "c"], stations=["S"],
        known=[True, True, False],
    )  # fmt: skip
    found = k_fold(ground, times, Fleet.always({"S": 2}), limit_s=480.0)
    assert found.share[0, :, 0].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found.share[0, 2, 0])  # nobody lives outside all districts
    assert found.total[0, 0] == pytest.approx(10 / 40)
    assert found.unknown[:, 0].tolist() == [0.0, 5.0, 0.0]
    fifths = ground.split(["most vulnerable", None, "least"])
    assert fifths.groups == ("all", "least", "most vulnerable", "unknown")
    assert fifths.people[1].tolist() == [30.0, 0.0, 0.0, 30.0]


def test_with_one_station_the_hypercube_is_erlang_and_with_more_they_help_one_another():
    ground = Ground.of(["a", "b"], {"all": [1.0, 3.0]})
    times = StationTimes.of([[100.0], [900.0]], cells=["a", "b"], stations=["S"])
    found = by_hypercube(ground, times, Fleet.always({"S": 3}), limit_s=480.0, load=[0.5, 1.0])
    waits = float(erlang_c(3, 1.5))
    assert found.all_busy == pytest.approx(waits, rel=1e-7)
    assert found.cover.covered[0, :, 0].sum() == pytest.approx(1.0 - waits, rel=1e-6)
    both = StationTimes.of(
        [[100.0, 300.0], [700.0, 200.0]], cells=["a", "b"], stations=["S", "T"]
    )  # fmt: skip
    fleet = Fleet.always({"S": 1, "T": 1})
    worked = by_hypercube(ground, both, fleet, limit_s=480.0, load=[0.6, 0.2])
    assert worked.station == ("S", "T")
    assert worked.busy[0] > worked.busy[1] > 0.2  # T works for a, too
    alone = expected(ground, both, fleet, limit_s=480.0, busy=0.4)
    # b is reached by T alone, which is busier than by its own calls.
    assert worked.cover.by_cell[1, 0] < 1.0 - 0.2
    # a is reached by both, who are busy at the same time more often than each by itself.
    assert alone.by_cell[0, 0] > worked.cover.by_cell[0, 0]
    with pytest.raises(OverloadedQueueError):
        by_hypercube(ground, both, fleet, limit_s=480.0, load=[1.6, 0.4])
    with pytest.raises(CoverageInputError, match="No unit is on duty"):
        by_hypercube(ground, both, fleet.without(["S", "T"]), limit_s=480.0, load=[0.6, 0.2])


@given(cities())
def test_gains_and_losses_are_the_difference_of_coverage(city):
    ground, times, _ = parts(city)
    closed = times.without(times.stations[:1])
    everywhere = dict.fromkeys(times.stations, 1)
    before = k_fold(ground, times, Fleet.always(everywhere), limit_s=480.0)
    after = k_fold(
        ground, closed, Fleet.always(everywhere).without(times.stations[:1]), limit_s=480.0
    )
    change = compare(ground, times, closed, limit_s=480.0)
    assert (change.gains == 0).all()
    assert (change.quicker == 0).all()
    assert change.loses == pytest.approx((before.covered - after.covered)[0])
    back = compare(ground, closed, times, limit_s=480.0)
    assert back.gains == pytest.approx(change.loses)
    assert back.quicker == pytest.approx(change.slower)


def test_the_worst_served_are_named_the_cut_off_first():
    ground = Ground.of(list("abcde"), {EVERYBODY: [400, 300, 500, 200, 50]})
    times = StationTimes.of(
        [[1200.0], [np.inf], [900.0], [60.0], [np.inf]], cells=list("abcde"), stations=["S"],
        known=[True, True, True, True, False],
    )  # fmt: skip
    found = worst_served(ground, times, place=["Hill", "Isle", "Hill", "Town", "Bog"])
    assert [(one.place, one.people, one.cells, one.seconds) for one in found.places] == [
        ("Isle", 300.0, 1, None), ("Hill", 900.0, 2, 1200.0),
    ]  # fmt: skip
    assert found.people == 1200.0  # whole cells
    assert found.limit_s == 60.0
    assert found.unknown == 50.0


def test_what_does_not_fit_together_is_refused_in_a_sentence():
    ground = Ground.of(["a", "b"], {"all": [1, 2]})
    times = StationTimes.of([[1.0], [2.0]], cells=["a", "c"], stations=["S"])
    fleet = Fleet.always({"S": 1})
    with pytest.raises(CoverageInputError, match="without times are: b"):
        k_fold(ground, times, fleet, limit_s=480.0)
    times = StationTimes.of([[1.0], [2.0]], cells=["a", "b"], stations=["S"])
    with pytest.raises(CoverageInputError, match="without travel times: T"):
        k_fold(ground, times, Fleet.always({"T": 1}), limit_s=480.0)
    with pytest.raises(CoverageInputError, match="no station T to close"):
        times.without(["T"])
    with pytest.raises(CoverageInputError, match="no time to b"):
        times.with_site("new", {"a": 3.0})
    more = times.with_site("new", {"b": 4.0, "a": 3.0})
    assert more.seconds.tolist() == [[1.0, 3.0], [2.0, 4.0]]
    for people in ([1, -2], [1, np.nan]):
        with pytest.raises(CoverageInputError, match="negative or no number: b"):
            Ground.of(["a", "b"], {"all": people})
    with pytest.raises(CoverageInputError, match="No cell has any people"):
        Ground.of(["a"], {"all": [0]})
    with pytest.raises(CoverageInputError, match="stand twice: a"):
        Ground.of(["a", "a"], {"all": [1, 2]})
    with pytest.raises(CoverageInputError, match="1 times are negative"):
        StationTimes.of([[np.nan]], cells=["a"], stations=["S"])
    for limit in (0.0, -1.0, np.nan):
        with pytest.raises(CoverageInputError, match="above 0 seconds"):
            k_fold(ground, times, fleet, limit_s=limit)
    with pytest.raises(CoverageInputError, match="between 0 and 1"):
        expected(ground, times, fleet, limit_s=480.0, busy=1.2)
    with pytest.raises(CoverageInputError, match="3 busy shares for 1 units"):
        expected(ground, times, fleet, limit_s=480.0, busy=[0.1, 0.2, 0.3])
    with pytest.raises(CoverageInputError, match="cannot have -1 units"):
        Fleet.always({"S": -1})
