"""What is shown of exports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from gis.words import Words

ExportState = Literal["ready", "waiting", "refused", "expired"]


@dataclass(frozen=True, slots=True)
class ExportKindView:
    """An export that the viewer may ask for; `about` says what to name."""

    name: str
    words: Words
    fields: tuple[str, ...]
    persons: bool
    about: Words | None


@dataclass(frozen=True, slots=True)
class ExportKinds:
    """Every export that the viewer may ask for."""

    kinds: tuple[ExportKindView, ...]
    limit_rows: int


@dataclass(frozen=True, slots=True)
class ExportView:
    """One export on record; `sha256` in hex, `fetches` how often the file was fetched.

    areas : codes of the areas that its rows may be of; empty text: everywhere
    """

    export_id: UUID
    kind: str
    format: str
    persons: bool
    fields: tuple[str, ...]
    areas: tuple[str, ...]
    purpose: str
    recipient: str
    legal_basis: str
    rows: int
    size_bytes: int
    sha256: str
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    state: ExportState
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None
    fetches: int


@dataclass(frozen=True, slots=True)
class ExportList:
    """Exports, newest first."""

    exports: tuple[ExportView, ...]
