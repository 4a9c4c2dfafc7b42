"""Users, their roles, sessions and tokens. Written by `gis.identity` and `gis.accounts`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.access import ROLE_NAME
from gis.tables.base import Base, BigKey


class User(Base):
    """A local account. The password is stored as an Argon2id hash."""

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_username_lower", text("lower(username)"), unique=True),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str]
    display_name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(server_default=text("'zh'"))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class RoleRecord(Base):
    """What people work as. `declared` roles are the rooms'; the others were made here."""

    __tablename__ = "roles"
    __table_args__ = (CheckConstraint(f"role ~ '^{ROLE_NAME.pattern}$'", name="role"),)

    role: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[dict[str, Any]]
    declared: Mapped[bool] = mapped_column(server_default=text("false"))


class RolePermission(Base):
    """What a role may do. One that a room declares stays as a row when it is taken away."""

    __tablename__ = "role_permissions"
    __table_args__ = (CheckConstraint("permission ~ '^[a-z][a-z_]*$'", name="permission"),)

    role: Mapped[str] = mapped_column(
        ForeignKey("roles.role", ondelete="CASCADE"), primary_key=True
    )
    permission: Mapped[str] = mapped_column(primary_key=True)
    held: Mapped[bool] = mapped_column(server_default=text("true"))
    declared: Mapped[bool] = mapped_column(server_default=text("false"))


class UserRole(Base):
    """A role within a jurisdiction: an area's code, '' meaning everywhere."""

    __tablename__ = "user_roles"
    __table_args__ = (UniqueConstraint("user_id", "role", "jurisdiction"),)

    user_role_id: Mapped[BigKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(ForeignKey("roles.role", ondelete="CASCADE"), index=True)
    jurisdiction: Mapped[str] = mapped_column(server_default=text("''"))
    facility_id: Mapped[int | None] = mapped_column(ForeignKey("facilities.facility_id"))


class LoginSession(Base):
    """A browser session. Only the hash of the cookie's value is stored."""

    __tablename__ = "login_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.user_id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[UUID] = mapped_column(unique=True, server_default=text("gen_random_uuid()"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class ApiToken(Base):
    """A bearer token of a program. Only its hash is stored."""

    __tablename__ = "api_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.user_id", ondelete="CASCADE"), index=True
    )
    token_id: Mapped[UUID] = mapped_column(unique=True, server_default=text("gen_random_uuid()"))
    name: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
