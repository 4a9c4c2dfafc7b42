"""`goldenhour forget`: personal values are erased, the story stays."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption


def command(
    incident: Annotated[
        str | None, typer.Argument(help="The incident's number or id.", show_default=False)
    ] = None,
    number: Annotated[str | None, typer.Option(help="A caller's telephone number.")] = None,
    person: Annotated[
        str | None, typer.Option(help="A caller's or patient's name, as it was given.")
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why; it is written down, so name nobody in it.")
    ] = "asked for on the command line",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Erase personal values of an incident, a caller's number or a person; the story stays.

    With an incident go the times and distances to its place that were predicted at dispatch. What
    a legal hold keeps is refused. The erasure is written beside the backups, and repeated after a
    restore.
    """
    from api.cli.common import settings_for
    from api.operations.erasing import forget

    given = [one for one in (incident, number, person) if one is not None]
    if not given:
        raise typer.BadParameter("Name an incident, --number or --person.")
    if not yes:
        typer.confirm(f"Erase the personal values of {', '.join(given)} for ever?", abort=True)
    erased = forget(
        settings_for(purpose), incident=incident, number=number, person=person, reason=reason
    )
    typer.echo(f"{erased} personal values erased.")
