"""Listening to notifications of the database; what is lost is polled for by whoever waits."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

_CONNECT_S = 5
_log = logging.getLogger("goldenhour.listening")


def libpq_url(url: URL) -> str:
    """Return a SQLAlchemy URL as libpq takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@asynccontextmanager
async def listen(
    url: URL, *channels: str, options: str = ""
) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Hold a connection of an event loop that listens to `channels`; closed also when cancelled.

    options : of the session, as libpq takes them

    Raises
    ------
    psycopg.Error
        The database is away.
    """
    async with await psycopg.AsyncConnection.connect(
        libpq_url(url), autocommit=True, options=options, connect_timeout=_CONNECT_S
    ) as opened:
        for channel in channels:
            await opened.execute(_listen_to(channel))
        yield opened


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

    def wait(self, longest_s: float) -> bool:
        """Return True when something was told, False after `longest_s`.

        What is told between two calls ends the second at once. Without a connection it sleeps.
        """
        until_s = time.monotonic() + longest_s
        try:
            connection = self.connection()
            for _ in connection.notifies(timeout=longest_s, stop_after=1):
                return True
        except psycopg.Error as error:
            _log.warning("LISTEN %s is lost: %s", self._channel, type(error).__name__)
            self._close()
            time.sleep(max(until_s - time.monotonic(), 0.0))
        return False

    def connection(self) -> psycopg.Connection[Any]:
        """Return the connection, opened if it is not; its session is the listener's alone.

        Raises
        ------
        psycopg.Error
            The database is away.
        """
        if self._connection is None:
            opened = psycopg.connect(
                libpq_url(self._url), autocommit=True, connect_timeout=_CONNECT_S
            )
            opened.execute(_listen_to(self._channel))
            self._connection = opened
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _listen_to(channel: str) -> sql.Composed:
    return sql.SQL("LISTEN {}").format(sql.Identifier(channel))
