"""What an inspection is, once it is understood, and what areas get of several."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gis.datum import Datum
from gis.intake.model import Intake


class Kind(StrEnum):
    """What was looked for."""

    MOSQUITO = "mosquito"
    OUTCOME = "outcome"


LEAST_PREMISES = 5
"""Of fewer inspections an area has no index: it would tell of single dwellings."""
SOURCE = "inspections"
"""Under which indicators of areas say that they were reckoned here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """One inspection. lon, lat : WGS-84; declared_datum : that of its file."""

    kind: Kind
    inspected_on: date
    lon: float
    lat: float
    declared_datum: Datum
    area_code: str
    premises: int | None
    premises_positive: int | None
    containers: int | None
    containers_positive: int | None
    outcome: str | None
    source_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Inspections to store, beside the intake from which what was refused is gone."""

    inspections: tuple[Inspected, ...]
    intake: Intake


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMonth:
    """Inspections of an area in a month, added up; those of the areas within it are in it.

    index_premises : premises of the inspections that say how many containers were positive
    house_premises : of those that say how many premises were
    """

    area_code: str
    month: date
    index_premises: int
    containers_of_premises: int
    house_premises: int
    premises_positive: int
    containers: int
    containers_positive: int
    outcomes: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What storing did. values : indicators of areas that were reckoned anew."""

    stored: int
    values: int
