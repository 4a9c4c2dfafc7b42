"""Floating catchments against exact fractions, plain loops over dicts, and what they must keep."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.accessibility.decay import LUO_QI, Exponential, Gaussian, Power, Steps, within
from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.measures import (
    balanced,
    cumulative,
    gravity,
    reached_supply,
    three_step,
    two_step,
)
from planning.accessibility.model import TravelTimes


@pytest.fixture
def hand(shared_data):
    path = shared_data / "location" / "fca_hand" / "expected.json"
    return json.loads(path.read_text(encoding="utf-8"))


def pairs(minutes, population, supply):
    """Return the times of {(place, opportunity): minutes}."""
    return TravelTimes.of_pairs(
        [place for place, _ in minutes], [site for _, site in minutes], list(minutes.values()),
        demand=population, supply=supply,
    )  # fmt: skip


def exact(case):
    """Return {key: fraction} of one expected answer; its floats are those fractions."""
    found = {key: Fraction(fraction) for key, (fraction, _) in case.items()}
    assert {key: float(value) for key, value in found.items()} == pytest.approx(
        {key: value for key, (_, value) in case.items()}, rel=1e-15
    )
    return found


@pytest.mark.parametrize("measure", ["2sfca", "3sfca"])
@pytest.mark.parametrize("scenario", range(4))
def test_three_tracts_with_one_way_congestion(hand, measure, scenario):
    # PySAL access, test_hospital_example.py, as exact fractions: weight 1/t, within 60 minutes.
    # There the people of 3SFCA part themselves among all places, also beyond the catchment.
    case = hand["pysal_3tract"]
    inbound, outbound, cross = [(40, 40, 80), (20, 40, 80), (40, 20, 80), (20, 20, 40)][scenario]
    minutes = {(key, key): 1 for key in "123"}
    minutes |= {("1", "3"): inbound, ("2", "3"): inbound, ("3", "1"): outbound,
                ("3", "2"): outbound, ("1", "2"): cross, ("2", "1"): cross}  # fmt: skip
    times = pairs(minutes, case["pop"], case["doc"])
    decay = Power(1.0, limit_min=60.0)
    if measure == "2sfca":
        found = two_step(times, {"doctors": case["doc"]}, population=case["pop"], decay=decay)
    else:
        found = three_step(
            times, {"doctors": case["doc"]}, population=case["pop"], decay=decay,
            selection=Power(1.0),
        )  # fmt: skip
    expected = exact(case["expected"][f"{measure}_s{scenario}"])
    assert dict(zip(found.demand, found.of("doctors"), strict=True)) == pytest.approx(
        {key: float(value) for key, value in expected.items()}, rel=1e-13
    )


def test_limits_are_closed_and_supply_is_conserved(hand):
    # Luo and Qi's weights; ways of exactly 10 and 30 minutes count, one of 31 does not.
    case = hand["e2sfca_4x2"]
    minutes = {tuple(pair.split("->")): value for pair, value in case["travel_min"].items()}
    population, supply = case["pop"], case["supply"]
    times = pairs(minutes, population, supply)
    found = two_step(times, {"beds": supply}, population=population, decay=LUO_QI)
    values = dict(zip(found.demand, found.of("beds"), strict=True))
    assert values == pytest.approx({k: float(v) for k, v in exact(case["A"]).items()}, rel=1e-14)
    total = sum(values[key] * people for key, people in population.items())
    assert total == pytest.approx(case["conservation"], rel=1e-14)
    plain = two_step(times, {"beds": supply}, population=population, decay=within(30.0))
    assert dict(zip(plain.demand, plain.of("beds"), strict=True)) == pytest.approx(
        {key: float(value) for key, value in exact(case["A_2sfca_30"]).items()}, rel=1e-14
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "decay", [within(60.0), Power(1.0, 60.0), Gaussian(20.0, 60.0), Exponential(20.0, 60.0)]
)
def test_sixty_minutes_lie_within_sixty_minutes(decay, dtype):
    beyond = np.nextafter(dtype(60.0), dtype(61.0))
    inside = decay(np.array([59.0, 60.0, beyond], dtype=dtype))
    assert (inside[:2] > 0).all()
    assert inside[2] == 0.0
    times = TravelTimes.of_matrix(
        np.array([[60.0, beyond]], dtype=dtype), demand=["a"], supply=["X", "Y"]
    )
    assert cumulative(times, {"beds": {"X": 3, "Y": 5}}, limit_min=60.0).value == [[3.0]]


def test_rows_in_another_order_change_nothing_and_a_wrong_file_is_refused():
    minutes = {("a", "X"): 5, ("b", "X"): 12, ("b", "Y"): 8}
    times = pairs(minutes, ["a", "b"], ["X", "Y"])
    for people in ({"a": 10, "b": 30}, {"b": 30, "a": 10}):
        found = two_step(times, {"beds": {"Y": 4, "X": 8}}, population=people, decay=within(15))
        assert found.of("beds") == pytest.approx([8 / 40, 8 / 40 + 4 / 30])
    with pytest.raises(AccessibilityInputError, match="no value is given for b; no travel time "):
        two_step(times, {"beds": {"Y": 4, "X": 8}}, population={"a": 1, "c": 2}, decay=within(9))
    with pytest.raises(AccessibilityInputError, match=r"supplies of beds .* given for Y"):
        gravity(times, {"beds": {"X": 4}}, decay=within(9))
    for wrong in (-1.0, np.nan, np.inf):
        with pytest.raises(AccessibilityInputError, match="negative or no number: b"):
            balanced(
                times, {"beds": {"Y": 4, "X": 8}}, population={"a": 1, "b": wrong}, decay=within(9)
            )
    with pytest.raises(AccessibilityInputError, match="stand twice: a"):
        pairs(minutes, ["a", "b", "a"], ["X", "Y"])
    with pytest.raises(AccessibilityInputError, match="1 pairs stand twice, the first a → X"):
        TravelTimes.of_pairs(["a", "a"], ["X", "X"], [1, 2], demand=["a"], supply=["X"])
    with pytest.raises(AccessibilityInputError, match="1 origins are not among the 1 places"):
        TravelTimes.of_pairs(["a", "z"], ["X", "X"], [1, 2], demand=["a"], supply=["X"])
    for wrong in (-1.0, np.nan):
        with pytest.raises(AccessibilityInputError, match="1 travel times are negative or no"):
            TravelTimes.of_pairs(["a"], ["X"], [wrong], demand=["a"], supply=["X"])
    with pytest.raises(AccessibilityInputError, match="has no value where a way takes no time"):
        Power(1.0)(np.array([0.0]))
    with pytest.raises(AccessibilityInputError, match="not rise"):
        Steps((10.0, 20.0), (0.5, 1.0))


@st.composite
def towns(draw):
    """Return minutes by pair, people, and supplies of two kinds; some of each are nothing."""
    places, sites = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    amount = st.integers(0, 40)
    people = {f"p{i}": draw(amount) for i in range(places)}
    supply = {kind: {f"s{j}": draw(amount) for j in range(sites)} for kind in ("beds", "doctors")}
    minutes = {
        (place, site): draw(st.integers(0, 40))
        for place in people for site in supply["beds"] if draw(st.booleans())
    }  # fmt: skip
    return minutes, people, supply


def plain(minutes, people, supply, weigh, *, by_choice=False, even=False):
    """Return {place: value} by loops over dicts: two steps, three, or balanced."""
    weight = {pair: weigh(value) for pair, value in minutes.items()}
    of_place = {p: sum(w for (q, _), w in weight.items() if q == p) for p in people}
    of_site = {s: sum(w for (_, q), w in weight.items() if q == s) for s in supply}
    asked = {}
    for (place, site), one in weight.items():
        part = one / of_place[place] if one else 0.0
        demand = part if even else one * (part if by_choice else 1.0)
        asked[site] = asked.get(site, 0.0) + people[place] * demand
    found = dict.fromkeys(people, 0.0)
    for (place, site), one in weight.items():
        if not asked[site]:
            continue
        part = one / of_place[place] if one else 0.0
        given_ = one / of_site[site] if even and one else one * (part if by_choice else 1.0)
        found[place] += supply[site] / asked[site] * given_
    return found


@given(towns())
def test_sparse_algebra_is_what_loops_over_dicts_say(town):
    minutes, people, supply = town
    times = pairs(minutes, people, supply["beds"])

    def weigh(value):
        return 1.0 if value <= 10 else 0.68 if value <= 20 else 0.22 if value <= 30 else 0.0

    answers = {
        "two": two_step(times, supply, population=people, decay=LUO_QI),
        "three": three_step(times, supply, population=people, decay=LUO_QI),
        "even": balanced(times, supply, population=people, decay=LUO_QI),
    }
    for name, found in answers.items():
        for kind in supply:
            slow = plain(
                minutes, people, supply[kind], weigh, by_choice=name == "three",
                even=name == "even",
            )  # fmt: skip
            assert dict(zip(found.demand, found.of(kind), strict=True)) == pytest.approx(slow)
    number = np.array(list(people.values()), dtype=float)
    for name in ("two", "three"):
        reached = reached_supply(answers[name], supply)
        for kind in supply:
            total = float(answers[name].of(kind) @ number)
            assert total == pytest.approx(reached[kind])
    # Balanced: the values add up to the supplies a person, since each is given away once.
    for kind in supply:
        asked = {}
        for (place, site), value in minutes.items():
            row = sum(weigh(other) for (p, _), other in minutes.items() if p == place)
            if row:
                asked[site] = asked.get(site, 0.0) + people[place] * weigh(value) / row
        levels = sum(supply[kind][site] / one for site, one in asked.items() if one)
        assert answers["even"].of(kind).sum() == pytest.approx(levels)


@given(towns(), st.integers(1, 45))
def test_reached_opportunities_only_grow_with_the_limit(town, limit):
    minutes, people, supply = town
    times = pairs(minutes, people, supply["beds"])
    near = cumulative(times, supply, limit_min=limit).value
    assert (near <= cumulative(times, supply, limit_min=limit + 1).value).all()
    counted = {
        place: sum(supply["beds"][s] for (p, s), t in minutes.items() if p == place and t <= limit)
        for place in people
    }
    assert dict(zip(people, near[:, 0], strict=True)) == counted
