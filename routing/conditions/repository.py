"""SQL of live road conditions: what is drawn, where it holds, the counters, the lists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import (
    TextClause,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.geometry import margin_deg
from gis.jurisdiction import AREA_LEVELS
from gis.paging import Cursor, older_than
from gis.rows import AnyRow
from gis.tables import (
    ROAD_CHANGES,
    Area,
    City,
    Installation,
    RoadCondition,
    RoadConditionEdge,
    RoadConditionsState,
)
from routing.conditions.model import Legs
from routing.conditions.repository_speeds import columns_of, copy_in
from routing.roads.model import Segments

_CONDITION_COLUMNS: list[Any] = [
    *(column for column in RoadCondition.__table__.columns if column.name != "geom"),
    func.ST_AsBinary(RoadCondition.geom).label("wkb"),
]

_COUNTED = ("change", "drawn_change", "speeds_change", "speeds_reset", "profiles_change")

_COUNTERS_OF = (
    select(
        Installation.epoch,
        *(func.coalesce(getattr(RoadConditionsState, name), 0) for name in _COUNTED),
        RoadConditionsState.changed_at,
    ).join_from(
        Installation, RoadConditionsState,
        RoadConditionsState.city_id == bindparam("city_id"), isouter=True,
    )
)  # fmt: skip
"""Made once: every question that pins roads asks it."""

_ROAD_COLUMNS = (
    "segment_id", "osm_way_id", "from_node", "to_node", "length_m", "oneway", "layer", "is_bridge",
    "is_tunnel", "highway",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CityRoads:
    """A city as its conditions need it; `extent` WGS-84."""

    city_id: int
    key: str
    name: str
    time_zone: str
    network_version: int
    extent: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of a city's conditions, all 0 before the first write, in one epoch."""

    epoch: int
    change: int
    drawn_change: int
    speeds_change: int
    speeds_reset: int
    profiles_change: int
    changed_at: datetime | None


def find_city(session: Session, city_id: int) -> CityRoads | None:
    """Return a city, None if it is not loaded."""
    row = session.execute(
        select(
            City.city_id, City.key, City.name, City.time_zone, City.network_version,
            func.ST_AsBinary(City.extent).label("wkb"),
        ).where(City.city_id == city_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    return CityRoads(
        row.city_id, row.key, row.name, row.time_zone, row.network_version,
        shapely.from_wkb(bytes(row.wkb)),
    )  # fmt: skip


def counters(session: Session, city_id: int) -> Counters:
    """Return all counters of a city and the epoch: one look at two rows."""
    return Counters(*session.execute(_COUNTERS_OF, {"city_id": city_id}).one())


def next_change(session: Session) -> int:
    """Draw a number for a write; numbers drawn under one lock rise."""
    return session.execute(select(ROAD_CHANGES.next_value())).scalar_one()


def lock_conditions(session: Session, city_id: int, *, now: datetime) -> None:
    """Let other writers of the city's conditions wait until commit."""
    session.execute(
        upsert(RoadConditionsState)
        .values(city_id=city_id, changed_at=now)
        .on_conflict_do_update(
            index_elements=[RoadConditionsState.city_id],
            set_={"changed_at": RoadConditionsState.changed_at},
        )
    )


def number_change(session: Session, city_id: int, *parts: str, now: datetime) -> int:
    """Number a write: `change` and the named parts; other writers of the city wait until commit.

    The number is drawn behind the lock, so that of two writes the later has the greater one; it
    comes from a sequence, so that after a rollback nobody else gets it.
    """
    change: int = session.execute(_numbering(parts), {"city_id": city_id, "now": now}).scalar_one()
    return change


@cache
def _numbering(parts: tuple[str, ...]) -> TextClause:
    """Return one statement that locks a city's counters, draws a number and writes it.

    What stands behind DO UPDATE is worked out once the row is locked: a row that is there is
    numbered from there, whoever was waited for, and the number drawn before it is left unused.
    """
    counted = ", ".join(("change", *parts))
    numbers = ", ".join(["drawn.n"] * (1 + len(parts)))
    draw = f"FROM (SELECT nextval('{ROAD_CHANGES.name}') AS n) AS drawn"
    return text(
        f"INSERT INTO road_conditions_state AS state (city_id, changed_at, {counted})"
        f" SELECT :city_id, CAST(:now AS timestamptz), {numbers} {draw}"
        f" ON CONFLICT (city_id) DO UPDATE SET ({counted}) = (SELECT {numbers} {draw}),"
        " changed_at = GREATEST(state.changed_at, EXCLUDED.changed_at)"
        " RETURNING state.change"
    )


def count_roads(session: Session, city_id: int) -> int:
    """Return the number of a city's road segments."""
    counted: int = session.execute(
        text("SELECT count(*) FROM road_segments WHERE city_id = :city_id"), {"city_id": city_id}
    ).scalar_one()
    return counted


def read_roads_near(
    session: Session,
    city_id: int,
    geometry: shapely.Geometry,
    *,
    margin_m: float,
    one_way_only: bool = False,
    way_ids: Collection[int] = (),
) -> Segments:
    """Return the roads whose box meets that of `geometry`, widened, and all of some OSM ways."""
    west, south, east, north = shapely.bounds(geometry)
    margin = margin_deg(margin_m)
    wide = margin / max(0.01, float(np.cos(np.radians((south + north) / 2))))
    condition = "geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
    if one_way_only:
        condition += " AND oneway <> 0"
    if way_ids:
        condition += " OR osm_way_id = ANY(:way_ids)"
    return _read_roads(
        session, city_id, condition,
        {"west": west - wide, "south": south - margin, "east": east + wide,
         "north": north + margin, "way_ids": list(way_ids)},
    )  # fmt: skip


def read_roads(
    session: Session,
    city_id: int,
    *,
    segment_ids: Collection[int] = (),
    way_ids: Collection[int] = (),
) -> Segments:
    """Return the named segments, and all segments of the named ways."""
    return _read_roads(
        session, city_id,
        "segment_id = ANY(:segment_ids) OR osm_way_id = ANY(:way_ids)",
        {"segment_ids": list(segment_ids), "way_ids": list(way_ids)},
    )  # fmt: skip


def _read_roads(
    session: Session, city_id: int, condition: str, parameters: Mapping[str, object]
) -> Segments:
    rows = session.execute(
        text(
            f"SELECT {', '.join(_ROAD_COLUMNS)}, ST_AsBinary(geom) AS wkb FROM road_segments"  # noqa: S608 (texts of ours)
            f" WHERE city_id = :city_id AND ({condition}) ORDER BY segment_id"
        ),
        {"city_id": city_id, **parameters},
    ).all()
    columns: dict[str, Any] = dict(
        zip((*_ROAD_COLUMNS, "wkb"), zip(*rows, strict=True), strict=True)
        if rows
        else dict.fromkeys((*_ROAD_COLUMNS, "wkb"), ())
    )
    lines = shapely.from_wkb([bytes(wkb) for wkb in columns.pop("wkb")])
    coords, owner = shapely.get_coordinates(lines, return_index=True)
    counts = np.bincount(owner, minlength=len(rows))
    columns["osm_way_id"] = [-1 if way is None else way for way in columns["osm_way_id"]]
    return Segments.from_columns(
        **columns, coords=coords, offsets=np.concatenate(([0], np.cumsum(counts)))
    )


def areas_at(
    session: Session, city_id: int, *, lon: Sequence[float], lat: Sequence[float]
) -> list[str]:
    """Return the codes of the areas (districts first) that points lie in, each once."""
    rows = session.execute(
        text("""
            SELECT DISTINCT code FROM (
                SELECT DISTINCT ON (p.n) p.n, a.code
                FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[]))
                    WITH ORDINALITY AS p(lon, lat, n)
                JOIN areas a ON a.city_id = :city_id AND a.valid_to IS NULL
                    AND ST_Covers(a.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))
                ORDER BY p.n, array_position(CAST(:levels AS text[]), a.level), a.code
            ) AS placed ORDER BY code
        """),
        {
            "city_id": city_id, "lon": list(lon), "lat": list(lat), "levels": list(AREA_LEVELS),
        },
    )  # fmt: skip
    return list(rows.scalars())


def area_outline(session: Session, city_id: int, area_code: str) -> shapely.Geometry | None:
    """Return the surface of all areas within `area_code`."""
    found = session.execute(
        select(func.ST_AsBinary(func.ST_Union(Area.geom))).where(
            Area.city_id == city_id, Area.valid_to.is_(None), Area.path.contains([area_code])
        )
    ).scalar_one()
    return None if found is None else shapely.from_wkb(bytes(found))


def insert_condition(session: Session, values: Mapping[str, Any]) -> AnyRow:
    """Store a condition and return it as `find_condition` does; `geom` is a WGS-84 geometry."""
    geom = func.ST_GeomFromWKB(shapely.to_wkb(values["geom"]), 4326)
    return session.execute(
        insert(RoadCondition).values({**values, "geom": geom}).returning(*_CONDITION_COLUMNS)
    ).one()


def insert_edges(
    session: Session,
    condition_id: UUID,
    *,
    network_version: int,
    segments: Segments,
    legs: Legs,
) -> None:
    """Store the legs that a condition means on one version of the map."""
    copy_in(
        session,
        "road_condition_edges",
        {
            "condition_id": condition_id,
            "network_version": np.full(len(legs), network_version, np.int64),
            "segment_id": segments.segment_id[legs.leg >> 1],
            "direction": (legs.leg & 1).astype(np.int16),
            "from_share": legs.from_share,
            "to_share": legs.to_share,
        },
    )


def find_condition(session: Session, condition_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return a condition (all columns, `wkb`), locked until commit on demand."""
    statement = select(*_CONDITION_COLUMNS).where(RoadCondition.condition_id == condition_id)
    return session.execute(statement.with_for_update() if lock else statement).one_or_none()


def update_condition(session: Session, condition_id: UUID, values: Mapping[str, Any]) -> AnyRow:
    """Change a condition, raise its version and return it; the caller holds its lock."""
    return session.execute(
        update(RoadCondition)
        .where(RoadCondition.condition_id == condition_id)
        .values({**values, "version": RoadCondition.version + 1})
        .returning(*_CONDITION_COLUMNS)
    ).one()


def set_network_version(session: Session, condition_id: UUID, network_version: int) -> None:
    """Note for which map a condition's edges are stored; the version stays."""
    session.execute(
        update(RoadCondition)
        .where(RoadCondition.condition_id == condition_id)
        .values(network_version=network_version)
    )


def running_conditions(session: Session, city_id: int, *, after: datetime) -> Sequence[AnyRow]:
    """Return what has not been ended and expires after a time, in the order it was made."""
    return session.execute(
        select(*_CONDITION_COLUMNS)
        .where(
            RoadCondition.city_id == city_id, RoadCondition.ended_at.is_(None),
            RoadCondition.expires_at > after,
        )
        .order_by(RoadCondition.created_at, RoadCondition.condition_id)
    ).all()  # fmt: skip


def list_conditions(
    session: Session,
    city_id: int,
    *,
    states: Collection[str],
    kinds: Collection[str],
    now: datetime,
    after: Cursor | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Return conditions of a city, newest first; `after` is a place in the list."""
    over = or_(RoadCondition.ended_at.is_not(None), RoadCondition.expires_at <= now)
    wanted = {
        "active": and_(~over, RoadCondition.starts_at <= now),
        "upcoming": and_(~over, RoadCondition.starts_at > now),
        "ended": over,
    }
    roads = (
        select(func.count(func.distinct(RoadConditionEdge.segment_id)))
        .where(
            RoadConditionEdge.condition_id == RoadCondition.condition_id,
            RoadConditionEdge.network_version == RoadCondition.network_version,
        )
        .scalar_subquery()
        .label("roads")
    )
    statement = select(*_CONDITION_COLUMNS, roads).where(
        RoadCondition.city_id == city_id, or_(*(wanted[state] for state in states))
    )
    if kinds:
        statement = statement.where(RoadCondition.kind.in_(kinds))
    if after is not None:
        statement = statement.where(
            older_than(after, RoadCondition.created_at, RoadCondition.condition_id)
        )
    order = (RoadCondition.created_at.desc(), RoadCondition.condition_id.desc())
    return session.execute(statement.order_by(*order).limit(limit)).all()


def count_edges(session: Session, condition_id: UUID, *, network_version: int) -> int:
    """Return how many roads a condition holds for on a map."""
    return session.execute(
        select(func.count(func.distinct(RoadConditionEdge.segment_id))).where(
            RoadConditionEdge.condition_id == condition_id,
            RoadConditionEdge.network_version == network_version,
        )
    ).scalar_one()


def read_edges(
    session: Session, condition_ids: Collection[UUID], *, network_version: int
) -> Mapping[UUID, tuple[np.ndarray[Any, Any], ...]]:
    """Return segment id, direction, from_share, to_share arrays of each condition on a map.

    A condition without a row is missing from the answer.
    """
    ids = list(condition_ids)
    if not ids:
        return {}
    place, *columns = columns_of(
        session,
        "SELECT array_position(%(ids)s::uuid[], condition_id)::int8 AS c0, segment_id AS c1,"
        " direction AS c2, from_share AS c3, to_share AS c4 FROM road_condition_edges"
        " WHERE condition_id = ANY(%(ids)s) AND network_version = %(version)s",
        ("bigint", "bigint", "smallint", "double", "double"),
        {"ids": ids, "version": network_version},
    )
    order = np.argsort(place, kind="stable")
    cuts = np.searchsorted(place[order], np.arange(1, len(ids) + 2))
    return {
        one: tuple(column[order[a:b]] for column in columns)
        for one, a, b in zip(ids, cuts[:-1], cuts[1:], strict=True)
        if b > a
    }


def delete_old_edges(session: Session, city_id: int, *, before_version: int) -> None:
    """Forget where conditions held on maps older than `before_version`."""
    session.execute(
        delete(RoadConditionEdge).where(
            RoadConditionEdge.network_version < before_version,
            RoadConditionEdge.condition_id.in_(
                select(RoadCondition.condition_id).where(RoadCondition.city_id == city_id)
            ),
        )
    )
