"""What one process holds: made once by the factory, reached by every endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.http.places import Places, Work
from api.live.broadcaster import Broadcaster
from dispatch.aeds.emergency_numbers import EmergencyNumbers
from gis.accounts.seen import Seen
from gis.database import Database
from gis.identity import Accounts
from gis.settings import Settings
from routing.live.routing import Routing


@dataclass(frozen=True, slots=True)
class AppContext:
    """The process's long-lived objects; each request holds one of `places`."""

    settings: Settings
    database: Database
    routing: Routing
    accounts: Accounts
    broadcaster: Broadcaster
    seen: Seen
    places: Mapping[Work, Places]
    emergency_numbers: EmergencyNumbers


async def context_of(connection: HTTPConnection) -> AppContext:
    """Return the context the factory put into the application."""
    context = connection.app.state.context
    assert isinstance(context, AppContext)
    return context


Context = Annotated[AppContext, Depends(context_of)]
