"""Is a district as the standards ask? Numerator, denominator, and what is not known.

What nobody recorded is unknown: neither met nor missed, and no zero.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from gis.standards import Measure, Profile, Setting, Standard
from planning.coverage.errors import CoverageInputError


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many."""

    number: float
    of: float

    def __post_init__(self) -> None:
        """Refuse more than all."""
        if not 0.0 <= self.number <= self.of:
            raise CoverageInputError(f"{self.number:g} of {self.of:g} is no part of it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictFacts:
    """What is recorded of a district; None: nobody says.

    within : people, calls or orders within the limit of a standard, by its code
    """

    district: str
    people: float | None = None
    setting: Setting | None = None
    ambulances: int | None = None
    negative_pressure: int | None = None
    within: Mapping[str, Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComplianceRow:
    """One standard in one district.

    numerator, denominator : None where not recorded; value : their ratio in the standard's terms
    met : None: not known
    """

    district: str
    standard: Standard
    numerator: float | None
    denominator: float | None
    value: float | None
    met: bool | None


def compliance(profile: Profile, districts: Sequence[DistrictFacts]) -> tuple[ComplianceRow, ...]:
    """Return a row for each district and each standard that holds there.

    Of a district of which nobody says whether it is urban, standards of either kind are unknown.
    """
    return tuple(
        _row(standard, facts)
        for facts in districts
        for standard in profile.standards
        if standard.setting is None or facts.setting in {None, standard.setting}
    )


def _row(standard: Standard, facts: DistrictFacts) -> ComplianceRow:
    if standard.setting is not None and facts.setting is None:
        return ComplianceRow(facts.district, standard, None, None, None, None)
    return _BY_MEASURE.get(standard.measure, _share_within)(standard, facts)


def _share_within(standard: Standard, facts: DistrictFacts) -> ComplianceRow:
    return _share(standard, facts, facts.within.get(standard.code))


def _negative_pressure(standard: Standard, facts: DistrictFacts) -> ComplianceRow:
    if facts.negative_pressure is None or facts.ambulances is None:
        return ComplianceRow(
            facts.district, standard, facts.negative_pressure, facts.ambulances, None, None
        )
    return _share(standard, facts, Part(facts.negative_pressure, facts.ambulances))


def _people_per_unit(standard: Standard, facts: DistrictFacts) -> ComplianceRow:
    """Count ambulances there are over ambulances that are asked for, rounded up."""
    limit = standard.limit or math.inf
    needed = None if facts.people is None else float(math.ceil(facts.people / limit))
    there = facts.ambulances
    if needed is None or there is None:
        return ComplianceRow(facts.district, standard, there, needed, None, None)
    value = there / needed if needed else None
    return ComplianceRow(facts.district, standard, there, needed, value, there >= needed)


def _share(standard: Standard, facts: DistrictFacts, part: Part | None) -> ComplianceRow:
    if part is None or part.of == 0.0:
        number, of = (None, None) if part is None else (part.number, part.of)
        return ComplianceRow(facts.district, standard, number, of, None, None)
    value = part.number / part.of
    wanted = 1.0 if standard.share is None else standard.share
    # 95 of 100 is 95 %, whatever the last binary digit says.
    met = value >= wanted or math.isclose(value, wanted, rel_tol=1e-12)
    return ComplianceRow(facts.district, standard, part.number, part.of, value, met)


_BY_MEASURE: Mapping[Measure, Callable[[Standard, DistrictFacts], ComplianceRow]] = (
    MappingProxyType(
        {
            Measure.PEOPLE_PER_UNIT: _people_per_unit,
            Measure.NEGATIVE_PRESSURE: _negative_pressure,
        }
    )
)
