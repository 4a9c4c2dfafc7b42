"""`goldenhour demo`: a simulated day."""

from typing import Annotated

import typer


def command(
    city: Annotated[str, typer.Option(help="coquimbo (sample) or shenzhen (model).")] = "coquimbo",
    port: Annotated[int | None, typer.Option(help="Port; default GOLDENHOUR_PORT or 8911.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=60, help="How fast the city runs.")] = 4.0,
    calls_per_hour: Annotated[
        float | None, typer.Option(min=0, max=3600, help="Calls per hour; default by the city.")
    ] = None,
    lan: Annotated[
        bool, typer.Option("--lan", help="Also for phones on this network, by TLS.")
    ] = False,
    browser: Annotated[bool, typer.Option(help="Open the console in the browser.")] = True,
    drive: Annotated[bool, typer.Option(help="Simulate calls and units.")] = True,
) -> None:
    """Bring up the sample city with a simulated day and open the live console."""
    from api.cli.common import settings_for
    from api.demo.setup import run_demo

    settings = settings_for(simulation=True)
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    run_demo(
        settings, city=city, speed_factor=speed, calls_per_hour=calls_per_hour, lan=lan,
        open_browser=browser, drive=drive, say=typer.echo,
    )  # fmt: skip
