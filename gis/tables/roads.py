"""Live road conditions: closures, floods, speeds, and what is built from them.

Written by `routing`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Sequence,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, geometry

ROAD_CHANGES = Sequence("road_changes", metadata=Base.metadata)
"""Numbers every write of road conditions; what was rolled back is never given again."""


class RoadCondition(Base):
    """What a person with a right said about roads, until when. Never deleted, only ended.

    `edges` keeps edges chosen one by one by OSM way and share of its length, so that they are
    found again on a new map; otherwise the drawn `geom` is laid over it. `network_version` is
    the map for which `road_condition_edges` holds the answer.
    """

    __tablename__ = "road_conditions"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('closure','flood','roadworks','speed','contraflow_permit')", name="kind"
        ),
        CheckConstraint("drawn IN ('polygon','line','edges','area')", name="drawn"),
        CheckConstraint("direction IN ('both','forward','backward')", name="direction"),
        CheckConstraint("layer_min <= layer_max", name="layers"),
        CheckConstraint("expires_at > starts_at", name="expiry"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        CheckConstraint("(kind = 'flood') = (depth_m IS NOT NULL)", name="flood"),
        CheckConstraint("depth_m > 0", name="depth"),
        CheckConstraint("speed_kmh >= 1 AND speed_kmh <= 200", name="speed"),
        CheckConstraint("speed_factor > 0 AND speed_factor <= 1", name="speed_factor"),
        CheckConstraint(
            "kind <> 'speed' OR (speed_kmh IS NOT NULL AND speed_factor IS NULL)",
            name="speed_given",
        ),
        CheckConstraint(
            "kind <> 'roadworks' OR speed_kmh IS NOT NULL OR speed_factor IS NOT NULL",
            name="roadworks_given",
        ),
        CheckConstraint("num_nonnulls(reason_zh, reason_en) > 0", name="reason"),
        Index(
            "ix_road_conditions_running",
            "city_id",
            "expires_at",
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_road_conditions_city_id_created_at", "city_id", "created_at", "condition_id"),
    )

    condition_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    area_code: Mapped[str | None]
    area_codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    kind: Mapped[str]
    drawn: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(geometry("GEOMETRY"))
    edges: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    direction: Mapped[str]
    layer_min: Mapped[int | None] = mapped_column(SmallInteger)
    layer_max: Mapped[int | None] = mapped_column(SmallInteger)
    structures: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    depth_m: Mapped[float | None] = mapped_column(Double)
    speed_kmh: Mapped[float | None] = mapped_column(Double)
    speed_factor: Mapped[float | None] = mapped_column(Double)
    vehicle_classes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    author: Mapped[str]
    authority_permission: Mapped[str]
    authority_jurisdictions: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'")
    )
    legal_basis: Mapped[str | None]
    source: Mapped[str]
    starts_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    created_at: Mapped[datetime]
    network_version: Mapped[int]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class RoadConditionEdge(Base):
    """Part of a road that a condition holds for, on one version of the map.

    `direction` 0 is along the segment's geometry, 1 against it; shares are of its length, along.
    """

    __tablename__ = "road_condition_edges"
    __table_args__ = (
        CheckConstraint("direction IN (0, 1)", name="direction"),
        CheckConstraint(
            "0 <= from_share AND from_share <= to_share AND to_share <= 1", name="shares"
        ),
    )

    condition_id: Mapped[UUID] = mapped_column(
        ForeignKey("road_conditions.condition_id", ondelete="CASCADE"), primary_key=True
    )
    network_version: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    segment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    direction: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    from_share: Mapped[float] = mapped_column(Double)
    to_share: Mapped[float] = mapped_column(Double)


class RoadSpeed(Base):
    """Newest live speed of an edge from one source; sources stand side by side.

    `way_share` places the segment's middle along its OSM way, to carry it to a new map; `change`
    is the city's `speeds_change` of the write, so that a reader fetches only what is new. There is
    no foreign key: checked row by row it would take half the time of a bulk load.
    """

    __tablename__ = "road_speeds"
    __table_args__ = (
        CheckConstraint("direction IN (0, 1)", name="direction"),
        CheckConstraint("speed_kmh >= 1 AND speed_kmh <= 200", name="speed"),
        CheckConstraint("expires_at > observed_at", name="expiry"),
        CheckConstraint("confidence > 0 AND confidence <= 1", name="confidence"),
        Index("ix_road_speeds_city_id_change", "city_id", "change"),
    )

    city_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    segment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    direction: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(primary_key=True)
    osm_way_id: Mapped[int | None]
    way_share: Mapped[float] = mapped_column(REAL)
    speed_kmh: Mapped[float] = mapped_column(REAL)
    observed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confidence: Mapped[float] = mapped_column(REAL)
    change: Mapped[int]


class RoadSpeedProfile(Base):
    """Learned speed of an edge in one hour of the week (0 = Monday, 00:00 local time).

    `drives` (sum of their weights), `drives_square` (of the squares of these), `pace_s_per_m` and
    `pace_square` (sum of squares about the mean) are what was seen, before it was drawn towards
    the street's class; later drives are added to them. The weights are those of `weighed_at`:
    who reads later lets them age. NULL where the speed came from elsewhere. `learned_at` is when
    the row was written. No foreign key, for the same reason as in `RoadSpeed`.
    """

    __tablename__ = "road_speed_profiles"
    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 167", name="hour"),
        CheckConstraint("direction IN (0, 1)", name="direction"),
        CheckConstraint("speed_kmh >= 1 AND speed_kmh <= 200", name="speed"),
        CheckConstraint("n >= 0 AND spread_kmh >= 0", name="counts"),
        CheckConstraint(
            "num_nulls(drives, drives_square, pace_s_per_m, pace_square, weighed_at) IN (0, 5)",
            name="seen_together",
        ),
        CheckConstraint(
            "drives > 0 AND drives_square > 0 AND pace_s_per_m > 0 AND pace_square >= 0",
            name="seen",
        ),
    )

    city_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    siren: Mapped[bool] = mapped_column(primary_key=True)
    segment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    direction: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    osm_way_id: Mapped[int | None]
    way_share: Mapped[float] = mapped_column(REAL)
    n: Mapped[int]
    speed_kmh: Mapped[float] = mapped_column(REAL)
    spread_kmh: Mapped[float] = mapped_column(REAL)
    learned_at: Mapped[datetime]
    drives: Mapped[float | None] = mapped_column(Double)
    drives_square: Mapped[float | None] = mapped_column(Double)
    pace_s_per_m: Mapped[float | None] = mapped_column(Double)
    pace_square: Mapped[float | None] = mapped_column(Double)
    weighed_at: Mapped[datetime | None]


class RoadConditionsState(Base):
    """The counters of one city's conditions, set in the transaction of every write.

    `change` is the last write's number of `road_changes`; the others are those of the last write
    of that part of the conditions. Positions received before `learned_until` are counted in the
    learned speeds.
    """

    __tablename__ = "road_conditions_state"

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    change: Mapped[int] = mapped_column(server_default=text("0"))
    drawn_change: Mapped[int] = mapped_column(server_default=text("0"))
    speeds_change: Mapped[int] = mapped_column(server_default=text("0"))
    speeds_reset: Mapped[int] = mapped_column(server_default=text("0"))
    profiles_change: Mapped[int] = mapped_column(server_default=text("0"))
    changed_at: Mapped[datetime]
    learned_until: Mapped[datetime | None]


class RoadMetric(Base):
    """One set of hierarchy weights: `wanted` by the worker that builds it, then `ready`."""

    __tablename__ = "road_metrics"
    __table_args__ = (
        CheckConstraint("state IN ('wanted','ready')", name="state"),
        CheckConstraint("(state = 'ready') <= (folder IS NOT NULL)", name="folder"),
    )

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    profile: Mapped[str] = mapped_column(primary_key=True)
    topology_id: Mapped[str] = mapped_column(primary_key=True)
    metric_id: Mapped[str] = mapped_column(primary_key=True)
    conditions_id: Mapped[str]
    folder: Mapped[str | None]
    state: Mapped[str]
    wanted_at: Mapped[datetime]
    built_at: Mapped[datetime | None]
