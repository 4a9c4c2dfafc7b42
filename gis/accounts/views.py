"""What is shown of accounts, roles, logins and tokens: never a secret, nor its hash."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.access import StoredRole
from gis.words import Words


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of an account within a jurisdiction ('' = everywhere), perhaps for one facility."""

    role: str
    jurisdiction: str
    facility_id: int | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account. `sessions` and `tokens` count those that are open now."""

    user_id: UUID
    username: str
    display_name: str
    language: str
    version: int
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None
    sessions: int
    tokens: int
    grants: tuple[HeldRole, ...]


@dataclass(frozen=True, slots=True)
class AccountList:
    """Every account, by name."""

    accounts: tuple[AccountView, ...]


@dataclass(frozen=True, slots=True)
class LoginView:
    """One open login of a browser. `seen_at` is at most some minutes late."""

    session_id: UUID
    user_id: UUID
    username: str
    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LoginList:
    """Open logins, newest first."""

    sessions: tuple[LoginView, ...]


@dataclass(frozen=True, slots=True)
class EndedLogins:
    """How many logins were ended."""

    ended: int


@dataclass(frozen=True, slots=True)
class TokenView:
    """One token of a program; without its text, which nobody keeps."""

    token_id: UUID
    user_id: UUID
    username: str
    name: str
    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenList:
    """Tokens that open something, newest first."""

    tokens: tuple[TokenView, ...]


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `token` is shown this once."""

    token: str
    made: TokenView


@dataclass(frozen=True, slots=True)
class PermissionView:
    """One permission and what it allows."""

    permission: str
    words: Words


@dataclass(frozen=True, slots=True)
class RoleList:
    """Every role by name, and every permission there is."""

    roles: tuple[StoredRole, ...]
    permissions: tuple[PermissionView, ...]
