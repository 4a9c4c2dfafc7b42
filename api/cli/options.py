"""Options that commands of all rooms take."""

from typing import Annotated

import typer

PurposeOption = Annotated[
    bool | None,
    typer.Option(
        "--simulation/--live", help="Which database; default GOLDENHOUR_PURPOSE, else live."
    ),
]
