"""Road conditions as they are shown: plain values, ready for JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.ops import substring

from gis.geojson import Geometry, MultiLineString
from gis.paging import Cursor
from routing.conditions.check import area_km2

if TYPE_CHECKING:
    from routing.conditions.sketch import Survey


@dataclass(frozen=True, slots=True)
class Street:
    """The names of one street, as far as they are known."""

    name: str
    name_zh: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition. `state` is upcoming, active, expired or ended; `geometry` GeoJSON, WGS-84.

    `roads` counts the segments it holds for on the current map.
    """

    condition_id: UUID
    city_id: int
    kind: str
    state: str
    drawn: str
    geometry: Geometry
    edges: Sequence[Mapping[str, Any]]
    roads: int
    direction: str
    layer_min: int | None
    layer_max: int | None
    structures: Sequence[str]
    depth_m: float | None
    speed_kmh: float | None
    speed_factor: float | None
    vehicle_classes: Sequence[str]
    reason_zh: str | None
    reason_en: str | None
    author: str
    authority_permission: str
    authority_jurisdictions: Sequence[str]
    legal_basis: str | None
    area_code: str | None
    area_codes: Sequence[str]
    source: str
    starts_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    created_at: datetime
    network_version: int
    version: int


@dataclass(frozen=True, slots=True)
class ConditionsPage:
    """A page of a list; `next_after` is the place from which to go on, None at the end."""

    items: tuple[ConditionView, ...]
    next_after: Cursor | None


@dataclass(frozen=True, slots=True)
class ConditionPreview:
    """What a drawing would hit. `lines` is a GeoJSON MultiLineString of the covered parts.

    `missing_areas` are those in which the viewer lacks the right.
    """

    roads: int
    length_m: float
    area_km2: float
    road_share: float
    area_codes: Sequence[str]
    missing_areas: Sequence[str]
    segment_ids: Sequence[int]
    lines: MultiLineString

    @classmethod
    def of(cls, found: "Survey", *, missing: Sequence[str], all_roads: int) -> "ConditionPreview":
        """Sum up a survey."""
        rows, first = np.unique(found.legs.leg >> 1, return_index=True)
        covered = found.legs.share[first] * found.segments.length_m[rows]
        lines = [shapely.LineString(found.segments.line(int(row))) for row in rows]
        parts = [
            substring(line, low, high, normalized=True)
            for line, low, high in zip(
                lines, found.legs.from_share[first], found.legs.to_share[first], strict=True
            )
        ]
        kept = [part for part in parts if part.geom_type == "LineString"]
        return cls(
            roads=rows.size,
            length_m=float(covered.sum()),
            area_km2=area_km2(found.drawing.geometry),
            road_share=rows.size / all_roads if all_roads else 0.0,
            area_codes=found.area_codes,
            missing_areas=tuple(missing),
            segment_ids=found.segments.segment_id[rows].tolist(),
            lines=cast("MultiLineString", mapping(shapely.MultiLineString(kept))),
        )


def view(row: Any, *, roads: int, now: datetime) -> ConditionView:
    """Show a stored condition."""
    names = [name for name in ConditionView.__slots__ if name not in {"state", "geometry", "roads"}]
    return ConditionView(
        state=_state(row, now),
        geometry=cast("Geometry", mapping(shapely.from_wkb(bytes(row.wkb)))),
        roads=roads,
        **{name: getattr(row, name) for name in names},
    )


def _state(row: Any, now: datetime) -> str:
    if row.ended_at is not None:
        return "ended"
    if row.expires_at <= now:
        return "expired"
    return "active" if row.starts_at <= now else "upcoming"
