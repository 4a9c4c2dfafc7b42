"""Units as the live stream shows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from dispatch.fleet import records, repository
from gis.access import EVERYWHERE
from gis.database import UnitOfWork
from gis.rooms.model import View

_ALL_UNITS_ABOVE = 25
"""With more changed units than this one query for all is faster than one for each."""


def unit_views(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, View]:
    """Return the units of `ids` that are there."""
    now = uow.clock.now()
    wanted: Sequence[int | None] = (
        [None] if len(ids) > _ALL_UNITS_ABOVE else [int(unit_id) for unit_id in sorted(ids)]
    )
    views = [
        records.unit_view(row)
        for unit_id in wanted
        for row in repository.list_units(
            uow.session, prefixes=(EVERYWHERE,), at=now, unit_id=unit_id
        )
    ]
    return {str(view.unit_id): View(view.area_code, asdict(view)) for view in views}
