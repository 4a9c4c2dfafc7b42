"""Clock and ids, injected everywhere: nothing else asks the machine for the time or for chance."""

import os
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Tells the time as aware UTC."""

    def now(self) -> datetime:
        """Return the current time, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time, aware, UTC."""
        return datetime.now(tz=UTC)


class FixedClock:
    """A clock for tests: stands still until advanced."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self._at

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._at += timedelta(seconds=seconds)


class IdFactory(Protocol):
    """Gives ids that sort roughly by time."""

    def new(self) -> UUID:
        """Return an id never given before."""
        ...


def _uuid7(unix_ms: int, random_bits: int) -> UUID:
    """Compose a version 7 UUID (RFC 9562, section 5.7) from milliseconds and 74 random bits."""
    rand_a = random_bits >> 62 & 0xFFF
    rand_b = random_bits & (1 << 62) - 1
    return UUID(int=(unix_ms & (1 << 48) - 1) << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b)


class SystemIds:
    """Version 7 UUIDs from the machine's clock and entropy."""

    def new(self) -> UUID:
        """Return a fresh version 7 UUID."""
        return _uuid7(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big"))


class SeededIds:
    """Repeatable ids for tests."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (repeatability is the point)
        self._count = 0

    def new(self) -> UUID:
        """Return the next id of the seeded sequence."""
        self._count += 1
        return _uuid7(self._count, self._random.getrandbits(74))
