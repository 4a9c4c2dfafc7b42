"""`goldenhour aed …`: what the AED page shows of a device beside its register."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import PurposeOption

app = typer.Typer(
    help="Pictures of the places where AEDs hang.", no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

AedArgument = Annotated[int, typer.Argument(help="The device's number (`aed_id`).")]


@app.command("photo")
def photo(
    aed_id: AedArgument,
    file: Annotated[
        Path,
        typer.Argument(
            help="JPEG of at most 400 kB, upright, with nobody in it.", exists=True, dir_okay=False
        ),
    ],
    source: Annotated[str, typer.Option(help="Who took it; shown beside it.")],
    licence: Annotated[str, typer.Option(help="Under which licence; shown beside it.")],
    taken_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it was taken.")
    ] = None,
    purpose: PurposeOption = None,
) -> None:
    """Show a picture of the place on the AED page; what the camera wrote beside it is left out."""
    from api.cli.common import settings_for
    from api.operations.aed_photos import put_photo

    if not source.strip() or not licence.strip():
        raise typer.BadParameter("Say --source and --licence: both are shown beside the picture.")
    put_photo(
        settings_for(purpose), aed_id, file, source=source.strip(), licence=licence.strip(),
        taken_on=taken_on.date() if taken_on else None,
    )  # fmt: skip
    typer.echo(f"AED {aed_id} has a picture.")


@app.command("no-photo")
def no_photo(aed_id: AedArgument, purpose: PurposeOption = None) -> None:
    """Take the picture of a device away."""
    from api.cli.common import settings_for
    from api.operations.aed_photos import remove_photo

    remove_photo(settings_for(purpose), aed_id)
    typer.echo(f"AED {aed_id} has no picture.")
