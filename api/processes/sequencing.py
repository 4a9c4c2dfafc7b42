"""Giving committed events their place in the stream: at once while there are any, else asleep."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from gis.clock import SystemClock
from gis.database import Database
from gis.listening import Listener
from gis.sequencer import (
    OUTBOX_CHANNEL,
    Sequencer,
    SigningKey,
    anything_waits,
    fall_asleep,
    stay_awake,
)
from gis.settings import Settings

ASLEEP_LOOK_S = 1.0
"""A sleeping sequencer is woken; it looks by itself so often, should that be lost."""
_AWAKE_FOR_S = 2.0
_AWAY_PAUSE_S = 1.0
_log = logging.getLogger("goldenhour.worker")


class _Wakefulness:
    """Whether this sequencer looks all the time, as the writers of events are told."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._until_s = 0.0
        self._told: psycopg.Connection[Any] | None = None

    def events_came(self) -> None:
        """Look all the time from now on, for some seconds."""
        self._until_s = time.monotonic() + _AWAKE_FOR_S
        try:
            connection = self._listener.connection()
            if self._told is not connection and stay_awake(connection):
                self._told = connection
        except psycopg.Error as error:
            _log.warning("the sequencer is told of every event: %s", type(error).__name__)

    def is_worth_looking(self) -> bool:
        """Return False if this sequencer sleeps and nothing waits."""
        if self._until_s:
            return True
        try:
            return anything_waits(self._listener.connection())
        except psycopg.Error:
            return True

    def is_awake(self) -> bool:
        """Return whether to look again at once; falls asleep when nothing came for a while."""
        if self._until_s and time.monotonic() >= self._until_s:
            self._until_s = 0.0
            told, self._told = self._told, None
            if told is not None and not told.closed:
                try:
                    fall_asleep(told)
                except psycopg.Error as error:
                    _log.warning("the sequencer sleeps untold: %s", type(error).__name__)
            # What was written before writers tell us again is looked for once more.
            return True
        return self._until_s > 0.0


def keep_sequencing(
    settings: Settings, database: Database, key: Callable[[], SigningKey], stop: threading.Event
) -> None:
    """Sequence events until `stop`; what waits is due again after a restart.

    `key` is asked for with each batch: a restore may bring another one.
    """
    sequencer = Sequencer(database.engine, key=key, clock=SystemClock())
    with Listener(database.url, OUTBOX_CHANNEL) as listener:
        wakefulness = _Wakefulness(listener)
        while not stop.is_set():
            try:
                moved = sequencer.run_once() if wakefulness.is_worth_looking() else 0
            except DBAPIError as error:
                _log.warning("sequencing failed: %s", str(error.orig).splitlines()[0])
                stop.wait(_AWAY_PAUSE_S)
                continue
            if moved:
                wakefulness.events_came()
            elif wakefulness.is_awake():
                stop.wait(settings.sequencer_interval_s)
            else:
                listener.wait(ASLEEP_LOOK_S)
