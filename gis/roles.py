"""Roles are data: made, given permissions and removed without a migration.

The rooms declare roles to begin with; an installation changes what these hold and adds its own.
"""

from collections.abc import Iterable, Mapping, Sequence

from gis import roles_repository as repository
from gis.access import ROLE_NAME, Permission, StoredRole
from gis.accounts.errors import OwnRightsError
from gis.accounts.repository import keep_an_administrator
from gis.accounts.service import check_everywhere
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.identity_errors import (
    PermissionUnknownError,
    RoleDeclaredError,
    RoleNameInvalidError,
    RoleTakenError,
    RoleUnknownError,
)
from gis.words import Words

BROKEN_GLASS = "break_glass"
"""What stands in the place of a role where somebody broke the glass (`gis.identity_repository`)."""
_BROKEN_GLASS = Words(en="break-glass, for a time", zh="紧急授权（限时）")


def list_roles(uow: UnitOfWork) -> Sequence[StoredRole]:
    """Return every role with its permissions, ordered by name."""
    return repository.list_roles(uow.session)


def role_words(uow: UnitOfWork, roles: Iterable[str]) -> Mapping[str, Words]:
    """Return what each of `roles` is called; a broken glass stands among an account's roles too."""
    return {BROKEN_GLASS: _BROKEN_GLASS, **repository.role_words(uow.session, roles)}


def show_role(uow: UnitOfWork, role: str) -> StoredRole:
    """Return one role.

    Raises
    ------
    RoleUnknownError
    """
    _check_role(uow, role)
    return next(one for one in repository.list_roles(uow.session) if one.role == role)


def add_role(
    uow: WritingUnitOfWork, role: str, *, words: Words, permissions: Iterable[str] = ()
) -> None:
    """Make a role of this installation; `words` says in each language what it is called.

    Raises
    ------
    RoleNameInvalidError, RoleTakenError, PermissionUnknownError, AccountBeyondError
    """
    check_everywhere(uow)
    if not ROLE_NAME.fullmatch(role):
        raise RoleNameInvalidError(role)
    if role == BROKEN_GLASS or not repository.add_role(uow.session, role, words):
        raise RoleTakenError(role)
    _emit(uow, role, "role.made")
    grant_permissions(uow, role, permissions)


def remove_role(uow: WritingUnitOfWork, role: str) -> None:
    """Remove a role of this installation, also from the accounts that have it.

    Raises
    ------
    RoleUnknownError, RoleDeclaredError, LastAdministratorError, AccountBeyondError
    """
    _lock_role(uow, role)
    if repository.is_declared(uow.session, role):
        raise RoleDeclaredError(role)
    repository.delete_role(uow.session, role)
    keep_an_administrator(uow.session)
    _emit(uow, role, "role.removed")


def grant_permissions(uow: WritingUnitOfWork, role: str, permissions: Iterable[str]) -> None:
    """Let everybody who has the role do more.

    Raises
    ------
    RoleUnknownError, PermissionUnknownError, OwnRightsError, AccountBeyondError
    """
    _lock_role(uow, role)
    known = _known(uow, permissions)
    if any(grant.role == role and not grant.permissions.issuperset(known)
           for grant in uow.identity.grants):  # fmt: skip
        raise OwnRightsError
    if known:
        repository.hold(uow.session, role, known)
        _emit(uow, role, "role.permissions_given", permissions=known)


def revoke_permissions(uow: WritingUnitOfWork, role: str, permissions: Iterable[str]) -> None:
    """Let everybody who has the role do less; open streams notice within 30 s.

    Raises
    ------
    RoleUnknownError, PermissionUnknownError, LastAdministratorError, AccountBeyondError
    """
    _lock_role(uow, role)
    known = _known(uow, permissions)
    if known:
        repository.take_away(uow.session, role, known)
        keep_an_administrator(uow.session)
        _emit(uow, role, "role.permissions_taken", permissions=known)


def set_permissions(
    uow: WritingUnitOfWork, role: str, permissions: Iterable[str]
) -> StoredRole:  # fmt: skip
    """Let a role hold `permissions` and nothing else; return it.

    Raises
    ------
    RoleUnknownError, PermissionUnknownError, OwnRightsError, LastAdministratorError,
    AccountBeyondError
    """
    _lock_role(uow, role)
    wanted = _known(uow, permissions)
    held = show_role(uow, role).permissions
    grant_permissions(uow, role, [one for one in wanted if one not in held])
    # One that no room declares any more is nothing to take away.
    revoke_permissions(
        uow, role, [one for one in held if one not in wanted and one in uow.house.permissions]
    )
    return show_role(uow, role)


def _check_role(uow: UnitOfWork, role: str) -> None:
    known = repository.role_names(uow.session)
    if role not in known:
        raise RoleUnknownError(role, known)


def _lock_role(uow: WritingUnitOfWork, role: str) -> None:
    # Roles have no area.
    check_everywhere(uow)
    if not repository.lock_role(uow.session, role):
        raise RoleUnknownError(role, repository.role_names(uow.session))


def _emit(uow: WritingUnitOfWork, role: str, type_: str, **payload: object) -> None:
    uow.emit(NewEvent("role", role, type_, payload, occurred_at=uow.clock.now()))


def _known(uow: UnitOfWork, permissions: Iterable[str]) -> list[Permission]:
    found = [Permission(one) for one in permissions]
    for one in found:
        if one not in uow.house.permissions:
            raise PermissionUnknownError(one, uow.house.permissions)
    return found
