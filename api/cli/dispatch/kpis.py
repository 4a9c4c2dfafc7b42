"""`goldenhour kpis`: response times by standards, at the console or as a file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.options import PurposeOption


def command(
    city: Annotated[str, typer.Argument(help="The city's key.")],
    profile: Annotated[str, typer.Option(help="A bundled profile, or a YAML file.")] = "nhs_arp",
    from_at: Annotated[datetime | None, typer.Option("--from", help="City's clocks.")] = None,
    to_at: Annotated[datetime | None, typer.Option("--to", help="City's clocks.")] = None,
    by: Annotated[
        Literal["none", "area", "hour_of_week", "vulnerability", "category"],
        typer.Option(help="By which groups."),
    ] = "none",
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Of imported responses of another system.")
    ] = False,
    area: Annotated[str | None, typer.Option(help="Only calls within this area (code).")] = None,
    file: Annotated[
        Path | None, typer.Option(help="Also write it to this file, .csv or .parquet.")
    ] = None,
    purpose: PurposeOption = None,
) -> None:
    """Show intervals with what was left out and why, and which standards were met."""
    from api.cli.common import settings_to_read
    from api.operations.measuring import response_times
    from dispatch.kpis.files import file_of, form_of
    from dispatch.kpis.table import lines

    form = None if file is None else form_of(file.name)
    view = response_times(
        settings_to_read(purpose), city, profile=profile, begin=from_at, until=to_at, by=by,
        recorded=recorded, area=area,
    )  # fmt: skip
    for line in lines(view):
        typer.echo(line)
    if file is not None and form is not None:
        file.write_bytes(file_of(view, form))
