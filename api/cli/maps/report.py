"""`goldenhour report`: a report on a city as files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.options import PurposeOption


def command(
    name: Annotated[
        str, typer.Argument(help="Which report: resources, study, bulletin, bulletin_published.")
    ],
    city: Annotated[str, typer.Option(help="Short name (key) of the city.")],
    language: Annotated[Literal["zh", "en"], typer.Option(help="Language of the files.")] = "zh",
    made_as: Annotated[
        str,
        typer.Option(
            "--format", help="Any of pdf, html, docx, xlsx, folium, charts; commas between them."
        ),
    ] = "pdf",
    period: Annotated[
        str | None,
        typer.Option(
            help="Of a bulletin: week (2015-W30) or month (2015-07); else the newest whole week."
        ),
    ] = None,
    number: Annotated[
        int | None, typer.Option(min=1, help="Of a report on a study: the study's number.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path(),
    purpose: PurposeOption = None,
) -> None:
    """Make a report: print, page, editable text, workbook, and a map that needs no network."""
    from api.cli.common import progress_bar, settings_to_read
    from api.operations.reports import formats_named, write_report

    formats = formats_named(made_as)
    settings = settings_to_read(purpose)
    with progress_bar(name) as bar:
        written = write_report(
            settings, name, city, language=language, formats=formats, folder=out, period=period,
            number=number, show=bar,
        )  # fmt: skip
    for path in written:
        typer.echo(path)
