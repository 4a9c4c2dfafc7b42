"""`goldenhour assets`: the pages' JavaScript."""

from typing import Annotated

import typer


def command(
    check: Annotated[bool, typer.Option("--check", help="Only check what is there.")] = False,
) -> None:
    """Fetch the pages' JavaScript by its pinned hashes, or check it."""
    from maps.assets import check_assets, install_assets

    if not check:
        install_assets()
    check_assets()
    typer.echo("The pages' assets are complete and match their hashes.")
