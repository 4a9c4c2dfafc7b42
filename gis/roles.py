"""Roles are data: made, given permissions and removed without a migration.

The rooms declare roles to begin with; an installation changes what these hold and adds its own.
"""

from collections.abc import Iterable, Sequence

from gis import roles_repository as repository
from gis.access import ROLE_NAME, Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.identity_errors import (
    PermissionUnknownError,
    RoleDeclaredError,
    RoleNameInvalidError,
    RoleTakenError,
    RoleUnknownError,
)
from gis.roles_repository import StoredRole
from gis.words import Words


def list_roles(uow: UnitOfWork) -> Sequence[StoredRole]:
    """Return every role with its permissions, ordered by name."""
    return repository.list_roles(uow.session)


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
    RoleNameInvalidError, RoleTakenError, PermissionUnknownError
    """
    if not ROLE_NAME.fullmatch(role):
        raise RoleNameInvalidError(role)
    if not repository.add_role(uow.session, role, words):
        raise RoleTakenError(role)
    grant_permissions(uow, role, permissions)


def remove_role(uow: WritingUnitOfWork, role: str) -> None:
    """Remove a role of this installation, also from the accounts that have it.

    Raises
    ------
    RoleUnknownError, RoleDeclaredError
    """
    _check_role(uow, role)
    if repository.is_declared(uow.session, role):
        raise RoleDeclaredError(role)
    repository.delete_role(uow.session, role)


def grant_permissions(uow: WritingUnitOfWork, role: str, permissions: Iterable[str]) -> None:
    """Let everybody who has the role do more.

    Raises
    ------
    RoleUnknownError, PermissionUnknownError
    """
    _check_role(uow, role)
    if known := _known(uow, permissions):
        repository.hold(uow.session, role, known)


def revoke_permissions(uow: WritingUnitOfWork, role: str, permissions: Iterable[str]) -> None:
    """Let everybody who has the role do less; open streams notice within 30 s.

    Raises
    ------
    RoleUnknownError, PermissionUnknownError
    """
    _check_role(uow, role)
    repository.take_away(uow.session, role, _known(uow, permissions))


def _check_role(uow: UnitOfWork, role: str) -> None:
    known = repository.role_names(uow.session)
    if role not in known:
        raise RoleUnknownError(role, known)


def _known(uow: UnitOfWork, permissions: Iterable[str]) -> list[Permission]:
    found = [Permission(one) for one in permissions]
    for one in found:
        if one not in uow.house.permissions:
            raise PermissionUnknownError(one, uow.house.permissions)
    return found
