"""The types of a room's manifest. Data only: to read a manifest loads none of the room's code.

Functions are named `module:function` and imported when they are first needed;
`gis.rooms.house.check_references` imports all of them at the start of a server.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gis.access import Permission
from gis.disclosure.model import PublishedCount
from gis.jobs.model import Job, Timer
from gis.rooms.exports import ExportKind
from gis.rooms.layers import Layer
from gis.rooms.personal import PersonalField, PersonalSubject
from gis.words import Words


@dataclass(frozen=True, slots=True)
class View:
    """The current state of a row as a GET would answer it, with the area that guards it."""

    area_code: str | None
    content: object


@dataclass(frozen=True, slots=True)
class Event:
    """One type of event.

    type : `about.what_happened`, stable: it stands in the log
    subject : the kind of subject whose chain it continues
    says : one sentence for the reference
    words : how a story tells it; names in braces are fields of the payload
    permission : who gets it live, where that is not whoever may see its subject
    """

    type: str
    subject: str
    says: str
    words: Words
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing that events are about.

    permission : what a reader of the stream must hold, in the event's area
    views : `module:function(uow, ids) -> Mapping[id, View]`: the rows as they are now, which go
        along with the events; None where the events alone say it
    """

    kind: str
    permission: Permission
    views: str | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """A permission that a room declares.

    words : what it allows
    held_by : roles that have it to begin with, besides those that name it themselves
    break_glass : may be had for a short time with a reason, reviewed afterwards
    """

    permission: Permission
    words: Words
    held_by: tuple[str, ...] = ()
    break_glass: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What people work as, and the permissions it begins with."""

    name: str
    words: Words
    holds: tuple[Permission, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsumedEvent:
    """One event with its place in the stream, as a consumer gets it."""

    position: int
    event_id: UUID
    type: str
    subject_kind: str
    subject_id: str
    subject_version: int
    occurred_at: datetime
    actor: str
    payload: Mapping[str, Any]
    city_id: int | None
    area_code: str | None


@dataclass(frozen=True, slots=True)
class Consumer:
    """A room's answer to events of other rooms.

    name : `room.what_it_does`, stable: its place in the stream is kept under it
    events : types, each event once and in stream order; a new consumer begins with the oldest
    handle : `module:function(uow: WritingUnitOfWork, event: ConsumedEvent) -> None`; it writes
        and emits by the unit of work only, which commits its effect together with the place
    """

    name: str
    events: tuple[str, ...]
    handle: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report that a room can write on a city.

    name : in small letters, in file names and addresses
    permission : who may have it made and read it
    build : `module:function(uow: UnitOfWork, city_id: int) -> gis.documents.Document`, of every
        language at once; one reading, so it says nothing twice differently
    of_periods : it is of a week or month, and `build` takes a `gis.report_periods.ReportPeriod`
        besides; None: the newest whole week
    of_one : it is of one thing, such as a study, and `build` takes its number besides;
        `module:function(uow: UnitOfWork, city_id: int, number: int) -> None` refuses one whose
        report its asker may not have, or that all who read such reports may not see
    counts_by : rights by which it is read besides, as it tells counts and nothing of one person
    order : its place where kinds are chosen, the smallest first
    """

    name: str
    words: Words
    says: Words
    permission: Permission
    build: str
    of_periods: bool = False
    of_one: str | None = None
    counts_by: tuple[Permission, ...] = ()
    order: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """One web page. Its file holds nothing secret: what it shows it asks for by HTTP.

    path : its address, such as `/layers`
    words : its title, as navigation shows it
    script : its first module, a path below `maps/web/static/js`
    says : one sentence for those who have not seen it
    permission : who may use it: any one of these; (): whoever is logged in; None: everybody
    order : its place in navigation, the smallest first; None: it is not in navigation
    landing_for : roles that begin there after their login
    styles : its own style sheets, below `maps/web/static/css`
    markup : a file below `maps/web` in the place of the common shell
    spoken : its words stand in the HTML itself, and its styles: it is read before any script runs
    """

    path: str
    words: Words
    script: str
    says: Words
    permission: tuple[Permission, ...] | None = ()
    order: int | None = 100
    landing_for: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    markup: str | None = None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """All that a room tells the rest of the house."""

    name: str
    permissions: tuple[Right, ...] = ()
    roles: tuple[Role, ...] = ()
    subjects: tuple[Subject, ...] = ()
    events: tuple[Event, ...] = ()
    jobs: tuple[Job, ...] = ()
    timers: tuple[Timer, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    layers: tuple[Layer, ...] = ()
    published: tuple[PublishedCount, ...] = ()
    reports: tuple[Report, ...] = ()
    pages: tuple[Page, ...] = ()
    personal_fields: tuple[PersonalField, ...] = ()
    personal_subjects: tuple[PersonalSubject, ...] = ()
    export_kinds: tuple[ExportKind, ...] = ()
