"""SQL of where people live, and of what they need near them."""

from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from gis.facilities.kinds import HOSPITAL_KINDS
from gis.population import LAST_COUNT_SQL, POPULATION_STAMP_SQL
from gis.rows import view_of
from gis.tables import Facility, FacilityCapability, PopulationCell, Station
from planning.access.model import Cells, District, Place, Target, TimeOfDay

_STAMP = text(f"""
SELECT ({POPULATION_STAMP_SQL})
    || '/' || (SELECT concat(count(*), ':', max(xmin::text::bigint)) FROM areas
               WHERE city_id = :city_id AND level = 'district')
""")  # noqa: S608 (constants)
"""Another with every insert, update and deletion."""

_CELLS = text(f"""
WITH {LAST_COUNT_SQL}
SELECT cell.source_ref, cell.source, cell.counted_on, cell.population, cell.modelled,
       ST_X(middle) AS lon, ST_Y(middle) AS lat, ST_AsBinary(cell.geom) AS shape, district.code
FROM population_cells AS cell
JOIN chosen ON cell.source = chosen.source
    AND cell.counted_on IS NOT DISTINCT FROM chosen.counted_on
CROSS JOIN LATERAL ST_PointOnSurface(cell.geom) AS middle
LEFT JOIN LATERAL (
    SELECT code FROM areas
    WHERE city_id = :city_id AND level = 'district' AND valid_to IS NULL
      AND ST_Covers(areas.geom, middle)
    ORDER BY area_id
    LIMIT 1
) AS district ON true
WHERE cell.city_id = :city_id AND cell.time_of_day = :time_of_day
ORDER BY cell.cell_id
""")  # noqa: S608 (a constant)

_DISTRICTS = text("""
SELECT code, name, name_zh, name_en
FROM areas
WHERE city_id = :city_id AND level = 'district' AND valid_to IS NULL
ORDER BY code, area_id
""")


def stamp(session: Session, city_id: int, time_of_day: TimeOfDay) -> str:
    """Return a name of the cells and districts as they are."""
    found = session.scalar(_STAMP, {"city_id": city_id, "time_of_day": time_of_day.value})
    return str(found)


def read_cells(
    session: Session, city_id: int, time_of_day: TimeOfDay
) -> tuple[Cells, tuple[District, ...]]:
    """Return the cells of the last count, and the districts that they lie in."""
    given = {"city_id": city_id, "time_of_day": time_of_day.value}
    districts = tuple(view_of(District, row) for row in session.execute(_DISTRICTS, given))
    row_of = {one.code: row for row, one in reversed(list(enumerate(districts)))}
    rows = session.execute(_CELLS, given).all()
    cells = Cells(
        cell=[row.source_ref for row in rows],
        lonlat=np.array([(row.lon, row.lat) for row in rows], np.float64).reshape(-1, 2),
        people=np.array([row.population for row in rows], np.float64),
        modelled=[row.modelled for row in rows],
        district=np.array([row_of.get(row.code, -1) for row in rows], np.int32),
        shapes=[bytes(row.shape) for row in rows],
        source=rows[0].source if rows else None,
        counted_on=rows[0].counted_on if rows else None,
    )
    return cells, districts


def counted_on(session: Session, city_id: int) -> date | None:
    """Return the day of the last count by cell on the whole; None: the source does not say."""
    return session.scalar(
        select(func.max(PopulationCell.counted_on)).where(
            PopulationCell.city_id == city_id,
            PopulationCell.time_of_day == TimeOfDay.ALL.value,
        )
    )


def stations(session: Session, city_id: int) -> tuple[Place, ...]:
    """Return a city's ambulance stations."""
    return _places(
        session,
        select(
            Station.station_id.label("place_id"), Station.name, Station.name_zh, Station.name_en,
            Station.modelled, func.ST_X(Station.geom).label("lon"),
            func.ST_Y(Station.geom).label("lat"),
        )
        .where(Station.city_id == city_id)
        .order_by(Station.station_id),
    )  # fmt: skip


def hospitals(
    session: Session,
    city_id: int,
    target: Target,
    *,
    capabilities: frozenset[str],
) -> tuple[tuple[Place, ...], tuple[tuple[float, float], ...]]:
    """Return the hospitals that are a target, and where those are of which nobody says it.

    Of a capability only what is known is stored: a hospital without any row is one nobody speaks
    of.
    """
    entered = func.coalesce(Facility.entrance, Facility.geom)
    hospital = (Facility.city_id == city_id) & Facility.kind.in_(HOSPITAL_KINDS)
    held = FacilityCapability.valid_until.is_(None)
    if target is Target.EMERGENCY:
        wanted = Facility.has_emergency_department.is_(True)
        unsaid = Facility.has_emergency_department.is_(None)
    else:
        wanted = Facility.facility_id.in_(
            select(FacilityCapability.facility_id).where(
                held, FacilityCapability.capability.in_(capabilities)
            )
        )
        unsaid = Facility.facility_id.not_in(select(FacilityCapability.facility_id).where(held))
    found = _places(
        session,
        select(
            Facility.facility_id.label("place_id"), Facility.name, Facility.name_zh,
            Facility.name_en, Facility.modelled, func.ST_X(entered).label("lon"),
            func.ST_Y(entered).label("lat"),
        )
        .where(hospital, wanted)
        .order_by(Facility.facility_id),
    )  # fmt: skip
    unknown = session.execute(
        select(func.ST_X(entered), func.ST_Y(entered)).where(hospital, unsaid)
    )
    return found, tuple((lon, lat) for lon, lat in unknown)


def _places(session: Session, query: Select[*tuple[Any, ...]]) -> tuple[Place, ...]:
    return tuple(view_of(Place, row) for row in session.execute(query))
