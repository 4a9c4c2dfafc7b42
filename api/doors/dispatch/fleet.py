"""Units and where they are."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import PositionWriter, ResourceReader, UnitStatusWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import (
    CityQuery,
    Code,
    DeviceInstant,
    Instant,
    Name,
    RowId,
    Shape,
    parse_datum,
)
from api.http.versions import VersionIfGiven
from dispatch.fleet import duty
from dispatch.fleet import service as fleet
from dispatch.fleet.duty import OutOfService
from dispatch.fleet.views import PositionsResult, UnitDuty, UnitView

router = DoorRouter(Work.EMERGENCY)


class PositionIn(Shape):
    """One vehicle's place, as its device gave it."""

    unit_id: RowId
    lon: float
    lat: float
    device_at: DeviceInstant
    heading_deg: float | None = None
    speed_kmh: float | None = None
    accuracy_m: float | None = None


class PositionsIn(Shape):
    """A batch of positions of one source, all on one datum."""

    datum: Code | None = None
    source: Name
    positions: Annotated[list[PositionIn], Field(max_length=5000)]


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a city."""

    units: tuple[UnitView, ...]


@router.get("/v1/units", summary="Units with status and newest position")
def get_units(uow: ResourceReader, city_id: CityQuery) -> Answer[Units]:
    """Return the city's units within the viewer's jurisdiction."""
    return Answer(Units(fleet.units_view(uow, city_id)))


class OutOfServiceIn(Shape):
    """Why a unit is out of service, and when it is expected back."""

    reason: OutOfService
    expected_back_at: Instant | None = None


class ShiftEndIn(Shape):
    """When the shift that is on ends; without a time now."""

    ends_at: Instant | None = None


@router.get("/v1/units/{unit_id}", summary="A unit's service, shift and crew")
def get_unit(uow: ResourceReader, unit_id: RowId) -> Answer[UnitDuty]:
    """Return the unit; its ETag is the version a change may name."""
    shown = duty.duty(uow, unit_id)
    return Answer(shown, version=shown.unit.version)


@router.post("/v1/units/{unit_id}/out-of-service", summary="Take a unit out of service")
def post_out(
    uow: UnitStatusWriter,
    once: OnceOptional,
    unit_id: RowId,
    version: VersionIfGiven,
    body: OutOfServiceIn,
) -> Answer[UnitView]:
    """It is recommended to nobody until it is back; a unit on an incident is refused."""
    return once.change(
        uow, body,
        do=lambda: duty.put_out(
            uow, unit_id, reason=body.reason, expected_back_at=body.expected_back_at,
            expected_version=version,
        ),
    )  # fmt: skip


@router.post("/v1/units/{unit_id}/in-service", summary="Put a unit into service again")
def post_in(
    uow: UnitStatusWriter, once: OnceOptional, unit_id: RowId, version: VersionIfGiven
) -> Answer[UnitView]:
    """One that is in service changes nothing."""
    return once.change(
        uow, None, do=lambda: duty.put_back(uow, unit_id, expected_version=version)
    )  # fmt: skip


@router.post("/v1/units/{unit_id}/shift-end", summary="Let a unit's shift end later or earlier")
def post_shift_end(
    uow: UnitStatusWriter,
    once: OnceOptional,
    unit_id: RowId,
    version: VersionIfGiven,
    body: ShiftEndIn,
) -> Answer[UnitView]:
    """The shift that is on; a unit on an incident finishes it first."""
    return once.change(
        uow, body,
        do=lambda: duty.set_shift_end(
            uow, unit_id, ends_at=body.ends_at, expected_version=version
        ),
    )  # fmt: skip


@router.post("/v1/positions", summary="Report vehicle positions")
def post_positions(
    uow: PositionWriter, once: OnceOptional, body: PositionsIn
) -> Answer[PositionsResult]:
    """Take the good ones, say of each other why not; without a datum none is taken."""
    datum = parse_datum(body.datum)
    reports = [fleet.PositionReport(**position.model_dump()) for position in body.positions]
    return once.change(
        uow, body,
        do=lambda: fleet.record_positions(uow, reports, datum=datum, source=body.source),
    )  # fmt: skip
