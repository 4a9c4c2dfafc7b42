"""The worker process: the sequencer, the position partitions, the sweeping of what expired."""

import logging
import signal
import threading
import time

from sqlalchemy.exc import DBAPIError

from api.supervisor import keys
from gis.access import SYSTEM
from gis.clock import SystemClock
from gis.database import Database
from gis.housekeeping import maintain_partitions, sweep_expired
from gis.provision import open_database
from gis.sequencer import Sequencer, SigningKey
from gis.settings import Settings, load_settings

_HOUSEKEEPING_INTERVAL_S = 600.0
_AWAY_PAUSE_S = 1.0
_log = logging.getLogger("goldenhour.worker")


def keep_house(database: Database, settings: Settings) -> None:
    """Make partitions ahead, drop those past retention, sweep sessions, tokens and keys."""
    with database.unit_of_work(SYSTEM) as uow:
        now = uow.clock.now()
        maintain_partitions(
            uow.session, now.date(), retention_days=settings.position_retention_days
        )
        sweep_expired(uow.session, now)


def work(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Sequence events until `stop`; every step is due again after a restart."""
    key = SigningKey.load_or_make(keys(settings) / "stream.pem")
    sequencer = Sequencer(database.engine, key=key, clock=SystemClock())
    house_kept_at = -_HOUSEKEEPING_INTERVAL_S
    while not stop.is_set():
        try:
            if time.monotonic() - house_kept_at >= _HOUSEKEEPING_INTERVAL_S:
                keep_house(database, settings)
                house_kept_at = time.monotonic()
            moved = sequencer.run_once()
        except DBAPIError as error:
            _log.warning("the database is away: %s", str(error.orig).splitlines()[0])
            stop.wait(_AWAY_PAUSE_S)
            continue
        if moved == 0:
            stop.wait(settings.sequencer_interval_s)


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    settings = load_settings()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    work(settings, open_database(settings), stop)


if __name__ == "__main__":
    main()
