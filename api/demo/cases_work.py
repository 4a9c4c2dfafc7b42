"""The job that makes up cases of the demo's city: the process that runs it loads what it needs."""

from gis.jobs.running import Run


def simulate(run: Run) -> None:
    """Store simulated cases of a city that has none, and judge the newest day of them."""
    from api.demo import cases

    cases.simulate(run)
