"""`goldenhour forget`: personal values are erased, the story stays."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption


def command(
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
