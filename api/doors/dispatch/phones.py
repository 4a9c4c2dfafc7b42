"""Where phones say they are: AML by SMS, AML and ELS by HTTPS, and the link a caller opens once."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field, StringConstraints
from starlette.requests import Request

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import IncidentWriter, PublicWriter, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, RowId, Shape, Text
from api.http.work import works
from api.processes.supervisor import pseudonym_keys
from dispatch.calls import aml, locating
from dispatch.calls.errors import LocationMessageInvalidError
from dispatch.calls.views import FixTaken, LinkMade, LinkUsed
from dispatch.permissions import TELEPHONY
from gis.database import WritingUnitOfWork

router = DoorRouter(Work.EMERGENCY)

Gateway = Annotated[WritingUnitOfWork, Depends(writes(TELEPHONY), scope="function")]
LinkToken = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[\w-]+$")]


class AmlSmsIn(Shape):
    """An AML message as the gateway got it. sender: the caller's number, from which it came."""

    city_id: RowId
    sender: Text | None = None
    text: Annotated[str, StringConstraints(max_length=aml.LONGEST_MESSAGE)]


class PhonePlaceIn(Shape):
    """Where the phone is that opened a link, WGS-84 as a browser says it, in the body alone."""

    token: LinkToken
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    accuracy_m: Annotated[float, Field(gt=0, le=aml.WIDEST_M)]


@dataclass(frozen=True, slots=True)
class FormTaken:
    """What became of a form: matched, waiting, unmatched, no_place, invalid, not_authentic."""

    outcome: str
    faults: tuple[str, ...]


async def _raw(request: Request) -> bytes:
    return await request.body()


@router.post("/v1/telephony/aml-sms", summary="Take an AML message that came by SMS")
def post_sms(
    uow: Gateway, context: Context, once: OnceOptional, body: AmlSmsIn
) -> Answer[FixTaken]:  # fmt: skip
    """Match the position to the call from the same number; one bad field costs that field."""
    try:
        fix = aml.read_sms(body.text)
    except aml.NoLocationMessageError as error:
        raise LocationMessageInvalidError from error
    keys = pseudonym_keys(context.settings)
    return once.change(
        uow, body,
        do=lambda: locating.take_fix(
            uow, keys, body.city_id, fix=fix, number=body.sender, source="sms"
        ),
    )  # fmt: skip


@router.post("/v1/telephony/els", summary="Take an AML or ELS message that came by HTTPS")
def post_form(
    uow: Gateway,
    context: Context,
    city_id: CityQuery,
    raw: Annotated[bytes, Depends(_raw)],
) -> Answer[FormTaken]:
    """Answer 200 also to what cannot be used, as ELS asks; `outcome` says what became of it."""
    text = raw.decode("utf-8", "replace")
    key = context.settings.aml_hmac_key
    if key is not None and not aml.is_authentic(text, key.get_secret_value().encode()):
        return Answer(FormTaken("not_authentic", ()))
    try:
        fix = aml.read_form(text)
    except aml.NoLocationMessageError:
        return Answer(FormTaken("invalid", ()))
    keys = pseudonym_keys(context.settings)
    taken = locating.take_fix(uow, keys, city_id, fix=fix, number=fix.number, source="https")
    return Answer(FormTaken(taken.outcome, taken.faults))


@router.post(
    "/v1/calls/{call_id}/location-links", summary="Make a link that asks the phone where it is",
    status_code=201,
)  # fmt: skip
def post_link(uow: IncidentWriter, call_id: UUID) -> Answer[LinkMade]:
    """It works once and for 15 minutes; it is shown this once, and only a digest is kept."""
    return Answer(locating.make_link(uow, call_id))


@router.post("/v1/location-links/use", summary="Send where the phone is, by a link, once")
@works(Work.ORDINARY)
def post_use(uow: PublicWriter, body: PhonePlaceIn) -> Answer[LinkUsed]:
    """Whoever holds the link sends one position; nothing is read by it."""
    return Answer(
        locating.use_link(
            uow, body.token, lon=body.lon, lat=body.lat, accuracy_m=body.accuracy_m
        )
    )  # fmt: skip
