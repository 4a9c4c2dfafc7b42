"""`goldenhour user …`: accounts, roles, tokens."""

from typing import Annotated, Literal

import typer

from api.cli.options import PurposeOption

app = typer.Typer(
    help="Accounts, roles by jurisdiction, tokens for programs.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip


@app.command("add")
def add(
    username: Annotated[str, typer.Argument(help="Name to log in with.")],
    role: Annotated[
        list[str],
        typer.Option(help="ROLE, ROLE@AREA-CODE or ROLE@AREA-CODE#FACILITY-ID; repeatable."),
    ],
    display_name: Annotated[str | None, typer.Option(help="Name shown to others.")] = None,
    language: Annotated[Literal["zh", "en"], typer.Option(help="zh or en.")] = "zh",
    password: Annotated[str | None, typer.Option(help="Asked for when not given.")] = None,
    purpose: PurposeOption = None,
) -> None:
    """Make an account."""
    from api.cli.common import settings_for
    from api.operations.accounts import add_account, check_new_account

    settings = settings_for(purpose)
    check_new_account(settings, username, roles=role)
    if password is None:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    add_account(
        settings, username, password, roles=role,
        display_name=display_name or username, language=language,
    )  # fmt: skip
    typer.echo(f"{username} may log in now.")


@app.command("token")
def token(
    username: Annotated[str, typer.Argument(help="Whose rights the token carries.")],
    name: Annotated[str, typer.Option(help="What the token is for.")],
    days: Annotated[float, typer.Option(min=0.01, help="How long it is valid.")] = 365.0,
    purpose: PurposeOption = None,
) -> None:
    """Make a bearer token for a program; it is shown once."""
    from api.cli.common import settings_for
    from api.operations.accounts import add_token

    typer.echo(add_token(settings_for(purpose), username, name=name, days=days))


@app.command("revoke-token")
def revoke_token(
    username: Annotated[str, typer.Argument(help="Whose token.")],
    name: Annotated[str, typer.Option(help="What the token was for, as it was made.")],
    purpose: PurposeOption = None,
) -> None:
    """End the account's tokens of this name: they open nothing from now on."""
    from api.cli.common import settings_for
    from api.operations.accounts import revoke_tokens

    count = revoke_tokens(settings_for(purpose), username, name=name)
    typer.echo(f"{count} {'token' if count == 1 else 'tokens'} of {username} revoked.")


@app.command("password")
def password(
    username: Annotated[str, typer.Argument(help="Whose password.")],
    new: Annotated[
        str,
        typer.Option(
            "--password",
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            help="Asked for when not given.",
        ),
    ] = "",
    purpose: PurposeOption = None,
) -> None:
    """Set a new password; every session of the account ends."""
    from api.cli.common import settings_for
    from api.operations.accounts import change_password

    change_password(settings_for(purpose), username, new)
    typer.echo(f"{username} has a new password and is logged out everywhere.")


@app.command("close")
def close(
    username: Annotated[str, typer.Argument(help="Whose account.")],
    purpose: PurposeOption = None,
) -> None:
    """Close an account: its sessions end and its tokens open nothing any more."""
    from api.cli.common import settings_for
    from api.operations.accounts import close_account

    close_account(settings_for(purpose), username)
    typer.echo(f"{username} is closed.")


@app.command("list")
def list_users(purpose: PurposeOption = None) -> None:
    """List the accounts and their roles."""
    from api.cli.common import settings_to_read
    from api.operations.accounts import account_lines

    for line in account_lines(settings_to_read(purpose)):
        typer.echo(line)
