"""The gazetteer, the triage protocol and the lifecycle: what the console looks things up in."""

from typing import Annotated

from pydantic import Field

from api.http.answers import Answer
from api.http.permissions import IncidentReader, PlaceSearcher
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import OneLine, PointIn, RowId, Shape
from dispatch.incidents.lifecycle_view import LifecycleView, lifecycle_view
from dispatch.places.service import search_places
from dispatch.places.views import PlacesFound
from dispatch.triage.protocol import default_protocol
from dispatch.triage.views import ProtocolView, protocol_view

router = DoorRouter(Work.EMERGENCY)


class SearchIn(Shape):
    """What the caller said about the place."""

    city_id: RowId
    query: Annotated[OneLine, Field(max_length=2000)]
    near: PointIn | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 8


@router.post("/v1/places/search", summary="Find a place by name, address or coordinates")
def post_search(uow: PlaceSearcher, body: SearchIn) -> Answer[PlacesFound]:
    """Return ranked places; one is picked only if no like one lies far from it.

    Coordinates in any usual form and links of maps are read instead: as all that they may mean.
    """
    near = None if body.near is None else body.near.declared_strictly()
    return Answer(search_places(uow, body.city_id, query=body.query, near=near, limit=body.limit))


@router.get("/v1/protocol", summary="Complaints, questions and answers")
def get_protocol(_: IncidentReader) -> Answer[ProtocolView]:
    """Return the triage protocol with its notice."""
    return Answer(protocol_view(default_protocol()))


@router.get("/v1/lifecycle", summary="What the states of incidents and units mean")
def get_lifecycle(_: IncidentReader) -> Answer[LifecycleView]:
    """Return the states in order: which have ended, which hold a unit, what it then does."""
    return Answer(lifecycle_view())
