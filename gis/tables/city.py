"""Cities, administrative areas, roads, water and the gazetteer. Written by `data`."""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Sequence,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry

NETWORK_VERSIONS = Sequence("network_versions", metadata=Base.metadata)
"""Numbers every road network that is loaded, of whichever city; none is given twice."""


class City(Base):
    """One loaded city. `network_version` rises with every change of its roads.

    `network_at` is when these roads were loaded: after a restore a number may come back with
    other roads.
    """

    __tablename__ = "cities"

    city_id: Mapped[BigKey]
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_zh: Mapped[str | None]
    source: Mapped[str]
    attribution: Mapped[str]
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    time_zone: Mapped[str]
    extent: Mapped[WKBElement] = mapped_column(geometry("POLYGON"))
    network_version: Mapped[int] = mapped_column(server_default=NETWORK_VERSIONS.next_value())
    network_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    added_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Area(Base):
    """Administrative area. China: GB/T 2260 code; codes are reused, so validity is stored.

    Never deleted: other rows name its code. `path` holds the codes of all areas above and its own,
    set by a trigger from `parent_id` and the code; `gis.jurisdiction` compares it.
    """

    __tablename__ = "areas"
    __table_args__ = (
        UniqueConstraint("city_id", "code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
        CheckConstraint(
            "level IN ('country','province','city','district','street','zone')", name="level"
        ),
        Index("ix_areas_path", "path", postgresql_using="gin"),
    )

    area_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(index=True)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("areas.area_id", ondelete="SET NULL"), index=True
    )
    path: Mapped[list[str]] = mapped_column(postgresql.ARRAY(Text), server_default=text("'{}'"))
    level: Mapped[str]
    name: Mapped[str]
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class RoadSegment(Base):
    """Piece of one OSM way between two junctions: raw tags, unmerged, no travel time."""

    __tablename__ = "road_segments"
    __table_args__ = (
        CheckConstraint("oneway IN (-1, 0, 1)", name="oneway"),
        CheckConstraint("length_m > 0", name="length"),
        Index("ix_road_segments_city_id", "city_id"),
    )

    segment_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    osm_way_id: Mapped[int | None]
    from_node: Mapped[int]
    to_node: Mapped[int]
    length_m: Mapped[float] = mapped_column(Double)
    highway: Mapped[str]
    oneway: Mapped[int] = mapped_column(SmallInteger)
    drive_access: Mapped[str]
    walk_access: Mapped[str]
    maxspeed_kmh: Mapped[float | None] = mapped_column(Double)
    maxspeed_backward_kmh: Mapped[float | None] = mapped_column(Double)
    lanes: Mapped[int | None] = mapped_column(SmallInteger)
    layer: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    is_bridge: Mapped[bool] = mapped_column(server_default=text("false"))
    is_tunnel: Mapped[bool] = mapped_column(server_default=text("false"))
    name: Mapped[str | None]
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    ref: Mapped[str | None]
    tags: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("LINESTRING"))


class RoadNode(Base):
    """Node of the road network that costs or stops: traffic signals, barriers, gates."""

    __tablename__ = "road_nodes"

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    node_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    tags: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class TurnRestriction(Base):
    """OSM `restriction` relation, kept with OSM ids; `routing` resolves it to segments."""

    __tablename__ = "turn_restrictions"

    restriction_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    from_way_id: Mapped[int]
    via_node: Mapped[int | None]
    via_way_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    to_way_id: Mapped[int]
    except_modes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class WaterBody(Base):
    """Sea, lake or river surface for the basemap."""

    __tablename__ = "water_bodies"

    water_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str | None]
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class Place(Base):
    """Gazetteer entry. `search_text` holds name, Chinese, pinyin and Latin forms for trigrams."""

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("city_id", "source", "source_ref"),
        Index(
            "ix_places_search_text_trgm",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    place_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str]
    source_ref: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    name_zh: Mapped[str | None]
    name_en: Mapped[str | None]
    house_number: Mapped[str | None]
    street: Mapped[str | None]
    search_text: Mapped[str]
    radius_m: Mapped[float] = mapped_column(Double)
    modelled: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
