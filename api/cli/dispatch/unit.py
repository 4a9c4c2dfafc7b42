"""`goldenhour unit …`: units in and out of service, and their shifts."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption

app = typer.Typer(
    help="Units in and out of service, and their shifts.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

CallSign = Annotated[str, typer.Argument(help="The unit's call sign.")]
CityOption = Annotated[str | None, typer.Option("--city", help="Key of the city, if several.")]
TIMES = "Date and time with zone (2026-11-30T14:30+08:00), or 14:30 of the city's clock."


@app.command("list")
def list_units(
    city: CityOption = None,
    out: Annotated[bool, typer.Option("--out", help="Only those out of service.")] = False,
    purpose: PurposeOption = None,
) -> None:
    """List units with status, reason, expected return and whether that has passed."""
    from api.cli.common import settings_to_read
    from api.operations.unit_desk import unit_lines

    for line in unit_lines(settings_to_read(purpose), city=city, only_out=out):
        typer.echo(line)


@app.command("show")
def show(call_sign: CallSign, city: CityOption = None, purpose: PurposeOption = None) -> None:
    """Show a unit's service, shift and crew."""
    from api.cli.common import settings_to_read
    from api.operations.unit_desk import duty_lines

    for line in duty_lines(settings_to_read(purpose), call_sign, city=city):
        typer.echo(line)


@app.command("out")
def take_out(
    call_sign: CallSign,
    reason: Annotated[str, typer.Option(help="workshop, cleaning, equipment, …; see the docs.")],
    back: Annotated[str | None, typer.Option(help=f"When it is expected back. {TIMES}")] = None,
    city: CityOption = None,
    purpose: PurposeOption = None,
) -> None:
    """Take a unit out of service: it is recommended to nobody until it is back."""
    from api.cli.common import settings_for
    from api.operations.unit_desk import take_out

    typer.echo(take_out(settings_for(purpose), call_sign, city=city, reason=reason, back=back))


@app.command("in")
def put_in(call_sign: CallSign, city: CityOption = None, purpose: PurposeOption = None) -> None:
    """Put a unit into service again."""
    from api.cli.common import settings_for
    from api.operations.unit_desk import put_in

    typer.echo(put_in(settings_for(purpose), call_sign, city=city))


@app.command("shift")
def shift(
    call_sign: CallSign,
    ends: Annotated[str, typer.Option(help=f"When the shift that is on ends, or `now`. {TIMES}")],
    city: CityOption = None,
    purpose: PurposeOption = None,
) -> None:
    """Let the shift that is on end later or earlier."""
    from api.cli.common import settings_for
    from api.operations.unit_desk import end_shift

    typer.echo(end_shift(settings_for(purpose), call_sign, city=city, ends=ends))
