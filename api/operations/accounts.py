"""Accounts from the command line: made, listed, given tokens."""

from api.operations.transactions import transaction
from gis.access import Grant
from gis.accounts import service
from gis.accounts.errors import TokenUnknownError
from gis.accounts.views import HeldRole
from gis.identity import Accounts
from gis.identity_errors import RoleUnknownError
from gis.settings import Settings


def parse_grant(text: str) -> Grant:
    """Read `role`, `role@area-code` or `role@area-code#facility-id`.

    Raises
    ------
    RoleUnknownError
        It is not of that form.
    """
    words, _, facility = text.partition("#")
    name, _, jurisdiction = words.partition("@")
    try:
        return Grant(name, jurisdiction, int(facility) if facility else None)
    except ValueError as error:
        raise RoleUnknownError(text, ()) from error


def check_new_account(settings: Settings, username: str, *, roles: list[str]) -> None:
    """Check all of a new account but its password, before somebody types one.

    Raises
    ------
    UsernameInvalidError, UsernameTakenError, JurisdictionInvalidError, RoleUnknownError
        No such account can be made.
    """
    grants = [parse_grant(role) for role in roles]
    with transaction(settings) as uow:
        Accounts().check_new(uow, username, grants)


def add_account(
    settings: Settings,
    username: str,
    password: str,
    *,
    roles: list[str],
    display_name: str,
    language: str,
) -> None:
    """Make an account with its roles."""
    grants = [parse_grant(role) for role in roles]
    with transaction(settings) as uow:
        service.make_account(
            uow, Accounts(), username, password=password, display_name=display_name,
            language=language, grants=grants,
        )  # fmt: skip


def change_password(settings: Settings, username: str, password: str) -> None:
    """Set a new password and end the account's sessions."""
    with transaction(settings) as uow:
        service.reset_password(
            uow, Accounts(), service.find_account(uow, username), password=password,
            expected_version=None,
        )  # fmt: skip


def close_account(settings: Settings, username: str) -> None:
    """Close an account."""
    with transaction(settings) as uow:
        service.disable_account(
            uow, service.find_account(uow, username), expected_version=None
        )  # fmt: skip


def add_token(settings: Settings, username: str, *, name: str, days: float) -> str:
    """Make a bearer token for a program and return it."""
    with transaction(settings) as uow:
        user_id = service.find_account(uow, username)
        return service.make_token(uow, Accounts(), user_id, name=name, days=days).token


def revoke_tokens(settings: Settings, username: str, *, name: str) -> int:
    """End the account's tokens of this name; return how many there were.

    Raises
    ------
    UserUnknownError, TokenUnknownError
    """
    with transaction(settings) as uow:
        open_ = service.list_tokens(uow, service.find_account(uow, username)).tokens
        named = [one for one in open_ if one.name == name]
        if not named:
            raise TokenUnknownError(username, name, sorted({one.name for one in open_}))
        for one in named:
            service.withdraw_token(uow, one.token_id)
    return len(named)


def account_lines(settings: Settings) -> list[str]:
    """Return one line for each account."""
    with transaction(settings) as uow:
        return [
            f"{one.username} ({one.display_name}): "
            f"{', '.join(map(_written, one.grants)) or 'no roles'}"
            + (" — closed" if one.disabled_at else "")
            for one in service.list_accounts(uow).accounts
        ]


def _written(held: HeldRole) -> str:
    facility = "" if held.facility_id is None else f"#{held.facility_id}"
    return f"{held.role}@{held.jurisdiction}{facility}".replace("@#", "#").removesuffix("@")
