"""Use cases of exports: asked for with purpose and recipient, decided by another, fetched, expired.

The file is made when it is asked for, so that whoever approves approves these very rows.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from gis.access import Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.exports import repository
from gis.exports.errors import (
    ExportBeyondError,
    ExportDecidedError,
    ExportExpiredError,
    ExportKindUnknownError,
    ExportRefusedError,
    ExportsTooManyError,
    ExportTooLargeError,
    ExportUnknownError,
    ExportWaitsError,
    OwnExportError,
)
from gis.exports.files import Format, file_of
from gis.exports.views import ExportKinds, ExportKindView, ExportList, ExportState, ExportView
from gis.permissions import AUDIT_REVIEW, EXPORT_REVIEW
from gis.retention.service import checked_reason
from gis.rooms.exports import ExportKind
from gis.rooms.house import resolve
from gis.rows import AnyRow, view_of

LIMIT_ROWS = 50_000
LIMIT_PER_DAY = 20
"""Files that one person may ask for in 24 hours."""
_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for: for what, for whom, on which basis, how long the file stays."""

    kind: str
    form: Format
    purpose: str
    recipient: str
    legal_basis: str
    days: int
    about: str | None = None


def list_kinds(uow: UnitOfWork) -> ExportKinds:
    """Return the exports that the viewer may ask for."""
    return ExportKinds(
        tuple(
            ExportKindView(kind.name, kind.words, kind.fields, kind.persons, kind.about)
            for kind in _kinds(uow).values()
        ),
        LIMIT_ROWS,
    )


def ask(uow: WritingUnitOfWork, request: Request) -> ExportView:
    """Make a file and put it on record.

    Raises
    ------
    ExportKindUnknownError, ExportTooLargeError, ReasonMissingError
    ExportsTooManyError
        The asker has asked for `LIMIT_PER_DAY` files within 24 hours.
    """
    kinds = _kinds(uow)
    kind = kinds.get(request.kind)
    if kind is None or (kind.about is None) != (request.about is None):
        raise ExportKindUnknownError(request.kind, kinds)
    now, export_id = uow.clock.now(), uow.ids.new()
    asked = repository.count_asked(uow.session, uow.identity.label, since=now - timedelta(days=1))
    if asked >= LIMIT_PER_DAY:
        raise ExportsTooManyError(LIMIT_PER_DAY)
    rows = list(resolve(kind.build)(uow, request.about, LIMIT_ROWS + 1))
    if len(rows) > LIMIT_ROWS:
        raise ExportTooLargeError(LIMIT_ROWS)
    expires_at = now + timedelta(days=request.days)
    purpose = checked_reason(request.purpose)
    mark = {
        "export_id": str(export_id), "by": uow.identity.username, "at": now.isoformat(),
        "for": request.recipient, "purpose": purpose, "delete_by": expires_at.isoformat(),
    }  # fmt: skip
    content = file_of(rows, kind.fields, mark=mark, form=request.form)
    repository.insert_export(
        uow.session,
        {
            "export_id": export_id, "kind": kind.name, "format": request.form,
            "persons": kind.persons, "fields": list(kind.fields), "purpose": purpose,
            "areas": sorted(set(uow.identity.jurisdictions(kind.permission))),
            "recipient": request.recipient, "legal_basis": request.legal_basis,
            "rows": len(rows), "size_bytes": len(content),
            "sha256": hashlib.sha256(content).digest(), "requested_by": uow.identity.label,
            "requested_at": now, "expires_at": expires_at,
        },
        content,
    )  # fmt: skip
    _emit(uow, export_id, "export.requested", kind=kind.name, rows=len(rows))
    return _show(uow, export_id)


def decide(
    uow: WritingUnitOfWork, export_id: UUID, *, decision: Literal["approved", "refused"], note: str
) -> ExportView:
    """Let the asker have a file about persons, or refuse it; a refused one is deleted.

    Who lets the asker have it may decide in all areas that its rows may be of.

    Raises
    ------
    ExportUnknownError, OwnExportError, ExportDecidedError, ExportExpiredError, ExportBeyondError
    """
    view = _show(uow, export_id)
    if view.requested_by == uow.identity.label:
        raise OwnExportError
    if decision == "approved" and not _reaches(uow, EXPORT_REVIEW, view):
        raise ExportBeyondError
    if view.state == "expired":
        raise ExportExpiredError(view.expires_at)
    decided = repository.decide(
        uow.session, export_id,
        {"decision": decision, "decided_by": uow.identity.label, "decided_at": uow.clock.now(),
         "decision_note": note},
    )  # fmt: skip
    if not decided:
        raise ExportDecidedError
    repository.drop_files(uow.session, uow.clock.now())
    _emit(uow, export_id, "export.decided", decision=decision)
    return _show(uow, export_id)


def fetch(uow: WritingUnitOfWork, export_id: UUID) -> tuple[ExportView, bytes]:
    """Return the file to whoever asked for it and still may ask for it; that is written down.

    Raises
    ------
    ExportUnknownError, ExportWaitsError, ExportRefusedError, ExportExpiredError
    """
    view = _show(uow, export_id)
    kind = _kinds(uow).get(view.kind)
    if view.requested_by != uow.identity.label or kind is None:
        raise ExportUnknownError(export_id)
    if not _reaches(uow, kind.permission, view):
        raise ExportUnknownError(export_id)
    match view.state:
        case "expired":
            raise ExportExpiredError(view.expires_at)
        case "refused":
            raise ExportRefusedError
        case "waiting":
            raise ExportWaitsError
    content = repository.find_content(uow.session, export_id)
    if content is None:
        raise ExportUnknownError(export_id)
    repository.insert_fetch(
        uow.session,
        {"export_id": export_id, "fetched_by": uow.identity.label,
         "fetched_at": uow.clock.now()},
    )  # fmt: skip
    return view, content


def list_exports(uow: UnitOfWork) -> ExportList:
    """Return exports, newest first: the viewer's own, and those that he or she may decide."""
    rows = repository.list_exports(
        uow.session, requested_by=uow.identity.label,
        reach=uow.identity.jurisdictions(EXPORT_REVIEW), limit=_LISTED,
    )  # fmt: skip
    return ExportList(tuple(_view(row, uow.clock.now()) for row in rows))


def files_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:  # noqa: ARG001
    """Delete the files that have expired by now, whatever the period; they are few."""
    return repository.drop_files(uow.session, uow.clock.now())


def read_accesses(
    uow: UnitOfWork, about: str | None, limit: int  # noqa: ARG001
) -> list[tuple[object, ...]]:  # fmt: skip
    """Return reads of personal values in the viewer's areas as rows of an export."""
    reach = uow.identity.jurisdictions(AUDIT_REVIEW)
    return [tuple(row) for row in repository.personal_accesses(uow.session, limit, reach=reach)]


def _kinds(uow: UnitOfWork) -> dict[str, ExportKind]:
    return {
        name: kind
        for name, kind in uow.house.export_kinds.items()
        if uow.identity.holds_any([kind.permission])
    }


def _reaches(uow: UnitOfWork, permission: Permission, view: ExportView) -> bool:
    return all(uow.identity.allows(permission, area) for area in view.areas)


def _show(uow: UnitOfWork, export_id: UUID) -> ExportView:
    rows = repository.list_exports(uow.session, export_id=export_id, limit=1)
    if not rows:
        raise ExportUnknownError(export_id)
    return _view(rows[0], uow.clock.now())


def _view(row: AnyRow, now: datetime) -> ExportView:
    return view_of(
        ExportView, row, sha256=bytes(row.sha256).hex(), fields=tuple(row.fields),
        areas=tuple(row.areas), state=_state(row, now),
    )  # fmt: skip


def _state(row: AnyRow, now: datetime) -> ExportState:
    if row.decision == "refused":
        return "refused"
    if row.expires_at <= now:
        return "expired"
    return "waiting" if row.persons and row.decision is None else "ready"


def _emit(uow: WritingUnitOfWork, export_id: UUID, type_: str, **payload: object) -> None:
    uow.emit(
        NewEvent("export", str(export_id), type_, payload, occurred_at=uow.clock.now())
    )  # fmt: skip
