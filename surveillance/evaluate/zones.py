"""Zones by travel time against circles, on outbreaks put into a city's places day by day.

An outbreak raises the risk of a centre's nearest places, nearest by road or by distance: the first
kind is what goes from hand to hand along streets, the second what drifts with the wind. Each
morning a prospective scan looks at the last days, as staff would.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from surveillance.scan.model import Cluster, Model, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.zones import Zones, circles, zones_by_distance

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is injected, and how it is looked for.

    cases_a_day of all places together without an outbreak; an outbreak holds about `share` of the
    people and makes its places `risk` times as ill. Each day's scan reads `window` days, periods of
    up to `longest`, zones of up to `largest` of the people, and alarms at p of at most `p`.
    """

    outbreaks: int = 30
    cases_a_day: float = 25.0
    share: float = 0.05
    risk: float = 4.0
    days: int = 7
    window: int = 28
    longest: int = 7
    largest: float = 0.25
    p: float = 0.01
    replicates: int = 499
    enough: int = 15
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    """What zones of one kind reach on outbreaks of one kind.

    power : share of outbreaks that a significant cluster touches while they last
    precision : share of its people that are the outbreak's; recall : share of the outbreak's people
    that are in it; both mean of those found, on the day they are found
    delay_days : from the first day to the evening that finds it, mean of those found
    false_alarms : share of scans of the day before the outbreak that have a significant cluster
    """

    zones: str
    outbreak: str
    power: float
    precision: float | None
    recall: float | None
    delay_days: float | None
    false_alarms: float


@dataclass(slots=True)
class _Tally:
    found: int = 0
    false: int = 0
    precision: float = 0.0
    recall: float = 0.0
    delay: float = 0.0


def compare_zones(
    xy: FloatArray, times_s: FloatArray, people: FloatArray, plan: Plan
) -> list[ZoneRow]:
    """Return four rows: circles and zones by road, on outbreaks by road and by distance.

    `xy` (n, 2) metres, `times_s` (n, n) seconds from each place to each, inf = no way, `people`
    (n,).
    """
    chance = np.random.default_rng(plan.seed)
    far = np.hypot(*(xy[:, np.newaxis] - xy).transpose(2, 0, 1))
    looks = {
        "circles": circles(xy, people, plan.largest),
        "by road": zones_by_distance(times_s, people, plan.largest),
    }
    rows = []
    for kind, nearness in (("by road", times_s), ("by distance", far)):
        tallies = {name: _Tally() for name in looks}
        for members, cases in _outbreaks(nearness, people, plan, chance):
            for name, zones in looks.items():
                _follow(tallies[name], zones, cases, members, people, plan)
        rows += [_row(name, kind, tally, plan) for name, tally in tallies.items()]
    return rows


def _outbreaks(
    nearness: FloatArray, people: FloatArray, plan: Plan, chance: np.random.Generator
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.int64]]]:
    """Yield each outbreak's places (n,), and cases (n, window + days): it has the last days."""
    due = people / people.sum() * plan.cases_a_day
    for _ in range(plan.outbreaks):
        centre = int(chance.choice(people.size, p=people / people.sum()))
        order = np.argsort(nearness[centre], kind="stable")
        order = order[np.isfinite(nearness[centre][order])]
        held = np.cumsum(people[order]) <= plan.share * people.sum()
        held[0] = True
        members = np.zeros(people.size, dtype=np.bool_)
        members[order[held]] = True
        mean = np.repeat(due[:, np.newaxis], plan.window + plan.days, axis=1)
        mean[members, plan.window :] *= plan.risk
        yield members, chance.poisson(mean)


def _follow(  # noqa: PLR0917 - one call
    tally: _Tally, zones: Zones, cases: NDArray[np.int64], members: NDArray[np.bool_],
    people: FloatArray, plan: Plan,
) -> None:  # fmt: skip
    """Scan the evening before the outbreak, then each of its evenings until it is found."""
    tally.false += _significant(zones, cases[:, : plan.window], people, plan) is not None
    for day in range(1, plan.days + 1):
        seen = cases[:, day : plan.window + day]
        cluster = _significant(zones, seen, people, plan)
        if cluster is None:
            continue
        inside = np.zeros(people.size, dtype=np.bool_)
        inside[list(cluster.places)] = True
        both = people[inside & members].sum()
        if both > 0:
            tally.found += 1
            tally.delay += day
            tally.precision += float(both / people[inside].sum())
            tally.recall += float(both / people[members].sum())
            return


def _significant(
    zones: Zones, cases: NDArray[np.int64], people: FloatArray, plan: Plan
) -> Cluster | None:
    rules = Settings(
        Model.POISSON, Span.CURRENT, longest=plan.longest, replicates=plan.replicates,
        enough=plan.enough, seed=plan.seed,
    )  # fmt: skip
    expected = np.repeat(people[:, np.newaxis], cases.shape[1], axis=1)
    found = scan(zones, cases, rules, expected=expected).clusters
    return found[0] if found and found[0].p is not None and found[0].p <= plan.p else None


def _row(name: str, kind: str, tally: _Tally, plan: Plan) -> ZoneRow:
    def mean(total: float) -> float | None:
        return total / tally.found if tally.found else None

    return ZoneRow(
        zones=name, outbreak=kind, power=tally.found / plan.outbreaks,
        precision=mean(tally.precision), recall=mean(tally.recall),
        delay_days=mean(tally.delay), false_alarms=tally.false / plan.outbreaks,
    )  # fmt: skip


def table(rows: list[ZoneRow]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| outbreaks | zones | power | precision | recall | delay, days | false alarms |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        shares = [_percent(one) for one in (row.power, row.precision, row.recall)]
        delay = "–" if row.delay_days is None else f"{row.delay_days:.1f}"
        lines.append(
            f"| {row.outbreak} | {row.zones} | {' | '.join(shares)} | {delay} | "
            f"{_percent(row.false_alarms)} |"
        )
    return "\n".join([*lines, ""])


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"
