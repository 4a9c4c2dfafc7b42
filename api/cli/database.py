"""`goldenhour db …`, `backup` and `restore`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Start, stop, empty or look into the database.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip
PurposeOption = Annotated[
    bool | None,
    typer.Option(
        "--simulation/--live", help="Which database; default GOLDENHOUR_PURPOSE, else live."
    ),
]


@app.command("up")
def up(purpose: PurposeOption = None) -> None:
    """Start the database, making it first if needed, and migrate it without losing data."""
    from api.cli.common import settings_for
    from gis.provision import bring_up

    address = bring_up(settings_for(purpose), say=typer.echo)
    typer.echo(f"Up: {address.application_url.render_as_string(hide_password=True)}")


@app.command("down")
def down(purpose: PurposeOption = None) -> None:
    """Stop the private database server; everything in it stays."""
    from api.cli.common import private_cluster

    stopped = private_cluster(purpose).down()
    typer.echo("Stopped." if stopped else "It was not running.")


@app.command("reset")
def reset(
    purpose: PurposeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything in the private database and start an empty one."""
    from api.cli.common import private_cluster, settings_for
    from gis.provision import bring_up

    cluster = private_cluster(purpose)
    if not yes:
        typer.confirm(f"Delete everything in {cluster.data_folder}?", abort=True)
    cluster.destroy()
    bring_up(settings_for(purpose), say=typer.echo)
    typer.echo("Empty and up.")


@app.command("psql")
def psql(purpose: PurposeOption = None) -> None:
    """Open psql on the database."""
    from api.cli.common import run_psql

    run_psql(purpose)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the backup.")],
    purpose: PurposeOption = None,
) -> None:
    """Write the whole database and its signing key into one file."""
    from api.cli.common import settings_to_read
    from api.operations.backup import write_backup

    report = write_backup(settings_to_read(purpose), file)
    state = "chain BROKEN" if report.problems else "chain intact"
    typer.echo(f"{file}: {report.events} events, {state}, {report.size_bytes / 1e6:.1f} MB.")
    for problem in report.problems:
        typer.echo(f"✗ {problem}", err=True)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup made by `goldenhour backup`.")],
    purpose: PurposeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup back, check it against its own record, and only then let it take the place."""
    from api.cli.common import settings_for
    from api.operations.backup import restore_backup

    if not yes:
        typer.confirm("Replace the present database by the backup?", abort=True)
    report = restore_backup(settings_for(purpose), file)
    state = "chain broken as it was when saved" if report.problems else "chain intact"
    typer.echo(f"Restored and checked: {report.events} events, {state}.")
