"""All rooms together: checked once when they are gathered, then read by everybody."""

import importlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from string import Formatter
from types import MappingProxyType
from typing import Any

from gis.access import ROLE_NAME, Permission
from gis.disclosure.model import ALL, NO_AREA, PublishedCount
from gis.jobs.model import JobKinds, Timer
from gis.rooms.current import make_current
from gis.rooms.errors import HouseRefusedError
from gis.rooms.exports import ExportKind
from gis.rooms.layer_checks import layer_problems, layer_words
from gis.rooms.layers import Computed, Layer, Sql
from gis.rooms.model import Consumer, Event, Page, Report, Right, Role, Room, Subject
from gis.rooms.personal import PersonalField, PersonalSubject
from gis.words import LANGUAGES, Words

_EVENT_TYPE = re.compile(r"[a-z_]+\.[a-z_]+")
_PERMISSION = re.compile(r"[a-z][a-z_]*")
_PAGE_PATH = re.compile(r"/([a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)*)?")
_NOT_PAGES = ("/v1", "/static", "/docs", "/healthz")


@dataclass(frozen=True, slots=True)
class House:
    """What the rooms declare, by name. Made by `gather`, never by hand."""

    rooms: tuple[Room, ...]
    permissions: Mapping[Permission, Right]
    roles: Mapping[str, Role]
    subjects: Mapping[str, Subject]
    events: Mapping[str, Event]
    jobs: JobKinds
    timers: tuple[Timer, ...]
    consumers: tuple[Consumer, ...]
    layers: Mapping[str, Layer]
    published: Mapping[str, PublishedCount]
    reports: Mapping[str, Report]
    pages: Mapping[str, Page]
    personal_fields: Mapping[str, PersonalField]
    personal_subjects: Mapping[str, PersonalSubject]
    export_kinds: Mapping[str, ExportKind]

    @property
    def holdings(self) -> Mapping[str, frozenset[Permission]]:
        """Return what each role holds to begin with."""
        return {
            role.name: frozenset(role.holds)
            | {right.permission for right in self.permissions.values()
               if role.name in right.held_by}
            for role in self.roles.values()
        }  # fmt: skip

    def pages_for(self, held: Collection[Permission] | None) -> tuple[Page, ...]:
        """Return the pages that one may use who holds `held`, in their order.

        held : None where nobody is logged in
        """
        return tuple(
            page
            for page in sorted(self.pages.values(), key=lambda page: (page.order or 0, page.path))
            if page.permission is None
            or (held is not None and (not page.permission or set(held) & set(page.permission)))
        )

    def landing_for(self, roles: Collection[str], held: Collection[Permission]) -> str:
        """Return where somebody begins: the first page for one of the roles, else the first."""
        for page in self.pages_for(held):
            if not set(page.landing_for).isdisjoint(roles):
                return page.path
        return "/"

    def permission_to_see(self, event_type: str, subject_kind: str) -> Permission | None:
        """Return what a reader of the stream must hold for an event; None: nobody gets it."""
        event = self.events.get(event_type)
        if event is None or event.subject != subject_kind:
            return None
        return event.permission or self.subjects[event.subject].permission


def gather(rooms: Iterable[Room]) -> House:
    """Return the house that `rooms` make.

    Raises
    ------
    HouseRefusedError
        They do not fit together; it lists every problem.
    """
    gathered = tuple(rooms)
    rights = [right for room in gathered for right in room.permissions]
    roles = [role for room in gathered for role in room.roles]
    events = [event for room in gathered for event in room.events]
    subjects = [subject for room in gathered for subject in room.subjects]
    layers = [layer for room in gathered for layer in room.layers]
    published = [one for room in gathered for one in room.published]
    reports = [report for room in gathered for report in room.reports]
    pages = [page for room in gathered for page in room.pages]
    personal = [field for room in gathered for field in room.personal_fields]
    persons = [subject for room in gathered for subject in room.personal_subjects]
    exports = [kind for room in gathered for kind in room.export_kinds]
    house = House(
        rooms=gathered,
        permissions=MappingProxyType({right.permission: right for right in rights}),
        roles=MappingProxyType({role.name: role for role in roles}),
        events=MappingProxyType({event.type: event for event in events}),
        layers=MappingProxyType({layer.name: layer for layer in layers}),
        published=MappingProxyType({one.name: one for one in published}),
        reports=MappingProxyType({report.name: report for report in reports}),
        pages=MappingProxyType({page.path: page for page in pages}),
        personal_fields=MappingProxyType({field.name: field for field in personal}),
        personal_subjects=MappingProxyType({subject.kind: subject for subject in persons}),
        export_kinds=MappingProxyType({kind.name: kind for kind in exports}),
        consumers=tuple(consumer for room in gathered for consumer in room.consumers),
        subjects=MappingProxyType({subject.kind: subject for subject in subjects}),
        jobs=JobKinds([job for room in gathered for job in room.jobs]),
        timers=tuple(timer for room in gathered for timer in room.timers),
    )
    problems = [
        *_twice("room", [room.name for room in gathered]),
        *_twice("permission", [right.permission for right in rights]),
        *_twice("role", [role.name for role in roles]),
        *(problem for right in rights for problem in _right_problems(right, house)),
        *(problem for role in roles for problem in _role_problems(role, house)),
        *(
            problem
            for subject in subjects
            for problem in _unknown(f"The subject {subject.kind}", [subject.permission], house)
        ),
        *_twice("event", [event.type for event in events]),
        *_twice("subject", [subject.kind for subject in subjects]),
        *_twice("job", [job.name for room in gathered for job in room.jobs]),
        *(problem for event in events for problem in _event_problems(event, house)),
        *_twice("layer", [layer.name for layer in layers]),
        *(problem for layer in layers for problem in _layer_problems(layer, house)),
        *_twice("published count", [one.name for one in published]),
        *(problem for one in published for problem in _published_problems(one, house)),
        *_twice("report", [report.name for report in reports]),
        *(problem for report in reports for problem in _report_problems(report, house)),
        *_twice("page", [page.path for page in pages]),
        *(problem for page in pages for problem in _page_problems(page, house)),
        *_twice("personal field", [field.name for field in personal]),
        *(problem for field in personal for problem in _personal_problems(field)),
        *_twice("export", [kind.name for kind in exports]),
        *(problem for kind in exports for problem in _export_problems(kind, house)),
        *_twice("personal subject", [subject.kind for subject in persons]),
        *(
            problem
            for subject in persons
            for problem in _word_problems(f"The personal subject {subject.kind}", subject.words)
        ),
        *_twice("consumer", [consumer.name for consumer in house.consumers]),
        *(
            f"The consumer {consumer.name} asks for the unknown event {type_}."
            for consumer in house.consumers
            for type_ in consumer.events
            if type_ not in house.events
        ),
        *(
            problem
            for job in house.jobs
            for problem in _word_problems(f"The job {job.name}", job.label)
        ),
        *(
            f"A timer begins the job {timer.job.name}, which no room declares."
            for timer in house.timers
            if house.jobs.get(timer.job.name) is not timer.job
        ),
    ]
    if problems:
        raise HouseRefusedError(problems)
    return house


def open_house(rooms: Iterable[Room]) -> House:
    """Gather the rooms of this process; a process has one house for its whole life."""
    house = gather(rooms)
    make_current(house)
    return house


def check_references(house: House) -> None:
    """Import every function that a manifest names, and look for the SQL of layers.

    Raises
    ------
    HouseRefusedError
        One of them is not there.
    """
    problems = [
        f"{owner} names {reference}, which is not there."
        for owner, reference in _references(house)
        if not _is_there(reference)
    ]
    problems += [
        f"The layer {layer.name} names {sql}, which is not there."
        for layer in house.layers.values()
        if isinstance(layer.source, Sql)
        for sql in layer.source.statements
        if not _is_file(sql)
    ]
    problems += [
        f"The page {page.path} names {file}, which is not there."
        for page in house.pages.values()
        for file in _files_of(page)
        if not _is_file(f"maps:web/{file}")
    ]
    if problems:
        raise HouseRefusedError(problems)


def _files_of(page: Page) -> Iterator[str]:
    yield f"static/js/{page.script}"
    yield from (f"static/css/{name}" for name in page.styles)
    if page.markup is not None:
        yield page.markup


def resolve(reference: str) -> Callable[..., Any]:
    """Return the function that `module:function` names.

    Raises
    ------
    ImportError, AttributeError
    """
    module, _, name = reference.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _references(house: House) -> Iterator[tuple[str, str]]:
    for subject in house.subjects.values():
        if subject.views is not None:
            yield f"The subject {subject.kind}", subject.views
    for one in house.published.values():
        yield f"The published count {one.name}", one.counts
    for job in house.jobs:
        if job.run is not None:
            yield f"The job {job.name}", job.run
    for layer in house.layers.values():
        for reference in _layer_references(layer):
            yield f"The layer {layer.name}", reference
    for report in house.reports.values():
        yield f"The report {report.name}", report.build
        if report.of_one is not None:
            yield f"The report {report.name}", report.of_one
    for consumer in house.consumers:
        yield f"The consumer {consumer.name}", consumer.handle
    yield from _personal_references(house)


def _personal_references(house: House) -> Iterator[tuple[str, str]]:
    for kind in house.export_kinds.values():
        yield f"The export {kind.name}", kind.build
    for field in house.personal_fields.values():
        if field.carry_out is not None:
            yield f"The personal field {field.name}", field.carry_out
    for person in house.personal_subjects.values():
        for reference in (
            person.find, person.forget, person.held_with, person.by_number, person.by_name,
            person.read, person.correct,
        ):  # fmt: skip
            if reference is not None:
                yield f"The personal subject {person.kind}", reference


def _layer_references(layer: Layer) -> Iterator[str]:
    yield layer.as_of
    if layer.draw is not None:
        yield layer.draw
    match layer.source:
        case Computed(features=features):
            yield features
        case Sql(parameters=str(parameters)):
            yield parameters


def _is_there(reference: str) -> bool:
    try:
        return callable(resolve(reference))
    except (ImportError, AttributeError, ValueError):
        return False


def _is_file(reference: str) -> bool:
    package, _, name = reference.partition(":")
    return bool(find_spec(package)) and files(package).joinpath(name).is_file()


def _right_problems(right: Right, house: House) -> Iterator[str]:
    owner = f"The permission {right.permission}"
    if not _PERMISSION.fullmatch(right.permission):
        yield f"{owner} is not named in small letters and underscores."
    for role in right.held_by:
        if role not in house.roles:
            yield f"{owner} is held by the unknown role {role}."
    yield from _word_problems(owner, right.words)


def _role_problems(role: Role, house: House) -> Iterator[str]:
    owner = f"The role {role.name}"
    if not ROLE_NAME.fullmatch(role.name):
        yield f"{owner} is not named in small letters, digits and underscores."
    yield from _unknown(owner, role.holds, house)
    yield from _word_problems(owner, role.words)


def _unknown(owner: str, permissions: Iterable[Permission], house: House) -> Iterator[str]:
    for permission in permissions:
        if permission not in house.permissions:
            yield f"{owner} names the unknown permission {permission}."


def _layer_problems(layer: Layer, house: House) -> Iterator[str]:
    owner = f"The layer {layer.name}"
    if layer.permission is not None:
        yield from _unknown(owner, [layer.permission], house)
    published = house.published.get(layer.published or "")
    if layer.published is not None and published is None:
        yield f"{owner} shows the unknown published count {layer.published}."
    if published is not None and published.permission != layer.permission:
        yield f"{owner} asks for another permission than the published count it shows."
    yield from layer_problems(layer)
    for words in layer_words(layer):
        yield from _word_problems(owner, words)


def _published_problems(subject: PublishedCount, house: House) -> Iterator[str]:
    owner = f"The published count {subject.name}"
    yield from _unknown(owner, [subject.permission], house)
    for words in (subject.words, subject.description, *(one.words for one in subject.groups)):
        yield from _word_problems(owner, words)
    codes = [group.code for group in subject.groups]
    if not codes or ALL in codes or NO_AREA in codes:
        yield f"{owner} has no groups, or one whose code means all."
    yield from _twice(f"group of {subject.name}", codes)
    if subject.delay_days < 0:
        yield f"{owner} is released before its period has ended."


def _report_problems(report: Report, house: House) -> Iterator[str]:
    owner = f"The report {report.name}"
    if not _PERMISSION.fullmatch(report.name):
        yield f"{owner} is not named in small letters and underscores."
    yield from _unknown(owner, [report.permission], house)
    for words in (report.words, report.says):
        yield from _word_problems(owner, words)


def _page_problems(page: Page, house: House) -> Iterator[str]:
    owner = f"The page {page.path}"
    if not _PAGE_PATH.fullmatch(page.path) or page.path.startswith(_NOT_PAGES):
        yield f"{owner} has no address of small letters, digits and hyphens that is free."
    yield from _unknown(owner, page.permission or (), house)
    for role in page.landing_for:
        if role not in house.roles:
            yield f"{owner} is the landing of the unknown role {role}."
        elif page.permission and house.holdings[role].isdisjoint(page.permission):
            yield f"{owner} is the landing of the role {role}, which may not use it."
    for words in (page.words, page.says):
        yield from _word_problems(owner, words)


def _export_problems(kind: ExportKind, house: House) -> Iterator[str]:
    owner = f"The export {kind.name}"
    yield from _unknown(owner, [kind.permission], house)
    if not kind.fields:
        yield f"{owner} names no field."
    for words in (kind.words, kind.about):
        if words is not None:
            yield from _word_problems(owner, words)


def _personal_problems(field: PersonalField) -> Iterator[str]:
    owner = f"The personal field {field.name}"
    ruled = (field.keep_days is not None, field.since is not None, field.carry_out is not None)
    if len(set(ruled)) > 1:
        yield f"{owner} has a part of a rule: a period, since when, and what carries it out."
    if field.otherwise is None and not any(ruled):
        yield f"{owner} says neither how long it is kept nor why it stays."
    if not field.columns:
        yield f"{owner} names no column."
    given = (field.what, field.purpose, field.readers, field.since, field.otherwise)
    for words in given:
        if words is not None:
            yield from _word_problems(owner, words)


def _event_problems(event: Event, house: House) -> Iterator[str]:
    if not _EVENT_TYPE.fullmatch(event.type):
        yield f"The event {event.type!r} is not named like 'about.what_happened'."
    if event.subject not in house.subjects:
        yield f"The event {event.type} has the unknown subject {event.subject!r}."
    if event.permission is not None:
        yield from _unknown(f"The event {event.type}", [event.permission], house)
    yield from _word_problems(f"The event {event.type}", event.words)


def _word_problems(owner: str, words: Words) -> Iterator[str]:
    missing = [language for language in LANGUAGES if not words.in_language(language)]
    if missing:
        yield f"{owner} has no words in {' and '.join(missing)}."
    fields = {_fields(words.in_language(language)) for language in LANGUAGES}
    if len(fields) > 1:
        yield f"{owner} names other fields in one language than in another."


def _fields(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _twice(what: str, names: Sequence[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"The {what} {name} is declared {count} times."
