"""`goldenhour surveillance …`: how well detectors and zones find outbreaks."""

from typing import Annotated

import typer

app = typer.Typer(
    help="Disease surveillance.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip

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
