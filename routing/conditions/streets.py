"""The streets that road conditions are on, for the doors that name them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from gis.database import UnitOfWork
from routing.conditions import repository_streets
from routing.conditions.views import Street

NAMES_SHOWN = 12
"""More streets of one condition are counted, not named."""


def streets_of_conditions(
    uow: UnitOfWork, condition_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[Street]]:
    """Return the named streets of each condition, the longest part first."""
    return repository_streets.streets_of_conditions(uow.session, condition_ids)


def streets_of_segments(
    uow: UnitOfWork, city_id: int, segment_ids: Sequence[int]
) -> Sequence[Street]:
    """Return the named streets of some segments, the longest part first."""
    return repository_streets.streets_of_segments(uow.session, city_id, segment_ids)
