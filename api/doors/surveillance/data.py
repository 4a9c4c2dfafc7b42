"""Files of cases: sent in parts, looked at, taken in by a job; what is to be looked through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import AwareDatetime, Field

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, CityQuery, Name, Shape
from api.http.work import works
from api.operations import case_uploads
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.intake.model import ColumnUse
from gis.jobs.model import JobView
from gis.jobs.service import request
from surveillance.cases import review
from surveillance.cases.card import CaseCard, read_card
from surveillance.cases.model import DateProblem, RejectView
from surveillance.diseases.table import disease_table
from surveillance.diseases.views import DiseaseList, disease_list
from surveillance.intake.jobs import IMPORT
from surveillance.permissions import CASES_IMPORT, CASES_READ, SURVEILLANCE_READ

router = DoorRouter(Work.ORDINARY, prefix="/v1/surveillance")

DataReader = Annotated[ReadingUnitOfWork, Depends(reads(CASES_READ), scope="function")]
ImportReader = Annotated[ReadingUnitOfWork, Depends(reads(CASES_IMPORT), scope="function")]
ImportWriter = Annotated[WritingUnitOfWork, Depends(writes(CASES_IMPORT), scope="function")]
CaseWorker = Annotated[WritingUnitOfWork, Depends(writes(CASES_READ), scope="function")]
TableReader = Annotated[
    ReadingUnitOfWork, Depends(reads(CASES_READ, SURVEILLANCE_READ), scope="function")
]

MAX_PART_CHARACTERS = 900_000
REJECTS_SHOWN = 100


class LookIn(Shape):
    """Why somebody looks."""

    reason: Name


class UploadPartIn(Shape):
    """A part of a file, in base64, that begins at a byte; `upload_id` is the sender's choice."""

    upload_id: UUID
    offset: Annotated[int, Field(ge=0, le=case_uploads.MOST_BYTES)]
    content: Annotated[str, Field(max_length=MAX_PART_CHARACTERS)]


@dataclass(frozen=True, slots=True)
class UploadedView:
    """How many bytes of the file are there."""

    received: int


class CaseFileIn(Shape):
    """A file that was sent, of which source, read how, exported when."""

    upload_id: UUID
    file_name: Name
    city_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    source: Name
    mapping: Annotated[str, Field(max_length=50_000)] | None = None
    as_of: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUnderstood:
    """What importing a file would do, before it is done."""

    kind: str
    mapping: Mapping[str, Any]
    mapping_yaml: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    fields_lost: int
    columns: list[ColumnUse]
    columns_unused: list[str]
    columns_all: list[str]
    fields: list[str]
    told: list[str]
    rejects: list[RejectView]


class DoubleDecisionIn(Shape):
    """Whether two reports are one case."""

    decision: Literal["same", "different"]


class FindingDecisionIn(Shape):
    """Whether the days are right after all, or were reported back."""

    decision: review.FindingDecision


@router.get("/diseases", summary="Diseases that are reported, with the law of each day")
def get_diseases(uow: TableReader) -> Answer[DiseaseList]:
    """Return the table: names, ICD-10, classes, time limits, joined series, sensitivity."""
    del uow
    return Answer(disease_list(disease_table()))


@router.get("/data", summary="What was imported, and what is to be looked through")
@works(Work.HEAVY)
def get_data(uow: DataReader, city_id: CityQuery) -> Answer[review.DataView]:
    """Return imports, completeness, delays, likely doubles and impossible days of a city."""
    return Answer(review.look_through(uow, city_id))


@router.post("/uploads", summary="Send a part of a file of cases")
def post_upload(uow: ImportReader, context: Context, body: UploadPartIn) -> Answer[UploadedView]:
    """Append a part; one that is there already changes nothing. The file waits for a day."""
    review.check_importer(uow)
    received = case_uploads.receive(
        context.settings, body.upload_id, offset=body.offset, content=body.content
    )
    return Answer(UploadedView(received=received))


@router.post("/imports/preview", summary="Say what importing a file would do")
@works(Work.HEAVY)
def post_preview(uow: ImportReader, context: Context, body: CaseFileIn) -> Answer[FileUnderstood]:
    """Read a file that was sent and understand it; nothing is stored."""
    from api.operations import case_files
    from surveillance.intake.mapping import SCHEMAS
    from surveillance.intake.service import rejects

    review.check_importer(uow)
    waiting = _waiting(body)
    handed = case_files.given_of(context.settings, waiting)
    prepared = case_files.look_at(context.settings, context.database, handed)
    report = prepared.intake.report
    return Answer(
        FileUnderstood(
            kind=prepared.mapping.kind, mapping=prepared.mapping.as_json(),
            mapping_yaml=prepared.mapping.as_yaml(),
            rows_read=report.rows_read, rows_accepted=report.rows_accepted,
            rows_rejected=report.rows_rejected, rows_repeated=report.rows_repeated,
            fields_lost=report.fields_lost, columns=list(report.columns),
            columns_unused=list(report.columns_unused),
            columns_all=list(prepared.intake.raw.columns),
            fields=[one.name for one in SCHEMAS[prepared.mapping.kind].fields],
            told=list(prepared.told), rejects=rejects(prepared.intake)[:REJECTS_SHOWN],
        )
    )  # fmt: skip


@router.post("/imports", summary="Take a file of cases in", status_code=202)
def post_import(
    uow: ImportWriter, context: Context, once: OnceRequired, body: CaseFileIn
) -> Answer[JobView]:
    """Ask for the job that stores the file, whole or not at all; its result names the import."""
    from api.operations import case_files

    review.check_importer(uow)
    # A mapping that cannot be used is said here, not by a job that failed.
    case_files.given_of(context.settings, _waiting(body))
    arguments: dict[str, Any] = {
        "upload_id": str(body.upload_id), "file_name": body.file_name, "city_id": body.city_id,
        "source": body.source, "mapping": body.mapping,
        "as_of": body.as_of and body.as_of.isoformat(),
    }  # fmt: skip
    return once.answer(
        uow, body, create=lambda: request(uow, IMPORT, arguments), status_code=202
    )  # fmt: skip


@router.get("/imports/{import_id}/rejects", summary="What an import refused")
def get_rejects(uow: ImportReader, import_id: UUID) -> Answer[review.RejectList]:
    """Return refused rows with their cells, and values left out of stored rows, by row."""
    return Answer(review.rejects_of(uow, import_id))


@router.post(
    "/doubles/{first_id}/{second_id}/decision", summary="Say whether two reports are one case"
)
def post_double_decision(
    uow: CaseWorker, once: OnceOptional, first_id: UUID, second_id: UUID, *, body: DoubleDecisionIn
) -> Answer[review.DoubleDecided]:
    """Decide once; the second report of a same case counts no more."""
    return once.change(
        uow, body,
        do=lambda: review.decide_double(
            uow, first_id, second_id, same=body.decision == "same"
        ),
    )  # fmt: skip


@router.post("/cases/{case_id}/findings/{problem}/decision", summary="Put impossible days away")
def post_finding_decision(
    uow: CaseWorker, once: OnceOptional, case_id: UUID, problem: DateProblem, *,
    body: FindingDecisionIn,
) -> Answer[review.FindingDecided]:  # fmt: skip
    """Say that the days are right, or were reported back; a later version has its own."""
    return once.change(
        uow, body,
        do=lambda: review.decide_finding(uow, case_id, problem, decision=body.decision),
    )  # fmt: skip


def _waiting(body: CaseFileIn) -> case_uploads.Waiting:
    as_of: datetime | None = body.as_of
    return case_uploads.Waiting(
        upload_id=body.upload_id, file_name=body.file_name, city_id=body.city_id,
        source=body.source, mapping=body.mapping, as_of=as_of,
    )  # fmt: skip


@router.post("/cases/{case_id}/card", summary="The card of a case: its history, and who it is")
def post_card(uow: CaseWorker, case_id: UUID, body: LookIn) -> Answer[CaseCard]:
    """Return the case as far as the viewer may know it; who looked and why is written down."""
    return Answer(read_card(uow, case_id, reason=body.reason))
