"""Intervals against a plain loop; percentiles, compliance and exclusions by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.kpis.measure import FEWEST, clock_start, statistics, take
from dispatch.kpis.model import INTERVALS, STAMPS, Reason, Responses, out_of_order
from dispatch.kpis.profile import Standard, judge

NOW_S = 1000.0


def responses(rows, *, call=None, category=None, fitting=None):
    """Return responses of a list of stamps (name → seconds)."""
    n = len(rows)
    return Responses(
        np.asarray(call if call is not None else range(n), dtype=np.int64),
        {name: np.array([row.get(name, math.nan) for row in rows], dtype=float) for name in STAMPS},
        np.array(category or [""] * n, dtype=str), np.array([""] * n, dtype=str),
        np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64),
        np.array(fitting if fitting is not None else [True] * n, dtype=bool),
    )  # fmt: skip


stamped = st.dictionaries(st.sampled_from(list(STAMPS)), st.integers(0, 1200))


def plainly(row, name, *, longest):
    """Return the reason and the span of one response of one call, step by step."""
    interval = INTERVALS[name]
    if interval.start not in row or interval.end not in row:
        return Reason.MISSING, None
    if max(row[interval.start], row[interval.end]) > NOW_S:
        return Reason.FUTURE, None
    latest = row.get("called", -math.inf)
    wrong = row.get("answered", math.inf) < latest
    for stamp in ("notified", "en_route", "on_scene", "at_patient", "left_scene",
                  "at_destination", "transferred", "available"):  # fmt: skip
        if stamp in row:
            wrong = wrong or row[stamp] < latest
            latest = max(latest, row[stamp])
    span = row[interval.end] - row[interval.start]
    if wrong or span < 0:
        return Reason.OUT_OF_ORDER, None
    if span > longest:
        return Reason.OUT_OF_BOUNDS, None
    return Reason.USED, span


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(stamped, st.integers(0, 2)), max_size=40),
       st.sampled_from([name for name in INTERVALS if name != "clocked_response"]))  # fmt: skip
def test_array_and_plain_loop_agree(given_rows, name):
    """Reasons, mean, median and ninetieth percentile of each group are those of a plain loop."""
    rows = [row for row, _ in given_rows]
    taken = take(responses(rows), name, now_s=NOW_S, longest_s=300.0)
    group = np.array([key for _, key in given_rows], dtype=np.int64)
    found = statistics(taken, group[taken.row], groups=3)
    for key, one in enumerate(found):
        told = [plainly(row, name, longest=300.0) for row, its in given_rows if its == key]
        assert one.counts == tuple(sum(why == reason for why, _ in told) for reason in Reason)
        spans = sorted(span for why, span in told if why == Reason.USED)
        if not spans:
            assert (one.mean_s, one.median_s, one.p90_s) == (None, None, None)
            continue
        assert one.mean_s == pytest.approx(sum(spans) / len(spans))
        enough = [value for value in spans if 10 * sum(s <= value for s in spans) >= 9 * len(spans)]
        assert one.median_s == min(v for v in spans if 2 * sum(s <= v for s in spans) >= len(spans))
        assert one.p90_s == (min(enough) if len(spans) >= FEWEST else None)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 600), min_size=FEWEST, max_size=60), st.integers(1, 600))
def test_ninety_percent_within_is_the_ninetieth_percentile_within(spans, limit_s):
    """A share of 90 % within a limit is met exactly where the percentile is at most the limit."""
    taken = take(
        responses([{"notified": 0, "on_scene": span} for span in spans]), "response", now_s=NOW_S
    )
    every = np.ones(len(spans), dtype=bool)
    share = judge(Standard("response", (), "share", limit_s, 0.9), taken, every)
    p90 = judge(Standard("response", (), "p90", limit_s), taken, every)
    assert share.met == p90.met
    assert share.within == sum(span <= limit_s for span in spans)


def test_a_call_counts_once_by_its_first_unit_that_fits():
    """Of a call's units the first on scene ends the response; one of too low a level does not."""
    rows = [
        {"called": 0, "notified": 30, "on_scene": 200},
        {"called": 0, "notified": 60, "on_scene": 500},
        {"called": 0, "notified": 90, "on_scene": 400},
    ]
    first = take(responses(rows, call=[7, 7, 7]), "call_to_scene", now_s=NOW_S)
    assert first.value_s.tolist() == [200.0]
    fitting = take(
        responses(rows, call=[7, 7, 7], fitting=[False, True, True]), "call_to_scene", now_s=NOW_S
    )
    assert fitting.value_s.tolist() == [400.0]


def test_clock_of_the_standard_starts_at_the_earliest():
    """C1: coded, told, or 30 s after the call; a category without a clock has none."""
    rows = [
        {"called": 0, "coded": 20, "notified": 90}, {"called": 0, "coded": 80, "notified": 25},
        {"called": 0, "coded": 80, "notified": 90}, {"called": 0, "coded": 10},
    ]  # fmt: skip
    start = clock_start(responses(rows, category=["C1", "C1", "C1", "C9"]), {"C1": 30.0})
    assert start[:3].tolist() == [20.0, 25.0, 30.0]
    assert math.isnan(start[3])


def test_nothing_of_nothing_is_no_share():
    """No records: no value and no verdict, not 0 % and not 100 %; nine are told, not judged."""
    none = take(responses([]), "response", now_s=NOW_S)
    standard = Standard("response", (), "share", 60, 0.9)
    told = judge(standard, none, np.zeros(0, dtype=bool))
    assert (told.used, told.value, told.met) == (0, None, None)
    assert statistics(none, np.zeros(0, dtype=np.int64), groups=1)[0].mean_s is None
    nine = take(responses([{"notified": 0, "on_scene": 5}] * 9), "response", now_s=NOW_S)
    told = judge(standard, nine, np.ones(9, dtype=bool))
    assert (told.value, told.met) == (1.0, None)


def test_out_of_order_is_any_contradiction():
    """A unit on scene before it was told, or told before the call, is believed in nothing."""
    rows = [
        {"called": 0, "notified": 10, "on_scene": 5}, {"called": 20, "notified": 10},
        {"called": 0, "notified": 10, "en_route": 10, "available": 10}, {"available": 4},
        {"called": 5, "answered": 3},
    ]  # fmt: skip
    assert out_of_order(responses(rows)).tolist() == [True, True, False, False, True]
