"""What can go wrong with accounts, logins and tokens."""

from gis.errors import ConflictError, GoldenHourError, InvalidInputError, PermissionDeniedError


class NotAuthenticatedError(GoldenHourError):
    """Nobody is logged in, or no longer (HTTP 401)."""

    code = "not_authenticated"

    def __init__(self) -> None:
        super().__init__("You are not logged in, or the login has ended. Log in and try again.")


class BadCredentialsError(NotAuthenticatedError):
    """User name or password is wrong; which of the two is not said."""

    code = "bad_credentials"

    def __init__(self) -> None:
        GoldenHourError.__init__(
            self, "User name or password is wrong. Check both; capital letters count in passwords."
        )


class TooManyAttemptsError(GoldenHourError):
    """Too many failed logins for this name from this address (HTTP 429)."""

    code = "too_many_attempts"

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(
            f"Too many failed logins for this user name from here. Wait {retry_after_s} s, or ask "
            "an administrator to set a new password."
        )


class MissingPermissionError(PermissionDeniedError):
    """No role of the viewer allows this."""

    code = "permission_denied"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(
            f"Your roles do not include “{permission}”. Ask an administrator if you need it."
        )


class UsernameTakenError(ConflictError):
    """Another account has this name already (capital letters do not count)."""

    code = "username_taken"

    def __init__(self, username: str) -> None:
        super().__init__(f"There is an account named {username} already. Choose another name.")


class UsernameInvalidError(InvalidInputError):
    """The name cannot be used for an account."""

    code = "username_invalid"

    def __init__(self, username: str) -> None:
        super().__init__(
            f"“{username}” cannot be a user name: use 2 to 64 letters, digits, dots, hyphens or "
            "underscores, beginning with a letter or digit."
        )


class PasswordTooShortError(InvalidInputError):
    """The password is shorter than the rule asks for."""

    code = "password_too_short"

    def __init__(self, minimum: int) -> None:
        super().__init__(f"The password is too short: use at least {minimum} characters.")


class JurisdictionInvalidError(InvalidInputError):
    """A jurisdiction is an area's code."""

    code = "jurisdiction_invalid"

    def __init__(self, jurisdiction: str) -> None:
        super().__init__(
            f"“{jurisdiction}” is no jurisdiction: give the code of an area (letters, digits, "
            "hyphens), or nothing for everywhere."
        )


class UserUnknownError(InvalidInputError):
    """No account of this name."""

    code = "user_unknown"

    def __init__(self, username: str) -> None:
        super().__init__(f"There is no account named {username}. Check the name.")
