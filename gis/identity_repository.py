"""SQL of accounts, sessions and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.access import Grant, Identity, Role
from gis.tables import ApiToken, LoginSession, User, UserRole


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login is checked against."""

    user_id: UUID
    password_hash: str
    disabled: bool


def add_user(
    session: Session,
    user_id: UUID,
    *,
    username: str,
    display_name: str,
    password_hash: str,
    language: str,
) -> bool:
    """Store an account; returns whether the name was free."""
    stored = session.execute(
        upsert(User)
        .values(
            user_id=user_id, username=username, display_name=display_name,
            password_hash=password_hash, language=language,
        )
        .on_conflict_do_nothing()
        .returning(User.user_id)
    ).first()  # fmt: skip
    return stored is not None


def add_grant(session: Session, user_id: UUID, grant: Grant) -> None:
    """Give `user_id` a role; giving it again changes its facility only."""
    session.execute(
        upsert(UserRole)
        .values(
            user_id=user_id, role=grant.role.value, jurisdiction=grant.jurisdiction,
            facility_id=grant.facility_id,
        )
        .on_conflict_do_update(
            index_elements=[UserRole.user_id, UserRole.role, UserRole.jurisdiction],
            set_={"facility_id": grant.facility_id},
        )
    )  # fmt: skip


def find_credentials(session: Session, username: str) -> Credentials | None:
    """Return what is stored for `username` (capital letters do not count)."""
    row = session.execute(
        select(User.user_id, User.password_hash, User.disabled_at)
        .where(func.lower(User.username) == username.lower())
    ).one_or_none()  # fmt: skip
    return Credentials(row[0], row[1], row[2] is not None) if row else None


def set_password_hash(session: Session, user_id: UUID, password_hash: str) -> None:
    """Replace the stored hash."""
    session.execute(update(User).where(User.user_id == user_id).values(password_hash=password_hash))


def set_disabled(session: Session, user_id: UUID, at: datetime | None) -> None:
    """Close an account at `at`, or open it again (None)."""
    session.execute(update(User).where(User.user_id == user_id).values(disabled_at=at))


def load_identity(session: Session, user_id: UUID) -> Identity | None:
    """Return the identity of an account that is not disabled."""
    user = session.execute(
        select(User.user_id, User.username, User.display_name, User.language)
        .where(User.user_id == user_id, User.disabled_at.is_(None))
    ).one_or_none()  # fmt: skip
    if user is None:
        return None
    grants = session.execute(
        select(UserRole.role, UserRole.jurisdiction, UserRole.facility_id)
        .where(UserRole.user_id == user_id)
        .order_by(UserRole.user_role_id)
    )
    return Identity(
        user_id=user[0],
        username=user[1],
        display_name=user[2],
        language=user[3],
        grants=tuple(Grant(Role(role), area, facility) for role, area, facility in grants),
    )


def add_session(
    session: Session, token_hash: bytes, user_id: UUID, *, created_at: datetime,
    expires_at: datetime,
) -> None:  # fmt: skip
    """Store a browser session."""
    session.execute(
        insert(LoginSession).values(
            token_hash=token_hash, user_id=user_id, created_at=created_at, expires_at=expires_at
        )
    )


def delete_session(session: Session, token_hash: bytes) -> None:
    """End a browser session."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash))


def delete_sessions_of(session: Session, user_id: UUID) -> None:
    """End every browser session of an account."""
    session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


def delete_expired_sessions(session: Session, at: datetime) -> None:
    """Remove the sessions that ended before `at`."""
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= at))


def session_user(session: Session, token_hash: bytes, *, at: datetime) -> UUID | None:
    """Return whose session it is, None when it is unknown or over."""
    return session.execute(
        select(LoginSession.user_id)
        .where(LoginSession.token_hash == token_hash, LoginSession.expires_at > at)
    ).scalar_one_or_none()  # fmt: skip


def add_api_token(
    session: Session, token_hash: bytes, user_id: UUID, *, name: str, created_at: datetime,
    expires_at: datetime | None,
) -> None:  # fmt: skip
    """Store a program's token."""
    session.execute(
        insert(ApiToken).values(
            token_hash=token_hash, user_id=user_id, name=name, created_at=created_at,
            expires_at=expires_at,
        )
    )  # fmt: skip


def delete_api_token(session: Session, token_hash: bytes) -> None:
    """Withdraw a program's token."""
    session.execute(delete(ApiToken).where(ApiToken.token_hash == token_hash))


def api_token_user(session: Session, token_hash: bytes, *, at: datetime) -> UUID | None:
    """Return whose token it is, None when it is unknown or over."""
    return session.execute(
        select(ApiToken.user_id).where(
            ApiToken.token_hash == token_hash,
            ApiToken.expires_at.is_(None) | (ApiToken.expires_at > at),
        )
    ).scalar_one_or_none()


def list_accounts(session: Session) -> Sequence[Row[Any]]:
    """Return every account with its roles as one text, ordered by name."""
    role = UserRole.role + case(
        (UserRole.jurisdiction == "", ""), else_="@" + UserRole.jurisdiction
    )
    return session.execute(
        select(
            User.username,
            User.display_name,
            User.disabled_at,
            func.string_agg(role, ", ").label("roles"),
        )
        .outerjoin(UserRole, UserRole.user_id == User.user_id)
        .group_by(User.user_id)
        .order_by(User.username)
    ).all()
