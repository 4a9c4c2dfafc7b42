"""Alarms in the database: silenced by a desk for all desks, begun, passed on and ended in time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from dispatch.incidents import records, repository
from dispatch.incidents.alarms import repository as repository_alarms
from dispatch.incidents.alarms.table import (
    AlarmChanges,
    AlarmName,
    StoredAlarm,
    alarm_changes,
    begun_alarms,
)
from dispatch.incidents.views import IncidentView
from dispatch.permissions import INCIDENT_WRITE
from gis.database import WritingUnitOfWork
from gis.events import NewEvent
from gis.jobs.running import Run

_Found = tuple[IncidentView, list[StoredAlarm], AlarmChanges]


def watch_alarms(run: Run) -> None:
    """Bring the alarms of all open incidents up to now, as a timer does."""
    with run.effect() as uow:
        keep_alarms(uow)


def keep_alarms(uow: WritingUnitOfWork) -> None:
    """Begin, pass on and end alarms as the queue says now.

    An incident that somebody is changing is left for the next time: dispatchers wait for no timer.
    """
    now = uow.clock.now()
    ids = repository_alarms.incidents_with_alarms(uow.session)
    changed = [view.incident_id for view, _, changes in _found(uow, ids, now) if changes]
    locked = repository_alarms.lock_free(uow.session, changed)
    # Read again: what was seen before the lock may have changed.
    for view, _, changes in _found(uow, locked, now):
        _apply(uow, view, changes, now)


def acknowledge(
    uow: WritingUnitOfWork, incident_id: UUID, names: Collection[AlarmName]
) -> IncidentView:
    """Silence alarms of an incident at every desk; one that is no alarm any more stays as it is.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    records.lock_incident(uow, incident_id, INCIDENT_WRITE, must_be_open=False)
    now = uow.clock.now()
    ((view, stored, changes),) = _found(uow, [incident_id], now)
    _apply(uow, view, changes, now)
    silenced = {one.name for one in stored if one.acknowledged}
    begun = begun_alarms(view.queue, view.category, now=now)
    wanted = [name for name in begun if name in names and name not in silenced]
    repository_alarms.change_alarms(
        uow.session, incident_id, wanted,
        {"acknowledged_at": now, "acknowledged_by": uow.identity.label},
    )  # fmt: skip
    _tell(uow, view, "incident.alarm_acknowledged", wanted, now)
    return records.incident_view(uow, incident_id)


def _found(uow: WritingUnitOfWork, ids: Sequence[UUID], now: datetime) -> list[_Found]:
    rows = repository.find_incidents(uow.session, ids)
    views = records.incident_views(uow, rows)
    found: list[_Found] = []
    for view in views:
        stored = [
            StoredAlarm(
                AlarmName(one.need, one.category, one.since),
                acknowledged=one.acknowledged_at is not None,
                escalated=one.escalated_at is not None,
            )
            for one in view.alarms
        ]
        begun = begun_alarms(view.queue, view.category, now=now)
        found.append((view, stored, alarm_changes(stored, begun, now=now)))
    return found


def _apply(
    uow: WritingUnitOfWork, view: IncidentView, changes: AlarmChanges, now: datetime
) -> None:
    change = repository_alarms.change_alarms
    change(uow.session, view.incident_id, changes.end, {"ended_at": now})
    repository_alarms.begin_alarms(
        uow.session,
        [
            {
                "alarm_id": uow.ids.new(), "incident_id": view.incident_id, "need": name.need,
                "category": name.category, "since": name.since, "raised_at": now,
            }
            for name in changes.begin
        ],
    )  # fmt: skip
    change(uow.session, view.incident_id, changes.escalate, {"escalated_at": now})
    _tell(uow, view, "incident.alarm_escalated", changes.escalate, now)


def _tell(
    uow: WritingUnitOfWork,
    view: IncidentView,
    event_type: str,
    names: Sequence[AlarmName],
    now: datetime,
) -> None:
    """Emit one event for each alarm of a locked incident."""
    uow.emit(*(
        NewEvent(
            "incident", str(view.incident_id), event_type,
            {"need": name.need, "category": name.category, "since": name.since},
            now, city_id=view.city_id, area_code=view.area_code,
        )
        for name in names
    ))  # fmt: skip
