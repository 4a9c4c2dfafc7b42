"""Positions as OwnTracks, Traccar Client and OsmAnd send them; which tracker is on board where."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from pydantic import StringConstraints
from starlette.requests import Request

from api.http.answers import Answer
from api.http.bodies import UnreadableBodyError, read_json
from api.http.idempotency import OnceOptional
from api.http.permissions import Dispatcher, PositionWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Code, Name, RowId, Shape, parse_datum
from dispatch.avl.formats import (
    LONGEST_NAME,
    MOST_AT_ONCE,
    Fix,
    read_all,
    read_osmand,
    read_owntracks,
    read_traccar,
)
from dispatch.fleet import trackers
from dispatch.fleet.trackers import TrackerOnBoard
from dispatch.fleet.views import PositionsResult

router = DoorRouter(Work.EMERGENCY)


class TrackerIn(Shape):
    """A tracker by the name it gives itself, and the datum that its positions are on."""

    ref: Annotated[Name, StringConstraints(max_length=LONGEST_NAME)]
    datum: Code


async def _raw(request: Request) -> bytes:
    return await request.body()


Raw = Annotated[bytes, Depends(_raw)]


def _rows(raw: bytes) -> list[object]:
    value = read_json(raw)
    rows = value if isinstance(value, list) else [value]
    if len(rows) > MOST_AT_ONCE:
        why = f"it holds {len(rows)} positions; send at most {MOST_AT_ONCE} at once."
        raise UnreadableBodyError(why)
    return rows


@router.post("/v1/units/{unit_id}/trackers", summary="Put a tracker on board of a unit")
def post_tracker(
    uow: Dispatcher, once: OnceOptional, unit_id: RowId, body: TrackerIn
) -> Answer[TrackerOnBoard]:
    """It leaves the unit where it was; from now on what it sends is this unit's place."""
    datum = parse_datum(body.datum)
    return once.change(
        uow, body, do=lambda: trackers.put_on_board(uow, unit_id, ref=body.ref, datum=datum)
    )  # fmt: skip


@router.post("/v1/avl/owntracks", summary="Positions as OwnTracks sends them")
def post_owntracks(uow: PositionWriter, raw: Raw) -> Answer[PositionsResult]:
    """One message or a list; those of another kind than *location* are passed over."""
    found, refused = read_all(_rows(raw), read_owntracks)
    return Answer(trackers.record_fixes(uow, found, refused, source="owntracks"))


@router.post("/v1/avl/traccar", summary="Positions as Traccar Client sends them")
def post_traccar(uow: PositionWriter, raw: Raw) -> Answer[PositionsResult]:
    """One message or a list, in the JSON of version 9 and later."""
    found, refused = read_all(_rows(raw), read_traccar)
    return Answer(trackers.record_fixes(uow, found, refused, source="traccar"))


@router.post("/v1/avl/osmand", summary="A position as OsmAnd sends it")
def post_osmand(uow: PositionWriter, request: Request, raw: Raw) -> Answer[PositionsResult]:
    """Read query and form; of a name that both have the query counts."""
    form = dict(parse_qsl(raw.decode("utf-8", "replace")))
    one = read_osmand({**form, **request.query_params})
    found, refused = ([(0, one)], []) if isinstance(one, Fix) else ([], [(0, one)])
    return Answer(trackers.record_fixes(uow, found, refused, source="osmand"))
