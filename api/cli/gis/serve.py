"""`goldenhour serve`: the server."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption


def command(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; default GOLDENHOUR_PORT or 8911.")] = None,
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
