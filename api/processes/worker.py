"""The worker process: sequencer, partitions, what expired, road metrics, nightly learning."""

import logging
import signal
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from api.processes.lasting import start_lasting
from api.processes.learning import keep_learning
from api.processes.lifeline import end_with_parent
from api.processes.supervisor import keys
from gis.access import SYSTEM
from gis.clock import SystemClock
from gis.database import Database
from gis.errors import GoldenHourError
from gis.housekeeping import maintain_partitions, sweep_expired
from gis.provision import open_database
from gis.sequencer import Sequencer, SigningKey
from gis.settings import Settings, load_settings
from routing.conditions.service import sweep_speeds
from routing.live.metrics import MetricStore, MetricWorker
from routing.live.routing import Routing, prepare_kernels
from routing.roads.repository import network_versions

_HOUSEKEEPING_INTERVAL_S = 600.0
_HOUSEKEEPING_RETRY_S = 30.0
_AWAY_PAUSE_S = 1.0
_METRIC_LOOK_S = 0.2
_NETWORK_LOOK_S = 5.0
_LEARNING_PAUSE_S = 60.0
_log = logging.getLogger("goldenhour.worker")


def keep_house(database: Database, settings: Settings) -> int:
    """Make partitions ahead, drop old ones, sweep what expired; return the partitions changed."""
    with database.unit_of_work(SYSTEM) as uow:
        now = uow.clock.now()
        changed = maintain_partitions(
            uow.session, now.date(), retention_days=settings.position_retention_days
        )
        sweep_expired(uow.session, now)
        return changed


def sweep_roads(database: Database) -> int:
    """Delete live speeds that expired long ago, one city after the other; return how many."""
    with database.read(SYSTEM) as uow:
        cities = [version.city_id for version in network_versions(uow.session)]
    swept = 0
    for city_id in cities:
        with database.unit_of_work(SYSTEM) as uow:
            swept += sweep_speeds(uow, city_id)
    return swept


def work(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Sequence events until `stop`; every step is due again after a restart."""
    key = SigningKey.load_or_make(keys(settings) / "stream.pem")
    sequencer = Sequencer(database.engine, key=key, clock=SystemClock())
    keep_house_at = time.monotonic()
    while not stop.is_set():
        moved = _attempt("sequencing", sequencer.run_once)
        if moved is None:
            stop.wait(_AWAY_PAUSE_S)
        elif moved == 0:
            stop.wait(settings.sequencer_interval_s)
        if time.monotonic() >= keep_house_at:
            done = _attempt("housekeeping", lambda: keep_house(database, settings))
            keep_house_at = time.monotonic() + (
                _HOUSEKEEPING_INTERVAL_S if done is not None else _HOUSEKEEPING_RETRY_S
            )


def keep_metrics(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Keep graphs, hierarchies and their metrics up with networks and conditions until `stop`."""
    prepare_kernels()
    cache_folder = settings.graph_cache_folder
    routing = Routing(
        database, cache_folder, jurisdictions_file=settings.jurisdictions_file,
        build_hierarchies=True,
    )  # fmt: skip
    metrics = MetricWorker(database, MetricStore(cache_folder))
    refresh_at = sweep_at = time.monotonic()
    while not stop.is_set():
        try:
            if time.monotonic() >= refresh_at:
                routing.refresh()
                refresh_at = time.monotonic() + _NETWORK_LOOK_S
            if time.monotonic() >= sweep_at:
                # Here and not beside the sequencer: a whole city's speeds take seconds to delete.
                sweep_roads(database)
                sweep_at = time.monotonic() + _HOUSEKEEPING_INTERVAL_S
            routing.keep_up()
            for roads in routing.cities():
                metrics.keep_up(roads)
        except (SQLAlchemyError, GoldenHourError, OSError) as error:
            _log.warning("road metrics wait: %s", type(error).__name__)
            stop.wait(_AWAY_PAUSE_S)
        stop.wait(_METRIC_LOOK_S)


def _attempt(name: str, step: Callable[[], int]) -> int | None:
    """Do a step; where the database refuses or is away, say so and give None."""
    try:
        return step()
    except DBAPIError as error:
        _log.warning("%s failed: %s", name, str(error.orig).splitlines()[0])
        return None


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    end_with_parent()
    settings = load_settings()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    database = open_database(settings)
    # Customizing takes up to a second and runs without the interpreter lock: in a thread of its
    # own it does not hold up the sequencing of events.
    metrics = start_lasting(
        lambda: keep_metrics(settings, database, stop), name="metrics", stop=stop
    )
    learning = start_lasting(
        lambda: keep_learning(settings, database, stop), name="learning", stop=stop,
        pause_s=_LEARNING_PAUSE_S,
    )  # fmt: skip
    work(settings, database, stop)
    metrics.join(timeout=5.0)
    learning.join(timeout=8.0)


if __name__ == "__main__":
    main()
