"""The register of personal fields, its periods and nights; legal holds; erasing, correcting."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Path
from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Instant, Name, Shape, Text
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.permissions import PRIVACY_ADMIN, USER_ADMIN
from gis.retention import correcting, service
from gis.retention.views import (
    CorrectionList,
    CorrectionView,
    ErasureList,
    HoldList,
    HoldView,
    KeptList,
    Register,
)
from gis.rooms.personal import AskedBy, CorrectionAsked

router = DoorRouter(Work.ORDINARY, prefix="/v1/admin")

RegisterReader = Annotated[
    ReadingUnitOfWork, Depends(reads(PRIVACY_ADMIN, USER_ADMIN), scope="function")
]
PrivacyOfficer = Annotated[WritingUnitOfWork, Depends(writes(PRIVACY_ADMIN), scope="function")]


class PeriodIn(Shape):
    """How long a rule keeps what it rules, and why."""

    days: Annotated[int, Field(ge=1, le=36_525)]
    reason: Text


class HoldIn(Shape):
    """What must not be erased (by number or id), until when (none: until it is lifted), and why."""

    subject_kind: Annotated[str, Field(max_length=40)]
    subject: Name
    reason: Text
    ends_at: Instant | None = None


class RetentionReasonIn(Shape):
    """Why."""

    reason: Text


class ErasureIn(Shape):
    """Whom to forget: a subject by its kind and number or id; a caller's number; a name."""

    by: Literal["number", "name"] | Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    value: Name
    reason: Text


class KeptIn(Shape):
    """Of whom to read what can be corrected: a subject by its kind and number or id; a number."""

    by: Literal["number"] | Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    value: Name
    reason: Text


class CorrectionIn(Shape):
    """The right value, who asked for it, and why; `strike` erases what stood there at once."""

    subject_kind: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    subject: Name
    field: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    value: Name
    asked_by: AskedBy
    reason: Text
    strike: bool = False


@router.get("/retention", summary="What is kept of persons, how long, what the nights erased")
def get_retention(uow: RegisterReader) -> Answer[Register]:
    """Return the register of personal fields."""
    return Answer(service.show_register(uow))


@router.put("/retention/{rule}/period", summary="Set how long a rule keeps")
def put_period(
    uow: PrivacyOfficer, rule: Annotated[str, Path(max_length=60)], once: OnceOptional,
    body: PeriodIn,
) -> Answer[Register]:  # fmt: skip
    """Set a period, from the next night on; what it was before stays on record."""
    return once.change(
        uow, body,
        do=lambda: service.set_period(uow, rule, days=body.days, reason=body.reason),
    )  # fmt: skip


@router.get("/holds", summary="Legal holds")
def get_holds(uow: RegisterReader, ended: bool = False) -> Answer[HoldList]:
    """Return the holds in force, or all there ever were, newest first."""
    return Answer(service.list_holds(uow, all_of_them=ended))


@router.post("/holds", summary="Place a legal hold", status_code=201)
def post_hold(uow: PrivacyOfficer, once: OnceRequired, body: HoldIn) -> Answer[HoldView]:
    """Keep something from being erased, by the nights and on demand."""
    return once.answer(
        uow, body,
        create=lambda: service.place_hold(
            uow, body.subject_kind, body.subject, reason=body.reason, ends_at=body.ends_at
        ),
    )  # fmt: skip


@router.post("/holds/{hold_id}/lift", summary="Lift a legal hold")
def post_lift(
    uow: PrivacyOfficer, hold_id: UUID, once: OnceOptional, body: RetentionReasonIn
) -> Answer[HoldView]:
    """End a hold; the next night erases what is past its period."""
    return once.change(uow, body, do=lambda: service.lift_hold(uow, hold_id, reason=body.reason))


@router.get("/erasures", summary="Erasures on demand")
def get_erasures(uow: RegisterReader, before: Instant | None = None) -> Answer[ErasureList]:
    """Return erasures, newest first, 200 at a time; `before` a time leads on."""
    return Answer(service.list_erasures(uow, before))


@router.post("/erasures", summary="Erase personal values", status_code=201)
def post_erasure(uow: PrivacyOfficer, once: OnceRequired, body: ErasureIn) -> Answer[ErasureList]:
    """Erase what is kept of a subject, a caller's number or a name; refused if it is held."""

    def erase() -> ErasureList:
        if body.by == "number":
            return service.forget_number(uow, body.value, reason=body.reason)
        if body.by == "name":
            return service.forget_name(uow, body.value, reason=body.reason)
        return service.forget(uow, body.by, body.value, reason=body.reason)

    return once.answer(uow, body, create=erase)


@router.post("/personal-values", summary="What can be corrected of a person")
def post_personal_values(uow: PrivacyOfficer, body: KeptIn) -> Answer[KeptList]:
    """Return personal values as they stand now; who read them and why is written down."""
    return Answer(correcting.find_kept(uow, body.by, body.value, reason=body.reason))


@router.get("/corrections", summary="Corrections at the request of persons")
def get_corrections(uow: RegisterReader, before: Instant | None = None) -> Answer[CorrectionList]:
    """Return corrections without values, newest first, 200 at a time; `before` leads on."""
    return Answer(correcting.list_corrections(uow, before))


@router.post("/corrections", summary="Correct a personal value", status_code=201)
def post_correction(
    uow: PrivacyOfficer, once: OnceRequired, body: CorrectionIn
) -> Answer[CorrectionView]:
    """Correct what is kept of a person; the earlier value stays until its period is over."""
    asked = CorrectionAsked(body.field, body.value, body.asked_by, body.strike)
    return once.answer(
        uow, body,
        create=lambda: correcting.correct(
            uow, body.subject_kind, body.subject, asked, reason=body.reason
        ),
    )  # fmt: skip
