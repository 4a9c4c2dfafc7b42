"""Roles and what they hold."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path
from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Name, Shape
from gis import roles
from gis.access import StoredRole
from gis.accounts.views import PermissionView, RoleList
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.permissions import USER_ADMIN
from gis.words import Words

router = DoorRouter(Work.ORDINARY, prefix="/v1/admin/roles")

RoleReader = Annotated[ReadingUnitOfWork, Depends(reads(USER_ADMIN), scope="function")]
RoleWriter = Annotated[WritingUnitOfWork, Depends(writes(USER_ADMIN), scope="function")]
RolePath = Annotated[str, Path(max_length=40)]
Permissions = Annotated[
    list[Annotated[str, Field(max_length=60)]], Field(max_length=200)
]  # fmt: skip


class RoleIn(Shape):
    """A new role, what it is called, and what it allows."""

    role: Annotated[str, Field(max_length=40)]
    name_en: Name
    name_zh: Name
    permissions: Permissions = Field(default_factory=list)


class PermissionsIn(Shape):
    """What a role is to hold: all of it."""

    permissions: Permissions


@dataclass(frozen=True, slots=True)
class RoleRemoved:
    """The role is gone."""

    role: str


@router.get("", summary="Roles and permissions")
def get_roles(uow: RoleReader) -> Answer[RoleList]:
    """Return every role with what it holds, and every permission there is."""
    known = sorted(uow.house.permissions.values(), key=lambda right: right.permission)
    return Answer(
        RoleList(
            tuple(roles.list_roles(uow)),
            tuple(PermissionView(right.permission, right.words) for right in known),
        )
    )


@router.post("", summary="Make a role", status_code=201)
def post_role(uow: RoleWriter, once: OnceRequired, body: RoleIn) -> Answer[StoredRole]:
    """Make a role of this installation from permissions."""

    def make() -> StoredRole:
        words = Words(en=body.name_en, zh=body.name_zh)
        roles.add_role(uow, body.role, words=words, permissions=body.permissions)
        return roles.show_role(uow, body.role)

    return once.answer(uow, body, create=make)


@router.put("/{role}/permissions", summary="Set what a role holds")
def put_permissions(
    uow: RoleWriter, role: RolePath, once: OnceOptional, body: PermissionsIn
) -> Answer[StoredRole]:
    """Let a role hold these permissions and nothing else, at once for everybody who has it."""
    return once.change(uow, body, do=lambda: roles.set_permissions(uow, role, body.permissions))


@router.delete("/{role}", summary="Remove a role")
def delete_role(uow: RoleWriter, role: RolePath, once: OnceOptional) -> Answer[RoleRemoved]:
    """Remove a role of this installation, also from the accounts that have it."""

    def remove() -> RoleRemoved:
        roles.remove_role(uow, role)
        return RoleRemoved(role)

    return once.change(uow, None, do=remove)
