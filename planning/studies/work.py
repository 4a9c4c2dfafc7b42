"""The job of studies: the process that runs it loads what it needs."""

from gis.jobs.running import Run


def work_out(run: Run) -> None:
    """Work a study out and keep its answer."""
    from planning.studies import working

    working.work_out(run)
