"""At the press: is the unit that is being sent still the one the dispatcher meant to send?

People who are stopped for nothing learn to press twice. So what counts is what got worse since the
list was seen: who sends a slower unit knowingly is not stopped, and a second press, made with the
new list in sight, goes through.
"""

import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dispatch.choosing import service as choosing
from dispatch.choosing.policies import PolicyName
from dispatch.choosing.views import RankedUnitView, Recommendation
from dispatch.errors import FasterUnitError, NoLongerEligibleError
from dispatch.incidents.records import read_incident
from dispatch.permissions import DISPATCH
from gis.database import UnitOfWork
from gis.errors import GoldenHourError
from gis.settings import Settings
from routing.live.routing import Routing

LISTED = 9
"""So many of the list are kept with a dispatch: as many as the console shows."""

SHOWN_FROM_S = 1.0
"""A unit that is faster by less is not told of."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the list said of the chosen unit as the dispatcher pressed.

    eligible : whether it could be sent
    loss_s : how much longer it takes than the best one; 0 for the best itself
    """

    eligible: bool
    loss_s: float


@dataclass(frozen=True, slots=True)
class Faster:
    """A unit that would be at the scene sooner than the one that is sent."""

    unit_id: int
    call_sign: str
    travel_time_s: float
    gain_s: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How the chosen unit stands against the best one now. `reason`: why it stands there.

    category : the incident's, None = not coded
    listed : the list at the press with the versions of its data, as it is kept in the log
    """

    call_sign: str
    eligible: bool
    travel_time_s: float
    reason: str
    faster: Faster | None
    category: str | None
    listed: dict[str, Any] | None = None


def lost_s(seen: Seen, loss_s: float) -> float:
    """Return by how much the choice got worse since it was seen, in seconds; never below 0."""
    return max(loss_s - max(seen.loss_s, 0.0), 0.0)


def stands(
    seen: Seen, *, eligible: bool, loss_s: float, threshold_s: float
) -> bool:  # fmt: skip
    """Return whether a unit is sent as it was pressed.

    It is not if it was eligible and no longer is, or if it lost more than `threshold_s` against
    the best one. `loss_s`: how much longer it takes now than the best.
    """
    if not eligible:
        return not seen.eligible
    return lost_s(seen, loss_s) <= threshold_s


def standing(
    uow: UnitOfWork, routing: Routing, incident_id: UUID, *, unit_id: int,
    policy: PolicyName = "closest",
) -> Standing | None:  # fmt: skip
    """Rank the fleet anew and return how a unit stands in it.

    None where nothing can be compared: the incident has no place, the unit is not the viewer's, or
    the roads fail. No dispatch fails for it. To be called before anything is locked.
    """
    try:
        ranked = choosing.recommend(
            uow, routing, incident_id, limit=LISTED, also=unit_id, policy=policy
        )  # fmt: skip
    except GoldenHourError:
        return None
    chosen = next((unit for unit in ranked.units if unit.unit_id == unit_id), None)
    if chosen is None:
        return None
    # Above it may stand units that could be diverted: those can be asked, not sent.
    best = next((unit for unit in ranked.units if unit.eligible), ranked.units[0])
    return Standing(
        chosen.call_sign, chosen.eligible, _time_s(chosen),
        " ".join(reason.en for reason in chosen.reasons),
        _faster(chosen, best) if best.eligible else None,
        read_incident(uow, incident_id, DISPATCH).category,
        listed(ranked),
    )  # fmt: skip


def listed(ranked: Recommendation) -> dict[str, Any]:
    """Return a list of units as it is kept: what stood in it, and the versions of its data."""
    return {
        "computed_at": ranked.computed_at, "incident_version": ranked.incident_version,
        "topology_id": ranked.topology_id, "conditions_id": ranked.conditions_id,
        "metric_id": ranked.metric_id, "basis": ranked.basis, "policy": ranked.policy,
        "unit_count": ranked.unit_count, "eligible_count": ranked.eligible_count,
        "units": [
            {
                "rank": unit.rank, "unit_id": unit.unit_id, "call_sign": unit.call_sign,
                "eligible": unit.eligible, "travel_time_s": _tenths(unit.travel_time_s),
                "ranked_s": _tenths(unit.ranked_s),
                "position_age_s": _tenths(unit.position_age_s),
                "coverage_lost_points": _tenths(unit.coverage_lost_points, 3),
                "void": None if unit.void is None else unit.void.area_code,
                "reasons": [reason.code for reason in unit.reasons],
            }
            for unit in ranked.units
        ],
    }  # fmt: skip


def _tenths(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


def check(now: Standing | None, seen: Seen | None, *, threshold_s: float) -> None:
    """Stop a dispatch whose unit is no longer what was seen; without either there is nothing to.

    Raises
    ------
    NoLongerEligibleError
        It could be sent when it was seen, and cannot now.
    FasterUnitError
        It lost more than the threshold; the sentence says who is faster.
    """
    if now is None or seen is None:
        return
    loss_s = 0.0 if now.faster is None else now.faster.gain_s
    if stands(seen, eligible=now.eligible, loss_s=loss_s, threshold_s=threshold_s):
        return
    if not now.eligible:
        raise NoLongerEligibleError(now.call_sign, now.reason)
    assert now.faster is not None
    raise FasterUnitError(
        now.call_sign, now.travel_time_s, now.faster.call_sign, now.faster.travel_time_s
    )


def threshold_s(category: str | None, settings: Settings) -> float:
    """Return what a unit may lose unstopped; an incident without a category counts as C2."""
    return {
        "C1": settings.send_stop_c1_s, "C2": settings.send_stop_c2_s,
        "C3": settings.send_stop_c3_s, "C4": settings.send_stop_c4_s,
    }[category or "C2"]  # fmt: skip


def _time_s(unit: RankedUnitView) -> float:
    return math.inf if unit.travel_time_s is None else unit.travel_time_s


def _faster(chosen: RankedUnitView, best: RankedUnitView) -> Faster | None:
    gain_s = _time_s(chosen) - _time_s(best)
    if best.unit_id == chosen.unit_id or not SHOWN_FROM_S <= gain_s < math.inf:
        return None
    return Faster(best.unit_id, best.call_sign, _time_s(best), gain_s)
