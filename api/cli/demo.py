"""`goldenhour demo` and `goldenhour serve`."""

from typing import Annotated

import typer

from api.cli.database import PurposeOption

PortOption = Annotated[int | None, typer.Option(help="Port; default GOLDENHOUR_PORT or 8911.")]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: PortOption = None,
    processes: Annotated[int | None, typer.Option(help="Number of API processes.")] = None,
    tls_cert: Annotated[str | None, typer.Option(help="TLS certificate (PEM).")] = None,
    tls_key: Annotated[str | None, typer.Option(help="TLS private key (PEM).")] = None,
    purpose: PurposeOption = None,
) -> None:
    """Run the server: the API processes and one worker."""
    from pathlib import Path

    from api.cli.common import settings_for
    from api.processes.supervisor import run_server

    given = {
        "host": host, "port": port, "processes": processes,
        "tls_cert": Path(tls_cert) if tls_cert else None,
        "tls_key": Path(tls_key) if tls_key else None,
    }  # fmt: skip
    settings = settings_for(purpose).model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    run_server(settings, say=typer.echo)


def demo(
    city: Annotated[str, typer.Option(help="coquimbo (sample) or shenzhen (model).")] = "coquimbo",
    port: PortOption = None,
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
