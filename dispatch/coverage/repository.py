"""SQL of coverage: people by cell, rules, busy shares."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from dispatch.coverage.model import AreaName, Busy, Ground, Rules
from gis.population import LAST_COUNT_SQL, POPULATION_STAMP_SQL
from gis.tables import Station, Unit
from gis.tables.coverage import BusyShare, CoverageRules

_STAMP = text(f"""
SELECT ({POPULATION_STAMP_SQL})
    || '/' || (SELECT concat(count(*), ':', max(xmin::text::bigint)) FROM areas
               WHERE city_id = :city_id AND level IN ('district', 'street'))
    || '/' || (SELECT concat(count(*), ':', max(xmin::text::bigint)) FROM stations
               WHERE city_id = :city_id)
""")  # noqa: S608 (constants)

_CELLS = text(f"""
WITH {LAST_COUNT_SQL}
SELECT cell.source, cell.counted_on, cell.population, cell.modelled,
       ST_X(middle) AS lon, ST_Y(middle) AS lat, area.code
FROM population_cells AS cell
JOIN chosen ON cell.source = chosen.source
    AND cell.counted_on IS NOT DISTINCT FROM chosen.counted_on
CROSS JOIN LATERAL ST_PointOnSurface(cell.geom) AS middle
LEFT JOIN LATERAL (
    -- The street area (街道) around the point, else its district.
    SELECT code FROM areas
    WHERE city_id = :city_id AND valid_to IS NULL AND level IN ('district', 'street')
      AND ST_Covers(areas.geom, middle)
    ORDER BY level DESC, area_id
    LIMIT 1
) AS area ON true
WHERE cell.city_id = :city_id AND cell.time_of_day = :time_of_day AND cell.population > 0
ORDER BY cell.cell_id
""")  # noqa: S608 (a constant)

_AREAS = text("""
SELECT code, name, name_zh, name_en FROM areas
WHERE city_id = :city_id AND valid_to IS NULL AND level IN ('district', 'street')
ORDER BY code, area_id
""")


def stamp(session: Session, city_id: int) -> str:
    """Return a name of the people, areas and stations as they are."""
    given = {"city_id": city_id, "time_of_day": "all"}
    return str(session.scalar(_STAMP, given))


def read_ground(session: Session, city_id: int) -> Ground:
    """Return the cells of the last count with the finest area of each."""
    given = {"city_id": city_id, "time_of_day": "all"}
    areas = tuple({
        row.code: AreaName(row.code, row.name, row.name_zh, row.name_en)
        for row in session.execute(_AREAS, given)
    }.values())  # fmt: skip
    row_of = {one.code: row for row, one in enumerate(areas)}
    rows = session.execute(_CELLS, given).all()
    return Ground(
        lonlat=np.array([(row.lon, row.lat) for row in rows], np.float64).reshape(-1, 2),
        people=np.array([row.population for row in rows], np.float64),
        area=np.array([row_of.get(row.code, -1) for row in rows], np.int32),
        areas=areas,
        source=rows[0].source if rows else None,
        counted_on=rows[0].counted_on if rows else None,
        modelled=any(row.modelled for row in rows),
    )


def stations(session: Session, city_id: int) -> Sequence[tuple[int, float, float]]:
    """Return id, longitude and latitude of a city's ambulance stations."""
    rows = session.execute(
        select(Station.station_id, func.ST_X(Station.geom), func.ST_Y(Station.geom))
        .where(Station.city_id == city_id, Station.kind == "ambulance")
        .order_by(Station.station_id)
    )
    return [(station_id, lon, lat) for station_id, lon, lat in rows]


def unit_count(session: Session, city_id: int) -> int:
    """Return how many units a city has."""
    return session.scalar(select(func.count()).where(Unit.city_id == city_id)) or 0


def rules(session: Session, city_id: int) -> Rules:
    """Return a city's newest rules, or the defaults."""
    row = session.scalar(
        select(CoverageRules)
        .where(CoverageRules.city_id == city_id)
        .order_by(CoverageRules.version.desc())
        .limit(1)
    )
    if row is None:
        return Rules()
    return Rules(**{one.name: getattr(row, one.name) for one in fields(Rules)})


def add_rules(session: Session, city_id: int, rules: Rules, *, at: datetime, by: str) -> None:
    """Store a version of a city's rules; of two of one version the second is refused (23505)."""
    session.add(CoverageRules(city_id=city_id, set_at=at, set_by=by, **asdict(rules)))
    session.flush()


def busy_at(session: Session, city_id: int, *, hour: int) -> Busy | None:
    """Return the measured share of an hour of the day, local, however little it rests on."""
    row: Any = session.scalar(
        select(BusyShare).where(BusyShare.city_id == city_id, BusyShare.hour == hour)
    )
    return None if row is None else Busy(row.share, row.unit_hours, row.measured_at)
