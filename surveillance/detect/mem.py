"""Season levels by the moving epidemic method: when a yearly epidemic begins, and how strong it is.

T. Vega, J. E. Lozano, T. Meerhoff et al., Influenza surveillance in Europe: establishing epidemic
thresholds by the moving epidemic method, Influenza Other Respir. Viruses 7 (2013) 546, doi
10.1111/j.1750-2659.2012.00422.x; levels of intensity: T. Vega et al., the same 9 (2015) 234, doi
10.1111/irv.12330. Of each past season the epidemic is the fewest weeks in a row after which one
week more would add little; what is before and after says what is usual without it. How much is
little is read from the smoothed curve, as the authors' program (mem for R) reads it by default.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from gis.words import Words
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel, Step

Floats = NDArray[np.float64]

GROWTH_PERCENT = 2.8
"""A week more must hold this percentage of the season to belong to the epidemic."""
HIGHEST = 30
"""Weeks of all seasons together from which a level is worked out: the highest of each season."""
START_LEVEL = 0.95
INTENSITY_LEVELS = (0.40, 0.90, 0.975)
LEAST_SEASONS = 3
LEAST_SHARE = 0.8
SEASON_WEEKS = 52


class Level(IntEnum):
    """How strong a week of an epidemic is."""

    BELOW = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4


LEVEL_WORDS = {
    Level.BELOW: Words(en="below the epidemic threshold", zh="低于流行阈值"),
    Level.LOW: Words(en="low", zh="低"),
    Level.MEDIUM: Words(en="medium", zh="中"),
    Level.HIGH: Words(en="high", zh="高"),
    Level.VERY_HIGH: Words(en="very high", zh="极高"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonLevels:
    """Levels worked out from past seasons, in the unit of their values.

    `baseline` is the mean of the highest weeks before the epidemics; `starts_at` above it an
    epidemic begins, below `ends_at` it is over; `medium`, `high`, `very_high` from which on a week
    is so. `epidemics` (seasons, 2): first week of each past epidemic, and the week after its last.
    """

    baseline: float
    starts_at: float
    ends_at: float
    medium: float
    high: float
    very_high: float
    epidemics: NDArray[np.int64]

    def level(self, value: float) -> Level:
        """Return how strong a week with `value` is."""
        bounds = (self.starts_at, self.medium, self.high, self.very_high)
        return Level(sum(value > bound for bound in np.maximum.accumulate(bounds)))


def epidemic(season: Floats, *, growth_percent: float = GROWTH_PERCENT) -> tuple[int, int]:
    """Return the first week of a season's epidemic, and the week after its last.

    `season` (weeks,), no NaN. Its length is the least after which one week more adds less than
    `growth_percent` of the season to the best run, on the smoothed curve; where several runs of
    that length hold as much, the first.
    """
    sums = np.concatenate(([0.0], np.cumsum(season)))
    weeks, whole = season.size, sums[-1]
    best = np.array([np.max(sums[length:] - sums[:-length]) for length in range(1, weeks + 1)])
    held_percent = smoothed(np.concatenate(([0.0], 100 * best / whole)))
    flat = np.flatnonzero(np.diff(held_percent) < growth_percent)
    length = max(int(flat[0]), 1) if flat.size else weeks
    # sums of the same weeks in another order differ in their last bits
    held = sums[length:] - sums[:-length]
    first = int(np.flatnonzero(held >= best[length - 1] - 1e-9 * max(whole, 1.0))[0])
    return first, first + length


def smoothed(curve: Floats) -> Floats:
    """Return a curve (n,) smoothed by local lines, Gaussian weights with a spread of one step.

    What would be negative is 0. A. W. Bowman & A. Azzalini, Applied Smoothing Techniques for Data
    Analysis (1997), chapter 3.
    """
    steps = np.arange(curve.size, dtype=np.float64)
    apart = steps[:, None] - steps[None, :]
    weight = np.exp(-(apart**2) / 2)
    first, second = (weight * apart).sum(axis=1), (weight * apart**2).sum(axis=1)
    shares = weight * (second[:, None] - apart * first[:, None])
    shares /= (second * weight.sum(axis=1) - first**2)[:, None]
    return np.asarray(np.maximum(shares @ curve, 0.0))


def season_levels(
    seasons: Floats, *, growth_percent: float = GROWTH_PERCENT, highest: int = HIGHEST
) -> SeasonLevels | None:
    """Return the levels of past seasons (seasons, weeks); None if nobody was ill in one of them.

    Weeks without a report (NaN) count as if nothing was in them when the epidemic is looked for,
    and not at all beside it. Thresholds of beginning and end are mean + z sd of the highest weeks
    before and after the epidemics, at 95 %; intensities the same of the logarithms of the highest
    weeks within, at 40, 90 and 97.5 % (of the weeks and one more each, if one of them is 0): each
    of so many highest weeks that `highest` come from all seasons.
    """
    if (np.nansum(seasons, axis=1) <= 0).any():
        return None
    of_each = max(round(highest / len(seasons)), 1)
    found = np.array([
        epidemic(np.nan_to_num(season), growth_percent=growth_percent) for season in seasons
    ])  # fmt: skip
    before = _highest(
        [row[:first] for row, (first, _) in zip(seasons, found, strict=True)], of_each
    )
    within = _highest([row[a:b] for row, (a, b) in zip(seasons, found, strict=True)], of_each)
    after = _highest([row[last:] for row, (_, last) in zip(seasons, found, strict=True)], of_each)
    if before.size < 2 or after.size < 2 or within.size < 2:
        return None
    more = 0.0 if (within > 0).all() else 1.0
    logs = np.log(within + more)
    medium, high, very_high = (
        float(np.exp(logs.mean() + ndtri(level) * logs.std(ddof=1)) - more)
        for level in INTENSITY_LEVELS
    )
    return SeasonLevels(
        baseline=float(before.mean()), starts_at=_upper(before), ends_at=_upper(after),
        medium=medium, high=high, very_high=very_high, epidemics=found,
    )  # fmt: skip


def _highest(parts: list[Floats], count: int) -> Floats:
    """Return the `count` highest values of each part, all together."""
    return np.concatenate([np.sort(part[~np.isnan(part)])[::-1][:count] for part in parts])


def _upper(values: Floats) -> float:
    return float(values.mean() + ndtri(START_LEVEL) * values.std(ddof=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingEpidemic:
    """Alarms while a week is above the threshold at which epidemics of past seasons began.

    A season is 52 weeks from the week that holds `from_month`, `from_day` of a year on; `years` at
    most are looked back. The method has no p. Days are not judged: the method is one of weeks.
    """

    years: int = 10
    from_month: int = 7
    from_day: int = 1
    growth_percent: float = GROWTH_PERCENT

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every week from `first` on by the seasons before its own."""
        shape = (panel.n_series, panel.n_periods - first)
        expected, threshold = np.full(shape, np.nan), np.full(shape, np.nan)
        outcome = np.full(shape, Outcome.TOO_SHORT, np.int8)
        base = panel.baseline()
        starts = self._season_starts(panel) if panel.step is Step.WEEK else []
        for begin, end in zip(starts, [*starts, panel.n_periods][1:], strict=True):
            weeks = slice(max(begin - first, 0), end - first)
            past = [start for start in starts if start < begin][-self.years :]
            if end <= first or len(past) < LEAST_SEASONS:
                continue
            seasons = np.stack([base[:, start : start + SEASON_WEEKS] for start in past], axis=1)
            for row in range(panel.n_series):
                reports = ~np.isnan(seasons[row])
                if reports.mean() < LEAST_SHARE:
                    outcome[row, weeks] = Outcome.TOO_FEW_REPORTS
                    continue
                levels = season_levels(seasons[row], growth_percent=self.growth_percent)
                outcome[row, weeks] = Outcome.NOT_FITTED if levels is None else Outcome.JUDGED
                if levels is not None:
                    expected[row, weeks] = levels.baseline
                    threshold[row, weeks] = levels.starts_at
        observed = panel.counts[:, first:]
        with np.errstate(invalid="ignore"):
            alarm = observed > threshold
        return judgement(
            panel, first=first, expected=expected, threshold=threshold,
            p_value=np.full(shape, np.nan), alarm=alarm, outcome=outcome,
        )  # fmt: skip

    def _season_starts(self, panel: Panel) -> list[int]:
        """Return the columns of the weeks in which seasons begin."""
        end = panel.days + np.timedelta64(7, "D")
        starts = []
        for year in range(panel.starts_on.year, panel.starts_on.year + panel.n_periods // 52 + 2):
            day = np.datetime64(f"{year:04d}-{self.from_month:02d}-{self.from_day:02d}", "D")
            starts += np.flatnonzero((panel.days <= day) & (day < end)).tolist()
        return [int(one) for one in starts]


MEMBERS = (
    Member(
        name="moving_epidemic",
        words=Words(en="Moving epidemic method", zh="移动流行区间法"),
        detector=MovingEpidemic(),
        alarms=Alarms.ABOVE,
        source="Vega et al. 2013, 2015",
        oracle="the method of the papers, written plainly week by week",
        golden="mem.csv",
    ),
)
