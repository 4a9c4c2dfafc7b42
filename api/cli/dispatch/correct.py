"""`goldenhour correct`: a personal value is put right at the request of the person concerned."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption
from gis.rooms.personal import AskedBy


def command(
    kind: Annotated[str, typer.Argument(help="call or patient.", show_default=False)],
    subject: Annotated[str, typer.Argument(help="Its id.", show_default=False)],
    field: Annotated[
        str,
        typer.Argument(
            help="caller_number, caller_name, words; name, age_years, sex.", show_default=False
        ),
    ],
    asked_by: Annotated[AskedBy, typer.Option(help="Who asked for it.")],
    reason: Annotated[str, typer.Option(help="Why; name nobody in it.")],
    value: Annotated[
        str, typer.Option(prompt="The right value", help="The right value; asked if left out.")
    ],
    strike: Annotated[
        bool, typer.Option("--strike", help="Erase at once what stood there before.")
    ] = False,
    purpose: PurposeOption = None,
) -> None:
    """Correct what is kept of a person, on record; the earlier value stays until its period ends.

    With --strike it is erased at once, all earlier versions included; a legal hold refuses that.
    """
    from api.cli.common import settings_for
    from api.operations.correcting import put_right
    from gis.rooms.personal import CorrectionAsked

    done = put_right(
        settings_for(purpose), kind, subject,
        CorrectionAsked(field, value, asked_by, strike), reason=reason,
    )  # fmt: skip
    typer.echo(f"{done.field} of {done.subject_kind} {done.subject_id} corrected.")
