"""Jobs: what is being done in the background, how far it is, and stopping it."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field, StringConstraints

from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import CityLoader, LoggedIn, Reader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, PathId, Shape
from data.jobs import LOAD_CITY
from gis.accounts.service import check_everywhere
from gis.jobs import service
from gis.jobs.model import JobsPage, JobState, JobView

router = DoorRouter(Work.ORDINARY)
"""Whoever is logged in may ask: each kind of job names who sees it and who stops it."""

_PAGE = 50


class CityIn(Shape):
    """A city to load from what is built in: the sample, or the generated metropolis."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
    origin: Literal["sample", "model"]
    name: Literal["coquimbo", "shenzhen"]
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 4403
    units: bool = False


@router.get("/v1/jobs", summary="Jobs, newest first")
def get_jobs(
    uow: Reader,
    state: Annotated[list[JobState] | None, Query(description="May be repeated.")] = None,
    city_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    before: Annotated[int | None, Query(ge=1, le=MAX_ID, description="next_before")] = None,
    limit: Annotated[int, Query(ge=1, le=service.MAX_PAGE)] = _PAGE,
) -> Answer[JobsPage]:
    """Return the jobs the viewer may see; `next_before` leads to the next page."""
    return Answer(
        service.list_jobs(uow, states=state or (), city_id=city_id, before=before, limit=limit)
    )


@router.get("/v1/jobs/{job_id}", summary="One job")
def get_job(uow: Reader, job_id: PathId) -> Answer[JobView]:
    """Return how far the job is, or how it ended."""
    return Answer(service.show_job(uow, job_id))


@router.post("/v1/jobs/{job_id}/cancel", summary="Stop a job")
def cancel_job(uow: LoggedIn, job_id: PathId, once: OnceOptional) -> Answer[JobView]:
    """Stop a job that waits at once, one that runs within seconds."""
    return once.change(uow, None, do=lambda: service.cancel_job(uow, job_id))


@router.post("/v1/jobs/{job_id}/retry", summary="Begin a failed job again")
def retry_job(uow: LoggedIn, job_id: PathId, once: OnceOptional) -> Answer[JobView]:
    """Put a job that failed for good back into its queue, with all its tries."""
    return once.change(uow, None, do=lambda: service.retry_job(uow, job_id))


@router.post("/v1/cities", summary="Load a built-in city", status_code=202)
def post_city(uow: CityLoader, once: OnceRequired, body: CityIn) -> Answer[JobView]:
    """Ask for the job that reads the city, stores it whole and builds its roads."""
    check_everywhere(uow)
    return once.answer(
        uow, body,
        create=lambda: service.request(uow, LOAD_CITY, body.model_dump()),
        status_code=202,
    )  # fmt: skip
