"""`goldenhour roads …`: closures, floods, speeds and travel times."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from api.cli.options import PurposeOption

if TYPE_CHECKING:
    from gis.jobs.running import Run
    from routing.learning.service import Learned

app = typer.Typer(
    help="Road conditions and travel times.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip

City = Annotated[str, typer.Argument(help="Short name (key) of the city.")]
Polygon = Annotated[Path | None, typer.Option(help="GeoJSON file with a polygon.")]
Line = Annotated[Path | None, typer.Option(help="GeoJSON file with a line along the roads.")]
Ways = Annotated[str | None, typer.Option(help="OSM ways: 123,456.")]
Until = Annotated[float, typer.Option("--hours", min=0.02, help="How long from now.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Yes = Annotated[bool, typer.Option("--yes", help="Also if it covers very much.")]
DatumOption = Annotated[
    Literal["wgs84", "gcj02", "bd09", "cgcs2000"], typer.Option(help="Of all coordinates.")
]
ProfileOption = Annotated[
    Literal["car", "ambulance", "ambulance_lights", "walk", "motorcycle", "bicycle"],
    typer.Option(help="Means of travel."),
]
From = Annotated[
    datetime | None,
    typer.Option("--from", help="Begin, the city's time: 2026-11-01 or with T08:00:00."),
]
To = Annotated[datetime | None, typer.Option("--to", help="End, the city's time.")]


@app.command("list")
def list_(
    city: City,
    state: Annotated[
        Literal["current", "ended"], typer.Option(help="current: in force and coming.")
    ] = "current",
    purpose: PurposeOption = None,
) -> None:
    """List closures, floods, roadworks, speeds and permits, newest first."""
    from api.cli.common import settings_to_read

    # Before what holds kernels is imported: numba makes a folder for them in the state folder.
    settings = settings_to_read(purpose)
    from api.operations.road_desk import local_time, road_desk

    states = ("active", "upcoming") if state == "current" else ("ended",)
    with road_desk(settings, city) as desk:
        rows = desk.listed(states)
    for row in rows:
        size = "" if row.depth_m is None else f" {row.depth_m:.2f} m"
        typer.echo(
            f"{row.condition_id}  {row.kind}{size}  {row.state}  {row.roads} road pieces  "
            f"{local_time(row.starts_at)} – {local_time(row.expires_at)}  {row.author}  "
            f"{row.reason_en or row.reason_zh}"
        )
    if not rows:
        typer.echo("None.")


@app.command("close")
def close(
    city: City, hours: Until, reason: Reason, polygon: Polygon = None, line: Line = None,
    ways: Ways = None, datum: DatumOption = "wgs84", yes: Yes = False,
    purpose: PurposeOption = None,
) -> None:  # fmt: skip
    """Close roads for some hours; the next recommendation knows it."""
    _store(city, hours, reason, polygon, line, ways, datum, yes, purpose, None)


@app.command("flood")
def flood(
    city: City, hours: Until, reason: Reason,
    depth_m: Annotated[float, typer.Option(min=0.01, help="Depth of the water, metres.")],
    polygon: Polygon = None, line: Line = None, ways: Ways = None,
    datum: DatumOption = "wgs84", yes: Yes = False, purpose: PurposeOption = None,
) -> None:  # fmt: skip
    """Report standing water; each vehicle is slowed or stopped by its own depths."""
    _store(city, hours, reason, polygon, line, ways, datum, yes, purpose, depth_m)


def _store(
    city: str, hours: float, reason: str, polygon: Path | None, line: Path | None,
    ways: str | None, datum: str, yes: bool, purpose: PurposeOption, depth_m: float | None,
) -> None:  # fmt: skip
    from datetime import timedelta

    from api.cli.common import settings_for
    from api.operations.road_desk import local_time, road_desk, sketch_of

    sketch = sketch_of(polygon=polygon, line=line, ways=ways, datum=datum)
    with road_desk(settings_for(purpose), city) as desk:
        stored, alerts = desk.store(
            sketch, until=timedelta(hours=hours), reason=reason, depth_m=depth_m, confirmed=yes
        )
    typer.echo(
        f"{stored.condition_id}  {stored.kind} of {stored.roads} road pieces until "
        f"{local_time(stored.expires_at)}."
    )
    for alert in alerts:
        typer.echo(f"Warning: {alert}", err=True)


@app.command("end")
def end(
    city: City,
    condition: Annotated[UUID, typer.Argument(help="Its id, as `roads list` shows it.")],
    purpose: PurposeOption = None,
) -> None:
    """End a condition now: reopen roads, or revoke a permit."""
    from api.cli.common import settings_for
    from api.operations.road_desk import road_desk

    with road_desk(settings_for(purpose), city) as desk:
        ended = desk.end(condition)
    typer.echo(f"Ended: {ended.kind} of {ended.roads} road pieces.")


@app.command("speeds")
def speeds(
    city: City,
    file: Annotated[Path, typer.Argument(help="CSV: segment_id, direction (0, 1), speed_kmh.")],
    source: Annotated[str, typer.Option(help="Who measured them.")],
    minutes: Annotated[float, typer.Option(min=1, help="How long they hold.")] = 15.0,
    purpose: PurposeOption = None,
) -> None:
    """Store live speeds measured now: all rows or none."""
    from datetime import timedelta

    from api.cli.common import settings_for
    from api.operations.road_desk import road_desk

    with road_desk(settings_for(purpose), city) as desk:
        stored = desk.store_speeds(file, source=source, valid=timedelta(minutes=minutes))
    typer.echo(f"{stored:,} speeds stored.")


@app.command("route")
def route(
    city: City,
    origin: Annotated[str, typer.Argument(metavar="FROM", help="lon,lat")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="lon,lat")],
    profile: ProfileOption = "ambulance",
    language: Annotated[Literal["zh", "en"], typer.Option(help="zh or en.")] = "en",
    datum: DatumOption = "wgs84",
    purpose: PurposeOption = None,
) -> None:
    """Print the fastest way and its time. For points west of Greenwich write -- before FROM."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.road_desk import lonlat, road_desk
    from routing.roads.model import Profile

    ends = lonlat(origin, datum), lonlat(destination, datum)
    with road_desk(settings, city) as desk:
        found, versions = desk.route(ends, profile=Profile(profile))
    for step in found.steps:
        typer.echo(step.text_zh if language == "zh" else step.text_en)
    whole_s = round(found.travel_time_s)
    typer.echo(
        f"{whole_s // 60}:{whole_s % 60:02d} min, {found.distance_m / 1000:.1f} km "
        f"({versions.conditions_id})"
    )


@app.command("isochrone")
def isochrone(
    city: City,
    place: Annotated[str, typer.Argument(metavar="AT", help="lon,lat")],
    minutes: Annotated[list[float] | None, typer.Option(help="May be repeated.")] = None,
    towards: Annotated[
        bool, typer.Option("--towards", help="From where the place is reached, not the reverse.")
    ] = False,
    profile: ProfileOption = "ambulance_lights",
    datum: DatumOption = "wgs84",
    purpose: PurposeOption = None,
) -> None:
    """Print the area reached within some minutes (default 8) as GeoJSON."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.road_desk import lonlat, road_desk
    from routing.roads.model import Profile

    at = lonlat(place, datum)
    with road_desk(settings, city) as desk:
        typer.echo(
            desk.isochrone(at, minutes=minutes or [8], profile=Profile(profile), towards=towards)
        )


@app.command("matrix")
def matrix(
    city: City,
    file: Annotated[Path, typer.Argument(help="CSV with columns lon, lat.")],
    profile: ProfileOption = "ambulance",
    datum: DatumOption = "wgs84",
    purpose: PurposeOption = None,
) -> None:
    """Print the seconds between all points as CSV, row = from; empty = no way."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.road_desk import road_desk
    from gis.datum import Datum
    from routing.roads.model import Profile

    with road_desk(settings, city) as desk:
        for line in desk.matrix(file, datum=Datum(datum), profile=Profile(profile)):
            typer.echo(line)


@app.command("metrics")
def metrics(city: City, purpose: PurposeOption = None) -> None:
    """Print what travel times are computed from now, by means of travel."""
    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.operations.road_desk import road_desk

    with road_desk(settings, city) as desk:
        for profile, one in desk.versions().items():
            typer.echo(
                f"{profile:>17}  topology {one.topology_id}  conditions {one.conditions_id}  "
                f"metric {one.metric_id or '-'}"
            )


@app.command("learn")
def learn(
    city: City, from_at: From = None, to_at: To = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing.")] = False,
    purpose: PurposeOption = None,
) -> None:  # fmt: skip
    """Learn speeds by street and hour of the week from the units' positions.

    Goes on where it last stopped; without --to up to an hour ago, when drives under way then have
    ended and late stamps have come.
    """
    from datetime import timedelta

    from api.cli.common import progress_bar, settings_for
    from api.operations.command_jobs import do_as_job
    from api.operations.road_desk import local_time, road_desk
    from gis.jobs.errors import JobCancelledError
    from routing.jobs import LEARN
    from routing.learning.errors import LearnedMeanwhileError
    from routing.learning.repository_nightly import only_learner
    from routing.learning.service import learn as learn_speeds

    with (
        road_desk(settings_for(purpose), city) as desk,
        only_learner(desk.database.engine, desk.city_id) as alone,
        progress_bar(city) as bar,
    ):
        if not alone:
            raise LearnedMeanwhileError

        def work(run: "Run") -> "Learned | None":
            return learn_speeds(
                desk.database, desk.routing(), desk.city_id,
                from_at=None if from_at is None else desk.aware(from_at),
                to_at=desk.now() - timedelta(hours=1) if to_at is None else desk.aware(to_at),
                store=not dry_run, progress=run.step, stop=run.stop,
            )  # fmt: skip

        arguments = {"city_id": desk.city_id, "dry_run": dry_run}
        learned = do_as_job(desk.settings, LEARN, arguments, show=bar, work=work)
    if learned is None:
        raise JobCancelledError
    if learned.since is not None:
        typer.echo(f"Learned before up to {local_time(learned.since)}.")
    stored = (
        "nothing is stored (--dry-run)" if dry_run
        else "nothing new to store" if learned.stored is None
        else f"{learned.stored.stored:,} of them new or changed and stored"
    )  # fmt: skip
    typer.echo(
        f"{learned.positions:,} positions ({learned.untimely:,} with an impossible time), "
        f"{learned.trips:,} trips ({learned.refused:,} refused), "
        f"{learned.drives:,} streets driven. Known are {learned.cells:,} speeds by street and "
        f"hour: {stored}."
    )
    for code, count in sorted(learned.reasons.items()):
        typer.echo(f"Refused: {count:,} trips, {code}.")
    if learned.vanished:
        typer.echo(f"{learned.vanished:,} speeds of roads that are no longer there were left out.")
    if learned.uplift is not None:
        up = learned.uplift
        typer.echo(
            f"With lights {up.ratio:.2f} times as fast ({up.low:.2f} to {up.high:.2f}, "
            f"{up.n_trips} trips)."
        )


@app.command("calibration")
def calibration(
    city: City, from_at: From = None, to_at: To = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write it as JSON.")] = None,
    purpose: PurposeOption = None,
) -> None:  # fmt: skip
    """Compare predicted with actual arrival times; without --from the last 28 days."""
    import shutil

    from api.cli.common import settings_to_read

    settings = settings_to_read(purpose)
    from api.http.answers import json_text
    from api.operations.road_desk import road_desk
    from dispatch.arrivals.report import arrival_report, read_drives
    from dispatch.arrivals.views import arrivals_view, table
    from gis.access import SYSTEM

    with road_desk(settings, city) as desk:
        begin, end = (None if at is None else desk.aware(at) for at in (from_at, to_at))
        with desk.database.read(SYSTEM) as uow:
            drives = read_drives(uow, desk.city_id, from_at=begin, to_at=end)
    found = arrival_report(drives)
    # A file or pipe takes the whole width.
    for line in table(found, width=shutil.get_terminal_size(fallback=(200, 24)).columns):
        typer.echo(line)
    if json_file is not None:
        json_file.write_text(json_text(arrivals_view(found)) + "\n", encoding="utf-8")
