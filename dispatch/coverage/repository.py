"""SQL of coverage: people by cell, rules, how busy units are, voids."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import and_, delete, extract, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from dispatch.coverage.model import AreaName, Busy, Ground, Rules
from gis.jurisdiction import within
from gis.population import LAST_COUNT_SQL, POPULATION_STAMP_SQL
from gis.rows import AnyRow
from gis.tables import (
    OPEN_ASSIGNMENT_STATES,
    Area,
    Assignment,
    AssignmentStamp,
    City,
    Shift,
    Station,
    Unit,
)
from gis.tables.coverage import BusyShare, CoverageRules, CoverageVoid
from gis.tables.moveups import MoveUp, RemainingTime

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
    return _rules(row)


def rules_and_busy(
    session: Session, city_id: int, *, at: datetime
) -> tuple[Rules, Busy | None] | None:
    """Return a city's newest rules and the share measured of this hour of its day; None: no city.

    One statement: every recommendation asks it. The share is as measured, however little it rests
    on.
    """
    each = aliased(CoverageRules)
    newest = select(func.max(each.version)).where(each.city_id == city_id).scalar_subquery()
    hour = extract("hour", func.timezone(City.time_zone, at))
    row = session.execute(
        select(CoverageRules, BusyShare)
        .select_from(City)
        .outerjoin(
            CoverageRules,
            and_(CoverageRules.city_id == City.city_id, CoverageRules.version == newest),
        )
        .outerjoin(BusyShare, and_(BusyShare.city_id == City.city_id, BusyShare.hour == hour))
        .where(City.city_id == city_id)
    ).one_or_none()
    return None if row is None else (_rules(row[0]), _busy(row[1]))


def _rules(row: CoverageRules | None) -> Rules:
    if row is None:
        return Rules()
    return Rules(**{one.name: getattr(row, one.name) for one in fields(Rules)})


def _busy(row: BusyShare | None) -> Busy | None:
    return None if row is None else Busy(row.share, row.unit_hours, row.measured_at)


def add_rules(session: Session, city_id: int, rules: Rules, *, at: datetime, by: str) -> None:
    """Store a version of a city's rules; of two of one version the second is refused (23505)."""
    session.add(CoverageRules(city_id=city_id, set_at=at, set_by=by, **asdict(rules)))
    session.flush()


_BUSY = text("""
WITH span AS (
    SELECT hour AS begins, hour + interval '1 hour' AS ends,
           extract(hour FROM hour AT TIME ZONE :time_zone)::int AS hour
    FROM generate_series(
        date_trunc('hour', CAST(:since AS timestamptz)),
        CAST(:now AS timestamptz), interval '1 hour'
    ) AS hour
), on_shift AS (
    SELECT span.hour, sum(extract(epoch FROM
        least(upper(shift.during), span.ends, :now) - greatest(lower(shift.during), span.begins)
    )) AS seconds
    FROM span
    JOIN shifts AS shift ON shift.during && tstzrange(span.begins, least(span.ends, :now))
    JOIN units ON units.unit_id = shift.unit_id AND units.city_id = :city_id
    GROUP BY span.hour
), task AS (
    SELECT assignment.created_at AS begins, coalesce(
        min(stamp.occurred_at) FILTER (WHERE NOT stamp.state = ANY (:open)), :now
    ) AS ends
    FROM assignments AS assignment
    JOIN units ON units.unit_id = assignment.unit_id AND units.city_id = :city_id
    LEFT JOIN assignment_stamps AS stamp ON stamp.assignment_id = assignment.assignment_id
        AND stamp.undone_at IS NULL
    WHERE assignment.created_at BETWEEN :since AND :now
    GROUP BY assignment.assignment_id
), busy AS (
    SELECT span.hour, sum(extract(epoch FROM
        least(task.ends, span.ends, :now) - greatest(task.begins, span.begins)
    )) AS seconds
    FROM span
    JOIN task ON task.begins < least(span.ends, :now) AND task.ends > span.begins
    GROUP BY span.hour
)
SELECT hour, least(coalesce(busy.seconds, 0) / on_shift.seconds, 1)::float8 AS share,
       (on_shift.seconds / 3600)::float8 AS unit_hours
FROM on_shift LEFT JOIN busy USING (hour)
WHERE on_shift.seconds > 0
""")

_REMAINING = text("""
WITH task AS (
    SELECT stamp.assignment_id, min(stamp.occurred_at) AS ended_at
    FROM assignment_stamps AS stamp
    JOIN assignments AS assignment USING (assignment_id)
    JOIN units ON units.unit_id = assignment.unit_id AND units.city_id = :city_id
    WHERE assignment.created_at BETWEEN :since AND :now AND stamp.undone_at IS NULL
      AND NOT stamp.state = ANY (:open)
    GROUP BY stamp.assignment_id
)
SELECT stamp.state, count(*) AS n,
       percentile_cont(ARRAY[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]) WITHIN GROUP (
           ORDER BY extract(epoch FROM task.ended_at - stamp.occurred_at)::float8
       ) AS deciles_s
FROM task
JOIN assignment_stamps AS stamp USING (assignment_id)
WHERE stamp.state = ANY (:open) AND stamp.undone_at IS NULL
  AND stamp.occurred_at <= task.ended_at
GROUP BY stamp.state
""")


def measure(
    session: Session, city_id: int, *, time_zone: str, since: datetime, now: datetime
) -> None:
    """Measure anew how busy a city's units were by hour of the day, and how long tasks lasted."""
    given = {
        "city_id": city_id, "time_zone": time_zone, "since": since, "now": now,
        "open": list(OPEN_ASSIGNMENT_STATES),
    }  # fmt: skip
    of_city = {"city_id": city_id, "measured_at": now}
    for table, question in ((BusyShare, _BUSY), (RemainingTime, _REMAINING)):
        rows = [{**row, **of_city} for row in session.execute(question, given).mappings()]
        session.execute(delete(table).where(table.city_id == city_id))
        if rows:
            session.execute(insert(table), rows)


def remaining(session: Session, city_id: int, *, fewest: int) -> Mapping[str, Sequence[float]]:
    """Return by state the deciles of how long tasks went on, of those on record often enough."""
    rows = session.execute(
        select(RemainingTime.state, RemainingTime.deciles_s).where(
            RemainingTime.city_id == city_id, RemainingTime.n >= fewest
        )
    )
    return {row.state: row.deciles_s for row in rows}


def away(session: Session, city_id: int, *, at: datetime) -> Sequence[AnyRow]:
    """Return units that are at work or out of service, with when their last stamp was made.

    lon, lat: of their station; on_shift_until: None without a shift now or an end of it.
    """
    stamped = (
        select(func.max(AssignmentStamp.occurred_at))
        .where(
            AssignmentStamp.assignment_id == Assignment.assignment_id,
            AssignmentStamp.undone_at.is_(None),
        )
        .scalar_subquery()
    )
    return session.execute(
        select(
            Unit.unit_id, Unit.level, Assignment.state, stamped.label("stamped_at"),
            Unit.out_of_service_reason, Unit.expected_back_at,
            func.ST_X(Station.geom).label("lon"), func.ST_Y(Station.geom).label("lat"),
        )
        .join(Station, Station.station_id == Unit.station_id)
        .join(Shift, and_(Shift.unit_id == Unit.unit_id, Shift.during.contains(at)))
        .outerjoin(
            Assignment,
            and_(
                Assignment.unit_id == Unit.unit_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
            ),
        )
        .where(
            Unit.city_id == city_id,
            Assignment.assignment_id.is_not(None)
            | (func.coalesce(Unit.out_of_service_reason, "") != ""),
        )
        .order_by(Unit.unit_id)
    ).all()  # fmt: skip


def posts_of(session: Session, city_id: int) -> Mapping[int, tuple[float, float]]:
    """Return by unit the post that it is being moved up to."""
    rows = session.execute(
        select(MoveUp.unit_id, func.ST_X(Station.geom), func.ST_Y(Station.geom))
        .join(Station, Station.station_id == MoveUp.station_id)
        .where(MoveUp.city_id == city_id, MoveUp.state == "accepted")
    )
    return {unit_id: (lon, lat) for unit_id, lon, lat in rows}


def lock_coverage(session: Session, city_id: int) -> None:
    """Let one transaction at a time decide about a city's voids and moves, until commit."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('coverage ' || :city_id, 0))"),
        {"city_id": str(city_id)},
    )


def voids_not_over(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return the voids of a city that are watched or open."""
    return session.execute(
        select(*CoverageVoid.__table__.columns).where(
            CoverageVoid.city_id == city_id, CoverageVoid.closed_at.is_(None)
        )
    ).all()


def put_void(session: Session, values: Mapping[str, Any]) -> None:
    """Store a void, or what is new of it; where the area has another already, nothing."""
    session.execute(
        insert(CoverageVoid)
        .values(**values)
        .on_conflict_do_update(
            index_elements=[CoverageVoid.void_id],
            set_={name: value for name, value in values.items() if name != "void_id"},
        )
    )


def delete_void(session: Session, void_id: UUID) -> None:
    """Forget a void that was watched and never open."""
    session.execute(delete(CoverageVoid).where(CoverageVoid.void_id == void_id))


def list_voids(
    session: Session, city_id: int, prefixes: Collection[str]
) -> Sequence[AnyRow]:  # fmt: skip
    """Return the open voids of a city in some areas, the largest first."""
    return session.execute(
        _VOIDS.where(
            CoverageVoid.city_id == city_id, CoverageVoid.closed_at.is_(None),
            within(CoverageVoid.area_code, prefixes),
        ).order_by(CoverageVoid.people.desc(), CoverageVoid.void_id)
    ).all()  # fmt: skip


def find_void(session: Session, void_id: UUID, prefixes: Collection[str]) -> AnyRow | None:
    """Return a void that was ever open, locked until commit."""
    return session.execute(
        _VOIDS.where(
            CoverageVoid.void_id == void_id, within(CoverageVoid.area_code, prefixes)
        ).with_for_update(of=CoverageVoid)
    ).one_or_none()


def acknowledge_void(session: Session, void_id: UUID, *, at: datetime, by: str) -> None:
    """Note who has seen a void."""
    session.execute(
        update(CoverageVoid)
        .where(CoverageVoid.void_id == void_id)
        .values(acknowledged_at=at, acknowledged_by=by)
    )


_VOIDS = (
    select(*CoverageVoid.__table__.columns, Area.name, Area.name_zh, Area.name_en)
    .outerjoin(
        Area,
        and_(
            Area.city_id == CoverageVoid.city_id, Area.code == CoverageVoid.area_code,
            Area.valid_to.is_(None),
        ),
    )
    .where(CoverageVoid.opened_at.is_not(None))
)  # fmt: skip
