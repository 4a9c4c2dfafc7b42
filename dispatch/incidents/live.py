"""Incidents as the live stream shows them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from dispatch.incidents import records, repository
from gis.database import UnitOfWork
from gis.rooms.model import View


def incident_views(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, View]:
    """Return the incidents of `ids` that are there."""
    rows = repository.find_incidents(uow.session, [UUID(one) for one in sorted(ids)])
    views = records.incident_views(uow, rows)
    return {str(view.incident_id): View(view.area_code, view) for view in views}
