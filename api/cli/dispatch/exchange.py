"""`goldenhour exchange …`: a simulated telephone exchange, for trying and training."""

from typing import Annotated

import typer

app = typer.Typer(
    help="A simulated telephone exchange, for trying and training.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip


@app.callback()
def _group() -> None:
    """Keep `simulate` a command of its own."""


@app.command("simulate")
def simulate(
    server: Annotated[str, typer.Option(help="The server's address.")],
    city_id: Annotated[int, typer.Option(help="The city's number, one of GET /v1/cities.")],
    token_file: Annotated[
        str, typer.Option(help="File that holds a token of the role `exchange`.")
    ],
    calls: Annotated[int, typer.Option(min=1, max=100_000, help="So many calls.")] = 20,
    calls_a_minute: Annotated[float, typer.Option(min=0.01, max=600.0, help="On average.")] = 6.0,
    speed: Annotated[float, typer.Option(min=0.1, max=1000.0, help="Times as fast.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same calls.")] = 1,
) -> None:
    """Tell a server of calls as an exchange does: ring, answer, hold, abandon, transfer, end."""
    from api.operations.exchange import simulate_exchange

    told, refused = simulate_exchange(
        server, city_id, token_file=token_file, calls=calls, calls_a_minute=calls_a_minute,
        speed=speed, seed=seed,
    )  # fmt: skip
    typer.echo(f"{told} reports told, {refused} refused.")
    if refused:
        raise typer.Exit(1)
