"""All SQL of `routing`: reading the stored network of one city. It writes no table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import Area, City, RoadNode, RoadSegment, TurnRestriction
from routing.roads.model import Barriers, Coded, IdArray, Restriction, Segments

_COLUMNS = (
    "segment_id", "osm_way_id", "from_node", "to_node", "length_m", "oneway", "maxspeed_kmh",
    "maxspeed_backward_kmh", "layer", "is_bridge", "is_tunnel", "highway", "drive_access",
    "walk_access", "name", "name_zh", "name_en", "ref",
)  # fmt: skip
_ACCESS_MODES = ("bicycle", "motorcycle", "emergency")
_ONEWAY_FACTS = ("oneway_bicycle", "oneway_bus", "oneway_emergency")
_BARRIER_TAGS = ("drive_access", "walk_access", "barrier", "bicycle_access", "motorcycle_access",
                 "emergency_access")  # fmt: skip
_ROWS_AT_A_TIME = 20_000
_ROUNDABOUTS = frozenset({"roundabout", "circular"})


@dataclass(frozen=True, slots=True)
class NetworkVersion:
    """Which network of which city is stored now.

    `network_at` is when it was loaded: a database set up anew, or taken from a backup, gives
    numbers that were given before.
    """

    city_id: int
    city_key: str
    network_version: int
    network_at: datetime


def network_versions(session: Session) -> list[NetworkVersion]:
    """Return the stored networks, one per city."""
    rows = session.execute(
        select(City.city_id, City.key, City.network_version, City.network_at).order_by(City.city_id)
    )
    return [NetworkVersion(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class JurisdictionFacts:
    """What tells whose road law holds in a city."""

    time_zone: str
    area_codes: tuple[str, ...]


def read_jurisdiction_facts(session: Session, city_id: int) -> JurisdictionFacts:
    """Return the time zone and the area codes of a city."""
    time_zone = session.execute(select(City.time_zone).where(City.city_id == city_id)).scalar_one()
    codes = session.execute(
        select(Area.code).where(Area.city_id == city_id).distinct().order_by(Area.code)
    ).scalars()
    return JurisdictionFacts(time_zone, tuple(codes))


def read_segment_rows(session: Session, city_id: int) -> list[AnyRow]:
    """Return every road segment of a city, ordered by id, for `segments_of`.

    Taken in pieces: while a metropolis is read the transaction is never long without a statement.
    """
    rows = session.execute(
        select(
            *(getattr(RoadSegment, name) for name in _COLUMNS),
            RoadSegment.tags["modes"].label("modes"),
            RoadSegment.tags["junction"].astext.label("junction"),
            func.ST_AsBinary(RoadSegment.geom).label("geometry"),
        )
        .where(RoadSegment.city_id == city_id)
        .order_by(RoadSegment.segment_id),
        execution_options={"yield_per": _ROWS_AT_A_TIME},
    )
    return [row for piece in rows.partitions() for row in piece]


def segments_of(rows: Sequence[AnyRow]) -> Segments:
    """Make the segments of what was read. It takes seconds: let no transaction wait for it."""
    names = (*_COLUMNS, "modes", "junction", "geometry")
    columns: dict[str, Any] = {
        name: [row[place] for row in rows] for place, name in enumerate(names)
    }
    columns |= mode_columns(
        columns.pop("modes"), oneway=columns["oneway"], junction=columns.pop("junction")
    )
    lines = shapely.from_wkb(np.array([bytes(wkb) for wkb in columns.pop("geometry")], object))
    coords, line_of_vertex = shapely.get_coordinates(lines, return_index=True)
    vertices = np.bincount(line_of_vertex, minlength=len(rows))
    columns["osm_way_id"] = [-1 if way is None else way for way in columns["osm_way_id"]]
    for name in ("maxspeed_kmh", "maxspeed_backward_kmh"):
        columns[name] = [np.nan if speed is None else speed for speed in columns[name]]
    return Segments.from_columns(
        **columns, coords=coords, offsets=np.concatenate(([0], np.cumsum(vertices)))
    )


def mode_columns(
    modes: Sequence[Mapping[str, Any] | None],
    *,
    oneway: Sequence[int],
    junction: Sequence[str | None],
) -> dict[str, Any]:
    """Return the columns of `Segments` that stand in a road's `tags`, n rows each.

    modes : what `tags.modes` says of bicycles, motorcycles, buses and ambulances, None = nothing.
    junction : the OSM tag, for roads stored before `tags.modes` was.
    """
    facts = [one or {} for one in modes]
    columns: dict[str, Any] = {
        f"{mode}_access": [one.get(mode) for one in facts] for mode in _ACCESS_MODES
    }
    for name in _ONEWAY_FACTS:
        columns[name] = [one.get(name, way) for one, way in zip(facts, oneway, strict=True)]
    columns["is_ford"] = ["ford" in one for one in facts]
    columns["is_roundabout"] = [
        "roundabout" in one or tag in _ROUNDABOUTS for one, tag in zip(facts, junction, strict=True)
    ]
    return columns


def read_restrictions(session: Session, city_id: int) -> list[Restriction]:
    """Return the turn restrictions of a city."""
    rows = session.execute(
        select(
            TurnRestriction.kind, TurnRestriction.from_way_id, TurnRestriction.to_way_id,
            TurnRestriction.via_node, TurnRestriction.via_way_ids, TurnRestriction.except_modes,
        ).where(TurnRestriction.city_id == city_id)
    )  # fmt: skip
    return [
        Restriction(
            row.kind, row.from_way_id, row.to_way_id, row.via_node, tuple(row.via_way_ids),
            tuple(row.except_modes),
        )
        for row in rows
    ]  # fmt: skip


def read_signal_nodes(session: Session, city_id: int) -> IdArray:
    """Return the ids of nodes with traffic signals, (s,) int64."""
    rows = session.execute(
        select(RoadNode.node_id).where(
            RoadNode.city_id == city_id, RoadNode.kind == "traffic_signals"
        )
    ).scalars()
    return np.fromiter(rows, np.int64)


def read_barriers(session: Session, city_id: int) -> Barriers:
    """Return the nodes with a bollard, gate or other barrier, and whom they let through."""
    rows = session.execute(
        select(RoadNode.node_id, RoadNode.tags)
        .where(RoadNode.city_id == city_id, RoadNode.kind == "barrier")
        .order_by(RoadNode.node_id)
    ).all()
    tags = [row.tags for row in rows]
    return Barriers(
        np.array([row.node_id for row in rows], np.int64),
        *(Coded.of([one.get(name) for one in tags]) for name in _BARRIER_TAGS),
    )
