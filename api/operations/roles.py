"""Roles from the command line."""

from collections.abc import Sequence

from api.operations.transactions import transaction
from gis import roles
from gis.access import StoredRole
from gis.settings import Settings
from gis.words import Words


def role_lines(settings: Settings) -> list[str]:
    """Return one line for each role."""
    with transaction(settings) as uow:
        return [_line(role) for role in roles.list_roles(uow)]


def show_role(settings: Settings, name: str) -> list[str]:
    """Return a role and each of its permissions with what it allows."""
    with transaction(settings) as uow:
        role = roles.show_role(uow, name)
        known = uow.house.permissions
        return [
            _line(role),
            *(f"  {one}: {' '.join(known[one].words.as_json().values())}" if one in known
              else f"  {one}: unknown to this version" for one in role.permissions),
        ]  # fmt: skip


def add_role(
    settings: Settings, name: str, *, name_en: str, name_zh: str, permissions: Sequence[str]
) -> None:
    """Make a role of this installation."""
    with transaction(settings) as uow:
        words = Words(en=name_en, zh=name_zh)
        roles.add_role(uow, name, words=words, permissions=permissions)


def grant_permissions(settings: Settings, name: str, permissions: Sequence[str]) -> None:
    """Give permissions to a role."""
    with transaction(settings) as uow:
        roles.grant_permissions(uow, name, permissions)


def revoke_permissions(settings: Settings, name: str, permissions: Sequence[str]) -> None:
    """Take permissions from a role."""
    with transaction(settings) as uow:
        roles.revoke_permissions(uow, name, permissions)


def remove_role(settings: Settings, name: str) -> None:
    """Remove a role of this installation."""
    with transaction(settings) as uow:
        roles.remove_role(uow, name)


def _line(role: StoredRole) -> str:
    words = " ".join(role.words.as_json().values())
    made = "" if role.declared else ", of this installation"
    counts = f"{len(role.permissions)} permissions, {role.accounts} accounts"
    return f"{role.role} ({words}{made}): {counts}"
