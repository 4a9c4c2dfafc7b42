"""What several commands share: settings by purpose, the private cluster, progress bars."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import typer

from gis.cluster import PrivateCluster
from gis.errors import InvalidInputError
from gis.provision import address_of, libpq_address, reach
from gis.settings import Purpose, Settings, load_settings

if TYPE_CHECKING:
    from rich.progress import TaskID

    from gis.database import Database

Report = Callable[[str, float], None]


class NoPrivateClusterError(InvalidInputError):
    """The command is about the private cluster, but another database is configured."""

    code = "no_private_cluster"

    def __init__(self) -> None:
        super().__init__(
            "GOLDENHOUR_DATABASE_URL is set: that server is never started, stopped or emptied by "
            "this command. Unset it to work on the private database."
        )


def settings_for(simulation: bool | None) -> Settings:
    """Return the settings from the environment; --simulation or --live goes before them."""
    settings = load_settings()
    if simulation is None:
        return settings
    purpose: Purpose = "simulation" if simulation else "live"
    return settings.model_copy(update={"purpose": purpose})


@contextmanager
def city_database(settings: Settings, city: str) -> "Iterator[tuple[Database, int]]":
    """Bring the database up, open it until the block ends, and give it with the city's number.

    Raises
    ------
    CityKeyUnknownError
    """
    from api.operations.city_loading import city_id_of
    from gis.provision import bring_up, open_database

    bring_up(settings)
    database = open_database(settings)
    try:
        yield database, city_id_of(database, city)
    finally:
        database.close()


def settings_to_read(simulation: bool | None) -> Settings:
    """Return the settings of a database that is there, for a command that only reads.

    Which one it is, is told on stderr.

    Raises
    ------
    DatabaseAbsentError, DatabaseAsleepError, DatabaseUnreachableError, DatabaseNotReadyError
        There is none to read; it is not made for this, and a live one is not started.
    """
    settings = settings_for(simulation)
    reach(settings, say=lambda words: typer.echo(words, err=True))
    return settings


def private_cluster(purpose: bool | None) -> PrivateCluster:
    """Return the private cluster chosen; refuse where another database is configured."""
    cluster = address_of(settings_for(purpose)).cluster
    if cluster is None:
        raise NoPrivateClusterError
    return cluster


def run_psql(purpose: bool | None) -> None:
    """Replace this process by psql on the database."""
    from gis.cluster import find_installation

    address = address_of(settings_to_read(purpose))
    program = str(find_installation().bin_folder / "psql")
    words, environment = libpq_address(address.owner_url)
    sys.stdout.flush()
    os.execve(program, [program, words], {**os.environ, **environment})  # noqa: S606


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """Show a progress bar on stderr while the block runs; nothing of it stays."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=1.0)

        def report(step: str, share: float) -> None:
            shown.update(task, completed=share, description=f"{title}: {step}")

        yield report


@contextmanager
def many_bars() -> Iterator["ManyBars"]:
    """Show several progress bars on stderr while the block runs; Ctrl-C ends it quietly."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with suppress(KeyboardInterrupt), Progress(*columns, console=Console(stderr=True)) as shown:

        def show(bar: "TaskID | None", title: str, done: float, total: float | None) -> "TaskID":
            if bar is None:
                bar = shown.add_task(title, total=total)
            shown.update(bar, description=title, completed=done, total=total)
            return bar

        yield ManyBars(show)


class ManyBars:
    """Progress bars by the number of what they show."""

    def __init__(self, show: "Callable[[TaskID | None, str, float, float | None], TaskID]") -> None:
        self._show = show
        self._bars: dict[int, TaskID] = {}

    def show(self, number: int, title: str, done: float, total: float | None) -> None:
        """Show how far one thing is; `total` None = nobody knows how much there is."""
        self._bars[number] = self._show(self._bars.get(number), title, done, total)
