"""Hospitals and clinics, and what hospitals report of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from api.http.answers import Answer, GeoAnswer
from api.http.idempotency import OnceOptional
from api.http.permissions import (
    HospitalStatusReader,
    HospitalStatusWriter,
    Public,
    ResourceReader,
)
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, PathId, Shape, Text
from api.http.versions import VersionIfGiven
from gis.cities import require_city
from gis.facilities.errors import FacilityKindUnknownError
from gis.facilities.kinds import KINDS
from gis.facilities.views import FacilityHistory, FacilityInfo, facility_history, list_facilities
from gis.geojson import Point
from gis.promises import status as hospitals_service
from gis.promises.views import HospitalStatusView
from gis.words import Words

router = DoorRouter(Work.ORDINARY, prefix="/v1/facilities")


class StatusIn(Shape):
    """What a hospital says of itself."""

    diverting: bool
    divert_reason: Text | None = None
    emergency_beds_free: Annotated[int, Field(ge=0, le=100_000)] | None = None


@dataclass(frozen=True, slots=True)
class FacilityFeature:
    """A facility as a GeoJSON feature."""

    id: int
    geometry: Point
    properties: FacilityInfo
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True)
class Facilities:
    """A GeoJSON FeatureCollection; `kinds` says the kinds of its features in words."""

    features: tuple[FacilityFeature, ...]
    kinds: Mapping[str, Words]
    type: Literal["FeatureCollection"] = "FeatureCollection"


@router.get("", summary="Hospitals and clinics of a city, as GeoJSON")
def get_facilities(
    uow: Public,
    city_id: CityQuery,
    kind: Annotated[str | None, Query(description=f"One of: {', '.join(KINDS)}.")] = None,
) -> GeoAnswer[Facilities]:
    """Return a GeoJSON FeatureCollection."""
    require_city(uow, city_id)
    if kind is not None and kind not in KINDS:
        raise FacilityKindUnknownError(kind)
    features = tuple(
        FacilityFeature(
            id=one.facility_id,
            geometry={"type": "Point", "coordinates": position},
            properties=one,
        )
        for one, position in list_facilities(uow.session, city_id, kind=kind)
    )
    shown = {feature.properties.kind for feature in features}
    kinds = {name: known.words for name, known in KINDS.items() if name in shown}
    return GeoAnswer(Facilities(features, kinds))


@router.get("/{facility_id}", summary="A hospital or clinic, its records and its history")
def get_facility(uow: ResourceReader, facility_id: PathId) -> Answer[FacilityHistory]:
    """Return what each register says of it, and its kinds and capabilities from when to when."""
    return Answer(facility_history(uow, facility_id))


@router.get("/{facility_id}/status", summary="Live status of a hospital")
def get_status(uow: HospitalStatusReader, facility_id: PathId) -> Answer[HospitalStatusView]:
    """Return the status; all null where the hospital never reported."""
    view = hospitals_service.hospital_status(uow, facility_id)
    return Answer(view, version=view.version)


@router.put("/{facility_id}/status", summary="Report a hospital's status")
def put_status(
    uow: HospitalStatusWriter,
    once: OnceOptional,
    facility_id: PathId,
    version: VersionIfGiven,
    body: StatusIn,
) -> Answer[HospitalStatusView]:
    """Store the status; the next recommendation of a destination knows it."""
    return once.change(
        uow, body,
        do=lambda: hospitals_service.set_hospital_status(
            uow, facility_id, diverting=body.diverting, divert_reason=body.divert_reason,
            emergency_beds_free=body.emergency_beds_free, expected_version=version,
        ),
    )  # fmt: skip
