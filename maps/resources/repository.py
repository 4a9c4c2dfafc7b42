"""SQL of the report on resources: what stands in which district, and how many people live there."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.facilities.kinds import HOSPITAL_KINDS
from maps.resources.model import RESOURCES, CityResources, Count, District, Residents

_COMPARED = text("""
    SELECT code FROM areas
    WHERE CAST(:reach AS text[]) IS NULL AND city_id = :city_id AND level = 'district'
      AND valid_to IS NULL
    UNION
    SELECT code FROM areas
    WHERE city_id = :city_id AND level = 'district' AND valid_to IS NULL
      AND code IN (SELECT codes_within(:reach))
    UNION
    SELECT code FROM areas_reached(:city_id, :reach) WHERE level IN ('street', 'zone')
""")
"""Whose resources are told apart: districts; of a right within one, the areas that it is for."""

_DISTRICTS = text("""
    SELECT area_id, code, name, name_zh, name_en, round(persons)::bigint AS persons, counted_on,
           people.source AS people_source
    FROM areas LEFT JOIN LATERAL (
        SELECT persons, counted_on, source FROM populations
        WHERE populations.area_id = areas.area_id AND sex = 'all' AND age_from = 0
          AND age_below IS NULL AND base = 'resident'
        ORDER BY counted_on DESC NULLS LAST, population_id DESC LIMIT 1
    ) AS people ON true
    WHERE city_id = :city_id AND valid_to IS NULL AND code = ANY(:compared)
    ORDER BY code
""")

# A place on a border lies in both: it is counted once, in the first by its code.
_COUNTS = text("""
    WITH resource AS (
        SELECT 'stations' AS what, geom, modelled FROM stations WHERE city_id = :city_id
        UNION ALL
        SELECT 'hospitals', geom, modelled FROM facilities
        WHERE city_id = :city_id AND kind = ANY(:hospital_kinds)
        UNION ALL
        SELECT 'emergency_departments', geom, modelled FROM facilities
        WHERE city_id = :city_id AND kind IS NOT NULL AND has_emergency_department
        UNION ALL
        SELECT 'ambulances', stations.geom, units.modelled
        FROM units JOIN stations USING (station_id)
        WHERE units.city_id = :city_id AND units.level <> 'first_responder'
        UNION ALL
        SELECT 'aeds', geom, modelled FROM aeds WHERE city_id = :city_id
    )
    SELECT what, area_id, count(*) AS there, count(*) FILTER (WHERE resource.modelled) AS modelled
    FROM resource LEFT JOIN LATERAL (
        SELECT area_id FROM areas
        WHERE city_id = :city_id AND valid_to IS NULL AND code = ANY(:compared)
          AND ST_Intersects(areas.geom, resource.geom)
        ORDER BY code LIMIT 1
    ) AS district ON true
    GROUP BY what, area_id
""")

_UNKNOWN_DEPARTMENTS = text("""
    SELECT count(*) FROM facilities
    WHERE (CAST(:reach AS text[]) IS NULL OR EXISTS (
        SELECT FROM areas_reached(:city_id, :reach) AS reached
        WHERE ST_Intersects(reached.geom, facilities.geom)
    )) AND city_id = :city_id AND kind = ANY(:hospital_kinds) AND has_emergency_department IS NULL
""")


def read_resources(
    session: Session, city_id: int, reach: Sequence[str] | None = None
) -> CityResources:
    """Return what stands in each district of a city, and what stands in none.

    `reach`: of the areas within these codes only; then nothing stands outside.
    """
    limited = None if reach is None else list(reach)
    values = {"city_id": city_id, "hospital_kinds": list(HOSPITAL_KINDS), "reach": limited}
    codes = session.scalars(_COMPARED, {"city_id": city_id, "reach": limited})
    compared = {"city_id": city_id, "compared": list(codes)}
    counts: dict[int | None, dict[str, Count]] = defaultdict(
        lambda: dict.fromkeys(RESOURCES, Count())
    )
    for row in session.execute(_COUNTS, values | compared):
        counts[row.area_id][row.what] = Count(row.there, row.modelled)
    districts = tuple(
        District(
            code=row.code, name=row.name, name_zh=row.name_zh, name_en=row.name_en,
            residents=None if row.persons is None else Residents(
                row.persons, row.counted_on, row.people_source
            ),
            counts=counts[row.area_id],
        )
        for row in session.execute(_DISTRICTS, compared)
    )  # fmt: skip
    unknown = session.execute(_UNKNOWN_DEPARTMENTS, values).scalar_one()
    outside = counts[None] if limited is None else dict.fromkeys(RESOURCES, Count())
    return CityResources(districts, outside, unknown, limited=limited is not None)
