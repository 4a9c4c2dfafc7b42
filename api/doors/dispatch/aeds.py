"""The nearest defibrillator, for anybody."""

from typing import Annotated

from pydantic import Field

from api.context import Context
from api.http.answers import Answer
from api.http.permissions import Public
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Moment, PointIn, RowId, Shape
from dispatch.aeds.around import aeds_around
from dispatch.aeds.service import nearest_aeds
from dispatch.aeds.views import AedsAround, AedsFound

router = DoorRouter(Work.ORDINARY)


class NearestAedsIn(Shape):
    """Where somebody stands. In the body, so that it enters no address and no log."""

    city_id: RowId
    point: PointIn
    limit: Annotated[int, Field(ge=1, le=20)] = 5
    at: Moment | None = None


@router.post("/v1/aeds/nearest", summary="Nearest defibrillators, open ones first")
def post_nearest(uow: Public, context: Context, body: NearestAedsIn) -> Answer[AedsFound]:
    """Return defibrillators by walking time with the way to each."""
    return Answer(
        nearest_aeds(
            uow, context.routing, body.city_id, point=body.point.declared_strictly(),
            limit=body.limit, at=body.at,
        )
    )  # fmt: skip


class AedsAroundIn(Shape):
    """Where a phone is, with the radius it is sure of. In the body: it enters no address or log."""

    point: PointIn
    limit: Annotated[int, Field(ge=1, le=120)] = 60


@router.post("/v1/aeds/around", summary="The emergency number and the defibrillators of a position")
def post_around(uow: Public, body: AedsAroundIn) -> Answer[AedsAround]:
    """Return the number to call there and the devices around, with their hours for a week."""
    return Answer(aeds_around(uow, point=body.point.declared_strictly(), limit=body.limit))
