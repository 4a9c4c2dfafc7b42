"""`goldenhour plan …`: coverage, accessibility, recorded responses, and studies of what comes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.cli.options import PurposeOption, column_mapping

app = typer.Typer(
    help="Coverage, accessibility, recorded responses, studies.",
    no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

City = Annotated[str, typer.Argument(help="Short name (key) of the city.")]
AsJson = Annotated[bool, typer.Option("--json", help="All of it, as the API gives it.")]
Reach = Annotated[float, typer.Option(help="Minutes by road, included.")]
ClosedStations = Annotated[
    list[int] | None, typer.Option(help="A station as if closed, by its id; may be repeated.")
]
SitesFile = Annotated[
    Path | None,
    typer.Option(help="Table of key, name, longitude and latitude: where sites may be."),
]
SitesDatum = Annotated[
    str, typer.Option("--datum", help="Datum of the sites: wgs84, gcj02, bd09 or cgcs2000.")
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same plan.")]
Shared = Annotated[bool, typer.Option(help="Show it to all who may read there.")]
StudyName = Annotated[str | None, typer.Option(help="What the study is kept as.")]


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
    by: Annotated[
        Literal["car", "bicycle", "walk"], typer.Option(help="How people travel.")
    ] = "car",
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for programs.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Print the beds and emergency departments that people reach, and how evenly."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.planning_desk import opportunities_lines, opportunities_of
    from routing.roads.model import Profile

    view = opportunities_of(settings, city, limit_min=limit_min, by=Profile(by))
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
    store: Annotated[
        str | None, typer.Option(help="Keep them as records of this city (its key), for planning.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Who recorded them; the same call and unit again corrects.")
    ] = None,
    purpose: PurposeOption = None,
) -> None:
    """Measure what calls and units took: count, median and P90 of each span.

    Nothing is stored without --store.
    """
    if store is not None:
        from api.cli.common import settings_for
        from api.operations.planning_desk import store_recorded

        for line in store_recorded(
            settings_for(purpose), store, file, datum=datum, source=source or file.stem,
            time_zone=time_zone, mapping=column_mapping(map_ or []), rejects=rejects,
        ):  # fmt: skip
            typer.echo(line)
        return
    from api.operations.planning_desk import recorded_lines

    for line in recorded_lines(
        file, datum=datum, time_zone=time_zone, by=tuple(by or ()),
        mapping=column_mapping(map_ or []), rejects=rejects,
    ):  # fmt: skip
        typer.echo(line)


def _sites(file: Path | None, datum: str) -> Sequence[Mapping[str, Any]]:
    """Return the sites of a file; rows that were left out are told."""
    from planning.studies.reading import sites_of_file

    if file is None:
        return ()
    read = sites_of_file(file, datum=datum)
    for one in read.left_out:
        typer.echo(one, err=True)
    return read.sites


@app.command("study")
def study(
    city: City,
    file: Annotated[Path, typer.Argument(help="YAML of name, kind and parameters.")],
    shared: Shared = False,
    as_json: AsJson = False,
    purpose: PurposeOption = None,
) -> None:
    """Work a study out as a file asks it, keep it, and print its answer with its bound."""
    from api.operations.study_desk import study_file

    name, kind, parameters = study_file(file)
    _work_out(city, name, kind, parameters, shared, as_json, purpose)


@app.command("site")
def site(
    city: City,
    model: Annotated[
        Literal["mclp", "p_median", "p_center", "lscp", "fair_mclp", "fair_tail"],
        typer.Option(help="What is best."),
    ] = "mclp",
    new_sites: Annotated[int, typer.Option(help="Stations to be added.")] = 1,
    reach_min: Reach = 8.0,
    closed: ClosedStations = None,
    sites: SitesFile = None,
    datum: SitesDatum = "wgs84",
    seed: Seed = 1,
    name: StudyName = None,
    shared: Shared = False,
    as_json: AsJson = False,
    purpose: PurposeOption = None,
) -> None:
    """Find where the next stations go; kept as a study, as `plan study` does."""
    asked: dict[str, Any] = {
        "model": model, "new_sites": new_sites, "reach_min": reach_min, "closed": closed or [],
        "candidates": _sites(sites, datum), "seed": seed,
    }  # fmt: skip
    _work_out(city, name or f"{model}, {new_sites} new", "siting", asked, shared, as_json, purpose)


@app.command("units")
def units(
    city: City,
    new_units: Annotated[int, typer.Option(help="Ambulances to be added.")] = 2,
    busy: Annotated[float, typer.Option(help="Share of time each unit is busy.")] = 0.3,
    reach_min: Reach = 8.0,
    closed: ClosedStations = None,
    sites: SitesFile = None,
    datum: SitesDatum = "wgs84",
    seed: Seed = 1,
    name: StudyName = None,
    shared: Shared = False,
    as_json: AsJson = False,
    purpose: PurposeOption = None,
) -> None:
    """Find where more ambulances stand; kept as a study."""
    asked: dict[str, Any] = {
        "new_units": new_units, "busy": busy, "reach_min": reach_min, "closed": closed or [],
        "sites": _sites(sites, datum), "seed": seed,
    }  # fmt: skip
    _work_out(city, name or f"{new_units} new units", "units", asked, shared, as_json, purpose)


@app.command("aeds")
def aeds(
    city: City,
    new_aeds: Annotated[int, typer.Option(help="AEDs to be added.")] = 20,
    reach_m: Annotated[float, typer.Option(help="Metres on foot, one way.")] = 100.0,
    sites: SitesFile = None,
    datum: SitesDatum = "wgs84",
    seed: Seed = 1,
    name: StudyName = None,
    shared: Shared = False,
    as_json: AsJson = False,
    purpose: PurposeOption = None,
) -> None:
    """Find where AEDs go; kept as a study."""
    asked: dict[str, Any] = {
        "new_aeds": new_aeds, "reach_m": reach_m, "seed": seed,
        "candidates": _sites(sites, datum),
    }  # fmt: skip
    _work_out(city, name or f"{new_aeds} new AEDs", "aeds", asked, shared, as_json, purpose)


@app.command("next")
def next_stations(
    city: City,
    most: Annotated[int, typer.Option(min=1, max=20, help="Up to so many stations more.")] = 5,
    reach_min: Reach = 8.0,
    prices: Annotated[
        Path | None,
        typer.Option(help="YAML of currency, source, build, rent_a_year, vehicle, crew_a_year, …"),
    ] = None,
    years: Annotated[int, typer.Option(min=1, max=30, help="Years that are paid for.")] = 5,
    duty: Annotated[
        Literal["24h", "12h"], typer.Option(help="How long of a day its unit is staffed.")
    ] = "24h",
    closed: ClosedStations = None,
    sites: SitesFile = None,
    datum: SitesDatum = "wgs84",
    seed: Seed = 1,
    as_json: AsJson = False,
    purpose: PurposeOption = None,
) -> None:
    """Print what the next station buys, and the one after it: people within reach, at what cost."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.study_desk import next_lines, next_of, prices_file

    asked: dict[str, Any] = {
        "new_sites": most, "reach_min": reach_min, "closed": closed or [], "seed": seed,
        "candidates": _sites(sites, datum),
    }  # fmt: skip
    known = None if prices is None else prices_file(prices)
    view = next_of(settings, city, asked, prices=known, years=years, duty=duty)
    for line in next_lines(view, known, as_json=as_json):
        typer.echo(line)


@app.command("studies")
def studies(city: City, purpose: PurposeOption = None) -> None:
    """List the studies of a city, newest first."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.study_desk import listed

    for line in listed(settings, city):
        typer.echo(line)


@app.command("compare")
def compare(
    first: Annotated[int, typer.Argument(help="Number of a study.")],
    second: Annotated[int, typer.Argument(help="Number of another one of the same city.")],
    as_json: AsJson = False,
    purpose: PurposeOption = None,
) -> None:
    """Set two studies beside one another: sites, parameters, people by district."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.study_desk import compared, comparison_lines

    for line in comparison_lines(compared(settings, first, second), as_json=as_json):
        typer.echo(line)


@app.command("schema")
def schema(
    kind: Annotated[str, typer.Argument(help="siting, units, coverage or aeds.")],
) -> None:
    """Print the JSON Schema of what a kind of study is asked."""
    from api.operations.study_desk import schema_text

    typer.echo(schema_text(kind))


def _work_out(
    city: str,
    name: str,
    kind: str,
    parameters: Any,
    shared: bool,
    as_json: bool,
    purpose: bool | None,
) -> None:
    from api.cli.common import progress_bar, settings_for

    settings = settings_for(purpose)
    from api.operations.study_desk import study_lines, worked_out

    with progress_bar(name) as bar:
        view = worked_out(
            settings, city, name=name, kind=kind, parameters=parameters, shared=shared, show=bar
        )
    for line in study_lines(view, as_json=as_json):
        typer.echo(line)


@app.command("calibrate")
def calibrate(
    city: City,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for programs.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Print how far modelled travel is from what was recorded, and whether a correction helps."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.planning_desk import calibration_lines, calibration_of

    for line in calibration_lines(calibration_of(settings, city), as_json=as_json):
        typer.echo(line)


@app.command("forecast")
def forecast(
    city: City,
    days: Annotated[int, typer.Option(min=1, max=28, help="After the last whole one.")] = 7,
    by: Annotated[Literal["day", "hour"], typer.Option(help="What the calls are of.")] = "day",
    area: Annotated[str | None, typer.Option(help="Code of one area; default all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for programs.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Print the calls to expect, with intervals; a model only where it beat last week's counts."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.planning_desk import forecast_lines, forecast_of

    view = forecast_of(settings, city, days=days, by=by, area_code=area)
    for line in forecast_lines(view, as_json=as_json):
        typer.echo(line)


@app.command("seats")
def seats(
    city: City,
    share: Annotated[float, typer.Option(min=0.01, max=0.999, help="Of calls, answered.")] = 0.95,
    within_s: Annotated[float, typer.Option(min=0.0, help="In so many seconds.")] = 10.0,
    handling_s: Annotated[
        float, typer.Option(min=1.0, help="Seconds a call keeps its seat, in the mean.")
    ] = 180.0,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for programs.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Print the seats that the call centre needs by hour of the week, for an answer standard."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.planning_desk import seats_lines, seats_of

    view = seats_of(settings, city, share=share, within_s=within_s, handling_s=handling_s)
    for line in seats_lines(view, as_json=as_json):
        typer.echo(line)
