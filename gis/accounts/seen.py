"""When logins and tokens were last used: kept in memory, written down by the minute.

A request that reads writes nothing, and who looks twice a second is noted once.
"""

import logging
import threading
from datetime import datetime
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from gis.access import SYSTEM
from gis.accounts import repository
from gis.database import Database
from gis.identity import Credential

WRITE_EVERY_S = 60.0
_log = logging.getLogger("goldenhour.accounts")


class Seen:
    """Collects uses in a process; a thread of its own writes them while it is started."""

    def __init__(self) -> None:
        self._seen: dict[Credential, datetime] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, credential: Credential, at: datetime) -> None:
        """Remember that `credential` was used."""
        with self._lock:
            self._seen[credential] = at

    def write(self, database: Database) -> None:
        """Write down what was remembered; a login that has ended meanwhile is left out."""
        with self._lock:
            seen, self._seen = self._seen, {}
        by_kind: dict[str, dict[bytes, datetime]] = {}
        for credential, at in seen.items():
            kind, digest = credential.stored()
            by_kind.setdefault(kind, {})[digest] = at
        if not by_kind:
            return
        with database.unit_of_work(SYSTEM) as uow:
            for kind, used in by_kind.items():
                repository.note_seen(uow.session, kind, used)

    def start(self, database: Database) -> Self:
        """Begin to write every minute."""
        self._over.clear()
        self._thread = threading.Thread(
            target=self._write_now_and_then, args=(database,), name="seen", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End; what was remembered since the last minute is lost."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _write_now_and_then(self, database: Database) -> None:
        while not self._over.wait(WRITE_EVERY_S):
            try:
                self.write(database)
            except SQLAlchemyError as error:
                _log.warning("who was seen is not written: %s", type(error).__name__)
