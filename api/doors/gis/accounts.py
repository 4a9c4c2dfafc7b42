"""Accounts and their roles, as administrators see and change them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field, SecretStr

from api.context import Context
from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Name, RowId, Shape
from api.http.versions import ExpectedVersion
from gis.access import Grant
from gis.accounts import service
from gis.accounts.views import AccountList, AccountView
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.permissions import USER_ADMIN

router = DoorRouter(Work.ORDINARY, prefix="/v1/admin/accounts")

AccountReader = Annotated[ReadingUnitOfWork, Depends(reads(USER_ADMIN), scope="function")]
AccountWriter = Annotated[WritingUnitOfWork, Depends(writes(USER_ADMIN), scope="function")]
Password = Annotated[SecretStr, Field(max_length=1000)]
"""Secret also in what is kept of a request under its key."""


class GrantIn(Shape):
    """A role within the area of a code (empty: everywhere), perhaps for one facility."""

    role: Annotated[str, Field(max_length=40)]
    jurisdiction: Annotated[str, Field(max_length=32)] = ""
    facility_id: RowId | None = None


Grants = Annotated[list[GrantIn], Field(max_length=100)]


class AccountIn(Shape):
    """A new account."""

    username: Annotated[str, Field(max_length=64)]
    password: Password
    display_name: Name | None = None
    language: Literal["zh", "en"] = "zh"
    grants: Grants = Field(default_factory=list)


class AccountChange(Shape):
    """What is to be different; what is left out stays. `grants` are all roles it then has."""

    display_name: Name | None = None
    language: Literal["zh", "en"] | None = None
    grants: Grants | None = None


class PasswordIn(Shape):
    """A new password."""

    password: Password


def _grants(given: Grants) -> tuple[Grant, ...]:
    asked = (Grant(one.role, one.jurisdiction, one.facility_id) for one in given)
    return tuple(dict.fromkeys(asked))


@router.get("", summary="Accounts with their roles")
def get_accounts(uow: AccountReader) -> Answer[AccountList]:
    """Return every account, by name."""
    return Answer(service.list_accounts(uow))


@router.post("", summary="Make an account", status_code=201)
def post_account(
    uow: AccountWriter, context: Context, once: OnceRequired, body: AccountIn
) -> Answer[AccountView]:
    """Make an account with its roles."""
    return once.answer(
        uow, body,
        create=lambda: service.make_account(
            uow, context.accounts, body.username, password=body.password.get_secret_value(),
            display_name=body.display_name or body.username, language=body.language,
            grants=_grants(body.grants),
        ),
    )  # fmt: skip


@router.get("/{user_id}", summary="One account")
def get_account(uow: AccountReader, user_id: UUID) -> Answer[AccountView]:
    """Return one account with its version."""
    view = service.show_account(uow, user_id)
    return Answer(view, version=view.version)


@router.patch("/{user_id}", summary="Change an account's names, language or roles")
def patch_account(
    uow: AccountWriter, context: Context, *, user_id: UUID, version: ExpectedVersion,
    once: OnceOptional, body: AccountChange,
) -> Answer[AccountView]:  # fmt: skip
    """Change an account; roles count at once, on open streams within 30 s."""
    grants = None if body.grants is None else _grants(body.grants)
    change = service.Change(body.display_name, body.language, grants)
    return once.change(
        uow, body,
        do=lambda: service.change_account(
            uow, context.accounts, user_id, change, expected_version=version
        ),
    )  # fmt: skip


@router.post("/{user_id}/password", summary="Set an account's password")
def post_password(
    uow: AccountWriter, context: Context, *, user_id: UUID, version: ExpectedVersion,
    once: OnceOptional, body: PasswordIn,
) -> Answer[AccountView]:  # fmt: skip
    """Set a new password; every login of the account ends."""
    return once.change(
        uow, body,
        do=lambda: service.reset_password(
            uow, context.accounts, user_id, password=body.password.get_secret_value(),
            expected_version=version,
        ),
    )  # fmt: skip


@router.post("/{user_id}/disable", summary="Close an account")
def post_disable(
    uow: AccountWriter, user_id: UUID, version: ExpectedVersion, once: OnceOptional
) -> Answer[AccountView]:
    """Close an account: its logins end and its tokens open nothing."""
    return once.change(
        uow, None, do=lambda: service.disable_account(uow, user_id, expected_version=version)
    )


@router.post("/{user_id}/enable", summary="Open a closed account again")
def post_enable(
    uow: AccountWriter, user_id: UUID, version: ExpectedVersion, once: OnceOptional
) -> Answer[AccountView]:
    """Open a closed account again, with the roles and tokens it had."""
    return once.change(
        uow, None, do=lambda: service.enable_account(uow, user_id, expected_version=version)
    )
