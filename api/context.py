"""What one process holds: made once by the factory, reached by every endpoint."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.live.broadcaster import Broadcaster
from gis.database import Database
from gis.identity import Accounts
from gis.settings import Settings
from routing.live.routing import Routing


@dataclass(frozen=True, slots=True)
class AppContext:
    """The process's long-lived objects. `slots` counts requests that hold a connection."""

    settings: Settings
    database: Database
    routing: Routing
    accounts: Accounts
    broadcaster: Broadcaster
    slots: asyncio.Semaphore


async def context_of(connection: HTTPConnection) -> AppContext:
    """Return the context the factory put into the application."""
    context = connection.app.state.context
    assert isinstance(context, AppContext)
    return context


Context = Annotated[AppContext, Depends(context_of)]
