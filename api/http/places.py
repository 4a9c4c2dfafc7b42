"""Classes of work: an emergency waits for no matrix.

Each door declares its class where it makes its router, a single route that differs beside it. A
request takes a place of its class before it takes a thread or a connection, and the places of all
classes together are as many as the connections there are: so heavy work that fills its places, and
ordinary work that fills its own, leave those of emergencies free. Heavy work has few places and a
short queue; who finds the queue full is told when to come again, who leaves while waiting leaves
the queue.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum

from starlette.requests import Request

from api.http.request_errors import AskerLeftError, HeavyWorkFullError, OverloadedError

_WAIT_S = 8.0
HEAVY_QUEUE = 32
"""How many wait for a heavy place."""
TILE_QUEUE = 256
"""How many wait for a tile's: consoles that open ask for some twenty each, at once."""
_TILE_WAIT_S = 30.0
"""A tile that comes late is better than a hole in the map, which nobody asks for again."""


class Work(StrEnum):
    """How soon a door must answer, and what it may take from others."""

    EMERGENCY = "emergency"
    ORDINARY = "ordinary"
    HEAVY = "heavy"
    TILE = "heavy (tiles)"
    """Heavy, with places of its own: a matrix must not blank the map."""

    @property
    def is_heavy(self) -> bool:
        """Return whether it has a bounded queue and is given up when the asker leaves."""
        return self in {Work.HEAVY, Work.TILE}


class Places:
    """The places of one class of work in one process."""

    def __init__(self, work: Work, count: int, *, queue: int | None = None) -> None:
        self.work = work
        self.count = count
        self._queue = queue
        self._free = asyncio.Semaphore(count)
        self._waiting = 0

    @asynccontextmanager
    async def one(self, request: Request) -> AsyncIterator[None]:
        """Hold a place while the block runs, waiting for it at most 8 s, for a tile's 30 s.

        Raises
        ------
        AskerLeftError
            The asker of heavy work left while waiting.
        HeavyWorkFullError
            Too many wait already.
        OverloadedError
            None came free in time.
        """
        if self._free.locked() and self._queue is not None and self._waiting >= self._queue:
            raise HeavyWorkFullError
        self._waiting += 1
        try:
            async with asyncio.timeout(_TILE_WAIT_S if self.work is Work.TILE else _WAIT_S):
                await self._wait(request)
        except TimeoutError as error:
            raise OverloadedError from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    async def _wait(self, request: Request) -> None:
        if not self.work.is_heavy or not self._free.locked():
            await self._free.acquire()
            return
        place = asyncio.create_task(self._free.acquire())
        gone = asyncio.create_task(_left(request))
        taken = False
        try:
            await asyncio.wait({place, gone}, return_when=asyncio.FIRST_COMPLETED)
            taken = place.done()
        finally:
            gone.cancel()
            if not taken and not place.cancel():
                self._free.release()
        if not taken:
            raise AskerLeftError


async def _left(request: Request) -> None:
    """Return when the asker has gone; the body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def places_of(connections: int, *, heavy: int) -> Mapping[Work, Places]:
    """Share `connections` among the classes: `heavy`, twice as many tiles, the rest 2 to 3.

    Tiles are the database's work, heavy questions this process's own.
    """
    most = max(1, connections // 8)
    tiles, heavy = min(2 * heavy, most), min(heavy, most)
    rest = connections - heavy - tiles
    ordinary = max(1, rest * 2 // 5)
    return {
        Work.EMERGENCY: Places(Work.EMERGENCY, max(1, rest - ordinary)),
        Work.ORDINARY: Places(Work.ORDINARY, ordinary),
        Work.HEAVY: Places(Work.HEAVY, heavy, queue=HEAVY_QUEUE),
        Work.TILE: Places(Work.TILE, tiles, queue=TILE_QUEUE),
    }
