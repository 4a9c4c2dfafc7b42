"""Units and where they are."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import PositionWriter, ResourceReader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Code, DeviceInstant, Name, RowId, Shape, parse_datum
from dispatch.fleet import service as fleet
from dispatch.fleet.views import PositionsResult, UnitView

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
