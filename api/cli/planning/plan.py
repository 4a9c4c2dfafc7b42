"""`goldenhour plan …`: who is covered, what people reach, what calls and units took in truth."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.options import PurposeOption, column_mapping

app = typer.Typer(
    help="Coverage, accessibility, recorded responses.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip

City = Annotated[str, typer.Argument(help="Short name (key) of the city.")]


@app.command("coverage")
def coverage(
    city: City,
    closed: Annotated[
        list[int] | None, typer.Option(help="A station as if closed, by its id; may be repeated.")
    ] = None,
    busy: Annotated[
        float | None, typer.Option(min=0.0, max=0.99, help="Share of time each unit is busy.")
    ] = None,
    setting: Annotated[
        Literal["urban", "rural"] | None, typer.Option(help="What the city's districts are.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="All of it, as the API gives it.")
    ] = False,
    purpose: PurposeOption = None,
) -> None:
    """Print who is covered now by the units on duty, the standards, and who is worst off."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.planning_desk import coverage_lines, coverage_of

    view = coverage_of(
        settings, city, closed=tuple(sorted(set(closed or []))), busy=busy, setting=setting
    )
    for line in coverage_lines(view, as_json=as_json):
        typer.echo(line)


@app.command("access")
def access(
    city: City,
    limit_min: Annotated[
        float | None,
        typer.Option(min=1.0, max=240.0, help="Count all within it alike, instead of by steps."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for programs.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Print the beds and emergency departments that people reach by car, and how evenly."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.planning_desk import opportunities_lines, opportunities_of

    view = opportunities_of(settings, city, limit_min=limit_min)
    for line in opportunities_lines(view, as_json=as_json):
        typer.echo(line)


@app.command("recorded")
def recorded(
    file: Annotated[Path, typer.Argument(help="Calls and unit responses, one row a unit sent.")],
    datum: Annotated[
        Literal["wgs84", "gcj02", "bd09", "cgcs2000"], typer.Option(help="Of all coordinates.")
    ],
    time_zone: Annotated[str, typer.Option(help="IANA name, such as Asia/Shanghai.")],
    by: Annotated[
        list[str] | None,
        typer.Option(help="Part by district, unit_class, priority or hour; may be repeated."),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="FIELD=COLUMN, such as arrived_at=On Scene; may be repeated."),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Write refused rows here, with their reasons.")
    ] = None,
) -> None:
    """Measure what calls and units took: count, median and P90 of each span; nothing is stored."""
    from api.operations.planning_desk import recorded_lines

    for line in recorded_lines(
        file, datum=datum, time_zone=time_zone, by=tuple(by or ()),
        mapping=column_mapping(map_ or []), rejects=rejects,
    ):  # fmt: skip
        typer.echo(line)
