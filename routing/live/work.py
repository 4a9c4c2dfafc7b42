"""What the road jobs do: graphs and hierarchies, their metrics, expired speeds."""

from gis.access import SYSTEM
from gis.jobs.running import Run
from gis.words import Words
from routing.conditions.speeds import sweep_speeds
from routing.live.loading import HIERARCHY_PROFILES
from routing.live.metrics import MetricStore, MetricWorker
from routing.live.routing import Routing
from routing.roads.repository import network_versions
from routing.wanted import want_metrics


def build_graphs(run: Run) -> None:
    """Build graphs and hierarchies of every network that has none on disk yet.

    Every process maps what stands there; the metrics are wanted once it does.
    """
    routing = Routing(
        run.database, run.settings.graph_cache_folder,
        jurisdictions_file=run.settings.jurisdictions_file, build_hierarchies=True,
    )  # fmt: skip

    def say(city: str) -> None:
        run.report(Words(en=city, zh=f"路网：{city}"), 0.0)

    routing.refresh(say=say)
    with run.database.unit_of_work(SYSTEM) as uow:
        for roads in routing.cities():
            want_metrics(uow, roads.network.version.city_id)


class _Metrics:
    """The roads that this process keeps mapped from one job to the next."""

    def __init__(self, run: Run) -> None:
        self._database, self._settings = run.database, run.settings
        self._worker = MetricWorker(run.database, MetricStore(run.settings.graph_cache_folder))
        self._routing = self._open()

    def _open(self) -> Routing:
        return Routing(
            self._database, self._settings.graph_cache_folder,
            profiles=HIERARCHY_PROFILES, jurisdictions_file=self._settings.jurisdictions_file,
        )  # fmt: skip

    def keep_up(self, run: Run, city_id: int) -> None:
        """Make what a city's conditions want, and come again when they change by themselves."""
        self._routing.refresh()
        roads = self._routing.city(city_id)
        if roads is None:
            return
        if not all(layer.hierarchy for layer in roads.network.layers.values()):
            # Mapped before its hierarchies stood on disk; `roads.build` wants the metrics again
            # once they do.
            self._routing = self._open()
            self._routing.refresh()
        self._routing.keep_up()
        roads = self._routing.city(city_id)
        if roads is None:
            return
        self._worker.keep_up(roads)
        with run.database.unit_of_work(SYSTEM) as uow:
            want_metrics(uow, city_id, due_at=roads.changes_at())


def keep_metrics(run: Run) -> None:
    """Make the metrics of one city's hierarchies for its conditions as they are now."""
    metrics = run.process.keep("metrics", lambda: _Metrics(run))
    metrics.keep_up(run, int(run.arguments["city_id"]))


def sweep_expired_speeds(run: Run) -> int:
    """Delete live speeds that expired long ago, one city after the other; return how many."""
    with run.database.read(SYSTEM) as uow:
        cities = [version.city_id for version in network_versions(uow.session)]
    swept = 0
    for city_id in cities:
        run.go_on()
        with run.database.unit_of_work(SYSTEM) as uow:
            swept += sweep_speeds(uow, city_id)
    return swept
