"""Every detector on the same simulated series, and which one they recommend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveillance.detect.budget import scores
from surveillance.detect.model import Alarms, Member, Outcome
from surveillance.detect.registry import DETECTORS
from surveillance.evaluate.measures import Measures, measures
from surveillance.evaluate.scenarios import JUDGED_FROM, SCENARIOS, Scenario, Simulated, simulate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SIZES = (2, 3, 5, 10)
"""Of the outbreaks that are looked for, in standard deviations."""
REPLICATES = 10
MOST_FALSE = 0.02
"""Alarms by weeks without outbreak at which detectors are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one detector reaches over all sizes of outbreaks, and the share detected by size.

    alike : the measures with the cut that gives every detector at most the same false alarms;
    None where no cut does, since what it scores takes few values
    """

    name: str
    overall: Measures
    alike: Measures | None
    detected_by_size: Mapping[float, float | None]


def compared(members: Mapping[str, Member] = DETECTORS) -> Mapping[str, Member]:
    """Return the detectors that look for more cases than usual; drops are another question."""
    return {name: one for name, one in members.items() if one.alarms is not Alarms.BELOW}


def evaluate(
    members: Mapping[str, Member], given: Sequence[Simulated], *, first: int = JUDGED_FROM,
    most_false: float = MOST_FALSE,
) -> list[Row]:  # fmt: skip
    """Return a row for each detector on series with an outbreak each.

    Those that find most with the same `most_false` false alarms come first.
    """
    rows = []
    sick = np.concatenate([one.sick for one in given])
    for name, member in members.items():
        judgements = [member.detector.judge(one.panel, first=first) for one in given]
        alarm = np.concatenate([one.alarm for one in judgements])
        judged = np.concatenate([one.outcome == Outcome.JUDGED for one in judgements])
        by_size = {
            one.size: measures(judgement.alarm, one.sick, judgement.outcome == Outcome.JUDGED)
            .detected
            for one, judgement in zip(given, judgements, strict=True)
        }  # fmt: skip
        by_p = all(np.isfinite(one.p_value[one.outcome == 0]).all() for one in judgements)
        score = np.concatenate([scores(one, by_p=by_p) for one in judgements])
        rows.append(
            Row(name=name, overall=measures(alarm, sick, judged), detected_by_size=by_size,
                alike=_alike(score, sick, judged, most_false))
        )  # fmt: skip
    return sorted(rows, key=lambda row: -((row.alike and row.alike.detected) or 0.0))


def _alike(score: Floats, sick: Flags, judged: Flags, most_false: float) -> Measures | None:
    """Return the measures of the most sensitive cut with at most `most_false` false alarms."""
    quiet = np.sort(score[judged & ~sick])[::-1]
    allowed = int(most_false * np.count_nonzero(~sick))
    if not quiet.size:
        return None
    bar = quiet[allowed] if allowed < quiet.size else -np.inf
    with np.errstate(invalid="ignore"):
        alarm = judged & (score > bar)
    return measures(alarm, sick, judged) if alarm.any() else None


def simulated(
    *, replicates: int = REPLICATES, seed: int = 1, sizes: Iterable[float] = SIZES,
    scenarios: tuple[Scenario, ...] = SCENARIOS,
) -> list[Simulated]:  # fmt: skip
    """Return the series of every scenario, for each size of outbreaks."""
    chance = np.random.default_rng(seed)
    return [
        simulate(size=size, replicates=replicates, chance=chance, scenarios=scenarios)
        for size in sizes
    ]


def recommended(rows: Sequence[Row]) -> str | None:
    """Return the detector that finds most outbreaks with the same false alarms as the others."""
    fit = {row.name: row.alike.detected or 0.0 for row in rows if row.alike is not None}
    return max(fit, key=lambda name: fit[name], default=None)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    sizes = list(rows[0].detected_by_size) if rows else []
    head = "| detector | POD at 2 % FPR | FPR | POD | POD within a week | PPV | delay, weeks "
    head += "| judged |"
    lines = [
        head + "".join(f" POD, {size:g} sd |" for size in sizes),
        "|---" * (8 + len(sizes)) + "|",
    ]
    for row in rows:
        one = row.overall
        cells = [
            _percent(None if row.alike is None else row.alike.detected),
            _percent(one.false_positive_rate), _percent(one.detected),
            _percent(one.detected_first), _percent(one.predictive_value),
            "–" if one.delay is None else f"{one.delay:.1f}", _percent(one.judged),
            *(_percent(row.detected_by_size[size]) for size in sizes),
        ]  # fmt: skip
        lines.append(f"| `{row.name}` | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"
