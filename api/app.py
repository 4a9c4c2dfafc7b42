"""The application factory: nothing is made at import, everything a process holds is made here."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI

from api.context import AppContext
from api.doors.maps import pages
from api.gathering import door_modules
from api.http.compression import Compressed
from api.http.errors import install_error_handlers
from api.http.middleware import BodyLimit, HouseHeaders
from api.http.openapi import House
from api.http.places import places_of
from api.live import stream
from api.live.broadcaster import Broadcaster
from api.live.views import read_views
from api.rooms import HOUSE
from dispatch.aeds.emergency_numbers import load_numbers
from gis.accounts.seen import Seen
from gis.database import Database
from gis.identity import Accounts
from gis.settings import Settings
from routing.live.routing import Routing

MAX_BODY_BYTES = 1_000_000
_CONNECTIONS_KEPT_BACK = 4
"""For the broadcaster, the login checks of open streams, and the predictions of dispatches."""
_THREADS_OF_OTHERS = 24
"""For those, and for the files of the pages."""

DOORS = (*door_modules(HOUSE), stream)


Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    settings: Settings,
    database: Database,
    routing: Routing,
    *,
    accounts: Accounts | None = None,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """Return the application over an opened database and loaded roads.

    `lifespan` is entered while the application runs. The caller closes database and roads after
    it has ended.
    """

    @asynccontextmanager
    async def running(application: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if lifespan is not None:
                await stack.enter_async_context(lifespan(application))
            # A place is of use only with a thread; the streams and files need some of their own.
            threads = to_thread.current_default_thread_limiter()
            threads.total_tokens = max(threads.total_tokens, connections + _THREADS_OF_OTHERS)
            broadcaster.start()
            stack.push_async_callback(broadcaster.stop)
            stack.callback(seen.start(database).stop)
            yield

    app = House(
        title="GoldenHour",
        version="1",
        summary="Emergency call, ambulance, AED and hospital in one geodatabase",
        openapi_url="/v1/openapi.json",
        # The built-in documentation pages load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        lifespan=running,
        redirect_slashes=False,
    )
    broadcaster = Broadcaster(database, read_views=read_views)
    # The pool may overflow to twice its size (gis.database).
    connections = max(2 * settings.pool_size - _CONNECTIONS_KEPT_BACK, 1)
    seen = Seen()
    app.state.context = AppContext(
        settings=settings,
        database=database,
        routing=routing,
        accounts=accounts or Accounts(),
        broadcaster=broadcaster,
        seen=seen,
        places=places_of(connections, heavy=settings.heavy_places),
        emergency_numbers=load_numbers(settings.emergency_numbers_file),
    )
    install_error_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES)
    for door in DOORS:
        app.include_router(door.router)
    pages.mount_files(app)
    # Around everything, also around what answers the program's own mistakes.
    app.middleware_stack = HouseHeaders(Compressed(app.build_middleware_stack()))
    return app
