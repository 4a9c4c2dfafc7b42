"""SQL of places where simulated calls come from: weighted by people, on a street."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import (
    SimulationControl,
)

_CELLS = text(
    "SELECT cell_id, population, ST_X(middle) AS lon, ST_Y(middle) AS lat FROM ("
    " SELECT DISTINCT ON (source, source_ref) cell_id, population, geom FROM population_cells"
    " WHERE city_id = :city_id ORDER BY source, source_ref, counted_on DESC NULLS LAST,"
    " array_position(ARRAY['all', 'night', 'day'], time_of_day)"
    ") AS newest CROSS JOIN LATERAL ST_PointOnSurface(geom) AS middle"
    " WHERE population > 0 ORDER BY cell_id"
)
_SITES = text("""
    SELECT ST_X(site.geom) AS lon, ST_Y(site.geom) AS lat
    FROM unnest(CAST(:cells AS bigint[])) AS picked (cell_id)
    JOIN population_cells AS cell USING (cell_id)
    CROSS JOIN LATERAL (
        SELECT ST_LineInterpolatePoint(road.geom, random()) AS geom
        FROM road_segments AS road
        WHERE road.city_id = cell.city_id
          AND road.geom && cell.geom
          AND ST_Intersects(road.geom, cell.geom)
          AND road.highway NOT IN ('motorway', 'motorway_link', 'trunk', 'trunk_link', 'ferry')
          AND road.drive_access = 'yes'
        ORDER BY random()
        LIMIT 1
    ) AS site
""")


def list_inhabited_cells(
    session: Session, city_id: int
) -> tuple[list[int], list[float], NDArray[np.float64]]:
    """Return ids, populations and inner points (n, 2) of the city's inhabited cells."""
    rows = session.execute(_CELLS, {"city_id": city_id}).all()
    lonlat = np.array([(row.lon, row.lat) for row in rows], np.float64).reshape(-1, 2)
    return [row.cell_id for row in rows], [row.population for row in rows], lonlat


def sites_in_cells(session: Session, cells: Sequence[int]) -> list[tuple[float, float]]:
    """Return one random street point (lon, lat) in each cell; a cell without streets gives none."""
    rows = session.execute(_SITES, {"cells": list(cells)})
    return [(row.lon, row.lat) for row in rows]


def find_simulation_control(session: Session, *, lock: bool = False) -> AnyRow | None:
    """Return the simulation's controls."""
    columns: list[Any] = list(SimulationControl.__table__.columns)
    statement = select(*columns)
    return session.execute(statement.with_for_update() if lock else statement).one_or_none()


def update_simulation_control(session: Session, values: Mapping[str, Any]) -> None:
    """Change the simulation's controls and raise their version."""
    session.execute(
        update(SimulationControl).values(**values, version=SimulationControl.version + 1)
    )
