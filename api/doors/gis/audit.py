"""Reads of personal values, break-glass and links of pseudonyms, reviewed by another person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, Instant, PathId, Shape, Text
from gis.audit import service
from gis.audit.views import AccessPage, BreakGlassList, BreakGlassView, ReviewView
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.permissions import AUDIT_REVIEW, BREAK_GLASS, IDENTITY_LINK_REVIEW
from gis.pseudonyms import links
from gis.pseudonyms.views import LinkView

router = DoorRouter(Work.ORDINARY)

AuditReader = Annotated[ReadingUnitOfWork, Depends(reads(AUDIT_REVIEW), scope="function")]
AuditReviewer = Annotated[WritingUnitOfWork, Depends(writes(AUDIT_REVIEW), scope="function")]
GlassReader = Annotated[ReadingUnitOfWork, Depends(reads(BREAK_GLASS), scope="function")]
GlassBreaker = Annotated[WritingUnitOfWork, Depends(writes(BREAK_GLASS), scope="function")]
LinkReader = Annotated[ReadingUnitOfWork, Depends(reads(IDENTITY_LINK_REVIEW), scope="function")]
LinkReviewer = Annotated[
    WritingUnitOfWork, Depends(writes(IDENTITY_LINK_REVIEW), scope="function")
]  # fmt: skip
_PAGE = 100


class VerdictIn(Shape):
    """What was found of a read or a break-glass and its reason."""

    verdict: Literal["in_order", "questioned"]
    note: Text = ""


class BreakGlassIn(Shape):
    """What is to be allowed, within which area (empty: everywhere), how long, and why."""

    permission: Annotated[str, Field(max_length=60)] = "personal_read"
    jurisdiction: Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9-]*$")]
    minutes: Annotated[int, Field(ge=1, le=480)] = 60
    reason: Text


@dataclass(frozen=True, slots=True)
class LinkList:
    """Links of pseudonyms that nobody reviewed yet, the oldest first."""

    links: Sequence[LinkView]


@dataclass(frozen=True, slots=True)
class LinkReviewed:
    """The link is reviewed."""

    link_id: UUID


@router.get("/v1/admin/personal-access", summary="Who read personal values, when and why")
def get_personal_access(
    uow: AuditReader,
    *,
    actor: Annotated[
        str | None, Query(max_length=80, description="As in the log: user:NAME")
    ] = None,
    subject: Annotated[str | None, Query(max_length=80, description="Id of the call")] = None,
    reason: Annotated[str | None, Query(max_length=200, description="A part of it.")] = None,
    since: Instant | None = None,
    until: Instant | None = None,
    reviewed: bool | None = None,
    before: Annotated[int | None, Query(ge=1, le=MAX_ID, description="next_before")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = _PAGE,
) -> Answer[AccessPage]:
    """Return reads with their reviews, newest first."""
    wanted = service.AccessFilter(
        actor=actor, subject=subject, reason=reason, since=since, until=until, reviewed=reviewed
    )
    return Answer(service.list_accesses(uow, wanted, before=before, limit=limit))


@router.post(
    "/v1/admin/personal-access/{access_id}/reviews", summary="Review a read", status_code=201
)
def post_access_review(
    uow: AuditReviewer, access_id: PathId, once: OnceRequired, body: VerdictIn
) -> Answer[ReviewView]:
    """Write down what was found; nobody reviews the own read."""
    return once.answer(
        uow, body,
        create=lambda: service.review_access(
            uow, access_id, verdict=body.verdict, note=body.note
        ),
    )  # fmt: skip


@router.post("/v1/break-glass", summary="Break the glass", status_code=201)
def post_break_glass(
    uow: GlassBreaker, once: OnceRequired, body: BreakGlassIn
) -> Answer[BreakGlassView]:
    """Read personal values elsewhere for a short time; somebody else reviews it afterwards."""
    return once.answer(
        uow, body,
        create=lambda: service.break_glass(
            uow, body.permission, jurisdiction=body.jurisdiction, minutes=body.minutes,
            reason=body.reason,
        ),
    )  # fmt: skip


@router.get("/v1/break-glass", summary="The viewer's own break-glasses")
def get_own_break_glass(uow: GlassReader) -> Answer[BreakGlassList]:
    """Return when the viewer broke the glass, newest first."""
    return Answer(service.list_break_glass(uow, own=True))


@router.post("/v1/break-glass/{break_glass_id}/end", summary="End a break-glass")
def post_break_glass_end(
    uow: GlassBreaker, break_glass_id: UUID, once: OnceOptional
) -> Answer[BreakGlassView]:
    """End the own break-glass before its time."""
    return once.change(uow, None, do=lambda: service.end_break_glass(uow, break_glass_id))


@router.get("/v1/admin/break-glass", summary="Who broke the glass, and what was found")
def get_break_glass(uow: AuditReader, reviewed: bool | None = None) -> Answer[BreakGlassList]:
    """Return each time somebody broke the glass, newest first."""
    return Answer(service.list_break_glass(uow, reviewed=reviewed))


@router.post("/v1/admin/break-glass/{break_glass_id}/review", summary="Review a break-glass")
def post_break_glass_review(
    uow: AuditReviewer, break_glass_id: UUID, once: OnceOptional, body: VerdictIn
) -> Answer[BreakGlassView]:
    """Write down, once, what was found; nobody reviews the own one."""
    return once.change(
        uow, body,
        do=lambda: service.review_break_glass(
            uow, break_glass_id, verdict=body.verdict, note=body.note
        ),
    )  # fmt: skip


@router.get("/v1/admin/identity-links", summary="Links of pseudonyms to review")
def get_identity_links(uow: LinkReader) -> Answer[LinkList]:
    """Return the links that nobody reviewed yet."""
    return Answer(LinkList(links.unreviewed(uow)))


@router.post("/v1/admin/identity-links/{link_id}/review", summary="Review a link of pseudonyms")
def post_identity_link_review(
    uow: LinkReviewer, link_id: UUID, once: OnceOptional
) -> Answer[LinkReviewed]:
    """Note that another person looked at the link."""

    def review() -> LinkReviewed:
        links.review(uow, link_id)
        return LinkReviewed(link_id)

    return once.change(uow, None, do=review)
