"""Incidents as the live stream shows them."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from uuid import UUID

from dispatch.incidents import records, repository
from gis.access import EVERYWHERE
from gis.database import UnitOfWork
from gis.rooms.model import View


def incident_views(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, View]:
    """Return the incidents of `ids` that are there."""
    rows = [
        repository.find_incident(uow.session, UUID(incident_id), prefixes=(EVERYWHERE,))
        for incident_id in sorted(ids)
    ]
    views = records.incident_views(uow, [row for row in rows if row is not None])
    return {str(view.incident_id): View(view.area_code, asdict(view)) for view in views}
