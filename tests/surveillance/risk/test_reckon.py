"""One period of a disease map: what is known stays apart from what is not, hidden counts enter
nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveillance.risk.model import Standing
from surveillance.risk.reckon import reckon
from surveillance.smooth.areas import Areas
from surveillance.smooth.icar import smooth

RING = np.array([(place, (place + 1) % 6) for place in range(6)], np.int64)
NONE_HIDDEN = np.zeros(6, bool)
PEOPLE = np.array([1000.0, 2000.0, 4000.0, 1000.0, 500.0, 1500.0])


def test_each_number_is_what_it_says() -> None:
    cases = np.array([4.0, 0.0, 9.0, 1.0, 2.0, 3.0])
    made = reckon(cases, NONE_HIDDEN, PEOPLE, RING)
    assert made.rate.tolist() == pytest.approx([400.0, 0.0, 225.0, 100.0, 400.0, 200.0])
    plain = smooth(Areas(cases=cases, expected=PEOPLE, borders=RING))
    assert made.relative_risk == pytest.approx(plain.risk)
    assert made.exceedance == pytest.approx(plain.exceedance)
    whole = 100_000 * cases.sum() / PEOPLE.sum()
    # Drawn to the mean: never beyond the rate as reported, never past the mean.
    low, high = np.minimum(made.rate, whole), np.maximum(made.rate, whole)
    assert ((low - 1e-9 <= made.smoothed_rate) & (made.smoothed_rate <= high + 1e-9)).all()
    assert made.standing[1] is Standing.ZERO
    assert set(made.standing) == {Standing.ZERO, Standing.COUNTED}


def test_missing_unknown_hidden_and_zero_are_four_things() -> None:
    cases = np.array([4.0, 0.0, np.nan, 1.0, np.nan, 3.0])
    hidden = np.array([False, False, True, False, False, False])
    people = np.array([1000.0, 2000.0, 4000.0, np.nan, 500.0, 0.0])
    made = reckon(cases, hidden, people, RING)
    assert made.standing == (
        Standing.COUNTED, Standing.ZERO, Standing.HIDDEN, Standing.NO_PEOPLE, Standing.MISSING,
        Standing.NO_PEOPLE,
    )  # fmt: skip
    known = np.array([True, True, False, False, False, False])
    for numbers in (made.rate, made.smoothed_rate, made.relative_risk, made.exceedance):
        assert (np.isfinite(numbers) == known).all()


@pytest.mark.parametrize("people", [PEOPLE, np.full(6, np.nan)])
def test_without_a_case_or_without_people_there_is_no_risk(people: np.ndarray) -> None:
    made = reckon(np.zeros(6), NONE_HIDDEN, people, RING)
    assert np.isnan(made.relative_risk).all()
    assert np.isnan(made.exceedance).all()
    assert set(made.standing) == {Standing.ZERO}


def test_one_area_alone_has_a_rate_and_nothing_to_be_compared_with() -> None:
    cases = np.array([4.0, np.nan, np.nan, np.nan, np.nan, np.nan])
    made = reckon(cases, np.isnan(cases), PEOPLE, RING)
    assert made.rate[0] == 400.0
    assert np.isnan(made.relative_risk).all()
    assert np.isnan(made.smoothed_rate).all()


counts = st.lists(st.integers(0, 60), min_size=6, max_size=6)
flags = st.lists(st.booleans(), min_size=6, max_size=6)


@given(cases=counts, others=counts, flags=flags)
@settings(max_examples=40, deadline=None)
def test_what_is_hidden_changes_no_number_of_anybody(
    cases: list[int], others: list[int], flags: list[bool]
) -> None:
    hidden = np.array(flags)
    one = np.array(cases, np.float64)
    other = np.where(hidden, np.array(others, np.float64), one)
    found, changed = (reckon(its, hidden, PEOPLE, RING) for its in (one, other))
    assert found.standing == changed.standing
    for name in ("rate", "smoothed_rate", "relative_risk", "exceedance"):
        np.testing.assert_array_equal(getattr(found, name), getattr(changed, name))


@given(cases=counts, order=st.permutations(range(6)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_areas_does_not_matter(cases: list[int], order: list[int]) -> None:
    count = np.array(cases, np.float64)
    place = np.argsort(order)
    made = reckon(count, NONE_HIDDEN, PEOPLE, RING)
    turned = reckon(count[order], NONE_HIDDEN, PEOPLE[order], place[RING])
    assert made.relative_risk[order] == pytest.approx(turned.relative_risk, rel=1e-6, nan_ok=True)
    assert made.exceedance[order] == pytest.approx(turned.exceedance, abs=1e-6, nan_ok=True)
