"""`goldenhour replay`: the story of an incident."""

from typing import Annotated, Literal

import typer

from api.cli.options import PurposeOption


def command(
    incident: Annotated[str, typer.Argument(help="The incident's number or id.")],
    language: Annotated[Literal["zh", "en"], typer.Option(help="zh or en.")] = "en",
    purpose: PurposeOption = None,
) -> None:
    """Print the story of an incident from its events, and whether its chain is intact."""
    from api.cli.common import settings_to_read
    from api.operations.reading import incident_story

    lines, intact = incident_story(settings_to_read(purpose), incident, language=language)
    for line in lines:
        typer.echo(line)
    if not intact:
        typer.echo("The chain of this incident's events is BROKEN.", err=True)
        raise typer.Exit(1)
