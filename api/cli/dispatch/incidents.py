"""`goldenhour incidents`: find incidents again, ended ones too."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from api.cli.options import PurposeOption


def command(
    city: Annotated[str, typer.Argument(help="The city's key.")],
    number: Annotated[str | None, typer.Option(help="Any part of the number.")] = None,
    place: Annotated[str | None, typer.Option(help="Any part of the place's label.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this time on, UTC.")] = None,
    before: Annotated[datetime | None, typer.Option(help="Before this time, UTC.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    purpose: PurposeOption = None,
) -> None:
    """List incidents by number, place and date, newest first; numbers of callers are not asked."""
    from api.cli.common import settings_to_read
    from api.operations.reading import found_incidents

    lines = found_incidents(
        settings_to_read(purpose), city, number=number, place=place,
        since=since and since.replace(tzinfo=UTC), before=before and before.replace(tzinfo=UTC),
        limit=limit,
    )  # fmt: skip
    for line in lines:
        typer.echo(line)
    if not lines:
        typer.echo("No incident fits.", err=True)
