"""Sites that a study takes by itself: spread over where people live, never more than asked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planning.studies.material import spread_out


@given(most=st.integers(1, 60), seed=st.integers(0, 5))
def test_so_many_at_most_where_people_live(most: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    lonlat = np.column_stack([chance.uniform(114, 114.3, 50), chance.uniform(22.5, 22.7, 50)])
    people = np.where(chance.random(50) < 0.3, 0.0, chance.integers(1, 1000, 50)).astype(float)
    rows = spread_out(lonlat, people, most)
    assert 1 <= len(rows) <= most
    assert (people[rows] > 0).all()
    assert rows == sorted(set(rows)) == spread_out(lonlat, people, most)
    assert int(np.argmax(people)) in rows


def test_nobody_lives_there() -> None:
    assert spread_out(np.zeros((3, 2)), np.zeros(3), 2) == []
