"""What is worked out once from one state of the roads and asked for often."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

MOST_KEPT = 16
"""Answers of one city and one state of its conditions; the oldest goes first."""

T = TypeVar("T")


class Kept:
    """Holds answers as long as the roads they are from are in force.

    Who asks for what another is working out waits for it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives, called once for each key; what it raises is not kept."""
        with self._lock:
            known: Future[T] | None = self._made.get(key)
            future: Future[T] = Future() if known is None else known
            if known is None:
                self._made[key] = future
                while len(self._made) > MOST_KEPT:
                    del self._made[next(iter(self._made))]
        if known is None:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    if self._made.get(key) is future:
                        del self._made[key]
                future.set_exception(error)
                raise
        return future.result()
