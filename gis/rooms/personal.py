"""What a room keeps about persons: why, on what basis, how long, and how it ends."""

from dataclasses import dataclass
from enum import StrEnum

from gis.words import Words


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One entry of the register of personal fields.

    name : stable: the periods an installation sets and the counts of each night are kept under it
    what : what of whom
    table, columns : where it stands
    legal_basis : articles, GDPR first, then PIPL
    readers : who gets to see it
    keep_days : how long by itself, counted `since`; an installation may set another period
    carry_out : `module:function(uow: WritingUnitOfWork, before: datetime, limit: int) -> int`; it
        erases at most `limit` rows older than `before`, leaves out what is held, and returns how
        many; with it go `keep_days` and `since`
    otherwise : where no rule of the night does it: how it ends, or why it stays
    """

    name: str
    what: Words
    table: str
    columns: tuple[str, ...]
    purpose: Words
    legal_basis: str
    readers: Words
    keep_days: int | None = None
    since: Words | None = None
    carry_out: str | None = None
    otherwise: Words | None = None


@dataclass(frozen=True, slots=True)
class Correctable:
    """A personal value that the person concerned may have corrected."""

    field: str
    words: Words


@dataclass(frozen=True, slots=True)
class PersonalSubject:
    """A kind of thing whose personal values can be erased or corrected on demand, and held.

    find : `module:function(uow: UnitOfWork, given: str) -> str`, the id of what a person names by
        number or id; it raises a `NotFoundError`
    forget : `module:function(uow: WritingUnitOfWork, subject_id: str) -> int`, which erases and
        returns how many values
    held_with : `module:function(uow: UnitOfWork, subject_id: str) -> tuple[tuple[str, str], ...]`,
        the kinds and ids of other subjects whose hold keeps this one as well
    by_number, by_name : `module:function(uow: UnitOfWork, given: str) -> Sequence[str]`, the ids
        of those that a caller's number, or a person's name as it was given, leads to
    correctable : what of it can be corrected
    read : `module:function(uow: WritingUnitOfWork, subject_id: str, reason: str) ->
        Mapping[str, str]`, the correctable values that are kept now; the read is put on record
    correct : `module:function(uow: WritingUnitOfWork, subject_id: str, asked: CorrectionAsked)
        -> None`, which puts the value in the place of the one kept now and emits an event
    """

    kind: str
    words: Words
    find: str
    forget: str
    held_with: str | None = None
    by_number: str | None = None
    by_name: str | None = None
    correctable: tuple[Correctable, ...] = ()
    read: str | None = None
    correct: str | None = None


class AskedBy(StrEnum):
    """Who asked for a correction."""

    PERSON = "person"
    REPRESENTATIVE = "representative"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class CorrectionAsked:
    """A value to be put right.

    strike : the value that stood there is erased; else it is kept as an earlier version, until
        its period is over
    """

    field: str
    value: str
    asked_by: AskedBy
    strike: bool
