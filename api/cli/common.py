"""What several commands share: settings by purpose, the private cluster, progress bars."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gis.cluster import PrivateCluster
from gis.errors import InvalidInputError, NotFoundError
from gis.provision import address_of, check_reachable, libpq_address
from gis.settings import Purpose, Settings, load_settings

Report = Callable[[str, float], None]


class NoPrivateClusterError(InvalidInputError):
    """The command is about the private cluster, but another database is configured."""

    code = "no_private_cluster"

    def __init__(self) -> None:
        super().__init__(
            "GOLDENHOUR_DATABASE_URL is set: that server is never started, stopped or emptied by "
            "this command. Unset it to work on the private database."
        )


class CityKeyUnknownError(NotFoundError):
    """No loaded city has this key."""

    code = "city_key_unknown"

    def __init__(self, key: str, known: list[str]) -> None:
        there = ", ".join(known) or "none yet"
        super().__init__(f"There is no city '{key}'. Loaded: {there}. Add one: goldenhour city add")


def settings_for(purpose: Purpose | None) -> Settings:
    """Return the settings from the environment; `purpose` given on the command line wins."""
    settings = load_settings()
    return settings if purpose is None else settings.model_copy(update={"purpose": purpose})


def private_cluster(purpose: Purpose | None) -> PrivateCluster:
    """Return the private cluster of `purpose`; refuse where another database is configured."""
    cluster = address_of(settings_for(purpose)).cluster
    if cluster is None:
        raise NoPrivateClusterError
    return cluster


def run_psql(purpose: Purpose | None) -> None:
    """Replace this process by psql on the database."""
    from gis.cluster import find_installation

    settings = settings_for(purpose)
    address = address_of(settings)
    program = str(find_installation().bin_folder / "psql")
    if address.cluster is not None:
        address.cluster.up()
    check_reachable(settings)
    words, environment = libpq_address(address.owner_url)
    sys.stdout.flush()
    os.execve(program, [program, words], {**os.environ, **environment})  # noqa: S606


@contextmanager
def progress_bar(title: str) -> Iterator["ProgressBar"]:
    """Show a progress bar on stderr while the block runs."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task(title, total=1.0)

        def report(step: str, share: float) -> None:
            shown.update(task, completed=share, description=f"{title}: {step}")

        yield ProgressBar(report)


class ProgressBar:
    """A bar that long work reports its steps to."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __call__(self, step: str, share: float) -> None:
        """Show that `share` (0 to 1) is done and what is being done now."""
        self._report(step, share)

    def part(self, first: float, last: float) -> "ProgressBar":
        """Return a bar whose 0 to 1 is `first` to `last` of this one."""
        return ProgressBar(lambda step, share: self._report(step, first + (last - first) * share))
