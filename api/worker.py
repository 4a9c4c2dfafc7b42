"""The worker process: the sequencer, the position partitions, the sweeping of what expired."""

import logging
import signal
import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from api.lifeline import end_with_parent
from api.supervisor import keys
from gis.access import SYSTEM
from gis.clock import SystemClock
from gis.database import Database
from gis.housekeeping import maintain_partitions, sweep_expired
from gis.provision import open_database
from gis.sequencer import Sequencer, SigningKey
from gis.settings import Settings, load_settings

_HOUSEKEEPING_INTERVAL_S = 600.0
_HOUSEKEEPING_RETRY_S = 30.0
_AWAY_PAUSE_S = 1.0
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
    work(settings, open_database(settings), stop)


if __name__ == "__main__":
    main()
