"""The application of one API process: database opened, roads loaded, kernels compiled."""

import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from api.app import create_app
from api.processes.lasting import start_lasting
from api.rooms import HOUSE
from dispatch.coverage.service import city_picture
from gis.access import SYSTEM
from gis.cities import list_cities
from gis.database import Database
from gis.errors import GoldenHourError
from gis.listening import Listener
from gis.provision import open_database
from gis.rooms.house import check_references
from gis.settings import Settings
from routing.live.routing import ROADS_CHANNEL, Routing
from routing.live.warm_up import prepare_kernels

_REFRESH_INTERVAL_S = 5.0
_LOOK_S = 1.0
_log = logging.getLogger("goldenhour.server")


def keep_roads_current(
    database: Database, routing: Routing
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return a lifespan that keeps the roads current in a thread of its own.

    It is told of changed conditions and new metrics, and looks every second for what it was not
    told, or what changed with time; for changed networks every 5 s.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()

        def watch() -> None:
            prepare_coverage(database, routing)
            refresh_at = time.monotonic() + _REFRESH_INTERVAL_S
            with Listener(database.url, ROADS_CHANNEL) as listener:
                while not stop.is_set():
                    listener.wait(_LOOK_S)
                    try:
                        if time.monotonic() >= refresh_at:
                            routing.refresh()
                            refresh_at = time.monotonic() + _REFRESH_INTERVAL_S
                        routing.keep_up()
                    except (SQLAlchemyError, GoldenHourError, OSError) as error:
                        _log.warning("the roads in memory stay in use: %s", type(error).__name__)

        start_lasting(watch, name="roads", stop=stop)
        try:
            yield
        finally:
            stop.set()

    return lifespan


def prepare_coverage(database: Database, routing: Routing) -> None:
    """Look up once whom units reach, so that the first recommendation need not; one city's fault is
    logged and costs no other city.
    """
    with database.read(SYSTEM) as uow:
        cities = [city.city_id for city in list_cities(uow.session)]
    for city_id in cities:
        try:
            with database.read(SYSTEM) as uow, routing.at(uow, city_id) as roads:
                city_picture(uow, roads, city_id)
        except (SQLAlchemyError, GoldenHourError, OSError) as error:
            _log.warning("coverage of city %d is not prepared: %s", city_id, type(error).__name__)


def build_app(settings: Settings) -> FastAPI:
    """Open the database, load the roads, compile the kernels; then return the application."""
    check_references(HOUSE)
    database = open_database(settings)
    prepare_kernels()
    routing = Routing(
        database, settings.graph_cache_folder, jurisdictions_file=settings.jurisdictions_file
    )
    routing.refresh()
    return create_app(settings, database, routing, lifespan=keep_roads_current(database, routing))
