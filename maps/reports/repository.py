"""SQL of reports: the ground that maps in print are drawn on, simplified to what paper shows."""

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.words import Words
from maps.reports.ground import AreaShape, RoadShape

PARTS_ACROSS = 2_500
"""A line is kept to this part of the map's width: a tenth of a millimetre of a page's."""
_MAIN_ROADS = ("motorway", "trunk", "primary")

# Simplified as one coverage would keep shared borders together; PostGIS has that from 3.4 on
# only, so each is simplified by so little that no gap can be seen.
_AREAS = text("""
    SELECT code, name, name_zh, name_en,
           ST_AsBinary(ST_SimplifyPreserveTopology(geom, :tolerance_deg)) AS shape,
           ST_X(ST_PointOnSurface(geom)) AS lon, ST_Y(ST_PointOnSurface(geom)) AS lat
    FROM areas WHERE city_id = :city_id AND level = 'district' AND valid_to IS NULL ORDER BY code
""")
_WATER = text("""
    SELECT ST_AsBinary(ST_Collect(shape ORDER BY water_id)) AS shape
    FROM (
        SELECT water_id, (ST_Dump(ST_SimplifyPreserveTopology(geom, :tolerance_deg))).geom AS shape
        FROM water_bodies WHERE city_id = :city_id AND ST_Area(geom) > :smallest_deg2
    ) AS simple
""")
_ROADS = text("""
    SELECT highway, ST_AsBinary(ST_Simplify(ST_LineMerge(ST_Collect(geom ORDER BY segment_id)),
                                            :tolerance_deg)) AS shape
    FROM road_segments WHERE city_id = :city_id AND highway = ANY(:classes)
    GROUP BY highway ORDER BY array_position(:classes, highway) DESC
""")


def read_areas(session: Session, city_id: int, *, width_deg: float) -> tuple[AreaShape, ...]:
    """Return the districts of a city, by code."""
    values = {"city_id": city_id, "tolerance_deg": width_deg / PARTS_ACROSS}
    return tuple(
        AreaShape(
            code=row.code, words=Words(en=row.name_en or row.name, zh=row.name_zh or row.name),
            shape=shapely.from_wkb(bytes(row.shape)), label=(row.lon, row.lat),
        )
        for row in session.execute(_AREAS, values)
    )  # fmt: skip


def read_water(session: Session, city_id: int, *, width_deg: float) -> shapely.Geometry:
    """Return the surfaces of water that a map of this width shows, as one geometry."""
    tolerance_deg = width_deg / PARTS_ACROSS
    values = {
        "city_id": city_id, "tolerance_deg": tolerance_deg, "smallest_deg2": (4 * tolerance_deg)**2
    }  # fmt: skip
    found = session.execute(_WATER, values).scalar_one()
    return shapely.MultiPolygon() if found is None else shapely.from_wkb(bytes(found))


def read_main_roads(
    session: Session, city_id: int, *, width_deg: float
) -> tuple[RoadShape, ...]:  # fmt: skip
    """Return motorways, trunk and primary roads, the most important class last."""
    values = {
        "city_id": city_id, "tolerance_deg": width_deg / PARTS_ACROSS, "classes": list(_MAIN_ROADS)
    }  # fmt: skip
    return tuple(
        RoadShape(row.highway, shapely.from_wkb(bytes(row.shape)))
        for row in session.execute(_ROADS, values)
    )
