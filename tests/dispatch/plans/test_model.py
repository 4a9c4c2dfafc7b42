"""What is missing of a response: exact, additive by alarm level, never less than the truth."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.model import LEVEL_RANK
from dispatch.plans.model import Able, ResponseNeed, at_alarm, helps, needs_of, shortfall

levels = st.sampled_from(sorted(LEVEL_RANK))
able = st.frozensets(st.sampled_from(["defibrillator", "bariatric"]))
needs = st.lists(st.builds(ResponseNeed, levels, st.integers(0, 2), able), max_size=3)
units = st.lists(st.builds(Able, levels, able), max_size=4)


@settings(max_examples=30)
@given(needs, units)
def test_as_many_places_are_filled_as_any_order_of_units_fills(asked, at_work):
    places = [need for need in asked for _ in range(need.count)]
    best = 0
    for order in permutations(at_work):
        best = max(best, max(
            (sum(unit.serves(place) for unit, place in zip(order, taken, strict=False))
             for taken in permutations(places)), default=0,
        ))  # fmt: skip
    left = shortfall(asked, at_work)
    assert sum(need.count for need in left) == len(places) - best
    assert all(need.count > 0 for need in left)


def test_a_unit_with_the_capability_is_kept_for_the_place_that_asks_for_it():
    asked = (ResponseNeed("BLS", 1), ResponseNeed("BLS", 1, frozenset({"bariatric"})))
    at_work = (Able("BLS", frozenset({"bariatric"})), Able("ALS"))
    assert shortfall(asked, at_work) == ()
    assert shortfall(asked, at_work[1:]) == (asked[1],)
    assert helps((asked[1],), at_work[0])
    assert not helps((asked[1],), at_work[1])


def test_alarm_levels_add_up():
    first = (ResponseNeed("ALS", 1), ResponseNeed("BLS", 1))
    second = (ResponseNeed("BLS", 2),)
    assert at_alarm((first, second), 1) == first
    assert at_alarm((first, second), 2) == (ResponseNeed("ALS", 1), ResponseNeed("BLS", 3))
    assert at_alarm((first, second), 9) == at_alarm((first, second), 2)
    assert at_alarm((first, second), 0) == ()


def test_a_plan_asks_its_capabilities_of_each_unit():
    plan = {"units": [{"level": "ALS", "count": 2}], "capabilities": ["defibrillator"]}
    assert needs_of(plan) == (ResponseNeed("ALS", 2, frozenset({"defibrillator"})),)
    assert needs_of(None) == needs_of({}) == ()
