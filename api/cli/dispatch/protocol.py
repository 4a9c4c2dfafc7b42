"""`goldenhour protocol …`: a triage protocol is checked and tried."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The triage protocol: check it and try it on cases.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

FileArgument = Annotated[
    Path | None,
    typer.Argument(help="The protocol, YAML; without it the bundled one.", exists=True,
                   dir_okay=False),
]  # fmt: skip


@app.command("lint")
def check(file: FileArgument = None) -> None:
    """Name what is wrong with a protocol: contradictions, dead ends, loops, rules never reached."""
    from dispatch.triage.lint import lint
    from dispatch.triage.protocol import PROTOCOL_FILE, load_protocol

    protocol = load_protocol(file or PROTOCOL_FILE)
    found = lint(protocol)
    for one in found:
        typer.echo(f"{one.level}: {one.where}: {one.what}")
    errors = sum(one.level == "error" for one in found)
    typer.echo(
        f"{protocol.version}: {len(protocol.complaints)} complaints, {errors} errors, "
        f"{len(found) - errors} warnings, sha256 {protocol.sha256}"
    )
    raise typer.Exit(1 if errors else 0)


@app.command("test")
def run(
    file: FileArgument = None,
    cases: Annotated[
        Path | None,
        typer.Option(help="Cases, YAML; without it the bundled ones.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Walk a protocol by cases and say where it comes to something else."""
    from dispatch.triage.cases import CASES_FILE, read_cases, run_cases
    from dispatch.triage.protocol import PROTOCOL_FILE, load_protocol

    protocol = load_protocol(file or PROTOCOL_FILE)
    outcomes = run_cases(protocol, read_cases(cases or CASES_FILE))
    for one in outcomes:
        for line in one.differs:
            typer.echo(f"{one.name}: {line}")
    failed = sum(bool(one.differs) for one in outcomes)
    typer.echo(f"{protocol.version}: {len(outcomes) - failed} of {len(outcomes)} cases passed")
    raise typer.Exit(1 if failed else 0)
