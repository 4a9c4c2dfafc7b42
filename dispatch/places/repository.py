"""SQL of what is looked for around a point: gazetteer, defibrillators, hospitals, simulation."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from dispatch.incidents.repository import AnyRow, point
from dispatch.places.scoring import PlaceCandidate
from gis.tables import (
    Aed,
    Assignment,
    Facility,
    FacilityCapability,
    HospitalStatus,
    Place,
    SimulationControl,
)

WORD_SIMILARITY_STEPS = (0.55, 0.4)
"""Least trigram word similarity of candidates; the looser step only where the first finds none.

The loose one alone would sort every name that shares a common word: 150 ms where 10 do.
"""

INBOUND_STATES = (
    "notified", "acknowledged", "en_route", "staging", "on_scene", "at_patient", "left_scene",
)  # fmt: skip
"""A unit with a destination in one of these is on its way there."""

_PLACE_COLUMNS: list[Any] = [
    Place.place_id, Place.kind, Place.name, Place.name_zh, Place.name_en, Place.street,
    Place.house_number, Place.search_text, Place.radius_m, Place.modelled,
    func.ST_X(Place.geom).label("lon"), func.ST_Y(Place.geom).label("lat"),
]  # fmt: skip

_SET_THRESHOLD = text("SELECT set_config('pg_trgm.word_similarity_threshold', :threshold, true)")

_SEARCH = text("""
SELECT place_id, kind, name, name_zh, name_en, street, house_number, search_text, radius_m,
       modelled, ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM places
WHERE city_id = :city_id AND search_text %> :query
ORDER BY word_similarity(:query, search_text) DESC, length(search_text), place_id
LIMIT :limit
""")

_CONTAINS = text("""
SELECT place_id, kind, name, name_zh, name_en, street, house_number, search_text, radius_m,
       modelled, ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM places
WHERE city_id = :city_id AND search_text LIKE :pattern
ORDER BY length(search_text), place_id
LIMIT :limit
""")


_STREETS_NEAR = text("""
SELECT name FROM (
    SELECT name, min(distance_m) AS distance_m FROM (
        SELECT name, ST_Distance(geom::geography, here.point::geography) AS distance_m
        FROM road_segments,
             (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point) AS here
        WHERE city_id = :city_id AND name IS NOT NULL
          AND geom && ST_Expand(here.point, 0.004)
        ORDER BY geom <-> here.point
        LIMIT 20
    ) AS near GROUP BY name
) AS streets
WHERE distance_m <= :limit_m
ORDER BY distance_m, name
LIMIT 2
""")


def streets_near(
    session: Session, city_id: int, *, lon: float, lat: float, limit_m: float
) -> list[str]:
    """Return the names of up to two streets within `limit_m` of a point, nearest first."""
    found = session.execute(
        _STREETS_NEAR, {"city_id": city_id, "lon": lon, "lat": lat, "limit_m": limit_m}
    ).scalars()
    return list(found)


def search_places(
    session: Session, city_id: int, *, query: str, limit: int = 80
) -> list[PlaceCandidate]:
    """Return gazetteer candidates for a folded query by trigram word similarity, best first.

    Queries of one or two characters have too few trigrams; they are looked for as they stand.
    """
    if len(query.replace(" ", "")) <= 2:
        pattern = "%" + query.replace("\\", "").replace("%", "").replace("_", "") + "%"
        rows = session.execute(_CONTAINS, {"city_id": city_id, "pattern": pattern, "limit": limit})
        return [PlaceCandidate(**row._mapping) for row in rows]
    for threshold in WORD_SIMILARITY_STEPS:
        session.execute(_SET_THRESHOLD, {"threshold": str(threshold)})
        found = session.execute(_SEARCH, {"city_id": city_id, "query": query, "limit": limit}).all()
        if found:
            return [PlaceCandidate(**row._mapping) for row in found]
    return []


def find_place(session: Session, city_id: int, place_id: int) -> PlaceCandidate | None:
    """Return one gazetteer entry of a city."""
    row = session.execute(
        select(*_PLACE_COLUMNS).where(Place.city_id == city_id, Place.place_id == place_id)
    ).one_or_none()
    return PlaceCandidate(**row._mapping) if row else None


def nearest_aeds(
    session: Session, city_id: int, *, lon: float, lat: float, limit: int
) -> Sequence[AnyRow]:
    """Return the `limit` devices nearest by air line, with it in metres, nearest first."""
    here = point(lon, lat)
    columns: list[Any] = [
        *(column for column in Aed.__table__.columns if column.name != "geom"),
        func.ST_X(Aed.geom).label("lon"), func.ST_Y(Aed.geom).label("lat"),
        func.ST_DistanceSphere(Aed.geom, here).label("distance_m"),
    ]  # fmt: skip
    # Degrees are shorter eastward than northward: take more by index, then order by metres.
    nearest = (
        select(Aed.aed_id)
        .where(Aed.city_id == city_id)
        .order_by(Aed.geom.op("<->")(here))
        .limit(limit * 2)
    )
    return session.execute(
        select(*columns).where(Aed.aed_id.in_(nearest)).order_by("distance_m").limit(limit)
    ).all()


def list_hospitals(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return a city's hospitals: capabilities, live status, units on their way, entrance point."""
    goal = func.coalesce(Facility.entrance, Facility.geom)
    capabilities = (
        select(func.array_agg(FacilityCapability.capability))
        .where(FacilityCapability.facility_id == Facility.facility_id)
        .scalar_subquery()
    )
    inbound = (
        select(func.count())
        .where(
            Assignment.destination_facility_id == Facility.facility_id,
            Assignment.state.in_(INBOUND_STATES),
        )
        .scalar_subquery()
    )
    columns: list[Any] = [
        Facility.facility_id, Facility.name, Facility.name_zh, Facility.has_emergency_department,
        func.ST_X(goal).label("lon"), func.ST_Y(goal).label("lat"),
        capabilities.label("capabilities"), inbound.label("inbound"), HospitalStatus.diverting,
        HospitalStatus.emergency_beds_free, HospitalStatus.reported_at,
    ]  # fmt: skip
    return session.execute(
        select(*columns)
        .outerjoin(HospitalStatus, HospitalStatus.facility_id == Facility.facility_id)
        .where(Facility.city_id == city_id, Facility.kind == "hospital")
        .order_by(Facility.facility_id)
    ).all()


def find_facility(session: Session, facility_id: int, *, lock: bool = False) -> AnyRow | None:
    """Return a facility with its live status; locked until commit if asked."""
    columns: list[Any] = [
        Facility.facility_id, Facility.city_id, Facility.kind, Facility.name, Facility.name_zh,
        HospitalStatus.diverting, HospitalStatus.divert_reason, HospitalStatus.emergency_beds_free,
        HospitalStatus.reported_at, HospitalStatus.version,
        func.ST_X(Facility.geom).label("lon"), func.ST_Y(Facility.geom).label("lat"),
    ]  # fmt: skip
    statement = (
        select(*columns)
        .outerjoin(HospitalStatus, HospitalStatus.facility_id == Facility.facility_id)
        .where(Facility.facility_id == facility_id)
    )
    if lock:
        statement = statement.with_for_update(of=Facility)
    return session.execute(statement).one_or_none()


def put_hospital_status(session: Session, facility_id: int, values: Mapping[str, Any]) -> None:
    """Store a hospital's status, raising its version."""
    statement = upsert(HospitalStatus).values(facility_id=facility_id, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[HospitalStatus.facility_id],
            set_={**values, "version": HospitalStatus.version + 1},
        )
    )


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
