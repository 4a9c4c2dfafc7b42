"""SQL of a case's card: its versions, who it is, and the areas that hold it."""

from collections.abc import Collection, Sequence
from uuid import UUID

import shapely
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.cities import IN_FORCE
from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import Area
from gis.tables.surveillance import CasePerson, CaseVersion
from surveillance.cases.shown_places import AreaAbove


def versions_of(session: Session, case_id: UUID) -> Sequence[AnyRow]:
    """Return what a case's reports said that the viewer may see, the newest first."""
    return session.execute(
        text("""
        SELECT v.*, ST_X(v.residence) AS lon, ST_Y(v.residence) AS lat, c.source_key,
               c.same_as_id, s.name AS source, i.file_name, i.imported_by
        FROM case_versions AS v JOIN cases AS c USING (case_id)
        JOIN case_sources AS s ON s.source_id = v.source_id
        LEFT JOIN case_imports AS i ON i.import_id = v.import_id
        WHERE v.case_id = :case ORDER BY v.stated_at DESC"""),
        {"case": case_id},
    ).all()


def is_owner(session: Session, case_id: UUID, reach: Collection[str]) -> bool:
    """Return whether the area that owns a case now lies within `reach`."""
    return bool(
        session.execute(
            select(func.count()).where(
                CaseVersion.case_id == case_id, CaseVersion.known_until.is_(None),
                within(CaseVersion.owned_by_area, reach),
            )
        ).scalar_one()
    )  # fmt: skip


def person_of(session: Session, case_id: UUID) -> AnyRow | None:
    """Return who a case is, None where it was erased, never told, or not for this viewer."""
    return session.execute(
        select(CasePerson.name, CasePerson.guardian, CasePerson.phone, CasePerson.address).where(
            CasePerson.case_id == case_id
        )
    ).one_or_none()


def areas_above(
    session: Session, city_id: int, codes: Collection[str]
) -> dict[str, list[AreaAbove]]:  # fmt: skip
    """Return of present areas those that hold each, itself first, with their known residents.

    Those of an area are at least what is counted of it or, level by level, of what lies in it.
    """
    rows = session.execute(
        text("""
        WITH counted AS (
            SELECT DISTINCT ON (a.area_id) a.path, a.level, p.persons
            FROM areas AS a JOIN populations AS p USING (area_id)
            WHERE a.city_id = :city AND a.valid_to IS NULL AND p.base = 'resident'
              AND p.sex = 'all' AND p.age_from = 0 AND p.age_below IS NULL
            ORDER BY a.area_id, p.counted_on DESC NULLS LAST, p.population_id DESC
        ), by_level AS (
            SELECT up.code, counted.level, sum(counted.persons) AS together
            FROM counted CROSS JOIN LATERAL unnest(counted.path) AS up (code)
            GROUP BY up.code, counted.level
        ), residents AS (SELECT code, max(together) AS residents FROM by_level GROUP BY code)
        SELECT own.code AS own, above.code, residents.residents
        FROM areas AS own CROSS JOIN LATERAL unnest(own.path) WITH ORDINALITY AS above (code, place)
        LEFT JOIN residents ON residents.code = above.code
        WHERE own.city_id = :city AND own.code = ANY (:codes) AND own.valid_to IS NULL
        ORDER BY own.code, above.place DESC"""),
        {"city": city_id, "codes": sorted(codes)},
    )
    found: dict[str, list[AreaAbove]] = {}
    for row in rows:
        residents = None if row.residents is None else int(row.residents)
        found.setdefault(row.own, []).append(AreaAbove(row.code, residents))
    return found


def shape_of(session: Session, city_id: int, code: str) -> shapely.Geometry | None:
    """Return the surface of a present area."""
    found = session.execute(
        select(func.ST_AsBinary(Area.geom)).where(
            Area.city_id == city_id, Area.code == code, *IN_FORCE[Area]
        )
    ).scalar_one_or_none()
    return None if found is None else shapely.from_wkb(bytes(found))
