"""`goldenhour consumer …`: what rooms do with one another's events."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption

app = typer.Typer(
    help="What rooms do with one another's events, and what they gave up on.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip


@app.command("list")
def list_consumers(purpose: PurposeOption = None) -> None:
    """List each consumer, how far it is, and the events it gave up on with the reason."""
    from api.cli.common import settings_for
    from api.operations.consumers import consumer_lines

    for line in consumer_lines(settings_for(purpose)) or ["No consumer has begun."]:
        typer.echo(line)


@app.command("retry")
def retry(
    consumer: Annotated[str, typer.Argument(help="As `consumer list` names it.")],
    position: Annotated[int, typer.Argument(help="The event's position in the stream.")],
    purpose: PurposeOption = None,
) -> None:
    """Handle an event now that a consumer gave up on; it stays parked if it fails again."""
    from api.cli.common import settings_for
    from api.operations.consumers import retry_event

    retry_event(settings_for(purpose), consumer, position)
    typer.echo(f"{consumer} has handled the event at {position}.")
