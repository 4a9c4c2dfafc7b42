"""What a new triage would change in the plan of an incident."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.triage.coding import NeededUnits, ResponsePlan, Text
from dispatch.triage.model import UnitNeed
from dispatch.triage.needs import still_needed


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """Two plans and what stands between them.

    before: None while nothing was coded. more_units, fewer_units: by level. missing: what nobody
    on the incident serves under the plan `after`. Instructions are compared as they are read out.
    """

    before: ResponsePlan | None
    after: ResponsePlan
    more_units: tuple[NeededUnits, ...]
    fewer_units: tuple[NeededUnits, ...]
    missing: tuple[NeededUnits, ...]
    new_instructions: tuple[Text, ...]
    dropped_instructions: tuple[Text, ...]


def plan_changes(
    before: ResponsePlan | None, after: ResponsePlan, *, levels_at_work: Sequence[str]
) -> PlanChanges:
    """Compare two plans; `levels_at_work` are those of the units that serve the incident."""
    had = _counts(before)
    has = _counts(after)
    levels = list(dict.fromkeys([*has, *had]))
    more = {level: has.get(level, 0) - had.get(level, 0) for level in levels}
    told = [] if before is None else before["instructions"]
    return PlanChanges(
        before=before,
        after=after,
        more_units=tuple(NeededUnits(level=k, count=n) for k, n in more.items() if n > 0),
        fewer_units=tuple(NeededUnits(level=k, count=-n) for k, n in more.items() if n < 0),
        missing=missing_units(after, levels_at_work),
        new_instructions=tuple(one for one in after["instructions"] if one not in told),
        dropped_instructions=tuple(one for one in told if one not in after["instructions"]),
    )


def missing_units(plan: ResponsePlan, levels_at_work: Sequence[str]) -> tuple[NeededUnits, ...]:
    """Return what of a plan no unit at work serves."""
    planned = [UnitNeed(one["level"], one["count"]) for one in plan["units"]]
    return tuple(
        NeededUnits(level=need.level, count=need.count)
        for need in still_needed(planned, levels_at_work)
        if need.count
    )


def _counts(plan: ResponsePlan | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    for need in () if plan is None else plan["units"]:
        counts[need["level"]] = counts.get(need["level"], 0) + need["count"]
    return counts
