"""SQL of accounts as they are administered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, text, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.access import Grant
from gis.accounts.errors import LastAdministratorError
from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import ApiToken, Facility, LoginSession, User, UserRole


@dataclass(frozen=True, slots=True)
class Visible:
    """Which accounts an administrator sees.

    reach : codes of the areas; accounts with a role within one of them are seen. None: all.
    own : the administrator's own account, which is seen as well
    """

    reach: Collection[str] | None
    own: UUID | None

    def condition(self) -> ColumnElement[bool]:
        """Return the condition on `User`."""
        if self.reach is None:
            return true()
        held = exists().where(
            UserRole.user_id == User.user_id, within(UserRole.jurisdiction, self.reach)
        )
        return or_(held, User.user_id == self.own)


def list_accounts(
    session: Session, *, at: datetime, visible: Visible, user_id: UUID | None = None
) -> Sequence[AnyRow]:
    """Return accounts by name, with counts of open logins and tokens; all that are seen, or one."""
    logins = _open_logins(at) & (LoginSession.user_id == User.user_id)
    tokens = _open_tokens(at) & (ApiToken.user_id == User.user_id)
    seen_at = func.greatest(
        select(func.max(LoginSession.seen_at)).where(logins).scalar_subquery(),
        select(func.max(ApiToken.seen_at)).where(tokens).scalar_subquery(),
    )
    query = select(
        User.user_id, User.username, User.display_name, User.language, User.version,
        User.created_at, User.disabled_at, seen_at.label("seen_at"),
        select(func.count()).select_from(LoginSession).where(logins).scalar_subquery()
        .label("sessions"),
        select(func.count()).select_from(ApiToken).where(tokens).scalar_subquery().label("tokens"),
    ).where(visible.condition()).order_by(func.lower(User.username))  # fmt: skip
    if user_id is not None:
        query = query.where(User.user_id == user_id)
    return session.execute(query).all()


def grants_of(session: Session, user_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return the roles of accounts, in the order they were given."""
    return session.execute(
        select(UserRole.user_id, UserRole.role, UserRole.jurisdiction, UserRole.facility_id)
        .where(UserRole.user_id.in_(user_ids))
        .order_by(UserRole.user_role_id)
    ).all()


def lock_account(session: Session, user_id: UUID) -> AnyRow | None:
    """Lock an account until commit and return it; None if there is none."""
    return session.execute(
        select(User.user_id, User.username, User.version, User.disabled_at)
        .where(User.user_id == user_id)
        .with_for_update()
    ).one_or_none()


def user_id_of(session: Session, username: str) -> UUID | None:
    """Return the account of this name (capital letters do not count)."""
    return session.execute(
        select(User.user_id).where(func.lower(User.username) == username.lower())
    ).scalar_one_or_none()


def update_account(session: Session, user_id: UUID, values: Mapping[str, Any]) -> None:
    """Change an account's columns and raise its version."""
    session.execute(
        update(User)
        .where(User.user_id == user_id)
        .values(**values, version=User.version + 1)
        .execution_options(synchronize_session=False)
    )


def replace_grants(session: Session, user_id: UUID, grants: Sequence[Grant]) -> None:
    """Put `grants` in the place of an account's roles."""
    session.execute(delete(UserRole).where(UserRole.user_id == user_id))
    if grants:
        session.execute(
            insert(UserRole).values([
                {"user_id": user_id, "role": grant.role, "jurisdiction": grant.jurisdiction,
                 "facility_id": grant.facility_id}
                for grant in grants
            ])
        )  # fmt: skip


def keep_an_administrator(session: Session) -> None:
    """Let the database decide now, and not at the commit, whether an administrator is left.

    Raises
    ------
    LastAdministratorError
    """
    try:
        session.execute(text("SET CONSTRAINTS last_administrator IMMEDIATE"))
    except IntegrityError as error:
        diagnosis = getattr(error.orig, "diag", None)
        if diagnosis is None or diagnosis.constraint_name != "last_administrator":
            raise
        raise LastAdministratorError from error


def facility_exists(session: Session, facility_id: int) -> bool:
    """Return whether there is such a facility."""
    query = select(exists().where(Facility.facility_id == facility_id))
    return bool(session.execute(query).scalar_one())


def list_logins(
    session: Session, *, at: datetime, visible: Visible, user_id: UUID | None
) -> Sequence[AnyRow]:
    """Return open logins, newest first, of everybody who is seen, or of one."""
    query = (
        select(
            LoginSession.session_id, LoginSession.user_id, User.username, LoginSession.created_at,
            LoginSession.seen_at, LoginSession.expires_at,
        )
        .join(User, User.user_id == LoginSession.user_id)
        .where(_open_logins(at), visible.condition())
        .order_by(LoginSession.created_at.desc(), LoginSession.session_id)
    )  # fmt: skip
    if user_id is not None:
        query = query.where(LoginSession.user_id == user_id)
    return session.execute(query).all()


def owner_of_login(session: Session, session_id: UUID) -> UUID | None:
    """Return whose login it is; None if it has ended."""
    return session.execute(
        select(LoginSession.user_id).where(LoginSession.session_id == session_id)
    ).scalar_one_or_none()


def delete_login(session: Session, session_id: UUID) -> bool:
    """End a login; returns whether it was there."""
    ended = session.execute(
        delete(LoginSession)
        .where(LoginSession.session_id == session_id)
        .returning(LoginSession.session_id)
    )
    return ended.first() is not None


def delete_logins_of(session: Session, user_id: UUID) -> int:
    """End every login of an account; returns how many there were."""
    ended = session.execute(
        delete(LoginSession)
        .where(LoginSession.user_id == user_id)
        .returning(LoginSession.session_id)
    )
    return len(ended.all())


def list_tokens(
    session: Session, *, at: datetime, visible: Visible, user_id: UUID | None = None,
    token_hash: bytes | None = None,
) -> Sequence[AnyRow]:  # fmt: skip
    """Return tokens that are open, newest first: of everybody who is seen, of one, or one token."""
    query = (
        select(
            ApiToken.token_id, ApiToken.user_id, User.username, ApiToken.name, ApiToken.created_at,
            ApiToken.seen_at, ApiToken.expires_at,
        )
        .join(User, User.user_id == ApiToken.user_id)
        .where(_open_tokens(at), visible.condition())
        .order_by(ApiToken.created_at.desc(), ApiToken.token_id)
    )  # fmt: skip
    if user_id is not None:
        query = query.where(ApiToken.user_id == user_id)
    if token_hash is not None:
        query = query.where(ApiToken.token_hash == token_hash)
    return session.execute(query).all()


def owner_of_token(session: Session, token_id: UUID) -> UUID | None:
    """Return whose token it is; None if it is withdrawn."""
    return session.execute(
        select(ApiToken.user_id).where(ApiToken.token_id == token_id)
    ).scalar_one_or_none()


def delete_token(session: Session, token_id: UUID) -> bool:
    """Withdraw a token; returns whether it was there."""
    withdrawn = session.execute(
        delete(ApiToken).where(ApiToken.token_id == token_id).returning(ApiToken.token_id)
    )
    return withdrawn.first() is not None


_NOTE_SEEN = """
UPDATE {table} AS stored SET seen_at = seen.at
FROM unnest(CAST(:hashes AS bytea[]), CAST(:times AS timestamptz[])) AS seen(token_hash, at)
WHERE stored.token_hash = seen.token_hash AND (stored.seen_at IS NULL OR stored.seen_at < seen.at)
"""
_NOTE = {
    "session": text(_NOTE_SEEN.format(table="login_sessions")),
    "bearer": text(_NOTE_SEEN.format(table="api_tokens")),
}


def note_seen(session: Session, kind: str, seen: Mapping[bytes, datetime]) -> None:
    """Write down when logins (`kind` session) or tokens (bearer) were last used."""
    session.execute(_NOTE[kind], {"hashes": list(seen), "times": list(seen.values())})


def _open_logins(at: datetime) -> ColumnElement[bool]:
    return LoginSession.expires_at > at


def _open_tokens(at: datetime) -> ColumnElement[bool]:
    return or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > at)
