"""Whom helpers reach by hour, and how far floors are from the street."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.first_aid.circle import HOURS, STOREY_S, Way, classes, reached_by_hour
from planning.first_aid.floors import storeys_away


@st.composite
def helpers(draw):
    """Return hours (u, 24), storeys and seconds (u, n) of helpers of few kinds."""
    kinds = draw(st.lists(st.tuples(st.integers(0, 2**24 - 1), st.integers(0, 2)), min_size=1,
                          max_size=3))  # fmt: skip
    own = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=8))
    hours = np.array([[bool(bits >> hour & 1) for hour in range(HOURS)] for bits, _ in own])
    n = draw(st.integers(1, 4))
    seconds = draw(st.lists(
        st.lists(st.one_of(st.integers(0, 400), st.just(np.inf)), min_size=n, max_size=n),
        min_size=len(own), max_size=len(own),
    ))  # fmt: skip
    return hours, [storeys for _, storeys in own], np.array(seconds, float)


@given(helpers(), st.booleans())
def test_by_classes_as_by_each_helper(case, there_and_back):
    hours, storeys, seconds = case
    way = Way(there_and_back=there_and_back, patient_storeys=1.0, alert_s=20.0)
    each = np.array([
        way.seconds(walk_s, up) for walk_s, up in zip(seconds, storeys, strict=True)
    ])  # fmt: skip
    expected = [
        [any(hours[row, hour] and each[row, cell] <= 300.0 for row in range(len(hours)))
         for cell in range(seconds.shape[1])]
        for hour in range(HOURS)
    ]  # fmt: skip
    found = classes(hours, storeys)
    assert ((found.of < 0) == ~hours.any(axis=1)).all()
    nearest = np.array([
        way.seconds(seconds[found.of == one].min(axis=0), up)
        for one, up in enumerate(found.storeys.tolist())
    ]).reshape(-1, seconds.shape[1])  # fmt: skip
    assert (reached_by_hour(nearest, found.at_hand, limit_s=300.0) == np.array(expected)).all()


def test_a_way_by_hand():
    walk = np.array([100.0])
    assert Way(there_and_back=False).seconds(walk, 0).tolist() == [100.0]
    up = Way(patient_storeys=3.0, alert_s=30.0)
    # Two storeys down to the street, three up to the patient, and all of it again.
    assert up.seconds(walk, 2).tolist() == [30.0 + 2 * (100.0 + 5 * STOREY_S)]
    limit = np.array([[300.0, np.nextafter(300.0, 400.0)]])
    assert reached_by_hour(limit, np.ones((1, HOURS), bool), limit_s=300.0)[0].tolist() == [
        True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("floor", "in_china", "in_switzerland"),
    [
        ("1", 0, 1), ("3F", 2, 3), ("0", 0, 0), ("G", 0, 0), ("-1", 1, 1), ("B2", 2, 2),
        ("一楼", 0, 0), ("第十二层", 11, 11), ("负一楼", 1, 1), ("地下2层", 2, 2), ("首层", 0, 0),
        ("L4", 3, 4), ("2nd floor", 1, 2), ("1.OG", None, None), ("lobby", 0, 0),
        ("1;2", None, None), ("", None, None), (None, None, None), ("near the lift", None, None),
    ],
)  # fmt: skip
def test_floors_as_people_write_them(floor, in_china, in_switzerland):
    assert storeys_away(floor, ground_is_one=True) == in_china
    assert storeys_away(floor, ground_is_one=False) == in_switzerland
