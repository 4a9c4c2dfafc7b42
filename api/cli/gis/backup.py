"""`goldenhour backup`: the whole database in one file."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import PurposeOption


def command(
    file: Annotated[Path, typer.Argument(help="Where to write the backup.")],
    purpose: PurposeOption = None,
) -> None:
    """Write the whole database and its keys into one file."""
    from api.cli.common import settings_to_read
    from api.operations.backup import write_backup

    report = write_backup(settings_to_read(purpose), file)
    state = "chain BROKEN" if report.problems else "chain intact"
    typer.echo(f"{file}: {report.events} events, {state}, {report.size_bytes / 1e6:.1f} MB.")
    for problem in report.problems:
        typer.echo(f"✗ {problem}", err=True)
