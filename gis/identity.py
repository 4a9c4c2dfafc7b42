"""Accounts: making them, logging in, sessions and tokens. Only hashes of secrets are stored."""

import hashlib
import re
import secrets
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from gis import identity_repository as repository
from gis.access import Grant, Identity
from gis.database import Asker, UnitOfWork
from gis.identity_errors import (
    BadCredentialsError,
    JurisdictionInvalidError,
    NotAuthenticatedError,
    PasswordTooShortError,
    RoleUnknownError,
    UsernameInvalidError,
    UsernameTakenError,
    UserUnknownError,
)
from gis.login_throttle import LoginThrottle
from gis.roles_repository import role_names

MINIMUM_PASSWORD_LENGTH = 10
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
_JURISDICTION = re.compile(r"[A-Za-z0-9-]{0,32}")
_TOKEN_BYTES = 32


def token_hash(token: str) -> bytes:
    """Return what is stored of a session's or program's token: its SHA-256.

    Tokens are 256 random bits, so a slow hash would add nothing.
    """
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Credential:
    """What somebody shows to say who they are: a browser's session or a program's token."""

    kind: Literal["session", "bearer"]
    token: str = field(repr=False)

    def stored(self) -> tuple[str, bytes]:
        """Return its kind and what is stored of it."""
        return self.kind, token_hash(self.token)


def identified_by(credential: Credential) -> Asker:
    """Return the asker that a unit of work finds out from `credential` as it opens.

    Opening it raises `NotAuthenticatedError` if the credential is unknown or over, or the account
    is disabled.
    """

    def identify(session: Session, at: datetime) -> Identity:
        identity = repository.identify(session, *credential.stored(), at=at)
        if identity is None:
            raise NotAuthenticatedError
        return identity

    return identify


def identities_of(
    uow: UnitOfWork, credentials: Collection[Credential]
) -> dict[Credential, Identity]:  # fmt: skip
    """Return whom each credential stands for now, without those that open nothing any more."""
    stored = {credential: credential.stored() for credential in credentials}
    found = repository.identities(
        uow.session, list(set(stored.values())), at=uow.clock.now()
    )  # fmt: skip
    return {one: found[digest] for one, digest in stored.items() if digest in found}


def session_end(uow: UnitOfWork, token: str) -> datetime | None:
    """Return when the browser session of a cookie's value ends by itself; None: there is none."""
    return repository.session_end(uow.session, token_hash(token))


class Accounts:
    """The use cases of accounts, with the password hasher and the throttle they share.

    `hasher` defaults to argon2-cffi's Argon2id profile (RFC 9106, low-memory: 64 MiB, t = 3); at
    most two hashes are computed at once, so that a burst of logins cannot eat the memory.
    """

    def __init__(
        self, hasher: PasswordHasher | None = None, *, throttle: LoginThrottle | None = None
    ) -> None:
        self._hasher = hasher or PasswordHasher()
        self._throttle = throttle or LoginThrottle()
        self._at_once = threading.BoundedSemaphore(2)

    @cached_property
    def _nobody_hash(self) -> str:
        return self._hash(secrets.token_urlsafe())

    def create_user(
        self,
        uow: UnitOfWork,
        username: str,
        *,
        password: str,
        display_name: str | None = None,
        language: str = "zh",
        grants: Iterable[Grant] = (),
    ) -> UUID:
        """Make an account and give it its roles; returns its id.

        Raises
        ------
        UsernameInvalidError, UsernameTakenError, PasswordTooShortError, JurisdictionInvalidError,
        RoleUnknownError
        """
        _check_username(username)
        password_hash = self.hash_of(password)
        user_id = uow.ids.new()
        stored = repository.add_user(
            uow.session, user_id, username=username, display_name=display_name or username,
            password_hash=password_hash, language=language,
        )  # fmt: skip
        if not stored:
            raise UsernameTakenError(username)
        for grant in grants:
            self.grant(uow, user_id, grant)
        return user_id

    def check_new(self, uow: UnitOfWork, username: str, grants: Iterable[Grant]) -> None:
        """Check that an account of this name with these roles could be made.

        Raises
        ------
        UsernameInvalidError, UsernameTakenError, JurisdictionInvalidError, RoleUnknownError
        """
        _check_username(username)
        if repository.find_credentials(uow.session, username) is not None:
            raise UsernameTakenError(username)
        self.check_grants(uow, grants)

    def check_grants(self, uow: UnitOfWork, grants: Iterable[Grant]) -> None:
        """Check that roles could be given.

        Raises
        ------
        JurisdictionInvalidError, RoleUnknownError
        """
        for grant in grants:
            _check_grant(uow, grant)

    def hash_of(self, password: str) -> str:
        """Return what is stored of a new password.

        Raises
        ------
        PasswordTooShortError
        """
        _check_password(password)
        return self._hash(password)

    def grant(self, uow: UnitOfWork, user_id: UUID, grant: Grant) -> None:
        """Give an account a role within a jurisdiction.

        Raises
        ------
        JurisdictionInvalidError, RoleUnknownError
        """
        _check_grant(uow, grant)
        repository.add_grant(uow.session, user_id, grant)

    def set_password(self, uow: UnitOfWork, username: str, *, password: str) -> None:
        """Set a new password and end every session of the account."""
        password_hash = self.hash_of(password)
        user_id = self._user_id(uow, username)
        repository.set_password_hash(uow.session, user_id, password_hash)
        repository.delete_sessions_of(uow.session, user_id)

    def log_in(self, uow: UnitOfWork, username: str, *, password: str, address: str) -> Identity:
        """Return who it is if the password is right.

        An unknown name costs the same hash as a known one, so names cannot be found out by time.

        Raises
        ------
        BadCredentialsError, TooManyAttemptsError
        """
        self._throttle.check(username, address, now=uow.clock.now())
        stored = repository.find_credentials(uow.session, username)
        right = self._verify(stored.password_hash if stored else self._nobody_hash, password)
        identity = None
        if stored is not None and right and not stored.disabled:
            identity = repository.load_identity(uow.session, stored.user_id)
        if stored is None or identity is None:
            self._throttle.failed(username, address, now=uow.clock.now())
            raise BadCredentialsError
        self._throttle.succeeded(username, address)
        if self._hasher.check_needs_rehash(stored.password_hash):
            repository.set_password_hash(uow.session, stored.user_id, self._hash(password))
        return identity

    def open_session(self, uow: UnitOfWork, user_id: UUID, *, hours: float) -> str:
        """Open a browser session and return the cookie's value; it is not stored."""
        now = uow.clock.now()
        repository.delete_expired_sessions(uow.session, now)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        repository.add_session(
            uow.session, token_hash(token), user_id, created_at=now,
            expires_at=now + timedelta(hours=hours),
        )  # fmt: skip
        return token

    def close_session(self, uow: UnitOfWork, token: str) -> None:
        """End a browser session; an unknown one is no error."""
        repository.delete_session(uow.session, token_hash(token))

    def create_token(
        self, uow: UnitOfWork, username: str, *, name: str, days: float | None = None
    ) -> str:
        """Make a bearer token for a program and return it; it is shown once and not stored."""
        user_id = self._user_id(uow, username)
        token = f"gh_{secrets.token_urlsafe(_TOKEN_BYTES)}"
        now = uow.clock.now()
        repository.add_api_token(
            uow.session, token_hash(token), user_id, name=name, created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )  # fmt: skip
        return token

    def withdraw_token(self, uow: UnitOfWork, token: str) -> None:
        """End a program's token; an unknown one is no error."""
        repository.delete_api_token(uow.session, token_hash(token))

    def _user_id(self, uow: UnitOfWork, username: str) -> UUID:
        stored = repository.find_credentials(uow.session, username)
        if stored is None:
            raise UserUnknownError(username)
        return stored.user_id

    def _hash(self, password: str) -> str:
        with self._at_once:
            return self._hasher.hash(password)

    def _verify(self, stored_hash: str, password: str) -> bool:
        with self._at_once:
            try:
                return self._hasher.verify(stored_hash, password)
            except (VerifyMismatchError, InvalidHashError):
                return False


def _check_username(username: str) -> None:
    if not _USERNAME.fullmatch(username):
        raise UsernameInvalidError(username)


def _check_grant(uow: UnitOfWork, grant: Grant) -> None:
    known = role_names(uow.session)
    if grant.role not in known:
        raise RoleUnknownError(grant.role, known)
    if not _JURISDICTION.fullmatch(grant.jurisdiction):
        raise JurisdictionInvalidError(grant.jurisdiction)


def _check_password(password: str) -> None:
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise PasswordTooShortError(MINIMUM_PASSWORD_LENGTH)
