"""The `goldenhour` command and how its errors reach a person."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from api.cli.found import FoundCommands
from gis.errors import GoldenHourError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from sqlalchemy.exc import OperationalError

app = typer.Typer(
    name="goldenhour",
    cls=FoundCommands,
    help="The emergency call, the ambulance, the AED, the hospital bed and the outbreak"
    " in one geodatabase.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def prepare() -> None:
    """Share compiled kernels with the servers, before any command imports them; log warnings."""
    import logging

    from api.processes.kernel_cache import use_kernel_cache
    from gis.settings import load_settings

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    use_kernel_cache(load_settings())


def main() -> None:
    """Run the command line; an expected error is one sentence on stderr and exit code 1."""
    try:
        app(prog_name="goldenhour")
    except GoldenHourError as error:
        _end(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _end(_file_words(error))
    except KeyboardInterrupt:
        typer.echo("goldenhour: stopped.", err=True)
        sys.exit(130)
    except SystemExit:
        raise
    # Evaluated only when something else was raised, so that no command pays for these imports.
    except _database_error() as error:
        reason = str(error.orig).strip().splitlines()[0]
        _end(f"The database broke off ({reason}). Nothing is half-written; try again.")
    except _settings_error() as error:
        _end("; ".join(
            f"GOLDENHOUR_{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
            for problem in error.errors()
        ) + ". Correct the environment variable.")  # fmt: skip


def _end(words: str) -> NoReturn:
    typer.echo(f"goldenhour: {words}", err=True)
    sys.exit(1)


def _file_words(error: OSError) -> str:
    name = Path(str(error.filename)).name
    if isinstance(error, FileNotFoundError):
        return f"{name} was not found. Check the path."
    return f"{name} cannot be used: {error.strerror}. Check the path and its rights."


def _database_error() -> type["OperationalError"]:
    from sqlalchemy.exc import OperationalError

    return OperationalError


def _settings_error() -> type["ValidationError"]:
    from pydantic import ValidationError

    return ValidationError
