"""What is shown of retention: the register, periods, nights, holds, erasures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.words import Words


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A period that was set here, by whom and why."""

    days: int
    reason: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class RunView:
    """What one night erased by a rule; `ended_at` null: broken off, the next night goes on."""

    began_at: datetime
    ended_at: datetime | None
    days: int
    before_at: datetime
    erased: int
    holds: int


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One personal field: what, why, how long, who reads it, what the nights did.

    `days` null: no rule of the night; `otherwise` then says how it ends or why it stays.
    """

    name: str
    what: Words
    table: str
    columns: tuple[str, ...]
    purpose: Words
    legal_basis: str
    readers: Words
    days: int | None
    default_days: int | None
    since: Words | None
    otherwise: Words | None
    erased: int
    periods: tuple[PeriodView, ...]
    last_run: RunView | None


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A kind of thing that can be held and erased."""

    kind: str
    words: Words


@dataclass(frozen=True, slots=True)
class Register:
    """The register of personal fields, how many holds are in force, what can be held."""

    fields: tuple[RegisterEntry, ...]
    holds: int
    subjects: tuple[SubjectView, ...]


@dataclass(frozen=True, slots=True)
class HoldView:
    """A legal hold. In force until it is lifted or `ends_at` has passed."""

    hold_id: UUID
    subject_kind: str
    subject_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    ends_at: datetime | None
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str | None


@dataclass(frozen=True, slots=True)
class HoldList:
    """Holds, newest first."""

    holds: tuple[HoldView, ...]


@dataclass(frozen=True, slots=True)
class ErasureView:
    """One erasure on demand; the subject's id means nothing to who does not know it already."""

    erasure_id: UUID
    subject_kind: str
    subject_id: str
    erased: int
    reason: str
    erased_by: str
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class ErasureList:
    """Erasures, newest first."""

    erasures: tuple[ErasureView, ...]


@dataclass(frozen=True, slots=True)
class KeptView:
    """One personal value that is kept now and can be corrected."""

    subject_kind: str
    subject_id: str
    subject: Words
    field: str
    what: Words
    value: str


@dataclass(frozen=True, slots=True)
class KeptList:
    """What is kept of whoever was asked for."""

    kept: tuple[KeptView, ...]


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """One correction: of what, who asked for it, why; never the value.

    `struck`: the value that stood there before was erased at once.
    """

    correction_id: UUID
    subject_kind: str
    subject_id: str
    field: str
    what: Words
    asked_by: str
    reason: str
    struck: bool
    corrected_by: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """One correction as it is stored, and as the list beside the backups has it."""

    correction_id: UUID
    subject_kind: str
    subject_id: str
    field: str
    asked_by: str
    reason: str
    struck: bool
    corrected_by: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionList:
    """Corrections, newest first."""

    corrections: tuple[CorrectionView, ...]
