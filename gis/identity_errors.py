"""What can go wrong with accounts, logins and tokens."""

from collections.abc import Collection

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


class RoleUnknownError(InvalidInputError):
    """There is no such role, or it is not written like one."""

    code = "role_unknown"

    def __init__(self, role: str, known: Collection[str]) -> None:
        names = f" Roles: {', '.join(sorted(known))}." if known else ""
        super().__init__(
            f"“{role}” is no role.{names} Give one by itself or with its area and facility: "
            "dispatcher@440305, hospital@440305#12."
        )


class RoleNameInvalidError(InvalidInputError):
    """The name cannot be used for a role."""

    code = "role_name_invalid"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"“{role}” cannot be a role's name: use 2 to 40 small letters, digits or underscores, "
            "beginning with a letter."
        )


class RoleTakenError(ConflictError):
    """There is a role of this name already."""

    code = "role_taken"

    def __init__(self, role: str) -> None:
        super().__init__(f"There is a role {role} already. Choose another name.")


class RoleDeclaredError(ConflictError):
    """The role belongs to the program; only its permissions can be changed."""

    code = "role_declared"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"The role {role} belongs to the program and would return at the next start. "
            "Revoke its permissions instead."
        )


class PermissionUnknownError(InvalidInputError):
    """No room declares such a permission."""

    code = "permission_unknown"

    def __init__(self, permission: str, known: Collection[str]) -> None:
        super().__init__(
            f"“{permission}” is no permission. The permissions are: {', '.join(sorted(known))}."
        )
