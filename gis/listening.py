"""Waiting for a notification of the database, at most some time: what is lost is polled for."""

import logging
import time
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy.engine import URL

_log = logging.getLogger("goldenhour.listening")


def libpq_url(url: URL) -> str:
    """Return a SQLAlchemy URL as libpq takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Listener:
    """One connection that listens to one channel. Used from one thread."""

    def __init__(self, url: URL, channel: str) -> None:
        self._url, self._channel = url, channel
        self._connection: psycopg.Connection[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def wait(self, longest_s: float) -> None:
        """Return when something was told, or after `longest_s`.

        What is told between two calls ends the second at once. Without a connection it sleeps.
        """
        until_s = time.monotonic() + longest_s
        try:
            connection = self.connection()
            for _ in connection.notifies(timeout=longest_s, stop_after=1):
                return
        except psycopg.Error as error:
            _log.warning("LISTEN %s is lost: %s", self._channel, type(error).__name__)
            self._close()
            time.sleep(max(until_s - time.monotonic(), 0.0))

    def connection(self) -> psycopg.Connection[Any]:
        """Return the connection, opened if it is not; its session is the listener's alone.

        Raises
        ------
        psycopg.Error
            The database is away.
        """
        if self._connection is None:
            opened = psycopg.connect(libpq_url(self._url), autocommit=True, connect_timeout=5)
            opened.execute(f'LISTEN "{self._channel}"')
            self._connection = opened
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
