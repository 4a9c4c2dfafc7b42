"""Rank hospitals for a patient: road time, capability, diversion, units already on their way.

What is not known is said, never assumed: a hospital that never reported is not taken as open.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.choosing.words import LACKS, age_words, capability_words, clock_words
from gis.words import Reason, Words, reason

_EMERGENCY_ORDER: Mapping[bool | None, int] = {True: 0, None: 1, False: 2}
"""Whether there is an emergency department → which comes first."""

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
    """One hospital as the ranking needs it.

    `has_emergency_department` None: nobody said. `diverting` None: never reported.
    """

    facility_id: int
    capabilities: frozenset[str]
    has_emergency_department: bool | None
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

    Order: reachable first, then those with an emergency department, those of which it is not known
    and those without, then fewer missing capabilities, then those not known to divert, then road
    time plus `INBOUND_PENALTY_S` per unit on its way. Recommended is the first that is reachable
    and not known to divert, whatever it lacks: its reasons say so. The diverting ones before it
    stay where they are.
    """
    missing = [missing_capabilities(hospital.capabilities, wanted) for hospital in hospitals]
    keys = [
        (
            not np.isfinite(travel_time_s[index]),
            _EMERGENCY_ORDER[hospital.has_emergency_department],
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
        reasons.insert(0, reason("best_fit", _BEST.filled(time=clock_words(travel_time_s))))
    return RankedHospital(
        index=index,
        travel_time_s=travel_time_s if reachable else None,
        missing_capabilities=missing,
        recommended=recommended,
        reasons=tuple(reasons),
    )


_BEST = Words(
    en="Best fit that is not diverting: {time} by road", zh="最合适且未报告分流：道路{time}"
)
_SAID: Mapping[str, Words] = {
    "no_road": Words(en="No road from the patient", zh="无可达道路"),
    "no_emergency_department": Words(en="No emergency department", zh="没有急诊科"),
    "emergency_department_unknown": Words(
        en="Not known whether it has an emergency department", zh="是否设有急诊科未知"
    ),
    "capability_missing": LACKS,
    "diverting": Words(en="Diverting ambulances", zh="正在分流救护车"),
    "status_unknown": Words(
        en="Status never reported: ask before going", zh="状态未上报：请先联系确认"
    ),
    "status_old": Words(en="Status is {age} old", zh="状态为{age}前上报"),
    "no_free_bed": Words(en="No free emergency bed reported", zh="报告急诊床位已满"),
    "inbound": Words(en="{inbound} on the way there", zh="已有{inbound}辆救护车前往"),
}
"""What is said of a hospital by code, in the order a dispatcher reads it."""


def _reasons(hospital: Hospital, *, missing: tuple[str, ...], reachable: bool) -> list[Reason]:
    age_s = hospital.status_age_s
    holds = {
        "no_road": not reachable,
        "no_emergency_department": hospital.has_emergency_department is False,
        "emergency_department_unknown": hospital.has_emergency_department is None,
        "capability_missing": bool(missing),
        "diverting": hospital.diverting is True,
        "status_unknown": hospital.diverting is None,
        "status_old": age_s is not None and age_s > STATUS_OLD_AFTER_S,
        "no_free_bed": hospital.emergency_beds_free == 0,
        "inbound": hospital.inbound_count > 0,
    }
    values: dict[str, str | int | Words] = {
        "what": capability_words(missing), "age": age_words(age_s or 0.0),
        "inbound": hospital.inbound_count,
    }  # fmt: skip
    return [reason(code, words.filled(**values)) for code, words in _SAID.items() if holds[code]]
