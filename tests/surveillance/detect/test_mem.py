"""The moving epidemic method against the papers' method written plainly, and its use."""

from datetime import date
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from surveillance.detect.mem import (
    LEVEL_WORDS,
    Level,
    MovingEpidemic,
    epidemic,
    season_levels,
)
from surveillance.detect.model import Outcome
from surveillance.series.model import Panel, Step

WEEKS = np.arange(52)


def season(peak: float, width: float, height: float, base: float) -> np.ndarray:
    return base + height * np.exp(-(((WEEKS - peak) / width) ** 2))


def plain_epidemic(counts: list[float], growth: float) -> tuple[int, int]:
    """Lengths and windows one after another (Vega et al. 2013), a line fitted at each length."""
    whole = sum(counts)

    def best(length: int) -> tuple[float, int]:
        top, at = -1.0, 0
        for first in range(len(counts) - length + 1):
            inside = sum(counts[first : first + length])
            if inside > top + 1e-9 * max(whole, 1.0):
                top, at = inside, first
        return top, at

    lengths = np.arange(len(counts) + 1)
    curve = np.array([0.0, *(100 * best(length)[0] / whole for length in lengths[1:])])

    def line_at(length: int) -> float:
        near = np.exp(-((lengths - length) ** 2) / 2)
        # polyfit squares its weights
        return max(float(np.polyval(np.polyfit(lengths, curve, 1, w=near**0.5), length)), 0.0)

    held = [line_at(length) for length in lengths]
    for length in range(len(counts)):
        if held[length + 1] - held[length] < growth:
            chosen = max(length, 1)
            return best(chosen)[1], best(chosen)[1] + chosen
    return 0, len(counts)


@given(arrays(np.int64, st.integers(4, 60), elements=st.integers(0, 500)))
def test_the_epidemic_is_that_of_the_plain_search(counts: np.ndarray) -> None:
    if counts.sum():
        found = epidemic(counts.astype(float), growth_percent=2.8123)
        assert found == plain_epidemic(counts.astype(float).tolist(), 2.8123)


def test_levels_are_those_of_the_papers_formulas() -> None:
    random = np.random.default_rng(6)
    seasons = random.poisson(
        np.array([season(26 + s, 5, 200 + 30 * s, 20) for s in range(5)])
    ).astype(float)  # fmt: skip
    levels = season_levels(seasons)
    assert levels is not None
    before, within, after = [], [], []
    for row in seasons.tolist():
        first, last = plain_epidemic(row, 2.8)
        # 30 of 5 seasons: the 6 highest of each
        before += sorted(row[:first])[-6:]
        within += sorted(row[first:last])[-6:]
        after += sorted(row[last:])[-6:]
    z = NormalDist().inv_cdf
    assert levels.baseline == pytest.approx(np.mean(before))
    assert levels.starts_at == pytest.approx(np.mean(before) + z(0.95) * np.std(before, ddof=1))
    assert levels.ends_at == pytest.approx(np.mean(after) + z(0.95) * np.std(after, ddof=1))
    logs = np.log(within)
    for level, value in ((0.4, levels.medium), (0.9, levels.high), (0.975, levels.very_high)):
        assert value == pytest.approx(np.exp(logs.mean() + z(level) * logs.std(ddof=1)))
    assert levels.level(levels.starts_at) is Level.BELOW
    assert levels.level(levels.very_high * 1.01) is Level.VERY_HIGH
    assert levels.level((levels.medium + levels.high) / 2) is Level.MEDIUM
    assert set(LEVEL_WORDS) == set(Level)


@given(st.floats(0.1, 50))
def test_levels_scale_with_the_unit(unit: float) -> None:
    seasons = np.array([season(25 + s, 4, 150 + 20 * s, 10) for s in range(4)])
    one, other = season_levels(seasons), season_levels(seasons * unit)
    assert one is not None
    assert other is not None
    for name in ("baseline", "starts_at", "ends_at", "medium", "high", "very_high"):
        assert getattr(other, name) == pytest.approx(unit * getattr(one, name))
    assert (one.epidemics == other.epidemics).all()


def panel(years: int) -> Panel:
    """Weeks from July on with a wave each winter, the last twice as high and six weeks early."""
    random = np.random.default_rng(3)
    days = np.datetime64("2015-06-29") + 7 * np.arange(years * 52)
    week = (days - days.astype("datetime64[Y]")).astype(int) / 7
    wave = 10 + 150 * np.exp(-((((week - 4 + 26) % 52 - 26) / 4) ** 2))
    last = np.arange(days.size) >= days.size - 52
    early = 10 + 300 * np.exp(-((((week + 2 + 26) % 52 - 26) / 4) ** 2))
    counts = random.poisson(np.where(last, early, wave)).astype(float)
    return Panel(counts=counts[None, :], starts_on=date(2015, 6, 29), step=Step.WEEK)


def test_an_early_season_alarms_when_it_begins_and_the_summer_does_not() -> None:
    data = panel(8)
    judged = MovingEpidemic().judge(data, first=data.n_periods - 52)
    assert (judged.outcome == Outcome.JUDGED).all()
    first = int(np.argmax(judged.alarm[0]))
    assert 16 <= first <= 24
    assert not judged.alarm[0, :14].any()
    assert judged.alarm[0, first : first + 6].all()
    assert (judged.expected < judged.threshold).all()


def test_what_comes_later_changes_nothing() -> None:
    data = panel(8)
    cut = Panel(counts=data.counts[:, :-20], starts_on=data.starts_on, step=data.step)
    whole = MovingEpidemic().judge(data, first=300)
    part = MovingEpidemic().judge(cut, first=300)
    np.testing.assert_array_equal(whole.threshold[:, : part.threshold.shape[1]], part.threshold)


def test_few_seasons_few_reports_no_cases_and_days_are_not_judged() -> None:
    short = panel(3)
    judged = MovingEpidemic().judge(short, first=short.n_periods - 1)
    assert judged.outcome.item() == Outcome.TOO_SHORT
    long = panel(8)
    gaps = long.counts.copy()
    gaps[:, 60:320] = np.nan
    silent = np.zeros_like(gaps)
    both = Panel(counts=np.vstack([gaps, silent]), starts_on=long.starts_on, step=Step.WEEK)
    judged = MovingEpidemic().judge(both, first=both.n_periods - 1)
    assert judged.outcome[:, 0].tolist() == [Outcome.TOO_FEW_REPORTS, Outcome.NOT_FITTED]
    days = Panel(counts=long.counts, starts_on=long.starts_on, step=Step.DAY)
    assert MovingEpidemic().judge(days, first=400).outcome[0, 0] == Outcome.TOO_SHORT
