"""Counts of people as they are published: which releases there are, and their cells."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Query

from api.http.answers import Answer
from api.http.permissions import Reader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, Code, PathId
from gis.disclosure import service
from gis.disclosure.model import CountedGroup, PublishedCount, Release
from gis.words import Words

router = DoorRouter(Work.ORDINARY)


@dataclass(frozen=True, slots=True)
class PublishedCountView:
    """A subject whose counts are published; `smallest_told`: 1 up to one less is hidden."""

    subject: str
    words: Words
    description: Words
    sensitivity: str
    smallest_told: int
    area_level: str
    rhythm: str
    delay_days: int
    groups: tuple[CountedGroup, ...]


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """One period as it was published."""

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
class ReleasesView:
    """What the viewer may read, newest period first."""

    subjects: tuple[PublishedCountView, ...]
    releases: tuple[ReleaseView, ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell; `people` null: hidden. Area `*` = whole city, empty = place not known."""

    area_code: str
    group: str
    people: int | None


@dataclass(frozen=True, slots=True)
class ReleaseCellsView:
    """A release with every cell of it."""

    release: ReleaseView
    cells: tuple[CellView, ...]


@router.get("/v1/releases", summary="Published counts of people of a city")
def get_releases(
    uow: Reader,
    city_id: Annotated[int, Query(ge=1, le=MAX_ID)],
    subject: Code | None = None,
) -> Answer[ReleasesView]:
    """Return which counts are published and the newest releases."""
    found = service.list_releases(uow, city_id, subject=subject)
    return Answer(
        ReleasesView(
            tuple(_subject(one) for one in found.subjects),
            tuple(_release(one) for one in found.releases),
        )
    )


@router.get("/v1/releases/{release_id}", summary="The cells of one release")
def get_release(uow: Reader, release_id: PathId) -> Answer[ReleaseCellsView]:
    """Return every cell by area and group; hidden ones have no number."""
    found = service.read_release(uow, release_id)
    cells = (CellView(cell.area_code, cell.group, cell.people) for cell in found.cells)
    return Answer(ReleaseCellsView(_release(found.release), tuple(cells)))


def _subject(one: PublishedCount) -> PublishedCountView:
    return PublishedCountView(
        subject=one.name, words=one.words, description=one.description,
        sensitivity=one.sensitivity.value, smallest_told=one.k, area_level=one.area_level,
        rhythm=one.rhythm.value, delay_days=one.delay_days, groups=one.groups,
    )  # fmt: skip


def _release(one: Release) -> ReleaseView:
    return ReleaseView(
        release_id=one.release_id, subject=one.subject, city_id=one.city_id,
        period_from=one.period_from, period_until=one.period_until,
        smallest_told=one.smallest_told, sensitivity=one.sensitivity, simulated=one.simulated,
        made_at=one.made_at,
    )  # fmt: skip
