"""What was known at any second, rebuilt from the log."""

from typing import Annotated

from fastapi import Query

from api.http.answers import Answer
from api.http.permissions import IncidentReader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Instant
from dispatch.replay.service import ReplayView, replay_at

router = DoorRouter(Work.HEAVY, prefix="/v1/replay")

At = Annotated[Instant, Query(description="The moment, with its zone.")]


@router.get("", summary="Incidents as they were known at a second")
def get_replay(uow: IncidentReader, city_id: CityQuery, at: At) -> Answer[ReplayView]:
    """Return the incidents of the 24 hours before, folded from the events recorded until then.

    The chain of each is verified. Nothing is read of the present tables but where incidents lie.
    """
    return Answer(replay_at(uow, city_id, at))
