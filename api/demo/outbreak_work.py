"""The job that replays Tainan's outbreak: the process that runs it loads what it needs."""

from gis.jobs.running import Run


def replay(run: Run) -> None:
    """Bring the city to the next day of the outbreak."""
    from api.demo import outbreak

    outbreak.replay(run)
