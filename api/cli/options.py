"""Options that commands of all rooms take."""

from typing import Annotated

import typer

PurposeOption = Annotated[
    bool | None,
    typer.Option(
        "--simulation/--live", help="Which database; default GOLDENHOUR_PURPOSE, else live."
    ),
]


def column_mapping(pairs: list[str]) -> dict[str, str]:
    """Return `FIELD=COLUMN` pairs as a mapping.

    Raises
    ------
    InvalidInputError
        If one has no equals sign.
    """
    from gis.errors import InvalidInputError

    for pair in pairs:
        if "=" not in pair:
            raise InvalidInputError(f"--map {pair}: write it as FIELD=COLUMN or FIELD==VALUE.")
    return {field: column for field, _, column in (pair.partition("=") for pair in pairs)}
