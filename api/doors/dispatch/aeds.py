"""The nearest defibrillator, for anybody."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field

from api.context import Context
from api.http.answers import Answer, Binary
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import Public, PublicWriter, reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Moment, PointIn, RowId, Shape, Text
from dispatch.aeds import photos, reports
from dispatch.aeds.around import aeds_around
from dispatch.aeds.service import nearest_aeds
from dispatch.aeds.views import AedHistory, AedReported, AedReportList, AedsAround, AedsFound
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.permissions import AED_MODERATE

router = DoorRouter(Work.ORDINARY)

ReportsReader = Annotated[ReadingUnitOfWork, Depends(reads(AED_MODERATE), scope="function")]
ReportsDecider = Annotated[WritingUnitOfWork, Depends(writes(AED_MODERATE), scope="function")]


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
def post_around(uow: Public, context: Context, body: AedsAroundIn) -> Answer[AedsAround]:
    """Return the number to call there and the devices around, with their hours for a week."""
    return Answer(
        aeds_around(
            uow, point=body.point.declared_strictly(), limit=body.limit,
            numbers=context.emergency_numbers,
        )
    )  # fmt: skip


class Photo(Binary):
    """A picture."""

    media_type = "image/jpeg"


class AedReportIn(Shape):
    """What is wrong with a device. The words are optional, and name nobody."""

    kind: Literal["missing", "broken"]
    words: Annotated[Text, Field(max_length=200)] = ""


class AedDecisionIn(Shape):
    """Whether it is as reported."""

    decision: Literal["accepted", "dismissed"]


@router.post(
    "/v1/aeds/{aed_id}/reports", summary="Report a defibrillator missing or broken", status_code=201
)
def post_report(
    uow: PublicWriter, request: Request, once: OnceRequired, aed_id: RowId, body: AedReportIn
) -> Answer[AedReported]:
    """Flag the device until a moderator has decided; it stays in the list. Some a day only."""
    address = request.client.host if request.client else "unknown"
    return once.answer(
        uow, body,
        create=lambda: reports.report_aed(
            uow, aed_id, kind=body.kind, words=body.words, address=address
        ),
    )  # fmt: skip


@router.get("/v1/aeds/{aed_id}/photo", summary="The picture of a device's place")
def get_photo(uow: Public, aed_id: RowId) -> Photo:
    """Return the JPEG; its source and licence stand in `/v1/aeds/around`."""
    return Photo(photos.photo_of(uow, aed_id), headers={"Cache-Control": "public, max-age=86400"})


@router.get("/v1/aeds/reports", summary="What citizens reported of defibrillators")
def get_reports(uow: ReportsReader) -> Answer[AedReportList]:
    """Return the reports that wait in the viewer's areas, and those decided lately."""
    return Answer(reports.list_reports(uow))


@router.post("/v1/aeds/reports/{report_id}/decision", summary="Accept or dismiss a report")
def post_decision(
    uow: ReportsDecider, report_id: UUID, once: OnceOptional, body: AedDecisionIn
) -> Answer[AedReportList]:
    """Accepted, the device is missing or out of service and no longer listed for anybody."""
    return once.change(
        uow, body, do=lambda: reports.decide_report(uow, report_id, body.decision)
    )  # fmt: skip


@router.post("/v1/aeds/reports/{report_id}/check", summary="Have a reported device looked at")
def post_check(
    uow: ReportsDecider, report_id: UUID, once: OnceOptional
) -> Answer[AedReportList]:  # fmt: skip
    """Note that somebody was asked to look; the report goes on waiting for a decision."""
    return once.change(uow, None, do=lambda: reports.request_check(uow, report_id))


@router.get("/v1/aeds/{aed_id}/history", summary="What was reported of a device and decided")
def get_history(uow: ReportsReader, aed_id: RowId) -> Answer[AedHistory]:
    """Return each step with who took it, newest first."""
    return Answer(reports.aed_history(uow, aed_id))


@router.post("/v1/aeds/reports/{report_id}/return", summary="Put a device back into service")
def post_return(
    uow: ReportsDecider, report_id: UUID, once: OnceOptional
) -> Answer[AedReportList]:  # fmt: skip
    """Undo what an accepted report did, once the device was seen there and working."""
    return once.change(uow, None, do=lambda: reports.return_to_service(uow, report_id))
