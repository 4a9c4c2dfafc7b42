"""Rank hospitals for a patient: road time, capability, diversion, units already on their way.

What is not known is said, never assumed: a hospital that never reported is not taken as open.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.choosing.words import age_words, capability_words, clock_words
from dispatch.model import Reason

INBOUND_PENALTY_S = 180.0
"""Stated rule: each unit already on its way there counts as three more minutes (handover queue)."""

STATUS_OLD_AFTER_S = 4 * 3600.0
"""A status report older than this is flagged; it is still shown."""

SATISFIED_BY: Mapping[str, frozenset[str]] = {
    "stroke_primary": frozenset({"stroke_primary", "stroke_thrombectomy", "stroke_comprehensive"}),
    "stroke_thrombectomy": frozenset({"stroke_thrombectomy", "stroke_comprehensive"}),
    "burn": frozenset({"burn", "burns"}),
    "obstetrics": frozenset({"obstetrics", "labor_delivery"}),
    "trauma": frozenset({"trauma", "trauma_1", "trauma_2", "trauma_3"}),
    "pci": frozenset({"pci", "pci_24_7"}),
}
"""Which capabilities serve a wish; one not listed is served by its own name only."""


@dataclass(frozen=True, slots=True)
class Hospital:
    """One hospital as the ranking needs it. `diverting` None: never reported."""

    facility_id: int
    capabilities: frozenset[str]
    has_emergency_department: bool
    diverting: bool | None
    status_age_s: float | None
    inbound_count: int
    emergency_beds_free: int | None = None


@dataclass(frozen=True, slots=True)
class RankedHospital:
    """A hospital's place in the ranking. `index` points into the input."""

    index: int
    travel_time_s: float | None
    missing_capabilities: tuple[str, ...]
    recommended: bool
    reasons: tuple[Reason, ...]


def missing_capabilities(offered: Collection[str], wanted: Collection[str]) -> tuple[str, ...]:
    """Return what is wanted and not offered, in the order wanted."""
    return tuple(
        wish for wish in wanted if not (SATISFIED_BY.get(wish, frozenset({wish})) & set(offered))
    )


def rank_hospitals(
    hospitals: Sequence[Hospital],
    travel_time_s: npt.NDArray[np.float64],
    *,
    wanted: Sequence[str] = (),
) -> tuple[RankedHospital, ...]:
    """Rank every hospital; `travel_time_s`: (n,) float64 seconds, inf = no road.

    Order: reachable first, then those with an emergency department, then fewer missing
    capabilities, then those not known to divert, then road time plus `INBOUND_PENALTY_S` per unit
    on its way. Recommended is the first that is reachable and not known to divert, whatever it
    lacks: its reasons say so. The diverting ones before it stay where they are.
    """
    missing = [missing_capabilities(hospital.capabilities, wanted) for hospital in hospitals]
    keys = [
        (
            not np.isfinite(travel_time_s[index]),
            not hospital.has_emergency_department,
            len(missing[index]),
            hospital.diverting is True,
            float(travel_time_s[index]) + INBOUND_PENALTY_S * hospital.inbound_count,
            hospital.facility_id,
        )
        for index, hospital in enumerate(hospitals)
    ]
    order = sorted(range(len(hospitals)), key=keys.__getitem__)
    best = next(
        (i for i in order if np.isfinite(travel_time_s[i]) and hospitals[i].diverting is not True),
        None,
    )
    return tuple(
        _ranked(
            index, hospitals[index], travel_time_s=float(travel_time_s[index]),
            missing=missing[index], recommended=index == best,
        )
        for index in order
    )  # fmt: skip


def _ranked(
    index: int,
    hospital: Hospital,
    *,
    travel_time_s: float,
    missing: tuple[str, ...],
    recommended: bool,
) -> RankedHospital:
    reachable = bool(np.isfinite(travel_time_s))
    reasons = _reasons(hospital, missing=missing, reachable=reachable)
    if recommended:
        time = clock_words(travel_time_s)
        reasons.insert(0, Reason(
            "best_fit", f"Best fit that is not diverting: {time} by road",
            f"最合适且未报告分流：道路{time}",
        ))  # fmt: skip
    return RankedHospital(
        index=index,
        travel_time_s=travel_time_s if reachable else None,
        missing_capabilities=missing,
        recommended=recommended,
        reasons=tuple(reasons),
    )


def _reasons(hospital: Hospital, *, missing: tuple[str, ...], reachable: bool) -> list[Reason]:
    lacking = capability_words(missing)
    inbound = hospital.inbound_count
    age = age_words(hospital.status_age_s or 0.0)
    old = hospital.status_age_s is not None and hospital.status_age_s > STATUS_OLD_AFTER_S
    table = (
        (not reachable, Reason("no_road", "No road from the patient", "无可达道路")),
        (not hospital.has_emergency_department,
         Reason("no_emergency_department", "No emergency department", "没有急诊科")),
        (bool(missing),
         Reason("capability_missing", f"Lacks: {lacking.en}", f"缺少：{lacking.zh}")),
        (hospital.diverting is True, Reason("diverting", "Diverting ambulances", "正在分流救护车")),
        (hospital.diverting is None,
         Reason("status_unknown", "Status never reported: ask before going",
                "状态未上报：请先联系确认")),
        (old, Reason("status_old", f"Status is {age.en} old", f"状态为{age.zh}前上报")),
        (hospital.emergency_beds_free == 0,
         Reason("no_free_bed", "No free emergency bed reported", "报告急诊床位已满")),
        (inbound > 0,
         Reason("inbound", f"{inbound} on the way there", f"已有{inbound}辆救护车前往")),
    )  # fmt: skip
    return [reason for holds, reason in table if holds]
