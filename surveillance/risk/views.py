"""Disease maps as they are shown: a table of areas."""

from dataclasses import dataclass
from datetime import date

from gis.words import Words
from surveillance.risk.model import Standing, Step


@dataclass(frozen=True, slots=True)
class MapDisease:
    """A disease that may be chosen."""

    disease: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPeriod:
    """A whole period: `until` is the day after its last. cases: of the told areas together."""

    first: date
    until: date
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """An area in one period; what is null is not known, and `standing` says why.

    rate, smoothed_rate : per 100,000 residents in the period
    relative_risk, exceedance : leaning on the neighbours', against the areas shown as a whole
    """

    area_code: str
    place: Words
    standing: Standing
    cases: int | None
    residents: float | None
    rate: float | None
    smoothed_rate: float | None
    relative_risk: float | None
    exceedance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleUsed:
    """Which residents the rates are of; years None where no source says."""

    known_areas: int
    first_year: int | None
    last_year: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseMapView:
    """A disease by area in one period. `period` None: nothing that the viewer may see.

    published : of published cells, where `smallest_told` is the least count that is told
    basis : the day that cases are counted on; as_of : up to which day they are known
    notes : what a person has to know of it
    """

    city_id: int
    published: bool
    smallest_told: int | None
    diseases: list[MapDisease]
    disease: str | None
    words: Words | None
    step: Step
    periods: list[MapPeriod]
    period: MapPeriod | None
    rows: list[MapRow]
    people: PeopleUsed
    basis: Words | None
    as_of: date | None
    notes: list[Words]
