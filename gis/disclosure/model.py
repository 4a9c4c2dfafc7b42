"""What is published of people: cells of a declared hierarchy. Data only, no I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from gis.access import Permission
from gis.words import Words

ALL = "*"
"""The whole city as an area, all groups as a group."""
NO_AREA = ""
"""Where the place is not known, or in none of the areas."""


AreaLevel = Literal["country", "province", "city", "district", "street", "zone"]


class Sensitivity(StrEnum):
    """How much a single person would be harmed by being found among those counted."""

    ORDINARY = "ordinary"
    HEALTH = "health"
    STIGMA = "stigma"
    """Infections and conditions for which people are shunned."""


SMALLEST_TOLD: Mapping[Sensitivity, int] = MappingProxyType(
    {Sensitivity.ORDINARY: 5, Sensitivity.HEALTH: 5, Sensitivity.STIGMA: 10}
)
"""The smallest count above zero that is told, by sensitivity."""


class Rhythm(StrEnum):
    """The periods of a subject. They do not overlap, and a person counts in one of them only."""

    DAY = "day"
    WEEK = "week"
    """From Monday, as ISO 8601 has it."""
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """One value of what people are grouped by; each person is in exactly one."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """A subject whose counts are published, declared by the room that counts it.

    name : `room.what`, stable: releases are kept under it
    counts : `module:function(uow, city_id, *, since, before) -> Sequence[Counted]`, aware
        times, `since` included; each person once
    area_level : the finest level of areas that is published; all above follow from it
    groups : what people are divided into
    rhythm, delay_days : a period is released once, so many days after it ended
    permission : who may read what is published
    smallest_told : more than the sensitivity asks for, or 0
    """

    name: str
    words: Words
    description: Words
    sensitivity: Sensitivity
    counts: str
    area_level: AreaLevel
    groups: tuple[CountedGroup, ...]
    rhythm: Rhythm
    permission: Permission
    delay_days: int = 2
    smallest_told: int = 0

    @property
    def k(self) -> int:
        """Return the smallest count above zero that is told."""
        return max(self.smallest_told, SMALLEST_TOLD[self.sensitivity])


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people of one group one area had; `area_code` None = place not known."""

    area_code: str | None
    group: str
    people: int
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` up to `until`, which is the day after the last."""

    first: date
    until: date


@dataclass(frozen=True, slots=True)
class Cell:
    """One published cell; `people` None: hidden, and nobody can tell more than that."""

    area_code: str
    group: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Release:
    """One subject, city and period as it was published, once and for good."""

    release_id: int
    subject: str
    city_id: int
    period_from: date
    period_until: date
    smallest_told: int
    sensitivity: str
    simulated: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Sum:
    """What published cells add up to. `people` None: one of them is hidden.

    at_least : the told ones, which everybody may add up by themselves
    """

    people: int | None
    at_least: int


def add_up(cells: Iterable[Cell]) -> Sum:
    """Add published cells that do not overlap: nothing but what is told already comes of it."""
    at_least, hidden = 0, False
    for cell in cells:
        if cell.people is None:
            hidden = True
        else:
            at_least += cell.people
    return Sum(None if hidden else at_least, at_least)
