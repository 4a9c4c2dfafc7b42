"""What is unusual in a city, and what staff say of it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Path
from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, CityQuery, Shape, Text
from api.http.versions import VersionIfGiven
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from surveillance.permissions import CASES_IMPORT, CASES_READ, SIGNALS_WORK, SURVEILLANCE_READ
from surveillance.signals import today
from surveillance.signals.lifecycle import State
from surveillance.signals.service import advise, decide, set_budget
from surveillance.signals.views import BudgetView, ReporterEnded, SignalView, TodayView

router = DoorRouter(Work.ORDINARY)

SignalsReader = Annotated[
    ReadingUnitOfWork, Depends(reads(CASES_READ, SURVEILLANCE_READ), scope="function")
]
SignalsWorker = Annotated[WritingUnitOfWork, Depends(writes(SIGNALS_WORK), scope="function")]


ReporterWorker = Annotated[WritingUnitOfWork, Depends(writes(CASES_IMPORT), scope="function")]
FrameId = Annotated[int, Path(ge=1, le=MAX_ID)]


class AdvisoryIn(Shape):
    """For how many days from today dispatch is advised."""

    days: Annotated[int, Field(ge=1, le=30)] = 7


class BudgetIn(Shape):
    """How many alarms a day the staff of a city can verify."""

    city_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    alarms_a_day: Annotated[int, Field(ge=1, le=1000)]


class ReporterEndIn(Shape):
    """The first day on which nobody is waited for."""

    until: date


class SignalDecisionIn(Shape):
    """What becomes of a signal: seen and worked on, explained, or muted until a new case."""

    state: Literal["acknowledged", "explained", "muted"]
    note: Text | None = None


@router.get("/v1/surveillance/today", summary="What the newest run of a city found")
def get_today(uow: SignalsReader, city_id: CityQuery) -> Answer[TodayView]:
    """Return the signals of the newest day by weight, those still open, and those not told.

    Who may not read cases sees neither numbers nor diseases: a group and a district.
    """
    return Answer(today.today(uow, city_id))


@router.post("/v1/surveillance/budget", summary="Say how many alarms a day can be verified")
def post_budget(uow: SignalsWorker, once: OnceOptional, *, body: BudgetIn) -> Answer[BudgetView]:
    """Set it for a city; the next run takes its threshold from it. Earlier versions stay."""
    return once.change(uow, body, do=lambda: set_budget(uow, body.city_id, body.alarms_a_day))


@router.post("/v1/surveillance/reporters/{frame_id}/end", summary="Wait for a reporter no more")
def post_reporter_end(
    uow: ReporterWorker, once: OnceOptional, frame_id: FrameId, *, body: ReporterEndIn
) -> Answer[ReporterEnded]:
    """Say from which day on nobody is waited for; missing reports from then on add nothing."""
    return once.change(uow, body, do=lambda: today.end_reporter(uow, frame_id, body.until))


@router.post(
    "/v1/surveillance/signals/{signal_id}/decision", summary="Say what becomes of a signal"
)
def post_decision(
    uow: SignalsWorker,
    once: OnceOptional,
    signal_id: UUID,
    *,
    version: VersionIfGiven,
    body: SignalDecisionIn,
) -> Answer[SignalView]:
    """Acknowledge, explain or mute; a muted one comes back with a new case."""
    return once.change(
        uow, body,
        do=lambda: today.one_signal(
            uow, decide(uow, signal_id, wanted=State(body.state), note=body.note or None,
                        expected_version=version),
        ),
    )  # fmt: skip


@router.post("/v1/surveillance/signals/{signal_id}/advisory", summary="Advise dispatch of a signal")
def post_advisory(
    uow: SignalsWorker, once: OnceOptional, signal_id: UUID, *, body: AdvisoryIn
) -> Answer[SignalView]:
    """Post what and where on the dispatch console until a day; no count of ill people."""
    return once.change(
        uow, body,
        do=lambda: today.one_signal(uow, advise(uow, signal_id, days=body.days)),
    )  # fmt: skip
