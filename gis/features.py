"""Features as a table: what an export, a report or a map in a file is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gis.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The features of one layer.

    columns : field → its n values
    shapes : (n,) geometries as WKB, WGS-84 degrees
    """

    columns: Mapping[str, Sequence[object]]
    shapes: Sequence[bytes]

    def __len__(self) -> int:
        """Return n."""
        return len(self.shapes)


def now(uow: UnitOfWork, city_id: int) -> datetime:  # noqa: ARG001 (how a layer's day is asked)
    """Return this moment: the day of what is live."""
    return uow.clock.now()
