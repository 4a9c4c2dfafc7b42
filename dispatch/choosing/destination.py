"""Rank hospitals for a patient: road time, capability, diversion, units already on their way.

What is not known is said, never assumed: a hospital that never reported is not taken as open, nor
as closed. Where every fitting hospital diverts, none does; for a C1 diversion is advice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.choosing.words import LACKS, age_words, capability_words, clock_words
from dispatch.triage.rules import BypassRules
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


NO_BYPASS = BypassRules(())


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
    category: str | None = None,
    bypass: BypassRules = NO_BYPASS,
) -> tuple[RankedHospital, ...]:
    """Rank every hospital; `travel_time_s`: (n,) float64 seconds, inf = no road.

    Order: reachable first, then those with an emergency department, those of which it is not known
    and those without, then fewer missing capabilities, then those not known to divert, then road
    time plus `INBOUND_PENALTY_S` per unit on its way, each in whole.

    A wish that `bypass` has rows of is worth only so many minutes more than the nearest emergency
    department (Mission: Lifeline: 30 for a thrombectomy centre): a hospital beyond that counts as
    if it lacked what is wished.

    A report of a diversion counts if it is not old. It is advice for a C1, and none where all that
    fit divert: then it does not move a hospital and is said all the same. Recommended is the first
    that is reachable and whose diversion does not count, whatever it lacks: its reasons say so.
    """
    missing = [missing_capabilities(hospital.capabilities, wanted) for hospital in hospitals]
    too_far = _too_far(hospitals, travel_time_s, wanted=wanted, bypass=bypass)
    reachable = np.isfinite(travel_time_s)
    unmet = [len(lacks) + len(far - set(lacks))
             for lacks, far in zip(missing, too_far, strict=True)]  # fmt: skip
    told = [_diverts(hospital) for hospital in hospitals]
    fewest = min(
        (unmet[i] for i in range(len(hospitals)) if reachable[i] and _is_emergency(hospitals[i])),
        default=None,
    )
    fitting = [
        i for i in range(len(hospitals))
        if reachable[i] and _is_emergency(hospitals[i]) and unmet[i] == fewest
    ]  # fmt: skip
    all_divert = bool(fitting) and all(told[i] for i in fitting)
    set_aside = all_divert or category == "C1"
    counts = [one and not set_aside for one in told]
    keys = [
        (
            not reachable[index],
            _EMERGENCY_ORDER[hospital.has_emergency_department],
            unmet[index],
            counts[index],
            float(travel_time_s[index]) + INBOUND_PENALTY_S * hospital.inbound_count,
            hospital.facility_id,
        )
        for index, hospital in enumerate(hospitals)
    ]
    order = sorted(range(len(hospitals)), key=keys.__getitem__)
    best = next((i for i in order if reachable[i] and not counts[i]), None)
    return tuple(
        _ranked(
            index, hospitals[index], travel_time_s=float(travel_time_s[index]),
            missing=missing[index], recommended=index == best, too_far=bool(too_far[index]),
            all_divert=all_divert, advice=category == "C1",
        )
        for index in order
    )  # fmt: skip


def _is_emergency(hospital: Hospital) -> bool:
    return hospital.has_emergency_department is not False


def _is_old(hospital: Hospital) -> bool:
    return hospital.status_age_s is not None and hospital.status_age_s > STATUS_OLD_AFTER_S


def _diverts(hospital: Hospital) -> bool:
    """Return whether a hospital said, not too long ago, that it diverts."""
    return hospital.diverting is True and not _is_old(hospital)


def _too_far(
    hospitals: Sequence[Hospital],
    travel_time_s: npt.NDArray[np.float64],
    *,
    wanted: Sequence[str],
    bypass: BypassRules,
) -> list[set[str]]:
    """Return for each hospital the wishes that it would serve, but beyond the bypass limit."""
    nearest_s = min(
        (float(time_s) for hospital, time_s in zip(hospitals, travel_time_s, strict=True)
         if _is_emergency(hospital) and np.isfinite(time_s)),
        default=np.inf,
    )  # fmt: skip
    beyond: list[set[str]] = [set() for _ in hospitals]
    for wish in wanted:
        rows = bypass.of(wish)
        for index, hospital in enumerate(hospitals):
            can = hospital.capabilities
            met = [row for row in rows if not missing_capabilities(can, [row.capability])]
            extra_s = float(travel_time_s[index]) - nearest_s
            if met and extra_s > met[0].max_extra_min * 60.0:
                beyond[index].add(wish)
    return beyond


def _ranked(
    index: int,
    hospital: Hospital,
    *,
    travel_time_s: float,
    missing: tuple[str, ...],
    recommended: bool,
    too_far: bool,
    all_divert: bool,
    advice: bool,
) -> RankedHospital:
    reachable = bool(np.isfinite(travel_time_s))
    reasons = _reasons(hospital, missing=missing, reachable=reachable)
    if too_far:
        reasons.append(reason("beyond_bypass", _BEYOND))
    if hospital.diverting is True and _is_old(hospital):
        reasons.append(reason("diversion_old", _OLD_DIVERSION))
    elif hospital.diverting is True and all_divert:
        reasons.append(reason("all_divert", _ALL_DIVERT))
    elif hospital.diverting is True and advice:
        reasons.append(reason("diversion_advice", _ADVICE))
    if recommended:
        best = _BEST if hospital.diverting is not True else _BEST_THOUGH
        reasons.insert(0, reason("best_fit", best.filled(time=clock_words(travel_time_s))))
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
_BEST_THOUGH = Words(
    en="Best fit: {time} by road; it reported diversion, call it first",
    zh="最合适：道路{time}；该院曾报告分流，请先联系",
)
_BEYOND = Words(
    en="Further than the bypass rule allows past the nearest",
    zh="超出绕行规则允许的额外时间",
)
_OLD_DIVERSION = Words(
    en="The report of diversion is old and does not count", zh="分流报告已过时，不作依据"
)
_ALL_DIVERT = Words(
    en="All fitting hospitals divert, so none does: call it",
    zh="所有合适医院均分流，故均不视为分流：请联系",
)
_ADVICE = Words(en="C1: diversion is advice only, call it", zh="C1：分流仅供参考，请联系")
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
