"""`goldenhour db …`: the database as a whole."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption

app = typer.Typer(
    help="Start, stop, empty or look into the database.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip


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
