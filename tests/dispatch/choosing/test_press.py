"""A dispatch is stopped only for what got worse since the list was seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.choosing.press import Faster, Seen, Standing, check, stands, threshold_s
from dispatch.errors import FasterUnitError, NoLongerEligibleError
from gis.settings import Settings

SECONDS = st.floats(0, 7200)
LIMITS = Settings()


@given(SECONDS, SECONDS, SECONDS)
def test_a_second_press_with_the_new_list_in_sight_is_sent(before_s, now_s, threshold):
    stands(Seen(True, before_s), eligible=True, loss_s=now_s, threshold_s=threshold)
    assert stands(Seen(True, now_s), eligible=True, loss_s=now_s, threshold_s=threshold)
    assert stands(Seen(False, now_s), eligible=False, loss_s=now_s, threshold_s=threshold)


@given(SECONDS, SECONDS, SECONDS, SECONDS)
def test_who_loses_more_is_never_let_through_where_who_loses_less_is_stopped(
    seen_s, now_s, more_s, threshold
):
    seen = Seen(True, seen_s)
    if not stands(seen, eligible=True, loss_s=now_s, threshold_s=threshold):
        assert not stands(seen, eligible=True, loss_s=now_s + more_s, threshold_s=threshold)


@given(SECONDS, SECONDS)
def test_a_knowing_deviation_is_never_asked_before(loss_s, threshold):
    assert stands(Seen(True, loss_s), eligible=True, loss_s=loss_s, threshold_s=threshold)


def test_the_stop_says_who_is_faster():
    now = Standing("A03", True, 300.0, "", Faster(7, "A07", 200.0, 100.0), "C1")
    with pytest.raises(FasterUnitError, match="A07 is there in 200 s, A03 in 300 s"):
        check(now, Seen(True, 0.0), threshold_s=threshold_s("C1", LIMITS))
    check(now, Seen(True, 0.0), threshold_s=threshold_s("C2", LIMITS))
    check(now, Seen(True, 50.0), threshold_s=threshold_s("C1", LIMITS))
    check(now, None, threshold_s=0.0)
    check(None, Seen(True, 0.0), threshold_s=0.0)
    gone = Standing("A03", False, 300.0, "on a task", None, "C1")
    with pytest.raises(NoLongerEligibleError, match="A03 was not sent: on a task"):
        check(gone, Seen(True, 0.0), threshold_s=60.0)
    check(gone, Seen(False, 0.0), threshold_s=60.0)


def test_with_a_thousand_moving_units_at_most_one_dispatch_in_a_hundred_is_stopped_for_nothing():
    """The list is up to 15 s old, positions up to 10 s older and wrong by 15 m (1 sigma).

    Stopped for nothing: by true positions the choice lost no more than the threshold. A third of
    the dispatchers choose the second to fifth unit knowingly.
    """
    chance = np.random.default_rng(10)
    units, presses, metres_per_s, threshold = 1000, 2000, 12.0, 60.0
    stopped_for_nothing = 0
    for _ in range(presses):
        at = chance.uniform(-15_000, 15_000, (units, 2))
        angle = chance.uniform(0, 2 * np.pi, units)
        speed = chance.uniform(0, 17, units)
        velocity = speed[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=1)

        def times(after_s, at=at, velocity=velocity, told=True):
            where = at + velocity * (
                after_s - (chance.uniform(0, 10, (units, 1)) if told else 0)
            )  # fmt: skip
            noise = chance.normal(0, 15, (units, 2)) if told else 0
            return np.hypot(*(where + noise).T) / metres_per_s

        shown = times(0)
        place = 0 if chance.random() < 2 / 3 else int(chance.integers(1, 5))
        chosen = int(np.argsort(shown)[place])
        seen = Seen(True, float(shown[chosen] - shown.min()))
        later_s = chance.uniform(0, 15)
        now, truth = times(later_s), times(later_s, told=False)
        sent = stands(
            seen, eligible=True, loss_s=float(now[chosen] - now.min()), threshold_s=threshold
        )
        if not sent and truth[chosen] - truth.min() - seen.loss_s <= threshold:
            stopped_for_nothing += 1
    assert stopped_for_nothing / presses <= 0.01
