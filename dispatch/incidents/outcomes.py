"""Use cases that end, reopen, hand over or link an incident, and those that show it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dispatch.errors import (
    DuplicateOfItselfError,
    IncidentNotClosedError,
    IncidentNotFoundError,
    OpenAssignmentsError,
    OutcomeContradictedError,
)
from dispatch.incidents import repository
from dispatch.incidents.lifecycle import check_undo_age, contradicting
from dispatch.incidents.merging.service import refuse_merged
from dispatch.incidents.records import (
    apply_change,
    assignment_views,
    incident_view,
    incident_views,
    lock_incident,
    read_incident,
)
from dispatch.incidents.replay import StoryEvent, event_words
from dispatch.incidents.views import (
    CallView,
    IncidentDetail,
    IncidentPage,
    IncidentView,
    PatientView,
    Story,
    StoryEventView,
)
from dispatch.model import AssignmentState, Outcome
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE, PERSONAL_READ
from gis.concurrency import StaleVersionError
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import first_broken_link
from gis.paging import Cursor, page_of
from gis.permissions import EVENTS_READ
from gis.rows import AnyRow
from gis.tables import OPEN_ASSIGNMENT_STATES
from gis.words import LANGUAGES, Words


def close(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    outcome: Outcome,
    expected_version: int | None = None,
) -> IncidentView:
    """Close an incident on which no unit is at work any more.

    Raises
    ------
    OpenAssignmentsError
        Units are still at work; the sentence names them.
    OutcomeContradictedError
        The outcome says that nobody was taken away, and a stamp that somebody was.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    stamped = (
        AssignmentState(stamp.state)
        for assignment in assignment_views(uow, [incident_id]) for stamp in assignment.stamps
    )  # fmt: skip
    against = contradicting(outcome, stamped)
    if against:
        raise OutcomeContradictedError(incident.number, outcome, against)
    return _end(
        uow, incident_id, "incident.closed", payload={"outcome": outcome.value},
        values={"closed_at": uow.clock.now(), "outcome": outcome.value},
        expected_version=expected_version,
    )  # fmt: skip


def cancel(
    uow: WritingUnitOfWork, incident_id: UUID, *, reason: str, expected_version: int | None = None
) -> IncidentView:
    """Cancel an incident that needs nobody; raises as `close`. The reason stays out of the log."""
    return _end(
        uow, incident_id, "incident.cancelled", payload={},
        values={"cancelled_at": uow.clock.now(), "cancel_reason": reason},
        expected_version=expected_version,
    )  # fmt: skip


def reopen(
    uow: WritingUnitOfWork, incident_id: UUID, *, expected_version: int | None = None
) -> IncidentView:
    """Open a closed or cancelled incident again.

    Raises
    ------
    IncidentNotClosedError, IncidentMergedError
        It is open; it goes on with another.
    IncidentNotFoundError, StaleVersionError
        The incident cannot be changed.
    """
    incident = lock_incident(
        uow, incident_id, INCIDENT_WRITE,
        expected_version=expected_version, must_be_open=False,
    )  # fmt: skip
    if incident.closed_at is None and incident.cancelled_at is None:
        raise IncidentNotClosedError(incident.number)
    return _open_again(uow, incident, "incident.reopened")


def undo_end(
    uow: WritingUnitOfWork, incident_id: UUID, *, expected_version: int | None = None
) -> IncidentView:
    """Take back a close or a cancellation of a moment ago: it was a slip, and counts as none.

    Raises
    ------
    IncidentNotClosedError, IncidentMergedError
        It is open; it goes on with another.
    UndoTooLateError
        It ended too long ago; it can be reopened.
    IncidentNotFoundError, StaleVersionError
        The incident cannot be changed.
    """
    incident = lock_incident(
        uow, incident_id, INCIDENT_WRITE,
        expected_version=expected_version, must_be_open=False,
    )  # fmt: skip
    ended_at = incident.closed_at or incident.cancelled_at
    if ended_at is None:
        raise IncidentNotClosedError(incident.number)
    check_undo_age((uow.clock.now() - ended_at).total_seconds())
    return _open_again(uow, incident, "incident.end_undone")


def take_over(
    uow: WritingUnitOfWork, incident_id: UUID, *, expected_version: int | None = None
) -> IncidentView:
    """Make the asking dispatcher the one who handles the incident; automation leaves it alone."""
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    apply_change(
        uow, incident, "incident.taken_over",
        payload={
            "handled_by": uow.identity.label, "handled_by_id": uow.identity.user_id,
            "previous_id": incident.handled_by,
        },
        values={"handled_by": uow.identity.user_id},
    )  # fmt: skip
    return incident_view(uow, incident_id)


def mark_duplicate(
    uow: WritingUnitOfWork, incident_id: UUID, *, of: UUID, expected_version: int | None = None
) -> IncidentView:
    """Link an incident to the one it repeats. The link closes nothing.

    Raises
    ------
    DuplicateOfItselfError
        `of` is the incident itself, or itself marked as its duplicate.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        One of the two cannot be used.
    """
    permission = INCIDENT_WRITE
    # All rows in one order for everybody, so that links crosswise cannot wait for each other; the
    # root too, which the foreign key locks.
    stored = read_incident(uow, of, permission)
    locked = {
        one: lock_incident(
            uow, one, permission, must_be_open=one == incident_id,
            expected_version=expected_version if one == incident_id else None,
        )
        for one in sorted({incident_id, of, stored.duplicate_of or of})
    }  # fmt: skip
    incident, original = locked[incident_id], locked[of]
    if incident_id in {original.duplicate_of, of}:
        raise DuplicateOfItselfError(incident.number)
    root = original.duplicate_of or of
    if root not in locked:
        raise StaleVersionError(stored.version, original.version)
    apply_change(
        uow, incident, "incident.marked_duplicate",
        payload={"of": root, "of_number": original.number}, values={"duplicate_of": root},
    )  # fmt: skip
    return incident_view(uow, incident_id)


def list_incidents(
    uow: UnitOfWork,
    city_id: int,
    *,
    open_only: bool = False,
    limit: int = 100,
    cursor: str | None = None,
) -> IncidentPage:
    """Return one page of a city's incidents within the viewer's jurisdiction, newest first.

    Raises
    ------
    CursorInvalidError
        `cursor` is none that a page gave.
    """
    rows = repository.list_incidents(
        uow.session,
        city_id,
        prefixes=uow.identity.jurisdictions(INCIDENT_READ),
        open_only=open_only,
        limit=limit + 1,
        after=Cursor.parse(cursor),
    )
    page, last = page_of(rows, limit)
    following = None if last is None else Cursor(last.received_at, last.incident_id).text()
    return IncidentPage(incident_views(uow, page), following)


def show_incident(uow: UnitOfWork, incident_id: UUID) -> IncidentDetail:
    """Return an incident with assignments, patients and calls, without personal values."""
    row = read_incident(uow, incident_id, INCIDENT_READ)
    view = incident_views(uow, [row])[0]
    return IncidentDetail(
        **{name: getattr(view, name) for name in IncidentView.__slots__},
        patients=tuple(
            PatientView(**patient._mapping)
            for patient in repository.list_patients(uow.session, incident_id)
        ),
        calls=tuple(
            CallView(**{name: getattr(call, name) for name in CallView.__slots__})
            for call in repository.list_calls(uow.session, incident_id)
        ),
    )


def incident_to_read(uow: UnitOfWork, given: str) -> UUID:
    """Return the id of an incident named by number or id, whose callers the viewer may read.

    Raises
    ------
    IncidentNotFoundError
        There is none, or it lies where the viewer may not.
    """
    try:
        incident_id = UUID(given)
    except ValueError:
        by_number = repository.incident_id_by_number(uow.session, given)
        if by_number is None:
            raise IncidentNotFoundError(given) from None
        incident_id = by_number
    read_incident(uow, incident_id, PERSONAL_READ)
    return incident_id


def read_caller(uow: UnitOfWork, incident_id: UUID, *, reason: str) -> dict[UUID, dict[str, str]]:
    """Return caller number, name and words by call. The read is written down with its reason.

    Needs a unit of work that may write. Row-level security leaves out what the viewer's
    jurisdiction for personal values does not cover.
    """
    read_incident(uow, incident_id, PERSONAL_READ)
    values: dict[UUID, dict[str, str]] = {}
    for call in repository.list_calls(uow.session, incident_id):
        repository.insert_personal_access(
            uow.session,
            {
                "actor": uow.identity.label, "subject_kind": "call",
                "subject_id": str(call.call_id), "reason": reason,
                "accessed_at": uow.clock.now(),
            },
        )  # fmt: skip
        stored = repository.personal_values(uow.session, kind="call", subject_id=str(call.call_id))
        # Earlier versions and remarks, whose names have a point, stand in the log.
        values[call.call_id] = {field: value for field, value in stored.items() if "." not in field}
    return values


def story(uow: UnitOfWork, incident_id: UUID) -> Story:
    """Return an incident's events in order, in words, and whether their chain holds."""
    read_incident(uow, incident_id, EVENTS_READ)
    events = repository.list_events(uow.session, kind="incident", subject_id=str(incident_id))
    told = []
    for event in events:
        fields = {name: getattr(event, name) for name in StoryEvent.__slots__}
        line = StoryEvent(**fields)
        text = Words(**{
            language: event_words(line, language, declared=uow.house.events)
            for language in LANGUAGES
        })  # fmt: skip
        told.append(StoryEventView(**fields, text=text))
    return Story(tuple(told), chain_intact=first_broken_link(events) is None)


def _open_again(uow: WritingUnitOfWork, incident: AnyRow, event_type: str) -> IncidentView:
    refuse_merged(uow, incident)
    apply_change(
        uow, incident, event_type,
        payload={"previous_state": incident.state, "previous_outcome": incident.outcome},
        values={"closed_at": None, "cancelled_at": None, "outcome": None, "cancel_reason": None},
    )  # fmt: skip
    return incident_view(uow, incident.incident_id)


def _end(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    event_type: str,
    *,
    payload: Mapping[str, Any],
    values: Mapping[str, Any],
    expected_version: int | None,
) -> IncidentView:
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    at_work = [
        assignment.call_sign
        for assignment in repository.list_assignments(uow.session, [incident_id])
        if assignment.state in OPEN_ASSIGNMENT_STATES
    ]
    if at_work:
        raise OpenAssignmentsError(incident.number, at_work)
    apply_change(uow, incident, event_type, payload=payload, values=values)
    return incident_view(uow, incident_id)
