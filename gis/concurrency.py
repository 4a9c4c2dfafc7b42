"""Versions of rows: a change names the version it saw, and a stale one is refused."""

from gis.errors import GoldenHourError


class StaleVersionError(GoldenHourError):
    """Somebody else changed the row since it was read (HTTP 412)."""

    code = "stale_version"

    def __init__(self, given: int, current: int) -> None:
        self.given, self.current = given, current
        super().__init__(
            f"This was changed meanwhile: you hold version {given}, the current one is {current}. "
            "Look at the newer state and decide again."
        )


class VersionRequiredError(GoldenHourError):
    """A change came without the version it is based on (HTTP 428)."""

    code = "version_required"

    def __init__(self) -> None:
        super().__init__(
            "Say which version you are changing: send the header If-Match with the version you "
            "read, for example If-Match: \"3\"."
        )  # fmt: skip


def check_version(expected: int | None, current: int) -> None:
    """Raise `StaleVersionError` unless `current` is the version expected (None: not checked)."""
    if expected is not None and expected != current:
        raise StaleVersionError(expected, current)
