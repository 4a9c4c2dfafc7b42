"""`goldenhour surveillance …`: cases judged; how well detectors and zones find outbreaks."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.options import PurposeOption

if TYPE_CHECKING:
    from surveillance.signals.model import Signal

app = typer.Typer(
    help="Disease surveillance.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip
BasisName = Literal["entry", "onset", "diagnosis", "review"]

Seed = Annotated[int, typer.Option(help="Same seed, same series.")]


@app.command()
def evaluate(
    replicates: Annotated[
        int, typer.Option(min=1, help="Series of each of 42 scenarios and 4 sizes of outbreaks.")
    ] = 10,
    seed: Seed = 1,
) -> None:
    """Put outbreaks into simulated series and print what each detector finds, as Markdown."""
    from surveillance.evaluate.detectors import compared, recommended, simulated, table
    from surveillance.evaluate.detectors import evaluate as judged

    rows = judged(compared(), simulated(replicates=replicates, seed=seed))
    typer.echo(table(rows), nl=False)
    best = recommended(rows)
    typer.echo(f"Finds most with the same false alarms: {best}.")


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
    city: Annotated[str, typer.Option(help="Key of the city.")],
    day: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day to judge, in the city's time.")
    ],
    basis: Annotated[BasisName, typer.Option(help="The day that a case counts on.")] = "entry",
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

    from api.cli.common import settings_for
    from api.operations.city_loading import city_id_of
    from gis.access import SYSTEM
    from gis.provision import bring_up, open_database
    from surveillance.counting.model import DateBasis
    from surveillance.signals.day import judge
    from surveillance.signals.material import read_material
    from surveillance.signals.service import run_day
    from surveillance.signals.work import rules_of

    settings = settings_for(purpose)
    bring_up(settings)
    rules = rules_of(settings)
    if alarms is not None:
        rules = replace(rules, alarms_a_day=alarms)
    on, by = day.date(), DateBasis(basis)
    database = open_database(settings)
    try:
        city_id = city_id_of(database, city)
        if look:
            with database.read(SYSTEM) as uow:
                material = read_material(
                    uow, city_id, first_day=on, last_day=on, date_basis=by, level=level
                )
            made = judge(material.watched(material.counted(material.cases, on), on), rules)
            for signal in made.signals:
                typer.echo(_line(signal))
            typer.echo(f"{made.judged} of {made.series} series judged; nothing stored.")
            return
        with database.unit_of_work(SYSTEM) as uow:
            stored = run_day(uow, city_id, on, rules=rules, date_basis=by, level=level)
        typer.echo(
            f"{city}, {on}: {stored.signals} signals told, {stored.kept} kept; {stored.judged} of "
            f"{stored.series} series judged; at most {stored.expected_false:.1f} false."
        )
    finally:
        database.close()


def _line(signal: "Signal") -> str:
    mark = "*" if signal.told else " "
    return f"{mark} {signal.weight:5.1f}  {signal.reason.en}"
