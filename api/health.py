"""Whether this process can work."""

from fastapi import APIRouter

from api.answers import Answer
from api.permissions import Public
from api.stream_repository import stream_head

router = APIRouter()


@router.get("/healthz", summary="Whether the server can reach its database")
def healthz(uow: Public) -> Answer:
    """Answer 200 when the database answers, else 503."""
    return Answer({"status": "ok", "stream_position": stream_head(uow.session)})
