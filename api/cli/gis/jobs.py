"""`goldenhour jobs …`: what is being done in the background, and stopping it."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import PurposeOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.jobs.model import JobView

app = typer.Typer(
    help="Work in the background: list, watch, stop.", no_args_is_help=True, rich_markup_mode=None
)  # fmt: skip

JobId = Annotated[int, typer.Argument(min=1, metavar="JOB", help="Its number: `jobs list`.")]


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Also what was done or stopped.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
    purpose: PurposeOption = None,
) -> None:
    """List jobs that wait, run or have failed, newest first."""
    from api.cli.common import settings_to_read
    from api.operations.job_desk import job_desk

    with job_desk(settings_to_read(purpose)) as desk:
        jobs = desk.listed(ended=all_, limit=limit)
    for job in jobs:
        typer.echo(_line(job))
    if not jobs:
        typer.echo("None.")


@app.command("show")
def show(job: JobId, purpose: PurposeOption = None) -> None:
    """Show one job: when, by whom, how far, and why it failed."""
    from api.cli.common import settings_to_read
    from api.operations.job_desk import job_desk

    with job_desk(settings_to_read(purpose)) as desk:
        shown = desk.show(job)
    typer.echo(_line(shown))
    for name in ("requested_by", "created_at", "due_at", "started_at", "ended_at"):
        if (value := getattr(shown, name)) is not None:
            typer.echo(f"  {name}: {value if isinstance(value, str) else f'{value:%F %T} UTC'}")
    typer.echo(f"  tries: {shown.attempts} of {shown.attempts_allowed}")
    if shown.error is not None:
        typer.echo(f"  {shown.error_code}: {shown.error}")
    for key, value in (shown.result or {}).items():
        typer.echo(f"  {key}: {value}")


@app.command("cancel")
def cancel(job: JobId, purpose: PurposeOption = None) -> None:
    """Stop a job; one that runs ends within seconds, with nothing half done."""
    from api.cli.common import settings_to_read
    from api.operations.job_desk import job_desk

    with job_desk(settings_to_read(purpose)) as desk:
        typer.echo(_line(desk.cancel(job)))


@app.command("retry")
def retry(job: JobId, purpose: PurposeOption = None) -> None:
    """Begin a job again that has failed."""
    from api.cli.common import settings_to_read
    from api.operations.job_desk import job_desk

    with job_desk(settings_to_read(purpose)) as desk:
        typer.echo(_line(desk.retry(job)))


@app.command("watch")
def watch(
    job: Annotated[
        int | None, typer.Argument(min=1, metavar="[JOB]", help="Only this one, until it ends.")
    ] = None,
    purpose: PurposeOption = None,
) -> None:
    """Show progress bars of what waits and runs, until it ends or Ctrl-C."""
    from api.cli.common import many_bars, settings_to_read
    from api.operations.job_desk import job_desk

    settings = settings_to_read(purpose)
    with job_desk(settings) as desk, many_bars() as bars:
        rounds: Iterator[tuple[JobView, ...]] = desk.watched(job)
        for jobs in rounds:
            for one in jobs:
                words = one.message.en if one.message else one.state
                title = f"{one.job_id} {one.label.en}: {words}"
                bars.show(one.job_id, title, one.done, one.total)
    if job is not None:
        with job_desk(settings) as desk:
            shown = desk.show(job)
        typer.echo(_line(shown))
        if shown.state == "failed":
            raise typer.Exit(1)


def _line(job: "JobView") -> str:
    running = job.state == "running"
    share = f" {100 * job.done / job.total:.0f} %" if running and job.total else ""
    words = f"  {job.message.en}" if running and job.message else ""
    why = f"  {job.error}" if job.error and job.state != "done" else ""
    return f"{job.job_id:>6}  {job.state:<9}{share:>5}  {job.label.en} ({job.name}){words}{why}"
