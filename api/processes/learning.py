"""Speeds are learned every night: the worker looks when, a child process does the work.

A child, because thousands of small steps would hold up the sequencing of events, and because its
memory goes back with it.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from api.processes.lifeline import end_with_parent
from gis.access import SYSTEM
from gis.database import Database
from gis.errors import GoldenHourError
from gis.provision import open_database
from gis.settings import PROJECT_FOLDER, Settings, load_settings
from routing.learning.nightly import learning_due
from routing.learning.repository_nightly import LearningState, learning_states, only_learner
from routing.learning.service import learn
from routing.live.routing import Routing
from routing.roads.model import Profile

_LOOK_S = 60.0
_STOPS_IN_S = 5.0
_PAUSE_S = 3600.0
_LONGEST_S = 6 * 3600.0
"""A child that works longer than this is taken to hang, and stopped."""
_NICENESS = 10
_ELSEWHERE = 3
"""Exit status of a child that found another process learning the same city."""
_log = logging.getLogger("goldenhour.learning")

Start = Callable[[int, datetime], "subprocess.Popen[bytes]"]


def start_child(city_id: int, to_at: datetime) -> "subprocess.Popen[bytes]":
    """Start a process that learns one city's speeds from what was received before `to_at`."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.processes.learning", str(city_id), to_at.isoformat()],
        cwd=PROJECT_FOLDER,
        stdin=subprocess.DEVNULL,
    )


class NightLearning:
    """Starts the night's work of one city after the other; what fails is tried later again."""

    def __init__(self, settings: Settings, database: Database, *, start: Start) -> None:
        self._database, self._start = database, start
        self._hour = settings.learn_speeds_hour
        self._retention = timedelta(days=settings.position_retention_days)
        self._not_before: dict[int, float] = {}

    def due(self) -> list[tuple[LearningState, datetime]]:
        """Return the cities whose speeds are to be learned now, and up to when."""
        with self._database.read(SYSTEM) as uow:
            now = uow.clock.now()
            states = learning_states(uow.session)
        due = []
        for state in states:
            to_at = learning_due(
                now, zone=ZoneInfo(state.time_zone), hour=self._hour,
                learned_until=state.learned_until, retention=self._retention,
            )  # fmt: skip
            if to_at is not None:
                due.append((state, to_at))
        return due

    def run_once(self, stop: threading.Event) -> None:
        """Learn what is due, one city after the other."""
        for state, to_at in self.due():
            if stop.is_set() or time.monotonic() < self._not_before.get(state.city_id, 0.0):
                continue
            status = self._wait(self._start(state.city_id, to_at), stop)
            if status == 0 or stop.is_set():
                self._not_before.pop(state.city_id, None)
                continue
            self._not_before[state.city_id] = time.monotonic() + _PAUSE_S
            if status != _ELSEWHERE:
                _log.warning(
                    "speeds of %s were not learned (status %s); positions are kept %s days; "
                    "tried again in an hour",
                    state.city_key, status, self._retention.days,
                )  # fmt: skip

    @staticmethod
    def _wait(child: "subprocess.Popen[bytes]", stop: threading.Event) -> int:
        ends_at = time.monotonic() + _LONGEST_S
        while child.poll() is None and not stop.wait(0.2):
            if time.monotonic() > ends_at:
                break
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(_STOPS_IN_S)
            except subprocess.TimeoutExpired:
                child.kill()
        return child.wait()


def keep_learning(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Learn every city's speeds at night until `stop`.

    Not in a simulation, where units may drive faster than the clock.
    """
    if not settings.learn_speeds or settings.purpose != "live":
        stop.wait()
        return
    nights = NightLearning(settings, database, start=start_child)
    while not stop.is_set():
        try:
            nights.run_once(stop)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("learning waits: %s", type(error).__name__)
        stop.wait(_LOOK_S)


def learn_city(
    settings: Settings, database: Database, city_id: int, to_at: datetime, stop: threading.Event
) -> int:
    """Learn one city's speeds; return the status its process ends with."""
    began_s = time.monotonic()
    with only_learner(database.engine, city_id) as alone:
        if not alone:
            return _ELSEWHERE
        routing = Routing(
            database, settings.graph_cache_folder,
            profiles=(Profile.AMBULANCE, Profile.AMBULANCE_LIGHTS),
            jurisdictions_file=settings.jurisdictions_file,
        )  # fmt: skip
        routing.refresh()
        learned = learn(database, routing, city_id, to_at=to_at, stop=stop)
    if learned is None:
        return 1
    _log.info(
        "city %s, received before %s: %d positions, %d trips, %d drives, %d speeds known, %.0f s",
        city_id, to_at.isoformat(), learned.positions, learned.trips, learned.drives,
        learned.cells, time.monotonic() - began_s,
    )  # fmt: skip
    return 0


def main() -> int:
    """Learn the city of the command line: its id, and an ISO time."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    end_with_parent()
    os.nice(_NICENESS)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    settings = load_settings()
    database = open_database(settings)
    try:
        return learn_city(
            settings, database, int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), stop
        )
    except GoldenHourError as error:
        _log.warning("%s: %s", error.code, error)
        return 1
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(main())
