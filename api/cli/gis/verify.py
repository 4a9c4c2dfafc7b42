"""`goldenhour verify`: whether the log is as it was written."""

import typer

from api.cli.options import PurposeOption


def command(purpose: PurposeOption = None) -> None:
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
