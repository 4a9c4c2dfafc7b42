"""SQL of accounts, sessions and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.access import Grant, Identity, Permission
from gis.tables import ApiToken, LoginSession, User, UserRole

_HELD = """
    SELECT r.user_role_id AS nth, r.role, r.jurisdiction, r.facility_id,
           ARRAY(SELECT p.permission FROM role_permissions p
                 WHERE p.role = r.role AND p.held) AS permissions
    FROM user_roles r WHERE r.user_id = u.user_id
    UNION ALL
    SELECT NULL, 'break_glass', b.jurisdiction, NULL, ARRAY[b.permission]
    FROM break_glass b
    WHERE b.user_id = u.user_id AND b.ended_at IS NULL AND b.expires_at > {at}
      AND EXISTS (SELECT 1 FROM user_roles r JOIN role_permissions p ON p.role = r.role
                  WHERE r.user_id = u.user_id AND p.held AND p.permission = 'break_glass')
"""
"""What an account holds: its roles, and for a time what it broke the glass for, as long as it still
may break it."""


def _account(at: str) -> str:
    return f"""
SELECT u.user_id, u.username, u.display_name, u.language, asking.nth, (
    SELECT coalesce(json_agg(json_build_array(
        h.role, h.jurisdiction, h.facility_id, ARRAY(SELECT codes_within(ARRAY[h.jurisdiction])),
        h.permissions
    ) ORDER BY h.nth), '[]')
    FROM ({_HELD.format(at=at)}) AS h
) AS grants
"""  # noqa: S608 (two constants)


_ASKING = """
WITH asked AS (
    SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:token_hashes AS bytea[]))
        WITH ORDINALITY AS a(kind, token_hash, nth)
), asking AS (
    SELECT nth, user_id FROM asked JOIN login_sessions USING (token_hash)
    WHERE kind = 'session' AND expires_at > :at
    UNION ALL
    SELECT nth, user_id FROM asked JOIN api_tokens USING (token_hash)
    WHERE kind = 'bearer' AND (expires_at IS NULL OR expires_at > :at)
)
"""

_FROM_ASKING = "FROM asking JOIN users u USING (user_id) WHERE u.disabled_at IS NULL"

_IDENTITIES = text(_ASKING + _account(":at") + _FROM_ASKING)

_ANNOUNCED = f"""
, set_config('goldenhour.actor', 'user:' || u.username, true), (
    SELECT count(set_config('goldenhour.' || permission, jurisdictions, true))
    FROM (
        SELECT p.permission, array_agg(h.jurisdiction ORDER BY h.nth)::text
        FROM ({_HELD.format(at=":at")}) AS h, unnest(h.permissions) AS p(permission)
        GROUP BY p.permission
    ) AS held(permission, jurisdictions)
)
"""  # noqa: S608 (two constants)
"""For row-level security until the transaction ends: who asks, and its jurisdictions."""

_IDENTIFY = text(_ASKING + _account(":at") + _ANNOUNCED + _FROM_ASKING)

_BY_ID = text(
    "WITH asking AS (SELECT 1 AS nth, CAST(:user_id AS uuid) AS user_id)"
    + _account("now()")
    + _FROM_ASKING
)


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
            user_id=user_id, role=grant.role, jurisdiction=grant.jurisdiction,
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


def load_identity(session: Session, user_id: UUID) -> Identity | None:
    """Return the identity of an account that is not disabled."""
    row = session.execute(_BY_ID, {"user_id": user_id}).one_or_none()
    return None if row is None else _identity(row)


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


def session_end(session: Session, token_hash: bytes) -> datetime | None:
    """Return when a browser session ends; None: there is no such session."""
    return session.scalar(
        select(LoginSession.expires_at).where(LoginSession.token_hash == token_hash)
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


def identify(
    session: Session, kind: str, token_hash: bytes, *, at: datetime
) -> Identity | None:  # fmt: skip
    """Return whom a session or token (`kind`: session, bearer) stands for and make it the asker.

    One statement, the transaction's first: it finds the account and sets what row-level security
    reads. None if the token is unknown or over, or the account is disabled; then nobody asks.
    """
    row = session.execute(
        _IDENTIFY,
        {"kinds": [kind], "token_hashes": [token_hash], "at": at},
    ).one_or_none()
    return None if row is None else _identity(row)


def identities(
    session: Session, tokens: Sequence[tuple[str, bytes]], *, at: datetime
) -> dict[tuple[str, bytes], Identity]:
    """Return whom each of many (kind, token hash) stands for at `at`, in one statement.

    One that is unknown or over, or whose account is disabled, is left out.
    """
    kinds, hashes = [kind for kind, _ in tokens], [digest for _, digest in tokens]
    rows = session.execute(_IDENTITIES, {"kinds": kinds, "token_hashes": hashes, "at": at})
    return {tokens[row.nth - 1]: _identity(row) for row in rows}


def _identity(row: Row[Any]) -> Identity:
    return Identity(
        user_id=row.user_id,
        username=row.username,
        display_name=row.display_name,
        language=row.language,
        grants=tuple(
            Grant(role, area, facility, frozenset(codes), frozenset(map(Permission, permissions)))
            for role, area, facility, codes, permissions in row.grants
        ),
    )
