"""`goldenhour restore`: a backup takes the place of the database."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import PurposeOption


def command(
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
    for one in report.to_correct:
        typer.echo(
            f"To be corrected again, as the right value is not known here: {one.field} of "
            f"{one.subject_kind} {one.subject_id} ({one.corrected_at:%Y-%m-%d}, {one.reason})."
        )
