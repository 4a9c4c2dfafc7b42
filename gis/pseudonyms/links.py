"""Break-glass: two pseudonyms of different purposes said to be one person, reviewed by another."""

from collections.abc import Sequence
from uuid import UUID

from gis.access import Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import PermissionDeniedError
from gis.events import NewEvent
from gis.permissions import IDENTITY_LINK, IDENTITY_LINK_REVIEW
from gis.pseudonyms import repository
from gis.pseudonyms.errors import (
    SHORTEST_REASON,
    LinkReasonMissingError,
    LinkReviewRefusedError,
    LinkUnknownError,
)
from gis.pseudonyms.keys import Pseudonym
from gis.pseudonyms.views import LinkView
from gis.rows import view_of


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
    repository.insert_link(
        uow.session,
        {
            "link_id": link_id, "first_key_id": first.key_id, "first_digest": first.digest,
            "second_key_id": second.key_id, "second_digest": second.digest,
            "reason": reason.strip(), "made_by": uow.identity.label, "made_at": uow.clock.now(),
        },
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
    stored = repository.find_link(uow.session, link_id)
    if stored is None:
        raise LinkUnknownError(link_id)
    by = uow.identity.label
    if stored.made_by == by or not repository.review_link(
        uow.session, link_id, at=uow.clock.now(), by=by
    ):
        raise LinkReviewRefusedError
    _emit(uow, link_id, "identity.link_reviewed", {})


def unreviewed(uow: UnitOfWork) -> Sequence[LinkView]:
    """Return the links that nobody reviewed yet, the oldest first.

    Raises
    ------
    PermissionDeniedError
    """
    _check(uow, IDENTITY_LINK_REVIEW)
    return [view_of(LinkView, row) for row in repository.list_unreviewed(uow.session)]


def _check(uow: UnitOfWork, permission: Permission) -> None:
    if not uow.identity.holds_any((permission,)):
        raise PermissionDeniedError(
            "To link pseudonyms is reserved. Ask the data protection officer of your centre."
        )


def _emit(uow: WritingUnitOfWork, link_id: UUID, type_: str, payload: dict[str, object]) -> None:
    uow.emit(NewEvent("identity_link", str(link_id), type_, payload, occurred_at=uow.clock.now()))
