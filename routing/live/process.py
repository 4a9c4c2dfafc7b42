"""The roads that a process of jobs keeps from one job to the next."""

from gis.jobs.running import Run
from routing.live.routing import Routing


def routing_of(run: Run) -> Routing:
    """Return the roads of this process as they are now; all its jobs share the one copy."""
    routing = run.process.keep("routing", lambda: Routing(
        run.database, run.settings.graph_cache_folder,
        jurisdictions_file=run.settings.jurisdictions_file,
    ))  # fmt: skip
    routing.refresh()
    return routing
