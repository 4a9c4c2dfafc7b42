"""Facilities as everybody may see them, and where what is said of one comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database import UnitOfWork
from gis.errors import FacilityUnknownError
from gis.geojson import Position
from gis.rows import view_of
from gis.tables import Facility, FacilityCapability, FacilityKind, FacilitySource


@dataclass(frozen=True, slots=True)
class FacilityInfo:
    """One facility. None is not known. `capability_levels`: of those capabilities that have one."""

    facility_id: int
    kind: str
    name: str
    name_zh: str | None
    name_en: str | None
    has_emergency_department: bool | None
    bed_count: int | None
    phone: str | None
    modelled: bool
    capabilities: Sequence[str]
    capability_levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FacilityRecordView:
    """What one register says of a facility, as it said it last; `ended_at`: holds it no longer."""

    source: str
    source_ref: str
    kind: str
    name: str
    name_zh: str | None
    name_en: str | None
    has_emergency_department: bool | None
    bed_count: int | None
    phone: str | None
    capabilities: Mapping[str, int | None]
    tags: Mapping[str, Any]
    modelled: bool
    lon: float
    lat: float
    same_source: str | None
    same_ref: str | None
    first_seen_at: datetime
    changed_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class KindPeriod:
    """What kind of facility it was; `valid_until` None: it is."""

    kind: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class CapabilityPeriod:
    """What it could treat, at which level, by whose word; `valid_until` None: it can."""

    capability: str
    level: int | None
    source: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class FacilityHistory:
    """One facility: every record of it, its kinds and its capabilities, the newest first.

    `merged_into_id`: it goes on under that id. `known_before_as`: ids that go on under this one.
    """

    facility_id: int
    name: str
    name_zh: str | None
    merged_into_id: int | None
    known_before_as: Sequence[int]
    records: Sequence[FacilityRecordView]
    kinds: Sequence[KindPeriod]
    capabilities: Sequence[CapabilityPeriod]


def facility_history(uow: UnitOfWork, facility_id: int) -> FacilityHistory:
    """Return where what is said of a facility comes from, and what held when.

    Raises
    ------
    FacilityUnknownError
        There is no such facility.
    """
    session = uow.session
    own = session.get(Facility, facility_id)
    if own is None:
        raise FacilityUnknownError(facility_id)
    before = session.scalars(
        select(Facility.facility_id).where(Facility.merged_into_id == facility_id)
        .order_by(Facility.facility_id)
    ).all()  # fmt: skip
    said: list[Any] = [
        getattr(FacilitySource, name) for name in FacilityRecordView.__slots__
        if name not in ("lon", "lat")
    ]  # fmt: skip
    records = session.execute(
        select(
            *said, func.ST_X(FacilitySource.geom).label("lon"),
            func.ST_Y(FacilitySource.geom).label("lat"),
        )
        .where(FacilitySource.facility_id == facility_id)
        .order_by(FacilitySource.ended_at.desc().nulls_first(), FacilitySource.changed_at.desc(),
                  FacilitySource.source, FacilitySource.source_ref)
    )  # fmt: skip
    kinds = session.execute(
        select(FacilityKind.kind, FacilityKind.valid_from, FacilityKind.valid_until)
        .where(FacilityKind.facility_id == facility_id)
        .order_by(FacilityKind.valid_from.desc())
    )  # fmt: skip
    can = session.execute(
        select(FacilityCapability.capability, FacilityCapability.level, FacilityCapability.source,
               FacilityCapability.valid_from, FacilityCapability.valid_until)
        .where(FacilityCapability.facility_id == facility_id)
        .order_by(FacilityCapability.capability, FacilityCapability.valid_from.desc())
    )  # fmt: skip
    return FacilityHistory(
        own.facility_id, own.name, own.name_zh, own.merged_into_id, before,
        [view_of(FacilityRecordView, row) for row in records],
        [view_of(KindPeriod, row) for row in kinds],
        [view_of(CapabilityPeriod, row) for row in can],
    )  # fmt: skip


def list_facilities(
    session: Session, city_id: int, *, kind: str | None
) -> Sequence[tuple[FacilityInfo, Position]]:
    """Return a city's facilities, those that are no more left out, and where they are."""
    capabilities = (
        select(func.jsonb_object_agg(FacilityCapability.capability, FacilityCapability.level))
        .where(
            FacilityCapability.facility_id == Facility.facility_id,
            FacilityCapability.valid_until.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        select(
            Facility.facility_id, Facility.kind, Facility.name, Facility.name_zh, Facility.name_en,
            Facility.has_emergency_department, Facility.bed_count, Facility.phone,
            Facility.modelled, capabilities.label("capabilities"), func.ST_X(Facility.geom),
            func.ST_Y(Facility.geom),
        )
        .where(Facility.city_id == city_id, Facility.kind.is_not(None))
        .order_by(Facility.facility_id)
    )  # fmt: skip
    if kind is not None:
        query = query.where(Facility.kind == kind)
    found = []
    for *facts, said, lon, lat in session.execute(query):
        can: dict[str, int | None] = said or {}
        levels = {name: level for name, level in can.items() if level is not None}
        found.append((FacilityInfo(*(*facts, sorted(can), levels)), (lon, lat)))
    return found
