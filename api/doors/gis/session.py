"""Logging in and out, and who one is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from starlette.requests import Request

from api.context import Context
from api.http.answers import Answer
from api.http.auth import (
    SESSION_COOKIE,
    clear_session_cookie,
    comes_from_here,
    credential_of,
    set_session_cookie,
)
from api.http.permissions import LoggedIn, PublicWriter, Reader
from api.http.places import Work
from api.http.request_errors import CrossSiteRequestError
from api.http.router import DoorRouter
from api.http.schemas import Shape
from gis.access import Grant, Identity
from gis.database import UnitOfWork
from gis.identity import session_end
from gis.installation import installation
from gis.roles import role_words
from gis.rooms.current import current_house
from gis.words import Words

router = DoorRouter(Work.ORDINARY)


class LoginIn(Shape):
    """User name and password."""

    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1000)]


@dataclass(frozen=True, slots=True)
class User:
    """Who is logged in, and what that allows."""

    user_id: UUID | None
    username: str
    display_name: str
    language: str
    grants: tuple[Grant, ...]
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstallationView:
    """What this installation is for: `live` or `simulation`."""

    purpose: str
    installation_id: UUID


@dataclass(frozen=True, slots=True)
class RoleView:
    """One role of the viewer, in words, with the area it holds in; empty: everywhere."""

    role: str
    words: Words
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class RightView:
    """One permission that the viewer holds, in words."""

    permission: str
    words: Words


@dataclass(frozen=True, slots=True)
class PageView:
    """One page that the viewer may use; `order` null: it is not in navigation."""

    path: str
    title: Words
    says: Words
    order: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """The viewer, the pages that are open to him, where he begins, and the installation."""

    user: User
    roles: tuple[RoleView, ...]
    rights: tuple[RightView, ...]
    pages: tuple[PageView, ...]
    landing: str
    installation: InstallationView
    ends_at: datetime | None
    """When the browser's session ends by itself; null for a program's token."""


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """The session has ended."""

    logged_out: Literal[True] = True


@router.post("/v1/session", summary="Log in; the session comes as a cookie")
def log_in(uow: PublicWriter, context: Context, request: Request, body: LoginIn) -> Answer[Session]:
    """Check the password and open a session."""
    if not comes_from_here(request, strict=False):
        raise CrossSiteRequestError
    address = request.client.host if request.client else "unknown"
    identity = context.accounts.log_in(uow, body.username, password=body.password, address=address)
    assert identity.user_id is not None
    token = context.accounts.open_session(
        uow, identity.user_id, hours=context.settings.session_hours
    )
    answer = Answer(_session(uow, identity, token))
    set_session_cookie(answer, token, settings=context.settings)
    return answer


@router.get("/v1/session", summary="Who is logged in, with what permissions")
def who_am_i(uow: Reader, request: Request) -> Answer[Session]:
    """Return the viewer and what this installation is for."""
    credential = credential_of(request)
    cookie = credential.token if credential and credential.kind == "session" else None
    return Answer(_session(uow, uow.identity, cookie))


@router.delete("/v1/session", summary="Log out")
def log_out(uow: LoggedIn, context: Context, request: Request) -> Answer[LoggedOut]:
    """End the session of the cookie, here and in the browser."""
    token = request.cookies.get(SESSION_COOKIE)
    if token is not None:
        context.accounts.close_session(uow, token)
    answer = Answer(LoggedOut())
    clear_session_cookie(answer)
    return answer


def _session(uow: UnitOfWork, identity: Identity, token: str | None) -> Session:
    purpose, installation_id = installation(uow.session)
    user = User(
        user_id=identity.user_id,
        username=identity.username,
        display_name=identity.display_name,
        language=identity.language,
        grants=identity.grants,
        permissions=tuple(sorted(identity.permissions)),
    )
    house = current_house()
    words = role_words(uow, [grant.role for grant in identity.grants])
    return Session(
        user=user,
        roles=tuple(
            RoleView(grant.role, words[grant.role], grant.jurisdiction) for grant in identity.grants
        ),
        rights=tuple(
            RightView(permission, right.words)
            for permission, right in house.permissions.items()
            if permission in identity.permissions
        ),
        pages=tuple(
            PageView(page.path, page.words, page.says, page.order)
            for page in house.pages_for(identity.permissions)
        ),
        landing=house.landing_for([grant.role for grant in identity.grants], identity.permissions),
        installation=InstallationView(purpose, installation_id),
        ends_at=None if token is None else session_end(uow, token),
    )
