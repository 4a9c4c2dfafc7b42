"""`goldenhour replay`, `forget` and `verify`."""

from typing import Annotated, Literal

import typer

from api.cli.database import PurposeOption


def replay(
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


def forget(
    incident: Annotated[str, typer.Argument(help="The incident's number or id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Erase the caller's and patients' personal values of an incident; its story stays.

    With them go the times and distances to its place that were predicted at dispatch.
    """
    from api.cli.common import settings_for
    from api.operations.reading import forget_incident

    if not yes:
        typer.confirm(f"Erase the personal values of {incident} for ever?", abort=True)
    erased = forget_incident(settings_for(purpose), incident)
    typer.echo(f"{erased} personal values erased.")


def verify(purpose: PurposeOption = None) -> None:
    """Check every event's hash chain, the stream and its signatures."""
    from api.cli.common import settings_to_read
    from api.operations.reading import check_log

    report = check_log(settings_to_read(purpose))
    typer.echo(
        f"{report.events} events of {report.subjects} subjects, {report.stream_entries} in the "
        f"stream, {report.waiting} waiting, {report.heads_checked} signatures checked."
    )
    for problem in report.problems:
        typer.echo(f"✗ {problem}", err=True)
    if not report.intact:
        raise typer.Exit(1)
    typer.echo("Intact.")
