"""Seats by hour against an Erlang C table and against the definition of enough."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.kernels.seats import (
    AnswerStandard,
    SeatsInputError,
    answered_in_time,
    seats_by_hour,
)


def test_the_textbook_call_centre():
    # 200 calls an hour of 180 s, 80 % in 20 s: 10 Erlang, 14 seats answer 88.8 %, 13 not 80 %.
    found = seats_by_hour([200.0], mean_handling_s=180.0, standard=AnswerStandard(0.8, 20.0))
    assert found.needed.tolist() == [14]
    assert found.answered == pytest.approx([0.888], abs=5e-4)
    fewer = answered_in_time([200.0], [13], mean_handling_s=180.0, within_s=20.0)
    assert fewer == pytest.approx([0.796], abs=5e-4)


def test_an_hour_without_calls_keeps_its_seat_and_too_few_answer_none():
    found = seats_by_hour([0.0, 30.0], mean_handling_s=120.0, least=2)
    assert found.needed[0] == 2
    assert found.answered[0] == 1.0
    assert answered_in_time([60.0], [2], mean_handling_s=120.0, within_s=10.0).tolist() == [0.0]


@given(
    st.lists(st.floats(0.0, 300.0), min_size=1, max_size=6),
    st.floats(20.0, 400.0),
    st.floats(0.5, 0.99),
)
def test_enough_is_the_fewest_that_is(calls, handling_s, share):
    standard = AnswerStandard(share, 10.0)
    found = seats_by_hour(calls, mean_handling_s=handling_s, standard=standard, least=0)
    assert (found.answered >= share - 1e-12).all()
    one_less = np.maximum(found.needed - 1, 0)
    fewer = answered_in_time(calls, one_less, mean_handling_s=handling_s, within_s=10.0)
    assert (fewer[found.needed > 0] < share).all()


def test_what_cannot_be_planned_says_why():
    with pytest.raises(SeatsInputError, match="between 0 and 1"):
        AnswerStandard(1.0, 10.0)
    with pytest.raises(SeatsInputError, match="2 hours"):
        seats_by_hour([-1.0, np.nan, 5.0], mean_handling_s=60.0)
    with pytest.raises(SeatsInputError, match="more than 0 s"):
        seats_by_hour([5.0], mean_handling_s=0.0)
