"""`goldenhour surveillance …`: cases judged; how well detectors and zones find outbreaks."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from api.cli.options import PurposeOption

if TYPE_CHECKING:
    from gis.intake.model import Intake
    from surveillance.cases.model import ImportView
    from surveillance.signals.model import Signal

app = typer.Typer(
    help="Disease surveillance.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip
indicators = typer.Typer(
    help="Other risks of areas: chronic disease, elderly, vaccination gaps, heat, mosquitoes.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip
app.add_typer(indicators, name="indicators")
BasisName = Literal["entry", "onset", "diagnosis", "review"]

Seed = Annotated[int, typer.Option(help="Same seed, same series.")]
CityOption = Annotated[str, typer.Option(help="Key of the city.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="When exported or said, UTC; now."
    ),
]
RejectsOption = Annotated[Path | None, typer.Option(help="Where refused rows go.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Store nothing; only say what would happen.")
]


@app.command()
def evaluate(
    replicates: Annotated[
        int, typer.Option(min=1, help="Series of each of 42 scenarios and 4 sizes of outbreaks.")
    ] = 10,
    history: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Own weekly counts instead: CSV, the first "
                     "column the week's first day, then one series each."),
    ] = None,
    seed: Seed = 1,
) -> None:  # fmt: skip
    """Put outbreaks into simulated series or own history; print what each detector finds."""
    from api.operations.evaluation import JUDGED_WEEKS, read_history, with_outbreaks
    from surveillance.evaluate.detectors import compared, recommended, simulated, table
    from surveillance.evaluate.detectors import evaluate as judged

    if history is None:
        rows = judged(compared(), simulated(replicates=replicates, seed=seed))
    else:
        panel = read_history(history)
        first = panel.n_periods - JUDGED_WEEKS
        rows = judged(compared(), with_outbreaks(panel, seed=seed), first=first)
    typer.echo(table(rows), nl=False)
    typer.echo(f"Finds most with the same false alarms: {recommended(rows)}.")


@app.command("compare-zones")
def compare_zones(
    city: Annotated[str, typer.Argument(help="Short name (key) of the city.")],
    places: Annotated[int, typer.Option(min=10, max=2_000, help="Among its road ends.")] = 150,
    outbreaks: Annotated[int, typer.Option(min=1, help="Of each kind.")] = 30,
    free_flow: Annotated[bool, typer.Option(help="Empty, open roads instead of today's.")] = True,
    seed: Seed = 1,
) -> None:
    """Put outbreaks among places of a city; print what circles and zones by road find of them."""
    from api.cli.common import settings_to_read

    # Before what holds kernels is imported: numba makes a folder for them in the state folder.
    settings = settings_to_read(None)
    from api.operations.road_desk import road_desk
    from api.operations.zones import zone_rows
    from surveillance.evaluate.zones import Plan, table

    with road_desk(settings, city) as desk, desk.roads() as roads:
        rows = zone_rows(
            roads, Plan(outbreaks=outbreaks, seed=seed), places=places, free_flow=free_flow
        )
    typer.echo(table(rows), nl=False)


@app.command("run")
def run(
    city: CityOption,
    day: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day to judge, in the city's time.")
    ],
    basis: Annotated[
        BasisName | None, typer.Option(help="The day that a case counts on; default by the city.")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="Level of areas: district, street or zone.")
    ] = None,
    alarms: Annotated[
        int | None, typer.Option(min=1, help="Alarms a day that can be verified.")
    ] = None,
    look: Annotated[bool, typer.Option("--look", help="Store nothing, only say.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Judge a day of a city by all detectors, as it was known when the day ended."""
    from dataclasses import replace

    from api.cli.common import city_database, settings_for
    from gis.access import SYSTEM
    from surveillance.counting.model import DateBasis
    from surveillance.signals.day import judge_parts
    from surveillance.signals.material import read_material
    from surveillance.signals.work import judge_city, rules_in

    settings = settings_for(purpose)
    on, by = day.date(), None if basis is None else DateBasis(basis)
    with city_database(settings, city) as (database, city_id):
        with database.read(SYSTEM) as uow:
            rules = rules_in(uow, settings, city_id)
        if alarms is not None:
            rules = replace(rules, alarms_a_day=alarms)
        if look:
            with database.read(SYSTEM) as uow:
                material = read_material(
                    uow, city_id, first_day=on, last_day=on, date_basis=by, level=level
                )
            counted = material.counted(material.cases, on)
            made = judge_parts(material.looked_at(counted, on, rules=rules), rules, day=on)
            for signal in made.signals:
                typer.echo(_line(signal))
            typer.echo(f"{made.judged} of {made.series} series judged; nothing stored.")
            return
        stored = judge_city(database, city_id, on, rules=rules, date_basis=by, level=level)
        typer.echo(
            f"{city}, {on}: {stored.signals} signals told, {stored.kept} kept; {stored.judged} of "
            f"{stored.series} series judged; at most {stored.expected_false:.1f} false."
        )


@app.command("simulate")
def simulate(
    city: Annotated[str, typer.Option(help="Key of a city of a simulation.")],
    years: Annotated[int, typer.Option(min=1, max=12, help="How many, up to today.")] = 6,
    outbreaks: Annotated[float, typer.Option(min=0, help="How many a year.")] = 8.0,
    seed: Annotated[int, typer.Option(help="The same seed, the same cases.")] = 1,
) -> None:
    """Store simulated cases of seasonal diseases, with outbreaks, and say which these are."""
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from api.cli.common import city_database, settings_for
    from api.operations.simulated_cases import simulate_cases
    from gis.access import SYSTEM
    from gis.cities import require_city

    with city_database(settings_for(simulation=True), city) as (database, city_id):
        with database.unit_of_work(SYSTEM) as uow:
            zone = ZoneInfo(require_city(uow, city_id).time_zone)
            until = uow.clock.now().astimezone(zone).date() + timedelta(days=1)
            made = simulate_cases(
                uow, city_id, until=until, years=years, a_year=outbreaks, seed=seed
            )
        for outbreak in made.outbreaks:
            typer.echo(outbreak)
        typer.echo(f"{made.cases:,} simulated cases stored.")


def _line(signal: "Signal") -> str:
    mark = "*" if signal.told else " "
    return f"{mark} {signal.weight:5.1f}  {signal.reason.en}"


@app.command("import")
def import_cases(
    file: Annotated[Path, typer.Argument(help="CSV, Excel, Parquet or a bundle of FHIR R4.")],
    city: CityOption,
    source: Annotated[str, typer.Option(help="Who hands it in; its mapping is remembered.")],
    mapping: Annotated[
        Path | None, typer.Option(help="YAML file that says how the columns are read.")
    ] = None,
    as_of: AsOfOption = None,
    rejects: RejectsOption = None,
    dry_run: DryRunOption = False,
    purpose: PurposeOption = None,
) -> None:
    """Take a file of cases or counts in, whole or not at all; refused rows go to a file."""
    from datetime import UTC

    from api.cli.common import progress_bar, settings_for
    from api.operations.case_files import given, import_given, look_at, write_rejects
    from api.operations.city_loading import city_id_of
    from api.operations.command_jobs import do_as_job
    from gis.access import SYSTEM
    from gis.jobs.running import Run
    from gis.provision import bring_up, open_database
    from surveillance.cases.review import rejects_of
    from surveillance.diseases.table import disease_table
    from surveillance.intake.jobs import IMPORT
    from surveillance.intake.mapping import parse_mapping
    from surveillance.intake.service import rejects as refused_of

    settings = settings_for(purpose)
    bring_up(settings)
    database = open_database(settings)
    try:
        told = (
            None
            if mapping is None
            else parse_mapping(mapping.read_text(encoding="utf-8"), disease_table())
        )
        handed = given(
            file, file.name, city_id=city_id_of(database, city), source=source,
            mapping=told, as_of=as_of and as_of.replace(tzinfo=UTC),
        )  # fmt: skip
        if dry_run:
            prepared = look_at(settings, database, handed)
            lines, refused = list(prepared.told), refused_of(prepared.intake)
        else:

            def work(run: Run) -> "ImportView":
                return import_given(run, handed, by=run.record.requested_by)

            with progress_bar(file.name) as bar:
                taken = do_as_job(settings, IMPORT, {"city_id": handed.city_id}, show=bar,
                                  work=work)  # fmt: skip
            lines = [
                *taken.told,
                f"{taken.rows_new:,} new, {taken.rows_revised:,} revised.",
                f"{taken.rows_deleted:,} deleted, {taken.rows_unchanged:,} unchanged.",
                f"Import {taken.import_id}.",
            ]
            with database.read(SYSTEM) as uow:
                refused = list(rejects_of(uow, taken.import_id).rejects)
    finally:
        database.close()
    for line in lines:
        typer.echo(line)
    if refused:
        path = rejects or file.with_suffix(".rejects.csv")
        write_rejects(refused, path)
        typer.echo(f"{len(refused):,} refused rows and values: {path}")


@app.command("rejects")
def show_rejects(
    import_id: Annotated[UUID, typer.Argument(help="As `import` tells it.")],
    file: Annotated[Path, typer.Option("--to", help="The file to write (CSV).")],
    purpose: PurposeOption = None,
) -> None:
    """Write what an import refused, row by row, with the reason of each; kept for 30 days."""
    from api.cli.common import settings_to_read
    from api.operations.case_files import write_rejects
    from gis.access import SYSTEM
    from gis.provision import open_database
    from surveillance.cases.review import rejects_of

    database = open_database(settings_to_read(purpose))
    try:
        with database.read(SYSTEM) as uow:
            refused = rejects_of(uow, import_id).rejects
    finally:
        database.close()
    write_rejects(refused, file)
    typer.echo(f"{len(refused):,} refused rows and values: {file}")


@app.command("scan")
def scan_for_clusters(
    cases: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Cases: location, cases, date, covariates."),
    ] = None,
    coordinates: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="location, latitude, longitude (or x, y)."),
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False,
                     help="location, date, population, covariates (Poisson)."),
    ] = None,
    controls: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="As the cases (Bernoulli)."),
    ] = None,
    city: Annotated[
        str | None, typer.Option(help="Own cases of this city instead of files; needs --day.")
    ] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day, as known then.")
    ] = None,
    disease: Annotated[
        str | None, typer.Option(help="Of own cases: this one alone, by its code.")
    ] = None,
    model: Annotated[
        Literal["poisson", "bernoulli", "permutation"], typer.Option(help="Of files.")
    ] = "poisson",
    shape: Annotated[
        Literal["circle", "ellipse", "road"],
        typer.Option(help="Of files: circle or ellipse; of own cases: road leaves circles out."),
    ] = "circle",
    span: Annotated[
        Literal["space", "retrospective", "prospective"],
        typer.Option("--time", help="Of files: none, any period, periods that end with the last."),
    ] = "space",
    unit: Annotated[
        Literal["day", "week", "month", "year"], typer.Option(help="Of files: the intervals.")
    ] = "day",
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Of files: first day of the study."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="Of files: last day of the study."),
    ] = None,
    longest: Annotated[
        int | None, typer.Option(min=1, help="Intervals of the longest period; half of all.")
    ] = None,
    cap: Annotated[
        float, typer.Option(min=0.1, max=100, help="Percent of people in the largest zone.")
    ] = 50.0,
    rates: Annotated[
        Literal["high", "low", "both"], typer.Option(help="Of files: too many, too few.")
    ] = "high",
    replicates: Annotated[int, typer.Option(min=0, help="Null data sets.")] = 999,
    seed: Annotated[int, typer.Option(help="Same seed, same p.")] = 1,
    dask: Annotated[
        str | None,
        typer.Option(help="Scheduler of a Dask cluster, tcp://host:port; "
                     "GOLDENHOUR_DASK_SCHEDULER."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Write clusters too: .csv, or .geojson.")
    ] = None,
    purpose: PurposeOption = None,
) -> None:  # fmt: skip
    """Look for clusters in files of cases, as SaTScan takes them, or in a city's own cases."""
    from api.cli.common import settings_to_read

    # Before what holds kernels is imported: numba makes a folder for them in the state folder.
    settings = settings_to_read(purpose)
    from api.operations.scan_desk import FileScan, OwnScan, scan_files, scan_own

    address = dask or settings.dask_scheduler
    if city is not None and day is not None and cases is None:
        lines = scan_own(
            settings,
            OwnScan(city=city, day=day.date(), disease=disease, by_road=shape == "road",
                    longest=longest, cap=cap / 100, replicates=max(replicates, 1), seed=seed),
            dask=address, to=to,
        )  # fmt: skip
    elif cases is not None and coordinates is not None and city is None and shape != "road":
        lines = scan_files(
            FileScan(
                cases=cases, coordinates=coordinates, population=population, controls=controls,
                model=model, shape=shape, span=span, unit=unit,
                first=None if first is None else first.date(),
                last=None if last is None else last.date(),
                longest=longest, cap=cap / 100, rates=rates, replicates=replicates, seed=seed,
            ),
            dask=address, to=to,
        )  # fmt: skip
    else:
        raise typer.BadParameter(
            "Give --cases and --coordinates (shape circle or ellipse), or --city and --day."
        )
    for line in lines:
        typer.echo(line)


def _say_taken(intake: "Intake", said: str, to: Path) -> None:
    """Tell what was taken in, and write what was not to `to`."""
    from gis.intake.take import write_rejects

    for line in (*intake.report.sentences(), said):
        typer.echo(line)
    if len(intake.rejects):
        write_rejects(intake.rejects, to)
        typer.echo(f"{len(intake.rejects):,} refused rows: {to}")


@indicators.command("import")
def import_indicators(
    file: Annotated[Path, typer.Argument(help="CSV, Excel or Parquet.", exists=True)],
    city: CityOption,
    source: Annotated[str, typer.Option(help="Who says so; stands beside every value.")],
    as_of: AsOfOption = None,
    rejects: RejectsOption = None,
    dry_run: DryRunOption = False,
    purpose: PurposeOption = None,
) -> None:
    """Take values of indicators in, whole or not at all; refused rows go to a file."""
    from datetime import UTC

    from api.cli.common import city_database, settings_for
    from gis.access import SYSTEM
    from surveillance.indicators.service import store, understand

    with (
        city_database(settings_for(purpose), city) as (database, city_id),
        database.unit_of_work(SYSTEM) as uow,
    ):
        composed = understand(
            uow, file, city_id=city_id, source=source,
            as_of=as_of and as_of.replace(tzinfo=UTC),
        )  # fmt: skip
        stored = 0 if dry_run else store(uow, composed)
    _say_taken(
        composed.intake,
        f"{len(composed.values):,} values understood, {stored:,} stored.",
        rejects or file.with_suffix(".rejects.csv"),
    )


@indicators.command("points")
def import_inspections(
    file: Annotated[Path, typer.Argument(help="CSV, Excel or Parquet.", exists=True)],
    city: CityOption,
    source: Annotated[str, typer.Option(help="Who says so; stands beside every point.")],
    datum: Annotated[str, typer.Option(help="Of the points: wgs84, gcj02, bd09 or cgcs2000.")],
    rejects: RejectsOption = None,
    dry_run: DryRunOption = False,
    purpose: PurposeOption = None,
) -> None:
    """Take inspections in as dated points; mosquito indices of areas and months follow."""
    from api.cli.common import city_database, settings_for
    from gis.access import SYSTEM
    from surveillance.inspections.service import store, understand

    with (
        city_database(settings_for(purpose), city) as (database, city_id),
        database.unit_of_work(SYSTEM) as uow,
    ):
        composed = understand(uow, file, city_id=city_id, datum=datum)
        taken = None if dry_run else store(uow, composed, city_id=city_id, source=source)
    said = f"{len(composed.inspections):,} inspections understood."
    if taken is not None:
        said += f" {taken.stored:,} stored, {taken.values:,} values of areas reckoned anew."
    _say_taken(composed.intake, said, rejects or file.with_suffix(".rejects.csv"))


@indicators.command("list")
def list_indicators() -> None:
    """Print the indicators that areas may have, with their units."""
    from surveillance.indicators.catalogue import INDICATORS

    for one in INDICATORS.values():
        typer.echo(f"{one.code}\t{one.unit}\t{one.words.en}\t{one.words.zh}")


@indicators.command("vulnerability")
def rank_areas(
    city: CityOption,
    weight: Annotated[
        list[str], typer.Option(help="INDICATOR=WEIGHT, such as elderly_alone=2; several times.")
    ],
    level: Annotated[str, typer.Option(help="district, street or zone.")] = "district",
    look: Annotated[bool, typer.Option("--look", help="Store nothing, only say.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """Rank areas by weighed indicators, say between which ranks each stays, and store the index."""
    import math

    from api.cli.common import city_database, settings_for
    from gis.access import SYSTEM
    from surveillance.indicators.catalogue import INDICATORS
    from surveillance.vulnerability.service import ranked, store

    weights: dict[str, float] = {}
    for written in weight:
        code, _, number = written.partition("=")
        try:
            weights[code] = float(number or 1.0)
        except ValueError:
            weights[code] = math.nan
        if code not in INDICATORS or not 0 < weights[code] < math.inf:
            told = f"{written!r} is no indicator with a weight above 0; `list` names them."
            raise typer.BadParameter(told)
    with (
        city_database(settings_for(purpose), city) as (database, city_id),
        database.unit_of_work(SYSTEM) as uow,
    ):
        made = ranked(uow, city_id, weights=weights, level=level)
        stored = None if look else store(uow, city_id, made)
    found = made.found
    typer.echo("rank\tlikely\twithin\tindex\tcode\tarea")
    for row in sorted(range(len(made.codes)), key=lambda row: (found.rank[row] or 10**9, row)):
        code = made.codes[row]
        if not found.rank[row]:
            typer.echo(f"–\t–\t–\t–\t{code}\t{made.places[code].en} (a value is not known)")
            continue
        between = f"{found.rank_low[row]:.0f}–{found.rank_high[row]:.0f}"
        within = f"{found.rank_best[row]}–{found.rank_worst[row]}"
        typer.echo(
            f"{found.rank[row]}\t{between}\t{within}\t{found.index[row]:.3f}\t{code}\t"
            f"{made.places[code].en}"
        )
    for one in made.inputs:
        typer.echo(
            f"{one.indicator}: weight {one.weight:g}, {one.areas} areas; half as much off, areas "
            f"move by {one.shift:.1f} ranks."
        )
    if stored is None:
        typer.echo("Nothing stored.")
    elif stored.new:
        typer.echo(f"Stored as version {stored.version}: {stored.areas} areas.")
    else:
        typer.echo(f"Version {stored.version} has the same weights and values: it stands.")
