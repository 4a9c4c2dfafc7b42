"""The life of an offer, played at random; whose unit may be taken for whom."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dispatch.choosing.diverting import Loss, is_allowed, loss_of
from dispatch.choosing.recommend import DIVERSION_GAIN_S, ReasonCode, rank
from dispatch.diversions.errors import DiversionEndedError, DiversionExpiredError
from dispatch.diversions.offers import OfferState, end
from dispatch.triage.model import UnitNeed
from dispatch.triage.protocol import default_protocol
from dispatch.triage.rules import CATEGORIES
from tests.dispatch.choosing.test_recommend import fleet

START = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
MATRIX = default_protocol().rules.matrix
CATEGORY = st.sampled_from([*CATEGORIES, None])


class OfferLife(RuleBasedStateMachine):
    """Everybody does anything at any time; the offer ends once, and as the rules say."""

    def __init__(self) -> None:
        super().__init__()
        self.state = OfferState.OFFERED
        self.at = START
        self.expires_at = START + timedelta(seconds=30)
        self.ended: list[tuple[OfferState, datetime]] = []

    @rule(seconds=st.integers(0, 20))
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @rule(wanted=st.sampled_from([state for state in OfferState if state != "offered"]))
    def somebody_ends_it(self, wanted: OfferState) -> None:
        before = self.state
        try:
            changed = end(
                before, wanted, at=self.at, expires_at=self.expires_at, call_sign="A1"
            )  # fmt: skip
        except DiversionExpiredError:
            assert wanted in {OfferState.ACCEPTED, OfferState.DECLINED}
            assert before is OfferState.EXPIRED or self.at >= self.expires_at
            return
        except DiversionEndedError:
            assert before is not OfferState.OFFERED or self.at < self.expires_at
            return
        assert changed == (before is not wanted)
        if changed:
            self.state = wanted
            self.ended.append((wanted, self.at))

    @invariant()
    def it_ends_once_and_never_by_a_late_yes(self) -> None:
        assert len(self.ended) <= 1
        for state, at in self.ended:
            if state in {OfferState.ACCEPTED, OfferState.DECLINED}:
                assert at < self.expires_at
            if state is OfferState.EXPIRED:
                assert at >= self.expires_at


TestOfferLife = OfferLife.TestCase


@given(CATEGORY, CATEGORY, st.booleans())
def test_a_unit_leaves_only_for_somebody_more_urgent(category, losing, replaceable):
    allowed = is_allowed(category, losing, replaceable=replaceable, matrix=MATRIX)
    if losing is None:
        assert not allowed  # nobody knows yet what it is
        return
    if category is None:
        assert not allowed  # what is only assumed takes nothing
        return
    more_urgent = CATEGORIES.index(category) < CATEGORIES.index(losing)
    assert allowed == (more_urgent and (replaceable or (category, losing) == ("C1", "C4")))


@given(st.integers(1, 12).flatmap(lambda n: st.tuples(
    st.lists(st.floats(1, 4000), min_size=n, max_size=n),
    st.lists(st.booleans(), min_size=n, max_size=n),
    st.lists(st.booleans(), min_size=n, max_size=n),
    st.lists(st.integers(0, 3), min_size=n, max_size=n),
)))  # fmt: skip
def test_who_could_be_diverted_stands_by_its_time_and_changes_nothing_else(drawn):
    times, assigned, lesser, level = drawn
    needs = (UnitNeed("ALS", 1),)
    busy = np.array(assigned)
    units = fleet(times, assigned=busy, level=level, divertible=busy & lesser)
    plain = rank(fleet(times, assigned=busy, level=level), needs)
    ranking = rank(units, needs)
    np.testing.assert_array_equal(ranking.eligible, plain.eligible)
    assert ranking.filled == plain.filled
    mask = ~np.int64(ReasonCode.DIVERSION)
    np.testing.assert_array_equal(ranking.reasons & mask, plain.reasons)
    best_s = min((t for t, e in zip(times, ranking.eligible, strict=True) if e), default=np.inf)
    for index in range(len(times)):
        nearer = times[index] <= best_s - DIVERSION_GAIN_S
        could = busy[index] and lesser[index] and level[index] >= 2
        assert ranking.divertible[index] == (could and nearer)
    above = [i for i in ranking.order if ranking.eligible[i] or ranking.divertible[i]]
    assert above == list(ranking.order[: len(above)])
    assert [times[i] for i in above] == sorted(times[i] for i in above)
    if not ranking.divertible.any():
        np.testing.assert_array_equal(ranking.order, plain.order)


@given(st.integers(1, 8).flatmap(lambda n: st.tuples(
    st.lists(st.one_of(st.floats(0, 4000), st.just(float("inf"))), min_size=n, max_size=n),
    st.lists(st.booleans(), min_size=n, max_size=n),
    st.lists(st.integers(0, 3), min_size=n, max_size=n),
)))  # fmt: skip
def test_the_loss_is_until_the_next_fitting_unit_is_there(drawn):
    times, free, level = drawn
    loss = loss_of(
        0, np.array(times), free=np.array(free), level=np.array(level), needs=[UnitNeed("BLS", 1)]
    )
    lowest = 1 if level[0] >= 1 else 0
    fitting = [
        times[i] for i in range(1, len(times))
        if free[i] and level[i] >= lowest and np.isfinite(times[i])
    ]  # fmt: skip
    if not fitting:
        assert loss == Loss(None, None)
    elif np.isfinite(times[0]):
        assert loss.loss_s == pytest.approx(max(min(fitting) - times[0], 0.0))
