"""Trauma centres and helicopters are the best of all plans; flights by hand."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.siting.errors import SitingInputError, SitingKeysError, TooManySitesError
from planning.siting.trauma import Air, flight_minutes, trauma_centres
from tests.planning.siting import cases


@st.composite
def regions(draw):
    """Return people, minutes by road, and air of few centres, depots and landing sites."""
    places, centres, depots, landings = (draw(st.integers(1, most)) for most in (6, 4, 3, 3))

    def minutes(*shape):
        size = int(np.prod(shape))
        found = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size))
        return np.array(found, float).reshape(shape)

    people = draw(st.lists(st.integers(1, 50), min_size=places, max_size=places))
    air = Air(
        to_landing=minutes(places, landings), from_depot=minutes(depots, landings),
        to_centre=minutes(landings, centres), start=5.0, load=4.0,
    )  # fmt: skip
    return people, minutes(places, centres), air


@settings(max_examples=20, deadline=None)
@given(regions(), st.integers(20, 90), st.data())
def test_the_plan_is_the_best_of_all(region, limit, data):
    people, road, air = region
    places, centres = road.shape
    depots, landings = air.from_depot.shape
    most = data.draw(st.integers(0, centres)), data.draw(st.integers(0, depots))
    best = 0.0
    for some in combinations(range(centres), most[0]):
        for bases in combinations(range(depots), most[1]):
            covered = [
                any(road[place, one] <= limit for one in some)
                or any(
                    max(air.to_landing[place, at], 5.0 + air.from_depot[base, at]) + 4.0
                    + air.to_centre[at, one] <= limit
                    for one in some for base in bases for at in range(landings)
                )
                for place in range(places)
            ]  # fmt: skip
            best = max(best, float(np.array(people) @ covered))
    plan = trauma_centres(
        dict(zip(cases.keys(places), people, strict=True)), cases.keys(centres, "c"),
        cases.keys(depots, "d"), by_road=road, air=air, limit=limit, most_centres=most[0],
        most_depots=most[1],
    )  # fmt: skip
    assert plan.answer.value == pytest.approx(best)
    assert plan.answer.bound == pytest.approx(best)
    assert plan.by_road + plan.only_by_air == pytest.approx(best)
    assert len(plan.centres) <= most[0]
    assert len(plan.depots) <= most[1]
    reached = float(np.array(people)[plan.answer.serves >= 0].sum())
    assert reached == pytest.approx(best)


def test_the_hospital_that_only_a_helicopter_reaches():
    air = Air(
        to_landing=np.array([[10.0], [10.0]]), from_depot=np.array([[12.0]]),
        to_centre=np.array([[15.0]]), start=3.0, load=5.0,
    )  # fmt: skip
    asked = {"by_road": [[90.0], [20.0]], "air": air, "most_centres": 1, "most_depots": 1}
    people = {"hill": 30, "town": 70}
    # There while the patient is driven: 3 + 12 is more than 10; then 5 to load and 15 to fly.
    plan = trauma_centres(people, ["c"], ["d"], limit=35.0, **asked)
    assert (plan.by_road, plan.only_by_air, plan.depots) == (70.0, 30.0, ("d",))
    assert trauma_centres(people, ["c"], ["d"], limit=34.9, **asked).answer.value == 70.0
    assert flight_minutes([4_000.0], speed_kmh=240.0, overhead_min=2.0).tolist() == [3.0]
    fixed = trauma_centres(people, ["c"], ["d"], limit=20.0, fixed=["d"], **asked)
    assert fixed.depots == ("d",)

    for wrong, error, words in (
        ({"most_depots": 2}, TooManySitesError, "2 depots cannot stand"),
        ({"most_depots": 0, "fixed": ["d"]}, TooManySitesError, "1 are fixed"),
        ({"fixed": ["x"]}, SitingKeysError, "but fixed: x"),
        ({"by_road": [[90.0]]}, SitingInputError, "by_road is 1 × 1, not 2 × 1"),
        ({"by_road": [[-1.0], [2.0]]}, SitingInputError, "by_road are negative"),
    ):
        with pytest.raises(error, match=words):
            trauma_centres(people, ["c"], ["d"], limit=35.0, **(asked | wrong))
    with pytest.raises(SitingKeysError, match="more often: c"):
        trauma_centres(people, ["c"], ["c"], limit=35.0, **asked)
    with pytest.raises(SitingInputError, match="above 0"):
        flight_minutes([1.0], speed_kmh=0.0)
