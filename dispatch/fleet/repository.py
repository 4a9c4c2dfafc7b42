"""SQL of units, shifts, crews and positions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Double,
    LargeBinary,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    extract,
    false,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import Range, aggregate_order_by
from sqlalchemy.orm import Session, aliased

from dispatch.incidents.lifecycle import EXITS
from dispatch.model import LEVEL_RANK, AssignmentState
from dispatch.triage.rules import CATEGORIES
from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import (
    OPEN_ASSIGNMENT_STATES,
    Assignment,
    CrewMember,
    Incident,
    Shift,
    ShiftCrew,
    Station,
    Unit,
    UnitLatestPosition,
)

_UNIT_COLUMNS: list[Any] = [
    *Unit.__table__.columns,
    Station.name.label("station_name"),
    func.ST_X(Station.geom).label("station_lon"), func.ST_Y(Station.geom).label("station_lat"),
    func.ST_X(UnitLatestPosition.geom).label("lon"),
    func.ST_Y(UnitLatestPosition.geom).label("lat"),
    UnitLatestPosition.heading_deg, UnitLatestPosition.speed_kmh,
    UnitLatestPosition.device_at, UnitLatestPosition.received_at,
    Assignment.assignment_id, Assignment.state.label("assignment_state"),
    Assignment.incident_id, Incident.number.label("incident_number"),
    Shift.shift_id, func.upper(Shift.during).label("shift_ends_at"),
]  # fmt: skip

UNIT_RECORD = np.dtype([
    ("unit_id", ">i8"), ("lon", ">f8"), ("lat", ">f8"), ("position_age_s", ">f8"),
    ("heading_deg", ">f8"), ("speed_kmh", ">f8"), ("shift_remaining_s", ">f8"), ("level", ">i4"),
    ("assigned", "?"), ("on_shift", "?"), ("in_service", "?"), ("capable", "?"),
    ("may_leave", "?"), ("urgency", ">i4"), ("incident_id", "V16"),
])  # fmt: skip
"""A unit as ranking needs it, in the bytes in which the database sends such values.

lon, lat: degrees of the newest position, else of the station. position_age_s, heading_deg,
speed_kmh: NaN where nothing was reported. shift_remaining_s: inf without an end. level: as
`LEVEL_RANK`. assigned: has an open assignment. capable: has every capability asked for. may_leave:
is still on the way, to an incident of the jurisdiction that has a place; urgency and id of its
incident, 0 where there is none.
"""

NOBODY = UUID(int=0)
"""No incident has this number: asked where the units alone are wanted."""


def _seconds(duration: ColumnElement[Any]) -> ColumnElement[float]:
    return cast(extract("epoch", duration), Double)


def _packed_units(prefixes: Collection[str]) -> ColumnElement[bytes]:
    """Return the SQL of the `UNIT_RECORD`s of a group, at `now`, asked for `wanted`."""
    nothing, endless = cast(literal("NaN"), Double), cast(literal("inf"), Double)
    levels = cast(sorted(LEVEL_RANK, key=LEVEL_RANK.__getitem__), ARRAY(Text))
    categories = cast(list(CATEGORIES), ARRAY(Text))
    now = bindparam("now", type_=DateTime(timezone=True))
    latest = UnitLatestPosition
    place = func.coalesce(latest.geom, Station.geom)
    age_s = case(
        (latest.device_at.is_(None), nothing),
        else_=func.greatest(_seconds(now - latest.device_at), 0.0),
    )
    remaining_s = func.coalesce(_seconds(func.upper(Shift.during) - now), endless)
    fields: list[ColumnElement[Any]] = [
        func.int8send(Unit.unit_id),
        func.float8send(func.ST_X(place)),
        func.float8send(func.ST_Y(place)),
        func.float8send(age_s),
        func.float8send(func.coalesce(latest.heading_deg, nothing)),
        func.float8send(func.coalesce(latest.speed_kmh, nothing)),
        func.float8send(remaining_s),
        func.int4send(func.array_position(levels, Unit.level) - 1),
        func.boolsend(Assignment.assignment_id.is_not(None)),
        func.boolsend(Shift.shift_id.is_not(None)),
        func.boolsend(func.coalesce(Unit.out_of_service_reason, "") == ""),
        func.boolsend(Unit.capabilities.op("@>")(bindparam("wanted", type_=ARRAY(Text)))),
        func.boolsend(
            func.coalesce(
                and_(
                    Assignment.state.in_(
                        [state.value for state in EXITS[AssignmentState.DIVERTED]]
                    ),
                    Incident.geom.is_not(None),
                    within(Incident.area_code, prefixes),
                ),
                false(),
            )
        ),
        func.int4send(func.coalesce(func.array_position(categories, Incident.category), 0)),
        func.uuid_send(func.coalesce(Assignment.incident_id, NOBODY)),
    ]
    record = fields[0]
    for field in fields[1:]:
        record = record.op("||")(field)
    packed = func.string_agg(
        record, aggregate_order_by(cast(literal(b""), LargeBinary), Unit.unit_id)
    )
    return cast(packed, LargeBinary)


_INSERT_POSITIONS = text("""
WITH report AS (
    SELECT * FROM unnest(
        CAST(:unit_id AS bigint[]), CAST(:received_at AS timestamptz[]),
        CAST(:device_at AS timestamptz[]), CAST(:lon AS float8[]), CAST(:lat AS float8[]),
        CAST(:heading_deg AS float8[]), CAST(:speed_kmh AS float8[]), CAST(:accuracy_m AS float8[]),
        CAST(:flags AS text[]), CAST(:counts AS boolean[])
    ) AS r(unit_id, received_at, device_at, lon, lat, heading_deg, speed_kmh, accuracy_m, flags,
           counts)
), stored AS (
    INSERT INTO unit_positions (unit_id, received_at, device_at, heading_deg, speed_kmh, accuracy_m,
                                source, declared_datum, flags, geom)
    SELECT unit_id, received_at, device_at, heading_deg, speed_kmh, accuracy_m, :source, :datum,
           flags, ST_SetSRID(ST_MakePoint(lon, lat), 4326)
    FROM report
)
INSERT INTO unit_latest_positions AS latest
    (unit_id, received_at, device_at, heading_deg, speed_kmh, accuracy_m, source, declared_datum,
     geom)
SELECT DISTINCT ON (unit_id) unit_id, received_at, device_at, heading_deg, speed_kmh, accuracy_m,
       :source, :datum, ST_SetSRID(ST_MakePoint(lon, lat), 4326)
FROM report
WHERE counts
ORDER BY unit_id, device_at DESC, received_at DESC
ON CONFLICT (unit_id) DO UPDATE SET
    received_at = excluded.received_at, device_at = excluded.device_at,
    heading_deg = excluded.heading_deg, speed_kmh = excluded.speed_kmh,
    accuracy_m = excluded.accuracy_m, source = excluded.source,
    declared_datum = excluded.declared_datum, geom = excluded.geom
WHERE excluded.device_at > latest.device_at
""")
"""One statement for a batch; `unit_id` order keeps two batches from locking crosswise."""


def list_units(
    session: Session,
    *,
    prefixes: Collection[str],
    at: datetime,
    city_id: int | None = None,
    unit_ids: Collection[int] | None = None,
) -> Sequence[AnyRow]:
    """Return units with station, newest position, open assignment and shift at `at`.

    Of all units in `prefixes`, those of `city_id` and `unit_ids`, by id.
    """
    statement = _rows_asked(
        frozenset(prefixes), of_city=city_id is not None, of_units=unit_ids is not None
    )
    asked = {"at": at, "of_city": city_id, "of_units": unit_ids}
    return session.execute(statement, asked).all()


def unit_columns(
    session: Session,
    *,
    prefixes: Collection[str],
    at: datetime,
    city_id: int,
    wanted: Collection[str],
    incident_id: UUID,
) -> tuple[npt.NDArray[np.void], Sequence[str]]:
    """Return a city's units by id as (n,) `UNIT_RECORD`, and who is at work on an incident.

    The units are asked for the capabilities `wanted`; one value of the database holds them all: a
    thousand rows of forty columns cost more than ranking them. At work are the levels of the units
    that the incident has, whatever their jurisdiction.
    """
    statement = _packed_asked(frozenset(prefixes))
    asked = {"at": at, "of_city": city_id, "now": at, "wanted": list(wanted),
             "of_incident": incident_id}  # fmt: skip
    packed, at_work = session.execute(statement, asked).one()
    return np.frombuffer(packed or b"", UNIT_RECORD), at_work


@lru_cache(maxsize=256)
def _rows_asked(prefixes: frozenset[str], *, of_city: bool, of_units: bool) -> Select[Any]:
    """Return the statement of `list_units`, made once for whoever holds the same areas."""
    statement = (
        _with_everything_open(select(*_UNIT_COLUMNS), prefixes=prefixes, of_city=of_city)
        .outerjoin(Incident, Incident.incident_id == Assignment.incident_id)
        .order_by(Unit.unit_id)
    )
    if of_units:
        statement = statement.where(Unit.unit_id.in_(bindparam("of_units", expanding=True)))
    return statement


@lru_cache(maxsize=256)
def _packed_asked(prefixes: frozenset[str]) -> Select[Any]:
    """Return the statement of `unit_columns`, made once for whoever holds the same areas.

    Building it anew for each question takes longer than a row of its answer.
    """
    unit, assignment = aliased(Unit), aliased(Assignment)
    at_work = (
        select(unit.level)
        .join(assignment, assignment.unit_id == unit.unit_id)
        .where(
            assignment.incident_id == bindparam("of_incident"),
            assignment.state.in_(OPEN_ASSIGNMENT_STATES),
        )
        .order_by(unit.unit_id)
    )
    asked = select(_packed_units(prefixes), func.array(at_work.scalar_subquery()))
    return _with_everything_open(asked, prefixes=prefixes, of_city=True).outerjoin(
        Incident, Incident.incident_id == Assignment.incident_id
    )


def _with_everything_open(
    statement: Select[Any], *, prefixes: Collection[str], of_city: bool
) -> Select[Any]:
    """Join units to station, newest position, open assignment and shift; asked for `at`."""
    at = bindparam("at", type_=DateTime(timezone=True))
    statement = (
        statement.select_from(Unit)
        .join(Station, Station.station_id == Unit.station_id)
        .outerjoin(UnitLatestPosition, UnitLatestPosition.unit_id == Unit.unit_id)
        .outerjoin(
            Assignment,
            and_(
                Assignment.unit_id == Unit.unit_id,
                Assignment.state.in_(OPEN_ASSIGNMENT_STATES),
            ),
        )
        .outerjoin(Shift, and_(Shift.unit_id == Unit.unit_id, Shift.during.contains(at)))
        .where(within(Unit.area_code, prefixes))
    )
    return statement.where(Unit.city_id == bindparam("of_city")) if of_city else statement


def capable_units(session: Session, city_id: int, wanted: Collection[str]) -> Collection[int]:
    """Return a city's units that have every capability of `wanted`."""
    return set(
        session.scalars(
            select(Unit.unit_id).where(
                Unit.city_id == city_id,
                Unit.capabilities.op("@>")(cast(list(wanted), ARRAY(Text))),
            )
        )
    )


def lock_unit(session: Session, unit_id: int) -> bool:
    """Lock a unit's row until commit; returns whether it exists."""
    found = session.execute(
        select(Unit.unit_id).where(Unit.unit_id == unit_id).with_for_update()
    ).one_or_none()
    return found is not None


def raise_unit_version(session: Session, unit_id: int) -> int:
    """Raise a unit's version; the caller holds its lock."""
    return session.execute(
        update(Unit)
        .where(Unit.unit_id == unit_id)
        .values(version=Unit.version + 1)
        .returning(Unit.version)
    ).scalar_one()


def update_unit(session: Session, unit_id: int, values: Mapping[str, Any]) -> None:
    """Change a unit; the caller holds its lock, and raises its version."""
    session.execute(update(Unit).where(Unit.unit_id == unit_id).values(**values))


def units_called(
    session: Session, call_sign: str, city_ids: Collection[int]
) -> Sequence[int]:  # fmt: skip
    """Return the units of a call sign in these cities."""
    return session.scalars(
        select(Unit.unit_id).where(Unit.call_sign == call_sign, Unit.city_id.in_(city_ids))
    ).all()


def end_shift(session: Session, shift_id: int, *, unit_id: int, ends_at: datetime) -> bool:
    """Let a shift end at another time; False where the unit's next one has begun by then."""
    begins = func.lower(Shift.during)
    next_at = session.execute(
        select(func.min(begins)).where(
            Shift.unit_id == unit_id,
            begins > select(begins).where(Shift.shift_id == shift_id).scalar_subquery(),
        )
    ).scalar_one()
    if next_at is not None and ends_at > next_at:
        return False
    session.execute(
        update(Shift)
        .where(Shift.shift_id == shift_id)
        .values(during=func.tstzrange(begins, ends_at, "[)"))
    )
    return True


def shift_begin(session: Session, shift_id: int) -> datetime:
    """Return when a shift began."""
    begin: datetime = session.execute(
        select(func.lower(Shift.during)).where(Shift.shift_id == shift_id)
    ).scalar_one()
    return begin


def crew_of(session: Session, shift_id: int) -> Sequence[AnyRow]:
    """Return seat and qualification of who is on board during a shift."""
    return session.execute(
        select(ShiftCrew.seat, CrewMember.qualification)
        .join(CrewMember, CrewMember.crew_member_id == ShiftCrew.crew_member_id)
        .where(ShiftCrew.shift_id == shift_id)
        .order_by(ShiftCrew.seat, ShiftCrew.crew_member_id)
    ).all()


def unit_cities(
    session: Session, unit_ids: Collection[int], *, prefixes: Collection[str]
) -> dict[int, int]:
    """Return the city of each known unit of the jurisdiction."""
    rows = session.execute(
        select(Unit.unit_id, Unit.city_id).where(
            Unit.unit_id.in_(unit_ids), within(Unit.area_code, prefixes)
        )
    )
    return {row.unit_id: row.city_id for row in rows}


def insert_positions(session: Session, columns: Mapping[str, Any]) -> None:
    """Store a batch of positions and renew the latest of each unit.

    `columns`: lists of equal length unit_id, received_at, device_at, lon, lat (WGS-84),
    heading_deg, speed_kmh, accuracy_m; and one source and one datum; where they are known, lists
    flags (None, or names with commas) and counts (False: kept in the history alone). An older
    device time never replaces a newer one; two of a unit at one time of receipt are an error.
    """
    count = len(columns["unit_id"])
    session.execute(
        _INSERT_POSITIONS, {"flags": [None] * count, "counts": [True] * count, **columns}
    )


def list_stations(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return a city's ambulance stations with the number of units they have."""
    columns: list[Any] = [
        Station.station_id, Station.unit_count_planned,
        func.ST_X(Station.geom).label("lon"), func.ST_Y(Station.geom).label("lat"),
        func.count(Unit.unit_id).label("unit_count"),
    ]  # fmt: skip
    return session.execute(
        select(*columns)
        .outerjoin(Unit, Unit.station_id == Station.station_id)
        .where(Station.city_id == city_id, Station.kind == "ambulance")
        .group_by(Station.station_id)
        .order_by(Station.station_id)
    ).all()


def insert_units(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Store units; returns their ids in the order given."""
    return list(
        session.scalars(
            insert(Unit).returning(Unit.unit_id, sort_by_parameter_order=True), list(rows)
        )
    )


def insert_shifts(
    session: Session, unit_ids: Sequence[int], *, starts_at: datetime, ends_at: datetime
) -> list[int]:
    """Give each unit a shift; returns the shifts' ids in the order of the units."""
    during = Range(starts_at, ends_at, bounds="[)")
    rows = [{"unit_id": unit_id, "during": during} for unit_id in unit_ids]
    return list(
        session.scalars(insert(Shift).returning(Shift.shift_id, sort_by_parameter_order=True), rows)
    )


def insert_crew(
    session: Session,
    members: Sequence[Mapping[str, Any]],
    seats: Sequence[Mapping[str, Any]],
) -> None:
    """Store crew members and who sits where in which shift."""
    if members:
        session.execute(insert(CrewMember), list(members))
        session.execute(insert(ShiftCrew), list(seats))
