"""What can go wrong around the private PostgreSQL cluster, each with the next step to take."""

from pathlib import Path

from gis.errors import UnavailableError


class PostgisMissingError(UnavailableError):
    """No PostgreSQL with PostGIS was found on this machine."""

    code = "postgis_missing"

    def __init__(self, install_line: str) -> None:
        super().__init__(
            "PostgreSQL 15 or newer with PostGIS 3.3 or newer was not found. "
            f"Install it with:  {install_line}"
        )


class ClusterStartError(UnavailableError):
    """PostgreSQL did not start; its own log says why."""

    code = "cluster_start_failed"

    def __init__(self, log_file: Path, last_lines: str) -> None:
        super().__init__(f"PostgreSQL did not start. Its log is {log_file}:\n{last_lines}")


class NoUnprivilegedUserError(UnavailableError):
    """Root may not run PostgreSQL and no other user is there to run it."""

    code = "no_unprivileged_user"

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root and none of the users goldenhour, postgres or "
            "nobody exists. Create one:  useradd --system goldenhour"
        )


class DatabaseUnreachableError(UnavailableError):
    """The database does not answer."""

    code = "database_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The database does not answer ({reason}). Nothing was changed. "
            "Start it with `goldenhour db up`, or check GOLDENHOUR_DATABASE_URL."
        )


class DatabaseAbsentError(UnavailableError):
    """A command that only reads was asked of a database that is not there."""

    code = "database_absent"

    def __init__(self, purpose: str, *, other: str | None) -> None:
        if other is None:
            words = f"There is no {purpose} database here yet. Make one: {make(purpose)}."
        else:
            words = (
                f"There is no {purpose} database here, only a {other} one: add --{other} to "
                f"choose it. `{make(purpose)}` would make a {purpose} one."
            )
        super().__init__(words)


class DatabaseAsleepError(UnavailableError):
    """A command that only reads was asked of a live database that is not running."""

    code = "database_asleep"

    def __init__(self, purpose: str) -> None:
        super().__init__(
            f"The {purpose} database is not running, and a command that only reads does not start "
            f"it. Start it: {make(purpose)}."
        )


def make(purpose: str) -> str:
    """Return the command that makes and starts the database of a purpose."""
    return "goldenhour db up" + ("" if purpose == "live" else f" --{purpose}")


class DatabaseNotReadyError(UnavailableError):
    """The database answers but is not of the shape this version needs."""

    code = "database_not_ready"

    def __init__(self, reason: str, *, next_step: str) -> None:
        super().__init__(f"{reason} {next_step}")
