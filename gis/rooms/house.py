"""All rooms together: checked once when they are gathered, then read by everybody."""

import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any

from gis.access import Permission
from gis.rooms.errors import HouseNotOpenError, HouseRefusedError
from gis.rooms.model import LANGUAGES, Event, Room, Subject, Words

_EVENT_TYPE = re.compile(r"[a-z_]+\.[a-z_]+")
_opened: list["House"] = []


@dataclass(frozen=True, slots=True)
class House:
    """What the rooms declare, by name. Made by `gather`, never by hand."""

    rooms: tuple[Room, ...]
    events: Mapping[str, Event]
    subjects: Mapping[str, Subject]

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
    events = [event for room in gathered for event in room.events]
    subjects = [subject for room in gathered for subject in room.subjects]
    house = House(
        rooms=gathered,
        events=MappingProxyType({event.type: event for event in events}),
        subjects=MappingProxyType({subject.kind: subject for subject in subjects}),
    )
    problems = [
        *_twice("room", [room.name for room in gathered]),
        *_twice("event", [event.type for event in events]),
        *_twice("subject", [subject.kind for subject in subjects]),
        *(problem for event in events for problem in _event_problems(event, house)),
    ]
    if problems:
        raise HouseRefusedError(problems)
    return house


def open_house(rooms: Iterable[Room]) -> House:
    """Gather the rooms of this process; a process has one house for its whole life."""
    house = gather(rooms)
    _opened[:] = [house]
    return house


def current_house() -> House:
    """Return the house of this process.

    Raises
    ------
    HouseNotOpenError
    """
    if not _opened:
        raise HouseNotOpenError
    return _opened[0]


def check_references(house: House) -> None:
    """Import every function that a manifest names.

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
    if problems:
        raise HouseRefusedError(problems)


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


def _is_there(reference: str) -> bool:
    try:
        return callable(resolve(reference))
    except (ImportError, AttributeError, ValueError):
        return False


def _event_problems(event: Event, house: House) -> Iterator[str]:
    if not _EVENT_TYPE.fullmatch(event.type):
        yield f"The event {event.type!r} is not named like 'about.what_happened'."
    if event.subject not in house.subjects:
        yield f"The event {event.type} has the unknown subject {event.subject!r}."
    yield from _word_problems(f"The event {event.type}", event.words)


def _word_problems(owner: str, words: Words) -> Iterator[str]:
    missing = [language for language in LANGUAGES if not words.get(language)]
    if missing:
        yield f"{owner} has no words in {' and '.join(missing)}."
    fields = {language: _fields(text) for language, text in words.items()}
    if len(set(fields.values())) > 1:
        yield f"{owner} names other fields in one language than in another."


def _fields(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _twice(what: str, names: Sequence[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"The {what} {name} is declared {count} times."
