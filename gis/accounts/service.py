"""What an administrator does with accounts, logins and tokens; each step stands in the log.

An administrator acts within the areas in which he or she manages accounts, and adds nothing to
the own rights. That one administrator is left, the database decides (`last_administrator`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gis.access import EVERYWHERE, Grant
from gis.accounts import repository
from gis.accounts.errors import (
    AccountBeyondError,
    AccountUnknownError,
    LoginUnknownError,
    OwnRightsError,
)
from gis.accounts.views import (
    AccountList,
    AccountView,
    EndedLogins,
    HeldRole,
    LoginList,
    LoginView,
    NewToken,
    TokenList,
    TokenView,
)
from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import FacilityUnknownError
from gis.events import NewEvent
from gis.identity import Accounts, token_hash
from gis.identity_errors import UserUnknownError
from gis.jurisdiction import reach_of
from gis.permissions import USER_ADMIN
from gis.rows import AnyRow, view_of


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different of an account; None leaves it as it is."""

    display_name: str | None = None
    language: str | None = None
    grants: tuple[Grant, ...] | None = None


def list_accounts(uow: UnitOfWork) -> AccountList:
    """Return the accounts that have a role within the viewer's areas, with all roles, by name.

    Whoever administers everywhere sees all; everybody sees the own account.
    """
    rows = repository.list_accounts(uow.session, at=uow.clock.now(), visible=_visible(uow))
    return AccountList(_views(uow, rows))


def show_account(uow: UnitOfWork, user_id: UUID) -> AccountView:
    """Return one account of those that the viewer sees.

    Raises
    ------
    AccountUnknownError
    """
    rows = repository.list_accounts(
        uow.session, at=uow.clock.now(), visible=_visible(uow), user_id=user_id
    )  # fmt: skip
    if not rows:
        raise AccountUnknownError(user_id)
    return _views(uow, rows)[0]


def find_account(uow: UnitOfWork, username: str) -> UUID:
    """Return the account of this name.

    Raises
    ------
    UserUnknownError
    """
    user_id = repository.user_id_of(uow.session, username)
    if user_id is None:
        raise UserUnknownError(username)
    return user_id


def make_account(
    uow: WritingUnitOfWork, accounts: Accounts, username: str, *, password: str,
    display_name: str, language: str, grants: Sequence[Grant],
) -> AccountView:  # fmt: skip
    """Make an account with its roles.

    Raises
    ------
    UsernameInvalidError, UsernameTakenError, PasswordTooShortError, JurisdictionInvalidError,
    RoleUnknownError, FacilityUnknownError, AccountBeyondError
    """
    _check_reach(uow, grants)
    _check_facilities(uow, grants)
    user_id = accounts.create_user(
        uow, username, password=password, display_name=display_name, language=language,
        grants=grants,
    )  # fmt: skip
    _emit(uow, user_id, "account.made", roles=_written(grants))
    return show_account(uow, user_id)


def change_account(
    uow: WritingUnitOfWork, accounts: Accounts, user_id: UUID, change: Change, *,
    expected_version: int | None,
) -> AccountView:  # fmt: skip
    """Change names, language or roles of an account.

    Raises
    ------
    AccountUnknownError, StaleVersionError, AccountBeyondError, OwnRightsError,
    LastAdministratorError, JurisdictionInvalidError, RoleUnknownError, FacilityUnknownError
    """
    held = _lock(uow, user_id, expected_version)
    values = {
        name: value
        for name, value in (("display_name", change.display_name), ("language", change.language))
        if value is not None
    }
    repository.update_account(uow.session, user_id, values)
    if values:
        _emit(uow, user_id, "account.changed", fields=sorted(values))
    if change.grants is not None:
        added = set(change.grants) - set(held)
        if added and user_id == uow.identity.user_id:
            raise OwnRightsError
        _check_reach(uow, change.grants)
        _check_facilities(uow, change.grants)
        accounts.check_grants(uow, change.grants)
        repository.replace_grants(uow.session, user_id, change.grants)
        repository.keep_an_administrator(uow.session)
        _emit(uow, user_id, "account.roles_set", roles=_written(change.grants))
    return show_account(uow, user_id)


def reset_password(
    uow: WritingUnitOfWork, accounts: Accounts, user_id: UUID, *, password: str,
    expected_version: int | None,
) -> AccountView:  # fmt: skip
    """Set a new password; every login of the account ends.

    Raises
    ------
    AccountUnknownError, StaleVersionError, AccountBeyondError, PasswordTooShortError
    """
    _lock(uow, user_id, expected_version)
    repository.update_account(
        uow.session, user_id, {"password_hash": accounts.hash_of(password)}
    )  # fmt: skip
    repository.delete_logins_of(uow.session, user_id)
    _emit(uow, user_id, "account.password_reset")
    return show_account(uow, user_id)


def disable_account(
    uow: WritingUnitOfWork, user_id: UUID, *, expected_version: int | None
) -> AccountView:
    """Close an account: its logins end and its tokens open nothing.

    Raises
    ------
    AccountUnknownError, StaleVersionError, AccountBeyondError, LastAdministratorError
    """
    _lock(uow, user_id, expected_version)
    repository.update_account(uow.session, user_id, {"disabled_at": uow.clock.now()})
    repository.keep_an_administrator(uow.session)
    repository.delete_logins_of(uow.session, user_id)
    _emit(uow, user_id, "account.disabled")
    return show_account(uow, user_id)


def enable_account(
    uow: WritingUnitOfWork, user_id: UUID, *, expected_version: int | None
) -> AccountView:
    """Open a closed account again, with the roles and tokens it had.

    Raises
    ------
    AccountUnknownError, StaleVersionError, AccountBeyondError
    """
    _lock(uow, user_id, expected_version)
    repository.update_account(uow.session, user_id, {"disabled_at": None})
    _emit(uow, user_id, "account.enabled")
    return show_account(uow, user_id)


def list_logins(uow: UnitOfWork, user_id: UUID | None = None) -> LoginList:
    """Return the open logins of the accounts that the viewer sees, or of one, newest first."""
    rows = repository.list_logins(
        uow.session, at=uow.clock.now(), visible=_visible(uow), user_id=user_id
    )  # fmt: skip
    return LoginList(tuple(view_of(LoginView, row) for row in rows))


def end_login(uow: WritingUnitOfWork, session_id: UUID) -> EndedLogins:
    """End one login.

    Raises
    ------
    LoginUnknownError, AccountBeyondError
    """
    user_id = repository.owner_of_login(uow.session, session_id)
    if user_id is None:
        raise LoginUnknownError
    _lock(uow, user_id, None)
    if not repository.delete_login(uow.session, session_id):
        raise LoginUnknownError
    _emit(uow, user_id, "account.logins_ended", count=1)
    return EndedLogins(1)


def end_logins(uow: WritingUnitOfWork, user_id: UUID) -> EndedLogins:
    """End every login of an account.

    Raises
    ------
    AccountUnknownError, AccountBeyondError
    """
    _lock(uow, user_id, None)
    ended = repository.delete_logins_of(uow.session, user_id)
    if ended:
        _emit(uow, user_id, "account.logins_ended", count=ended)
    return EndedLogins(ended)


def list_tokens(uow: UnitOfWork, user_id: UUID | None = None) -> TokenList:
    """Return the tokens of the accounts that the viewer sees, or of one, newest first."""
    rows = repository.list_tokens(
        uow.session, at=uow.clock.now(), visible=_visible(uow), user_id=user_id
    )  # fmt: skip
    return TokenList(tuple(view_of(TokenView, row) for row in rows))


def make_token(
    uow: WritingUnitOfWork, accounts: Accounts, user_id: UUID, *, name: str, days: float
) -> NewToken:
    """Make a token that opens what the account may do, for `days`.

    Raises
    ------
    AccountUnknownError, AccountBeyondError
    """
    _lock(uow, user_id, None)
    username = show_account(uow, user_id).username
    token = accounts.create_token(uow, username, name=name, days=days)
    (row,) = repository.list_tokens(
        uow.session, at=uow.clock.now(), visible=_visible(uow), token_hash=token_hash(token)
    )  # fmt: skip
    _emit(uow, user_id, "account.token_made", token_id=row.token_id)
    return NewToken(token, view_of(TokenView, row))


def withdraw_token(uow: WritingUnitOfWork, token_id: UUID) -> EndedLogins:
    """End a token.

    Raises
    ------
    LoginUnknownError, AccountBeyondError
    """
    user_id = repository.owner_of_token(uow.session, token_id)
    if user_id is None:
        raise LoginUnknownError
    _lock(uow, user_id, None)
    if not repository.delete_token(uow.session, token_id):
        raise LoginUnknownError
    _emit(uow, user_id, "account.token_withdrawn", token_id=token_id)
    return EndedLogins(1)


def check_everywhere(uow: UnitOfWork) -> None:
    """Check that the viewer administers every area: what is to change belongs to none.

    Raises
    ------
    AccountBeyondError
    """
    if not uow.identity.allows(USER_ADMIN, EVERYWHERE):
        raise AccountBeyondError


def _visible(uow: UnitOfWork) -> repository.Visible:
    return repository.Visible(reach_of(uow.identity, USER_ADMIN), uow.identity.user_id)


def _lock(uow: WritingUnitOfWork, user_id: UUID, expected_version: int | None) -> list[Grant]:
    """Lock an account that the administrator may change; return its roles."""
    row = repository.lock_account(uow.session, user_id)
    if row is None:
        raise AccountUnknownError(user_id)
    check_version(expected_version, row.version)
    held = [
        Grant(one.role, one.jurisdiction, one.facility_id)
        for one in repository.grants_of(uow.session, [user_id])
    ]
    _check_reach(uow, held)
    return held


def _check_reach(uow: UnitOfWork, grants: Sequence[Grant]) -> None:
    # Without a role it is in no area: who could take it over now would have what it is given later.
    areas = {grant.jurisdiction for grant in grants} or {EVERYWHERE}
    if not all(uow.identity.allows(USER_ADMIN, area) for area in areas):
        raise AccountBeyondError


def _check_facilities(uow: UnitOfWork, grants: Sequence[Grant]) -> None:
    for grant in grants:
        facility_id = grant.facility_id
        if facility_id is not None and not repository.facility_exists(uow.session, facility_id):
            raise FacilityUnknownError(facility_id)


def _views(uow: UnitOfWork, rows: Sequence[AnyRow]) -> tuple[AccountView, ...]:
    held: dict[UUID, list[HeldRole]] = {row.user_id: [] for row in rows}
    for grant in repository.grants_of(uow.session, list(held)):
        held[grant.user_id].append(view_of(HeldRole, grant))
    return tuple(view_of(AccountView, row, grants=tuple(held[row.user_id])) for row in rows)


def _written(grants: Sequence[Grant]) -> str:
    return ", ".join(f"{grant.role}@{grant.jurisdiction}" for grant in grants)


def _emit(uow: WritingUnitOfWork, user_id: UUID, type_: str, **payload: object) -> None:
    uow.emit(NewEvent("account", str(user_id), type_, payload, occurred_at=uow.clock.now()))
