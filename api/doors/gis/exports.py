"""Exports: asked for, decided by a second person, fetched."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from api.http.answers import Answer, Binary
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Name, Shape, Text
from api.http.work import works
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.exports import service
from gis.exports.views import ExportKinds, ExportList, ExportView
from gis.permissions import EXPORT_MAKE, EXPORT_REVIEW

router = DoorRouter(Work.ORDINARY, prefix="/v1/exports")

ExportReader = Annotated[
    ReadingUnitOfWork, Depends(reads(EXPORT_MAKE, EXPORT_REVIEW), scope="function")
]
ExportMaker = Annotated[WritingUnitOfWork, Depends(writes(EXPORT_MAKE), scope="function")]
ExportDecider = Annotated[WritingUnitOfWork, Depends(writes(EXPORT_REVIEW), scope="function")]


class ExportFile(Binary):
    """A file to be stored, never shown."""

    media_type = "application/octet-stream"


class ExportIn(Shape):
    """What is asked for, for what and whom, on which basis, how many days it may be fetched."""

    kind: Annotated[str, Field(max_length=40)]
    format: Literal["csv", "json"] = "csv"
    purpose: Text
    recipient: Name
    legal_basis: Name
    days: Annotated[int, Field(ge=1, le=30)] = 7
    about: Name | None = None


class DecisionIn(Shape):
    """Whether the asker may have it, and why."""

    decision: Literal["approved", "refused"]
    note: Text = ""


@router.get("/kinds", summary="Exports that may be asked for")
def get_kinds(uow: ExportReader) -> Answer[ExportKinds]:
    """Return the exports that the viewer may ask for."""
    return Answer(service.list_kinds(uow))


@router.get("", summary="Exports on record")
def get_exports(uow: ExportReader) -> Answer[ExportList]:
    """Return the viewer's own exports, to who may decide everybody's, newest first."""
    return Answer(service.list_exports(uow))


@router.post("", summary="Ask for an export", status_code=201)
@works(Work.HEAVY)
def post_export(uow: ExportMaker, once: OnceRequired, body: ExportIn) -> Answer[ExportView]:
    """Make a file and put it on record; about persons it waits for a second person."""
    request = service.Request(
        kind=body.kind, form=body.format, purpose=body.purpose, recipient=body.recipient,
        legal_basis=body.legal_basis, days=body.days, about=body.about,
    )  # fmt: skip
    return once.answer(uow, body, create=lambda: service.ask(uow, request))


@router.post("/{export_id}/decision", summary="Approve or refuse an export")
def post_decision(
    uow: ExportDecider, export_id: UUID, once: OnceOptional, body: DecisionIn
) -> Answer[ExportView]:
    """Decide about a file on persons; nobody decides about the own one."""
    return once.change(
        uow, body,
        do=lambda: service.decide(uow, export_id, decision=body.decision, note=body.note),
    )  # fmt: skip


@router.get("/{export_id}/file", summary="Fetch the file of an export")
def get_file(uow: ExportMaker, export_id: UUID) -> ExportFile:
    """Return the file to whoever asked for it; each time is written down."""
    view, content = service.fetch(uow, export_id)
    name = f"{view.kind}-{view.export_id}.{view.format}"
    return ExportFile(
        content,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
        },
    )  # fmt: skip
