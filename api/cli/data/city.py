"""`goldenhour city …`: load cities and registers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.options import PurposeOption, column_mapping

if TYPE_CHECKING:
    from api.operations.city_work import LoadedCity
    from data.registers.result import ImportResult
    from gis.jobs.running import Run

app = typer.Typer(
    help="Load cities and registers.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip
RegisterKind = Literal["aeds", "facilities", "stations", "population"]
DatumName = Literal["wgs84", "gcj02", "bd09", "cgcs2000"]

LOST_SHOWN = 20
"""Single values left out that are told one by one."""


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Short name (key) of the city.")],
    pbf: Annotated[Path | None, typer.Option(help="An OpenStreetMap extract (.osm.pbf).")] = None,
    place: Annotated[str | None, typer.Option(help='Download by name: "Shenzhen, China".')] = None,
    sample: Annotated[str | None, typer.Option(help="A built-in city: coquimbo or tainan.")] = None,
    model: Annotated[str | None, typer.Option(help="A generated metropolis: shenzhen.")] = None,
    time_zone: Annotated[
        str, typer.Option(help="Time zone of --pbf and --place.")
    ] = "Asia/Shanghai",
    units: Annotated[bool, typer.Option(help="Also make modelled units at the stations.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of --model.")] = 4403,
    purpose: PurposeOption = None,
) -> None:
    """Add or refresh a city: roads, areas, facilities, AEDs, stations, population, addresses."""
    from api.cli.common import progress_bar, settings_for
    from api.operations.command_jobs import do_as_job
    from data.jobs import LOAD_CITY
    from gis.errors import InvalidInputError
    from gis.provision import bring_up

    origins = {
        "pbf": None if pbf is None else str(pbf.resolve()), "place": place, "sample": sample,
        "model": model,
    }  # fmt: skip
    chosen = [(origin, given) for origin, given in origins.items() if given is not None]
    if len(chosen) != 1:
        raise InvalidInputError(
            "Say where the city comes from: one of --pbf, --place, --sample, --model."
        )
    ((origin, given),) = chosen
    settings = settings_for(purpose)
    bring_up(settings)
    arguments = {
        "key": name, "origin": origin, "name": given, "time_zone": time_zone, "seed": seed,
        "units": units,
    }  # fmt: skip
    with progress_bar(name) as bar:
        loaded: LoadedCity = do_as_job(settings, LOAD_CITY, arguments, show=bar)
    for kind, count in loaded.report.counts.items():
        typer.echo(f"{kind:>18}: {count:,}")
    typer.echo(f"{name}: network version {loaded.report.network_version}. {loaded.attribution}")


@app.command("import")
def import_register(
    city: Annotated[str, typer.Argument(help="Key of the city.")],
    kind: Annotated[RegisterKind, typer.Argument(help="What the file holds.")],
    file: Annotated[
        Path, typer.Argument(help="CSV, Excel, Parquet, GeoJSON, GeoPackage or GeoTIFF.")
    ],
    datum: Annotated[DatumName, typer.Option(help="Datum of the coordinates.")],
    source: Annotated[
        str | None, typer.Option(help="Name of the register; default: file name.")
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help="FIELD=COLUMN, or FIELD==VALUE for a constant; repeatable."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a text file; default: found out.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of a workbook; default: the first one filled.")
    ] = None,
    time_zone: Annotated[str, typer.Option(help="Zone of times that name none.")] = "UTC",
    day_first: Annotated[
        bool | None,
        typer.Option(
            "--day-first/--month-first",
            help="What 03/04/2024 means; default: as the other rows show.",
        ),
    ] = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="The file holds all of its facilities: what it lacks ends."),
    ] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where bad rows go.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Store nothing; only say what would happen.")
    ] = False,
    purpose: PurposeOption = None,
) -> None:
    """Import a register; good rows load whole, bad ones go to a file with row and reason."""
    from api.cli.common import progress_bar, settings_for
    from api.operations.city_loading import import_file
    from api.operations.command_jobs import do_as_job
    from data.jobs import IMPORT_REGISTER
    from gis.errors import InvalidInputError
    from gis.intake.moments import TimeOptions
    from gis.intake.read import ReadingOptions
    from gis.intake.take import IntakeOptions
    from gis.provision import bring_up

    if whole and kind != "facilities":
        raise InvalidInputError("--whole is for facilities. Leave it out for other registers.")
    settings = settings_for(purpose)
    bring_up(settings)
    reject_file = rejects or file.with_suffix(".rejects.csv")
    options = IntakeOptions(
        mapping=column_mapping(map_ or []),
        reading=ReadingOptions(encoding=encoding, sheet=sheet),
        time=TimeOptions(time_zone=time_zone, day_first=day_first),
    )

    def work(run: "Run") -> "ImportResult":
        run.step(f"reading {file.name}", 0.0)
        return import_file(
            settings, city, kind, file, datum=datum, source=source or file.stem,
            reject_file=reject_file, options=options, dry_run=dry_run, whole=whole,
            effect=lambda database: run.effect(database=database),
        )  # fmt: skip

    arguments = {"city": city, "kind": kind, "file": file.name, "dry_run": dry_run, "whole": whole}
    with progress_bar(city) as bar:
        result = do_as_job(settings, IMPORT_REGISTER, arguments, show=bar, work=work)
        bar("done", 1.0)
    for sentence in result.told:
        typer.echo(sentence, err=True)
    for lost in result.lost_fields.head(LOST_SHOWN).to_dict("records"):
        typer.echo(f"row {lost['row_number']}: {lost['reason']}; left out", err=True)
    if len(result.lost_fields) > LOST_SHOWN:
        typer.echo(f"… and {len(result.lost_fields) - LOST_SHOWN} more values", err=True)
    typer.echo(f"{len(result.good)} rows {'would be stored' if dry_run else 'stored'}.")
    if len(result.rejects):
        typer.echo(f"{len(result.rejects)} rows refused; rows and reasons are in {reject_file}")


@app.command("list")
def list_cities(purpose: PurposeOption = None) -> None:
    """List the loaded cities."""
    from api.cli.common import settings_to_read
    from data.repository import city_counts
    from gis import cities
    from gis.access import SYSTEM
    from gis.provision import open_database

    database = open_database(settings_to_read(purpose))
    with database.read(SYSTEM) as uow:
        for row in cities.list_cities(uow.session):
            counts = city_counts(uow.session, row.city_id)
            modelled = " (modelled)" if row.modelled else ""
            typer.echo(
                f"{row.key}{modelled}: {row.name}, network version {row.network_version}, "
                f"{counts['segments']:,} road segments, {counts['aeds']:,} AEDs"
            )
    database.close()
