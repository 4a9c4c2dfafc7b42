"""Reports: which there are, asking for one, and its files."""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import Field

from api.http.answers import Answer, Binary
from api.http.idempotency import OnceRequired
from api.http.permissions import LoggedIn, Reader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, Code, Shape
from gis.jobs.model import JobView
from maps.reports import service
from maps.reports.model import MEDIA_TYPES, Format

router = DoorRouter(Work.ORDINARY)
"""Whoever is logged in may ask: each kind of report names who has it."""

_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A file that is looked at runs nothing, fetches nothing, and is of no origin."""


class ReportIn(Shape):
    """What a report is to be of."""

    city_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    language: Literal["zh", "en"] = "zh"
    period: Annotated[
        str | None,
        Field(
            max_length=8,
            description="Week (2015-W30) or month (2015-07) of a report that is of one; left out: "
            "the newest whole week.",
        ),
    ] = None
    number: Annotated[
        int | None,
        Field(ge=1, le=MAX_ID, description="Of the study, of a report that is of one."),
    ] = None
    formats: Annotated[tuple[Format, ...], Field(min_length=1, max_length=len(Format))] = tuple(
        Format
    )


class KeptFile(Binary):
    """A file of a report; `folium` is a page that is only ever taken away."""

    media_type = "application/octet-stream"
    shape = bytes


@router.get("/v1/reports", summary="Reports that can be made, and those that were")
def get_reports(
    uow: Reader, city_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None
) -> Answer[service.Reports]:
    """Return the kinds the viewer may have made, and what is kept of them, newest first."""
    return Answer(service.list_reports(uow, city_id=city_id))


@router.post("/v1/reports/{name}", summary="Have a report made", status_code=202)
def post_report(uow: LoggedIn, name: Code, body: ReportIn, once: OnceRequired) -> Answer[JobView]:
    """Ask for the job that makes the files; its result names the report."""
    return once.answer(
        uow, body,
        create=lambda: service.request_report(
            uow, name, city_id=body.city_id, language=body.language, formats=body.formats,
            period=body.period, number=body.number,
        ),
        status_code=202,
    )  # fmt: skip


@router.get("/v1/reports/{report_id}.{made_as}", summary="A file of a report")
def get_report_file(
    uow: Reader,
    report_id: Annotated[int, Path(ge=1, le=MAX_ID)],
    made_as: Annotated[Code, Path(description="pdf, html, docx, xlsx, folium or charts")],
    preview: Annotated[
        bool, Query(description="Show the page or the print instead of taking it away.")
    ] = False,
) -> KeptFile:
    """Return the file; kept for 30 days, and by no cache."""
    taken = service.take_file(uow, report_id, made_as)
    shown = preview and taken.made_as is not Format.FOLIUM
    disposition = "inline" if shown else "attachment"
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'{disposition}; filename="{taken.name}"',
        "Content-Security-Policy": _SANDBOX,
    }
    if shown:
        headers["Content-Security-Policy"] += "; frame-ancestors 'self'"
    return KeptFile(taken.content, media_type=MEDIA_TYPES[taken.made_as], headers=headers)
