"""`goldenhour replay` and `goldenhour verify`."""

from typing import Annotated, Literal

import typer

from api.cli.database import PurposeOption


def replay(
    incident: Annotated[str, typer.Argument(help="The incident's number or id.")],
    language: Annotated[Literal["zh", "en"], typer.Option(help="zh or en.")] = "en",
    purpose: PurposeOption = "live",
) -> None:
    """Print the story of an incident from its events, and whether its chain is intact."""
    from api.cli.common import settings_for
    from api.reading import incident_story

    lines, intact = incident_story(settings_for(purpose), incident, language=language)
    for line in lines:
        typer.echo(line)
    if not intact:
        typer.echo("The chain of this incident's events is BROKEN.", err=True)
        raise typer.Exit(1)


def verify(purpose: PurposeOption = "live") -> None:
    """Check every event's hash chain, the stream and its signatures."""
    from api.cli.common import settings_for
    from api.reading import check_log

    report = check_log(settings_for(purpose))
    typer.echo(
        f"{report.events} events of {report.subjects} subjects, {report.stream_entries} in the "
        f"stream, {report.waiting} waiting, {report.heads_checked} signatures checked."
    )
    for problem in report.problems:
        typer.echo(f"✗ {problem}", err=True)
    if not report.intact:
        raise typer.Exit(1)
    typer.echo("Intact.")
