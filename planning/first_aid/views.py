"""What is shown of the circle of first aid: dataclasses whose fields are the JSON."""

from dataclasses import dataclass
from datetime import date, datetime

from gis.words import Words
from planning.coverage.views import PlaceName


@dataclass(frozen=True, slots=True)
class DevicesView:
    """Defibrillators that are counted, and what is not known of them.

    `known` to the register; `gone` out of service, in use or missing; `private` closed to passers-
    by; `hours_unknown` counted in `at_most` alone; `floor_unknown` taken to be at the street;
    `off_road` no way on foot near
    """

    known: int
    gone: int
    private: int
    hours_unknown: int
    floor_unknown: int
    off_road: int


@dataclass(frozen=True, slots=True)
class HourView:
    """Shares of people whom help reaches at an hour of the day, local.

    `devices`, `volunteers` at hand then; `at_most`: by either, if every device of unknown hours
    were open. Shares are None where no people's ways are known.
    """

    hour: int
    devices: int
    volunteers: int
    by_device: float | None
    by_volunteer: float | None
    by_either: float | None
    by_both: float | None
    at_most: float | None


@dataclass(frozen=True, slots=True)
class DistrictView:
    """One district: people, and the share that either reaches in its best and its worst hour."""

    part: str
    district: PlaceName
    people: int
    unknown: int
    best: float | None
    best_hour: int | None
    worst: float | None
    worst_hour: int | None


@dataclass(frozen=True, slots=True)
class FirstAidView:
    """People whom a defibrillator or a volunteer reaches on foot within a limit, by hour.

    `unknown` people without a way on foot near by are in no share.
    """

    city_id: int
    at: datetime
    day: date
    limit_s: float
    there_and_back: bool
    alert_s: float
    patient_storeys: float
    storey_s: float
    topology_id: str | None
    conditions_id: str | None
    people: int
    unknown: int
    people_source: str | None
    counted_on: date | None
    devices: DevicesView
    volunteers: int
    volunteers_off_road: int
    hours: tuple[HourView, ...]
    districts: tuple[DistrictView, ...]
    sentences: tuple[Words, ...]
