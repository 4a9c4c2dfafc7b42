"""Accounts from the command line: made, listed, given tokens."""

from api.operations.transactions import transaction
from gis.access import Grant
from gis.identity import Accounts
from gis.identity_errors import RoleUnknownError
from gis.identity_repository import list_accounts
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
        Accounts().create_user(
            uow, username, password=password, display_name=display_name, language=language,
            grants=grants,
        )  # fmt: skip


def change_password(settings: Settings, username: str, password: str) -> None:
    """Set a new password and end the account's sessions."""
    with transaction(settings) as uow:
        Accounts().set_password(uow, username, password=password)


def close_account(settings: Settings, username: str) -> None:
    """Close an account for good."""
    with transaction(settings) as uow:
        Accounts().disable(uow, username)


def add_token(settings: Settings, username: str, *, name: str, days: float) -> str:
    """Make a bearer token for a program and return it."""
    with transaction(settings) as uow:
        return Accounts().create_token(uow, username, name=name, days=days)


def account_lines(settings: Settings) -> list[str]:
    """Return one line for each account."""
    with transaction(settings) as uow:
        return [
            f"{row.username} ({row.display_name}): {row.roles or 'no roles'}"
            + (" — closed" if row.disabled_at else "")
            for row in list_accounts(uow.session)
        ]
