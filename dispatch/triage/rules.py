"""What a medical director signs besides questions and words: who may be diverted, how long things
may last, when volunteers are asked, when the nearest hospital is passed by.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dispatch.triage import reading as read
from dispatch.triage.errors import ProtocolInvalidError

CATEGORIES = ("C1", "C2", "C3", "C4")

DANGER_KINDS = (
    "violence", "hazardous_material", "electricity", "water", "care_home", "expected_death",
    "infection", "child_protection", "self_harm", "trauma",
)  # fmt: skip
"""Why volunteers are not sent, besides complaints."""

HOSPITAL_CAPABILITIES = frozenset({
    "emergency_department", "pci", "stroke_primary", "stroke_thrombectomy",
    "stroke_comprehensive", "trauma", "burn", "obstetrics", "paediatric", "neonatal",
    "psychiatric", "hyperbaric",
})  # fmt: skip

UNIT_CAPABILITIES = frozenset({
    "defibrillator", "twelve_lead_ecg", "advanced_airway", "ventilator", "neonatal", "bariatric",
    "isolation", "extrication", "water_rescue", "doctor",
})  # fmt: skip

_ALWAYS, _REPLACED = "always", "replaced"


@dataclass(frozen=True, slots=True)
class CategoryMatrix:
    """Which call may take a unit from which other.

    replaced, always: losing categories by the category that takes; `always` also where nobody
    comes in the unit's place. What is in neither may not be taken.
    """

    replaced: Mapping[str, frozenset[str]]
    always: Mapping[str, frozenset[str]]

    def may_take(self, category: str, losing: str, *, replaced: bool) -> bool:
        """Return whether a call of `category` may take a unit from one of category `losing`.

        replaced : a named unit comes to the losing patient instead
        """
        if losing in self.always.get(category, frozenset()):
            return True
        return replaced and losing in self.replaced.get(category, frozenset())


@dataclass(frozen=True, slots=True)
class Timers:
    """How long things may last, in seconds; the mappings by category.

    answer_s : a crew acknowledges; then an alarm. call_back_s : a waiting caller is called again.
    escalate_s : a call without a unit goes to the supervisor. next_unit_s : an offer without an
    answer goes to the next unit. pre_alert_uncoded_s : a call without a triage is pre-alerted.
    """

    answer_s: Mapping[str, float]
    call_back_s: Mapping[str, float]
    escalate_s: Mapping[str, float]
    next_unit_s: float
    pre_alert_uncoded_s: float


@dataclass(frozen=True, slots=True)
class VolunteerRules:
    """When volunteers are asked. `excluded`: complaint codes and kinds of danger."""

    enabled: bool
    excluded: tuple[str, ...]
    claim_expires_s: float
    wave_size: int


@dataclass(frozen=True, slots=True)
class BypassRule:
    """A hospital with `capability` is worth so many more minutes of road than the nearest.

    condition : the hospital capability that the response plan asks for
    """

    condition: str
    capability: str
    max_extra_min: float


@dataclass(frozen=True, slots=True)
class BypassRules:
    """All rows; of one condition the first that a hospital meets counts."""

    rows: tuple[BypassRule, ...]

    def of(self, condition: str) -> tuple[BypassRule, ...]:
        """Return the rows of a condition, in order."""
        return tuple(row for row in self.rows if row.condition == condition)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a protocol says besides triage itself."""

    matrix: CategoryMatrix
    timers: Timers
    volunteers: VolunteerRules
    bypass: BypassRules


def parse_rules(root: Mapping[str, Any], *, complaints: Collection[str]) -> Rules:
    """Check the sections `matrix`, `timers`, `volunteers` and `bypass` of a protocol.

    complaints : codes that `volunteers.excluded` may name

    Raises
    ------
    ProtocolInvalidError
        A section is missing or holds something unknown, negative or contradictory.
    """
    return Rules(
        matrix=_matrix(_section(root, "matrix")),
        timers=_timers(_section(root, "timers")),
        volunteers=_volunteers(_section(root, "volunteers"), complaints),
        bypass=_bypass(root),
    )


def _section(root: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    raw = root.get(name)
    if not isinstance(raw, dict):
        raise ProtocolInvalidError(name, "the section is missing")
    return raw


def _matrix(raw: Mapping[str, Any]) -> CategoryMatrix:
    read.only(raw, CATEGORIES, "matrix")
    by_word: dict[str, dict[str, frozenset[str]]] = {_REPLACED: {}, _ALWAYS: {}}
    for category, row in raw.items():
        where = f"matrix {category}"
        if not isinstance(row, dict):
            raise ProtocolInvalidError(where, "a mapping is expected here")
        read.only(row, CATEGORIES, where)
        for losing, word in row.items():
            if word not in by_word:
                raise ProtocolInvalidError(where, f"“{word}” is none of replaced, always")
            if CATEGORIES.index(losing) <= CATEGORIES.index(category):
                raise ProtocolInvalidError(
                    where, f"{losing} is not less urgent than {category} and cannot lose to it"
                )
        for word, table in by_word.items():
            table[category] = frozenset(one for one, said in row.items() if said == word)
    return CategoryMatrix(MappingProxyType(by_word[_REPLACED]), MappingProxyType(by_word[_ALWAYS]))


def positive(raw: Any, where: str) -> float:
    """Return a number above 0 and below a day's seconds; anything else is refused."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= 86_400:
        raise ProtocolInvalidError(where, "a number above 0 and at most 86400 is expected")
    return float(raw)


def _timers(raw: Mapping[str, Any]) -> Timers:
    read.only(raw, Timers.__slots__, "timers")
    by_category = {
        name: _by_category(raw.get(name), f"timers: {name}")
        for name in ("answer_s", "call_back_s", "escalate_s")
    }
    return Timers(
        answer_s=by_category["answer_s"],
        call_back_s=by_category["call_back_s"],
        escalate_s=by_category["escalate_s"],
        next_unit_s=positive(raw.get("next_unit_s"), "timers: next_unit_s"),
        pre_alert_uncoded_s=positive(raw.get("pre_alert_uncoded_s"), "timers: pre_alert_uncoded_s"),
    )


def _by_category(raw: Any, where: str) -> Mapping[str, float]:
    if not isinstance(raw, dict) or set(raw) != set(CATEGORIES):
        raise ProtocolInvalidError(where, f"seconds for each of {', '.join(CATEGORIES)} expected")
    seconds = [positive(raw[one], f"{where}: {one}") for one in CATEGORIES]
    if seconds != sorted(seconds):
        raise ProtocolInvalidError(where, "a more urgent category may not wait longer")
    return MappingProxyType(dict(zip(CATEGORIES, seconds, strict=True)))


def _volunteers(raw: Mapping[str, Any], complaints: Collection[str]) -> VolunteerRules:
    read.only(raw, ("enabled", "excluded", "claim_expires_s", "wave_size"), "volunteers")
    enabled, wave = raw.get("enabled"), raw.get("wave_size")
    if not isinstance(enabled, bool):
        raise ProtocolInvalidError("volunteers: enabled", "true or false is expected")
    if isinstance(wave, bool) or not isinstance(wave, int) or not 1 <= wave <= 100:
        raise ProtocolInvalidError("volunteers: wave_size", "a whole number 1 to 100 is expected")
    excluded = raw.get("excluded")
    if not isinstance(excluded, list):
        raise ProtocolInvalidError("volunteers: excluded", "a list is expected here")
    for one in excluded:
        if one not in DANGER_KINDS and one not in complaints:
            raise ProtocolInvalidError(
                "volunteers: excluded", f"“{one}” is neither a complaint nor a kind of danger"
            )
    return VolunteerRules(
        enabled=enabled,
        excluded=tuple(excluded),
        claim_expires_s=positive(raw.get("claim_expires_s"), "volunteers: claim_expires_s"),
        wave_size=wave,
    )


def _bypass(root: Mapping[str, Any]) -> BypassRules:
    raw = root.get("bypass")
    if not isinstance(raw, list):
        raise ProtocolInvalidError("bypass", "a list is expected here")
    rows: list[BypassRule] = []
    for row in raw:
        if not isinstance(row, dict):
            raise ProtocolInvalidError("bypass", "a mapping is expected here")
        read.only(row, ("condition", "capability", "max_extra_min"), "bypass")
        for name in ("condition", "capability"):
            if row.get(name) not in HOSPITAL_CAPABILITIES:
                raise ProtocolInvalidError("bypass", f"“{row.get(name)}” is no known capability")
        rows.append(BypassRule(
            condition=row["condition"], capability=row["capability"],
            max_extra_min=positive(row.get("max_extra_min"), "bypass: max_extra_min"),
        ))  # fmt: skip
    return BypassRules(tuple(rows))
