"""Units as the live stream shows them."""

from collections.abc import Collection, Mapping

from dispatch.fleet import records, repository
from gis.access import EVERYWHERE
from gis.database import UnitOfWork
from gis.rooms.model import View


def unit_views(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, View]:
    """Return the units of `ids` that are there."""
    wanted = [int(unit_id) for unit_id in sorted(ids)]
    rows = repository.list_units(
        uow.session, prefixes=(EVERYWHERE,), at=uow.clock.now(), unit_ids=wanted
    )  # fmt: skip
    views = [records.unit_view(row) for row in rows]
    return {str(view.unit_id): View(view.area_code, view) for view in views}
