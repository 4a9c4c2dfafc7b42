"""The rows as they are now that go along with streamed events."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

from api.live.repository import StreamedEvent
from api.live.subscription import View
from dispatch.fleet import records as fleet_records
from dispatch.fleet import repository as repository_fleet
from dispatch.incidents import records, repository
from gis.database import UnitOfWork

_ALL_UNITS_ABOVE = 25
"""With more changed units than this one query for all is faster than one for each."""


def read_views(
    uow: UnitOfWork, events: Sequence[StreamedEvent]
) -> Sequence[Mapping[str, View]]:  # fmt: skip
    """Return for each event its subject's current view, each row read once for all events."""
    incidents = _incidents(uow, {e.subject_id for e in events if e.subject_kind == "incident"})
    units = _units(uow, {e.subject_id for e in events if e.subject_kind == "unit"})
    found = {"incident": incidents, "unit": units}
    views: list[Mapping[str, View]] = []
    for event in events:
        view = found.get(event.subject_kind, {}).get(event.subject_id)
        views.append({} if view is None else {event.subject_kind: view})
    return views


def _incidents(uow: UnitOfWork, ids: set[str]) -> dict[str, View]:
    rows = [
        repository.find_incident(uow.session, UUID(incident_id), prefixes=("",))
        for incident_id in sorted(ids)
    ]
    views = records.incident_views(uow, [row for row in rows if row is not None])
    return {str(view.incident_id): View(view.area_code, asdict(view)) for view in views}


def _units(uow: UnitOfWork, ids: set[str]) -> dict[str, View]:
    now = uow.clock.now()
    wanted: Sequence[int | None] = (
        [None] if len(ids) > _ALL_UNITS_ABOVE else [int(unit_id) for unit_id in sorted(ids)]
    )
    views = [
        fleet_records.unit_view(row)
        for unit_id in wanted
        for row in repository_fleet.list_units(uow.session, prefixes=("",), at=now, unit_id=unit_id)
    ]
    return {str(view.unit_id): View(view.area_code, asdict(view)) for view in views}
