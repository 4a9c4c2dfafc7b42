"""Open logins of browsers and tokens of programs: listed, ended, made."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Name, Shape
from gis.accounts import service
from gis.accounts.views import EndedLogins, LoginList, NewToken, TokenList
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.permissions import USER_ADMIN

router = DoorRouter(Work.ORDINARY, prefix="/v1/admin")

LoginReader = Annotated[ReadingUnitOfWork, Depends(reads(USER_ADMIN), scope="function")]
LoginWriter = Annotated[WritingUnitOfWork, Depends(writes(USER_ADMIN), scope="function")]
OfUser = Annotated[UUID | None, Query(description="Only those of this account.")]


class TokenIn(Shape):
    """A new token: whose rights it carries, what it is for, how long it opens."""

    user_id: UUID
    name: Name
    days: Annotated[float, Field(gt=0, le=3660)] = 365.0


@router.get("/sessions", summary="Open logins of browsers")
def get_sessions(uow: LoginReader, user_id: OfUser = None) -> Answer[LoginList]:
    """Return open logins, newest first."""
    return Answer(service.list_logins(uow, user_id))


@router.delete("/sessions/{session_id}", summary="End a login")
def delete_session(
    uow: LoginWriter, session_id: UUID, once: OnceOptional
) -> Answer[EndedLogins]:  # fmt: skip
    """End one login; its pages say so within 30 s."""
    return once.change(uow, None, do=lambda: service.end_login(uow, session_id))


@router.post("/accounts/{user_id}/sign-out", summary="End every login of an account")
def post_sign_out(
    uow: LoginWriter, user_id: UUID, once: OnceOptional
) -> Answer[EndedLogins]:  # fmt: skip
    """End every login of an account; its tokens stay."""
    return once.change(uow, None, do=lambda: service.end_logins(uow, user_id))


@router.get("/tokens", summary="Tokens of programs")
def get_tokens(uow: LoginReader, user_id: OfUser = None) -> Answer[TokenList]:
    """Return tokens that open something, newest first."""
    return Answer(service.list_tokens(uow, user_id))


@router.post("/tokens", summary="Make a program's token", status_code=201)
def post_token(uow: LoginWriter, context: Context, body: TokenIn) -> Answer[NewToken]:
    """Make a token; it is shown in this answer and never again."""
    made = service.make_token(
        uow, context.accounts, body.user_id, name=body.name, days=body.days
    )  # fmt: skip
    return Answer(made, 201, headers={"Cache-Control": "no-store"})


@router.delete("/tokens/{token_id}", summary="Withdraw a token")
def delete_token(
    uow: LoginWriter, token_id: UUID, once: OnceOptional
) -> Answer[EndedLogins]:  # fmt: skip
    """End a token."""
    return once.change(uow, None, do=lambda: service.withdraw_token(uow, token_id))
