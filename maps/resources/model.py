"""What is counted, where, over whom."""

from dataclasses import dataclass
from datetime import date

RESOURCES = ("stations", "hospitals", "emergency_departments", "ambulances", "aeds")
"""What is counted, in the order of a report's columns."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `modelled` of them are of a model, not of a register."""

    there: int = 0
    modelled: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Return both together."""
        return Count(self.there + other.there, self.modelled + other.modelled)


@dataclass(frozen=True, slots=True)
class Residents:
    """Newest total of resident people; `counted_on` None: the source does not say."""

    persons: int
    counted_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class District:
    """One district with what stands in it, by the names of `RESOURCES`."""

    code: str
    name: str
    name_zh: str | None
    name_en: str | None
    residents: Residents | None
    counts: dict[str, Count]


@dataclass(frozen=True, slots=True)
class CityResources:
    """All of a city; `outside` stands in no district.

    unknown_departments : hospitals of which nobody said whether they have an emergency department
    limited : holds what a right for some areas reaches, not the whole city
    """

    districts: tuple[District, ...]
    outside: dict[str, Count]
    unknown_departments: int = 0
    limited: bool = False

    def total(self, resource: str) -> Count:
        """Return how many the city has of one resource, wherever they stand."""
        return sum((one.counts[resource] for one in self.districts), self.outside[resource])

    @property
    def residents(self) -> int | None:
        """Return the people of all districts; None if one is not known or there are none."""
        known = [one.residents.persons for one in self.districts if one.residents is not None]
        return sum(known) if known and len(known) == len(self.districts) else None
