"""Break-glass: two pseudonyms of different purposes said to be one person, reviewed by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from gis.access import Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError
from gis.events import NewEvent
from gis.permissions import IDENTITY_LINK, IDENTITY_LINK_REVIEW
from gis.pseudonyms.keys import Pseudonym
from gis.rows import view_of
from gis.tables import IdentityLink

SHORTEST_REASON = 10


class LinkReasonMissingError(InvalidInputError):
    """Who breaks the glass says why."""

    code = "link_reason_missing"

    def __init__(self) -> None:
        super().__init__(
            f"Say in at least {SHORTEST_REASON} characters why these two must be known as one "
            "person; somebody else will read it."
        )


class LinkUnknownError(NotFoundError):
    """No such link."""

    code = "link_unknown"

    def __init__(self, link_id: UUID) -> None:
        super().__init__(f"There is no link {link_id}. Load the list anew.")


class LinkReviewRefusedError(ConflictError):
    """A link is reviewed once, by another person than made it."""

    code = "link_review_refused"

    def __init__(self) -> None:
        super().__init__("A link is reviewed once, and not by who made it. Ask somebody else.")


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as its reviewer sees it: which keys, why, by whom; no digest."""

    link_id: UUID
    first_key_id: str
    second_key_id: str
    reason: str
    made_by: str
    made_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None


def link(uow: WritingUnitOfWork, first: Pseudonym, second: Pseudonym, *, reason: str) -> UUID:
    """Store that two pseudonyms are one person; return the link's id.

    Raises
    ------
    PermissionDeniedError
        The viewer may not break the glass.
    LinkReasonMissingError
        No reason is given.
    """
    _check(uow, IDENTITY_LINK)
    if len(reason.strip()) < SHORTEST_REASON:
        raise LinkReasonMissingError
    link_id = uow.ids.new()
    uow.session.execute(
        insert(IdentityLink).values(
            link_id=link_id, first_key_id=first.key_id, first_digest=first.digest,
            second_key_id=second.key_id, second_digest=second.digest, reason=reason.strip(),
            made_by=uow.identity.label, made_at=uow.clock.now(),
        )
    )  # fmt: skip
    _emit(
        uow, link_id, "identity.linked",
        {"first_purpose": first.purpose, "second_purpose": second.purpose},
    )  # fmt: skip
    return link_id


def review(uow: WritingUnitOfWork, link_id: UUID) -> None:
    """Note that another person looked at a link and its reason.

    Raises
    ------
    PermissionDeniedError, LinkUnknownError, LinkReviewRefusedError
    """
    _check(uow, IDENTITY_LINK_REVIEW)
    stored = uow.session.execute(
        select(IdentityLink.made_by, IdentityLink.reviewed_at)
        .where(IdentityLink.link_id == link_id)
    ).one_or_none()  # fmt: skip
    if stored is None:
        raise LinkUnknownError(link_id)
    if stored.reviewed_at is not None or stored.made_by == uow.identity.label:
        raise LinkReviewRefusedError
    changed = uow.session.execute(
        update(IdentityLink)
        .where(IdentityLink.link_id == link_id, IdentityLink.reviewed_at.is_(None))
        .values(reviewed_at=uow.clock.now(), reviewed_by=uow.identity.label)
        .returning(IdentityLink.link_id)
    ).first()
    if changed is None:
        raise LinkReviewRefusedError
    _emit(uow, link_id, "identity.link_reviewed", {})


def unreviewed(uow: UnitOfWork) -> Sequence[LinkView]:
    """Return the links that nobody reviewed yet, the oldest first.

    Raises
    ------
    PermissionDeniedError
    """
    _check(uow, IDENTITY_LINK_REVIEW)
    rows = uow.session.execute(
        select(*IdentityLink.__table__.columns)
        .where(IdentityLink.reviewed_at.is_(None))
        .order_by(IdentityLink.made_at, IdentityLink.link_id)
    )
    return [view_of(LinkView, row) for row in rows]


def _check(uow: UnitOfWork, permission: Permission) -> None:
    if not uow.identity.holds_any((permission,)):
        raise PermissionDeniedError(
            "To link pseudonyms is reserved. Ask the data protection officer of your centre."
        )


def _emit(uow: WritingUnitOfWork, link_id: UUID, type_: str, payload: dict[str, object]) -> None:
    uow.emit(NewEvent("identity_link", str(link_id), type_, payload, occurred_at=uow.clock.now()))
