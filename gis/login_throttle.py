"""Slows down guessing: failed logins counted per user name and address."""

import math
import threading
from collections import OrderedDict
from datetime import datetime

from gis.identity_errors import TooManyAttemptsError

ATTEMPTS = 8
WINDOW_S = 900.0
ADDRESS_ATTEMPTS = 60
REMEMBERED = 10_000


class LoginThrottle:
    """Counts failures within `WINDOW_S`; past the limit every try is refused until one lapses.

    Two counters: name + address (a typing user), and address alone (one who tries many names).
    Never the name alone, or anybody could lock a dispatcher out. Counts live in the process.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, str], list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, username: str, address: str, *, now: datetime) -> None:
        """Refuse when too many failures are remembered.

        Raises
        ------
        TooManyAttemptsError
            With the seconds until the next try is allowed.
        """
        at = now.timestamp()
        with self._lock:
            for key, limit in self._counters(username, address):
                recent = self._recent(key, at)
                if len(recent) >= limit:
                    raise TooManyAttemptsError(math.ceil(recent[-limit] + WINDOW_S - at))

    def failed(self, username: str, address: str, *, now: datetime) -> None:
        """Remember one failed login."""
        at = now.timestamp()
        with self._lock:
            for key, _ in self._counters(username, address):
                self._failures[key] = [*self._recent(key, at), at]
                self._failures.move_to_end(key)
            self._sweep(at)

    def succeeded(self, username: str, address: str) -> None:
        """Forget the failures of this name from this address."""
        with self._lock:
            self._failures.pop((username.lower(), address), None)

    def _sweep(self, at: float) -> None:
        """Forget who failed last longer ago than counts; they stand in front."""
        while self._failures:
            key, failures = next(iter(self._failures.items()))
            if len(self._failures) <= REMEMBERED and failures[-1] > at - WINDOW_S:
                return
            del self._failures[key]

    def _counters(self, username: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
        return ((username.lower(), address), ATTEMPTS), (("", address), ADDRESS_ATTEMPTS)

    def _recent(self, key: tuple[str, str], at: float) -> list[float]:
        return [failure for failure in self._failures.get(key, ()) if failure > at - WINDOW_S]
