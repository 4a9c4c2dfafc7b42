"""What an administrator is refused."""

from collections.abc import Iterable
from uuid import UUID

from gis.errors import ConflictError, NotFoundError, PermissionDeniedError


class AccountUnknownError(NotFoundError):
    """No such account."""

    code = "account_unknown"

    def __init__(self, user_id: UUID) -> None:
        super().__init__(f"There is no account {user_id}. Load the list anew.")


class AccountOpenError(ConflictError):
    """Somebody still works under the account."""

    code = "account_open"

    def __init__(self) -> None:
        super().__init__("The account is still open. Close it first, then erase its name.")


class LoginUnknownError(NotFoundError):
    """The login or token has ended, or never was."""

    code = "login_unknown"

    def __init__(self) -> None:
        super().__init__("This login or token has ended already. Load the list anew.")


class TokenUnknownError(NotFoundError):
    """The account has no token of this name."""

    code = "token_unknown"

    def __init__(self, username: str, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"{username} has no token named {name}. Its tokens: {', '.join(known) or 'none'}."
        )


class LastAdministratorError(ConflictError):
    """Nobody would be left who may manage accounts everywhere."""

    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__(
            "Nobody would be left who may manage accounts. Make somebody else an administrator "
            "for everywhere first."
        )


class AccountBeyondError(PermissionDeniedError):
    """The account or role reaches farther than the administrator."""

    code = "account_beyond"

    def __init__(self) -> None:
        super().__init__(
            "This reaches beyond the areas that you administer. Ask an administrator for "
            "everywhere."
        )


class OwnRightsError(PermissionDeniedError):
    """Nobody gives rights to himself."""

    code = "own_rights"

    def __init__(self) -> None:
        super().__init__(
            "Nobody adds to the own rights. Ask another administrator, or whoever runs the server."
        )
