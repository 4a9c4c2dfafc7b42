"""People in fifths by the risk of their area."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.risks import Risk
from gis.words import Words
from planning.coverage.fifths import FIFTHS, UNKNOWN_FIFTH, by_fifths


def risk(values, area, *, counts_people=False) -> Risk:
    return Risk(
        layer="vulnerability", words=Words(en="v", zh="v"), unit="1", counts_people=counts_people,
        values=np.array(values, float), area=np.array(area), sources=("x",), first_day=None,
        last_day=None,
    )  # fmt: skip


def test_five_areas_of_as_many_people_are_five_fifths():
    people = np.array([10.0, 10.0, 10.0, 10.0, 4.0, 6.0, 3.0])
    found = by_fifths(people, risk([5, 1, 3, 2, 4], [0, 1, 2, 3, 4, 4, -1]))
    assert list(found) == [*FIFTHS, UNKNOWN_FIFTH]
    assert [np.flatnonzero(one).tolist() for one in found.values()] == [
        [1], [3], [2], [4, 5], [0], [6],
    ]  # fmt: skip


def test_a_count_of_persons_is_taken_by_inhabitant():
    # The larger area has more persons, but fewer for each who lives there.
    found = by_fifths(np.array([100.0, 10.0]), risk([20, 9], [0, 1], counts_people=True))
    assert found["fifth_5"].tolist() == [0.0, 10.0]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(-1, 3)), min_size=1, max_size=12),
       st.lists(st.floats(0, 9), min_size=4, max_size=4))  # fmt: skip
def test_everybody_is_in_one_group_and_more_risk_is_no_lower_fifth(cells, values):
    people = np.array([float(one) for one, _ in cells])
    area = [one for _, one in cells]
    found = by_fifths(people, risk(values, area))
    assert (sum(found.values()) == people).all()
    fifth = {
        area[row]: number for number, name in enumerate(FIFTHS)
        for row in np.flatnonzero(found[name]).tolist()
    }  # fmt: skip
    for one, here in fifth.items():
        for other, there in fifth.items():
            assert values[one] >= values[other] or here <= there


def test_without_any_value_all_are_unknown():
    found = by_fifths(np.array([3.0]), risk([], [-1]))
    assert found[UNKNOWN_FIFTH].tolist() == [3.0]
    assert all(not found[name].any() for name in FIFTHS)
