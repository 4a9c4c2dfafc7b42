"""Late reports in detection: no false drop, no missed rise, and the sentence says what is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveillance.counting.late import LONGEST_DAYS, known_shares
from surveillance.counting.model import CaseColumns
from surveillance.series.model import Panel, Step
from surveillance.signals.day import judge
from surveillance.signals.model import Rules
from surveillance.signals.opinions import in_the_end, judge_day
from tests.surveillance.signals.test_day import DAYS, LAST, watched, with_cases

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
"""The moment on which the last day ended."""


def cases(chance, *, mean, delay_mean, days=DAYS, rise=1.0):
    """Return cases by day with the moment each was known, Poisson, the last week `rise` as many."""
    level = np.full(days, float(mean))
    level[-7:] *= rise
    number = chance.poisson(level)
    day = np.datetime64(LAST) - (days - 1) + np.repeat(np.arange(days), number)
    late = chance.poisson(delay_mean, day.size)
    known = day.astype("datetime64[us]") + (late + 1) * np.timedelta64(24, "h")
    # Within the day: the last moment of it is still known when it ends.
    return day, known - np.timedelta64(1, "h")


def columns(day, known, disease="dengue"):
    never, objects = np.full(day.size, np.datetime64("NaT", "us")), np.full(day.size, None, object)
    return CaseColumns(
        disease=np.full(day.size, disease, object), area=objects, sex=objects,
        age=np.full(day.size, np.nan), day=day, onset=day, entry=known.astype("datetime64[D]"),
        known_from=known, known_until=never, deleted_at=never, counted_from=known,
    )  # fmt: skip


def panel(day, known, *, minded=True):
    """Return the series as known when the last day ended."""
    seen = known <= np.datetime64(AS_OF.replace(tzinfo=None))
    offset = (day[seen] - (np.datetime64(LAST) - (DAYS - 1))).astype(int)
    counts = np.bincount(offset, minlength=DAYS).astype(float)[None]
    share = np.ones((1, DAYS))
    share[0, -LONGEST_DAYS:] = known_shares(
        columns(day, known), ["dengue"], as_of=AS_OF, last=LAST
    )["dengue"]  # fmt: skip
    return Panel(counts=counts, starts_on=LAST - timedelta(days=DAYS - 1), step=Step.DAY,
                 known=share if minded else None)  # fmt: skip


SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(4, 40), st.floats(0.5, 4))
def test_a_usual_series_with_late_reports_gives_no_false_drop(seed, mean, delay_mean):
    made = panel(*cases(np.random.default_rng(seed), mean=mean, delay_mean=delay_mean))
    judged = judge_day(made)
    drop = judged["data_drop"]
    # By chance one day in a thousand is as low; what is asked is that it is not taken for lateness.
    assert not drop.alarm.any() or drop.p_value.min() > 1e-6
    assert drop.expected[0, 0] == pytest.approx(made.known[0, -1] * mean, rel=0.6)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(2, 30), st.floats(0.5, 2.5))
def test_a_rise_is_not_missed_though_half_of_it_is_not_reported_yet(seed, mean, delay_mean):
    made = panel(*cases(np.random.default_rng(seed), mean=mean, delay_mean=delay_mean, rise=4))
    assert judge_day(made)["farrington_flexible"].alarm.all()


def test_not_minding_it_misses_the_rise_and_gives_the_drop():
    chance = np.random.default_rng(3)
    risen = cases(chance, mean=6, delay_mean=4, rise=1.9)
    assert judge_day(panel(*risen))["farrington_flexible"].alarm.all()
    assert not judge_day(panel(*risen, minded=False))["farrington_flexible"].alarm.any()
    usual = cases(chance, mean=20, delay_mean=4)
    assert judge_day(panel(*usual, minded=False))["data_drop"].alarm.all()
    assert not judge_day(panel(*usual))["data_drop"].alarm.any()


@given(SEEDS, st.floats(0.5, 5))
def test_shares_are_those_of_the_delays(seed, delay_mean):
    chance = np.random.default_rng(seed)
    day, known = cases(chance, mean=40, delay_mean=delay_mean, days=120)
    shares = known_shares(columns(day, known), ["dengue"], as_of=AS_OF, last=LAST)["dengue"]
    within = np.array([(chance.poisson(delay_mean, 20_000) <= d).mean() for d in range(14)])[::-1]
    truth = np.where(within >= 0.95, 1.0, within)
    assert np.abs(shares - truth).max() < 0.12
    assert (np.diff(shares) <= 1e-12).all()


def test_a_first_file_of_old_cases_tells_no_delay_and_few_cases_have_those_of_all():
    chance = np.random.default_rng(1)
    day, known = cases(chance, mean=10, delay_mean=2, days=200)
    at_once = np.full(day.size, np.datetime64("2026-06-30T12:00", "us"))
    shares = known_shares(columns(day, at_once), ["dengue"], as_of=AS_OF, last=LAST)["dengue"]
    assert (shares == 1).all()
    shares = known_shares(columns(day, known), ["dengue", "mumps"], as_of=AS_OF, last=LAST)
    np.testing.assert_array_equal(shares["dengue"], shares["mumps"])
    assert shares["dengue"][-1] < 0.5
    none = known_shares(columns(day[:0], known[:0]), ["dengue"], as_of=AS_OF, last=LAST)
    assert (none["dengue"] == 1).all()


def test_in_the_morning_after_what_came_by_then_is_no_delay():
    day = np.repeat(np.datetime64(LAST) - np.arange(60), 3)
    known = day.astype("datetime64[us]") + np.timedelta64(32, "h")
    morning = AS_OF + timedelta(hours=9)
    of = {
        as_of: known_shares(columns(day, known), ["dengue"], as_of=as_of, last=LAST)["dengue"][-1]
        for as_of in (AS_OF, morning)
    }
    assert of[AS_OF] < 0.01
    assert of[morning] == 1


def test_a_day_of_which_nothing_can_be_known_is_taken_for_usual():
    counts = np.full((1, 60), 3.0)
    counts[0, -1] = 0
    known = np.ones((1, 60))
    known[0, -1] = 0.001
    made = Panel(counts=counts, starts_on=date(2026, 1, 1), step=Step.DAY, known=known)
    assert in_the_end(made).counts[0, -1] == pytest.approx(3, rel=0.01)
    counts[0, -1] = 40
    known[0, -1] = 0.5
    assert in_the_end(replace(made, counts=counts, known=known)).counts[0, -1] == pytest.approx(
        40 + 0.5 * 41 / (1 / 3 + 0.5)
    )


def test_its_reason_says_what_share_is_known():
    made = with_cases(watched(), 70, disease="mumps", area="B")
    known = np.ones(made.panel.counts.shape)
    known[:, -3:] = [0.9, 0.6, 0.3]
    late = judge(replace(made, panel=replace(made.panel, known=known)), Rules()).signals
    signal = next(one for one in late if (one.key.disease, one.key.area_code) == ("mumps", "B"))
    whole = judge(made, Rules()).signals[0]
    assert "about 83 % of these days' cases are known by now" in signal.reason.en
    assert "83 %" in signal.reason.zh
    assert signal.expected == pytest.approx(whole.expected * (4 + 1.8) / 7, rel=1e-6)
    assert "late" not in whole.reason.en
