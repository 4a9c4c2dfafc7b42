"""`goldenhour role …`: what people work as and what that allows."""

from typing import Annotated

import typer

from api.cli.options import PurposeOption

app = typer.Typer(
    help="Roles and the permissions they hold.", no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

RoleArgument = Annotated[str, typer.Argument(help="The role.")]
PermissionsArgument = Annotated[
    list[str], typer.Argument(help="One or more, as `role show` names them.")
]


@app.command("list")
def list_roles(purpose: PurposeOption = None) -> None:
    """List the roles, how much each may do and how many accounts have it."""
    from api.cli.common import settings_to_read
    from api.operations.roles import role_lines

    for line in role_lines(settings_to_read(purpose)):
        typer.echo(line)


@app.command("show")
def show(role: RoleArgument, purpose: PurposeOption = None) -> None:
    """Show what a role allows."""
    from api.cli.common import settings_to_read
    from api.operations.roles import show_role

    for line in show_role(settings_to_read(purpose), role):
        typer.echo(line)


@app.command("add")
def add(
    role: Annotated[str, typer.Argument(help="Small letters, digits, underscores.")],
    name: Annotated[str, typer.Option(help="What it is called in English.")],
    name_zh: Annotated[str, typer.Option(help="What it is called in Chinese.")],
    permission: Annotated[
        list[str] | None, typer.Option(help="What it allows; repeatable.")
    ] = None,
    purpose: PurposeOption = None,
) -> None:
    """Make a role of your own; accounts get it by `user add --role`."""
    from api.cli.common import settings_for
    from api.operations.roles import add_role

    add_role(
        settings_for(purpose), role, name_en=name, name_zh=name_zh, permissions=permission or []
    )
    typer.echo(f"The role {role} is there.")


@app.command("grant")
def grant(
    role: RoleArgument, permissions: PermissionsArgument, purpose: PurposeOption = None
) -> None:
    """Let everybody who has the role do more, at once."""
    from api.cli.common import settings_for
    from api.operations.roles import grant_permissions

    grant_permissions(settings_for(purpose), role, permissions)
    typer.echo(f"{role} holds {', '.join(permissions)}.")


@app.command("revoke")
def revoke(
    role: RoleArgument, permissions: PermissionsArgument, purpose: PurposeOption = None
) -> None:
    """Let everybody who has the role do less, at once; open consoles within 30 s."""
    from api.cli.common import settings_for
    from api.operations.roles import revoke_permissions

    revoke_permissions(settings_for(purpose), role, permissions)
    typer.echo(f"{role} no longer holds {', '.join(permissions)}.")


@app.command("remove")
def remove(role: RoleArgument, purpose: PurposeOption = None) -> None:
    """Remove a role of your own, also from the accounts that have it."""
    from api.cli.common import settings_for
    from api.operations.roles import remove_role

    remove_role(settings_for(purpose), role)
    typer.echo(f"The role {role} is gone.")
