"""Incidents, what callers said, and everything kept of one caller, as rows of exports."""

from typing import Any

from dispatch.incidents import repository
from dispatch.incidents.exports import repository as repository_exports
from dispatch.incidents.retention import repository as repository_retention
from dispatch.permissions import INCIDENT_READ
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.permissions import PRIVACY_ADMIN


def incidents(uow: UnitOfWork, about: str | None, limit: int) -> list[tuple[Any, ...]]:  # noqa: ARG001
    """Return incidents without persons: no place but the area, no answers, nobody's name."""
    prefixes = uow.identity.jurisdictions(INCIDENT_READ)
    return repository_exports.incidents(
        uow.session, uow.house.export_kinds["incidents"].fields, prefixes=prefixes, limit=limit
    )


def callers(uow: WritingUnitOfWork, about: str | None, limit: int) -> list[tuple[Any, ...]]:  # noqa: ARG001
    """Return what callers said, within the area; each call is a read on record."""
    rows = repository_exports.callers(
        uow.session, prefixes=uow.identity.jurisdictions(PRIVACY_ADMIN), limit=limit
    )
    _note_reads(uow, {str(row.call_id) for row in rows}, "export of callers")
    return [tuple(row) for row in rows]


def access_copy(uow: WritingUnitOfWork, about: str | None, limit: int) -> list[tuple[Any, ...]]:
    """Return everything that is kept of whoever called from a number.

    What was said in the calls, their incidents, and who read it when and why.
    """
    call_ids = repository_retention.calls_from(uow.session, about or "")
    _note_reads(uow, set(call_ids), "access copy for the person")
    return repository_exports.kept_of(uow.session, call_ids, limit=limit)


def _note_reads(uow: WritingUnitOfWork, call_ids: set[str], reason: str) -> None:
    for call_id in sorted(call_ids):
        repository.insert_personal_access(
            uow.session,
            {"actor": uow.identity.label, "subject_kind": "call", "subject_id": call_id,
             "reason": reason, "accessed_at": uow.clock.now()},
        )  # fmt: skip
