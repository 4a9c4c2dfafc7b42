"""Permissions as types: an endpoint's signature says who may call it and in what transaction.

Every endpoint has exactly one parameter of these types (a test refuses one without). The commit
happens when the endpoint has returned and before its answer is sent (FastAPI's function scope),
so nothing unsaved is ever acknowledged and a failing commit becomes an error answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.context import Context
from api.http.auth import credential_of, refuse_cross_site
from dispatch.permissions import (
    ARRIVALS_READ,
    COVERAGE_RULES,
    DISPATCH,
    INCIDENT_READ,
    INCIDENT_WRITE,
    PERSONAL_READ,
    PLACE_SEARCH,
    POSITION_WRITE,
    SIMULATION_CONTROL,
    UNIT_STATUS_WRITE,
)
from gis.access import ANONYMOUS, Identity, Permission
from gis.database import ReadingUnitOfWork, UnitOfWork, WritingUnitOfWork
from gis.identity import Credential, identified_by
from gis.identity_errors import MissingPermissionError, NotAuthenticatedError
from gis.permissions import EVENTS_READ, HOSPITAL_STATUS_WRITE, RESOURCE_READ, USER_ADMIN
from routing.permissions import (
    CONTRAFLOW_SIGN,
    ROAD_CONDITIONS_READ,
    ROAD_CONDITIONS_WRITE,
    ROUTING_USE,
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, for endpoints that outlive a transaction."""

    identity: Identity
    credential: Credential


def _shown(request: Request) -> Credential:
    credential = credential_of(request)
    refuse_cross_site(request, credential)
    if credential is None:
        raise NotAuthenticatedError
    return credential


def _check(identity: Identity, any_of: tuple[Permission, ...]) -> None:
    if any_of and not identity.holds_any(any_of):
        raise MissingPermissionError(any_of[0])


@dataclass(frozen=True, slots=True)
class Requires:
    """Opens a transaction for a viewer who holds one of `any_of` (none named: is logged in)."""

    any_of: tuple[Permission, ...]
    read_only: bool = False

    def __call__(self, request: Request, context: Context) -> Iterator[UnitOfWork]:
        """Yield the unit of work; it commits when the endpoint returned."""
        credential = _shown(request)
        database = context.database
        opened = database.read if self.read_only else database.unit_of_work
        with opened(identified_by(credential)) as uow:
            context.seen.note(credential, uow.clock.now())
            _check(uow.identity, self.any_of)
            yield uow


@dataclass(frozen=True, slots=True)
class RequiresViewer:
    """Checks the permission and closes the transaction before the endpoint runs."""

    any_of: tuple[Permission, ...]

    def __call__(self, request: Request, context: Context) -> Viewer:
        """Return who is asking."""
        credential = _shown(request)
        with context.database.read(identified_by(credential)) as uow:
            context.seen.note(credential, uow.clock.now())
            _check(uow.identity, self.any_of)
            return Viewer(uow.identity, credential)


@dataclass(frozen=True, slots=True)
class OpenToAll:
    """Opens a transaction for anybody, logged in or not: as the anonymous identity.

    recognises : whoever shows a login is known by it, and sees more
    """

    read_only: bool = True
    recognises: bool = False

    def __call__(self, request: Request, context: Context) -> Iterator[UnitOfWork]:
        """Yield the unit of work."""
        database = context.database
        opened = database.read if self.read_only else database.unit_of_work
        shown = credential_of(request) if self.recognises else None
        with opened(ANONYMOUS if shown is None else identified_by(shown)) as uow:
            yield uow


@dataclass(frozen=True, slots=True)
class NoDatabase:
    """Open to anybody and without a transaction: health, pages, static documents."""

    def __call__(self) -> None:
        """Do nothing; the type in the signature is the statement."""


Access = Requires | RequiresViewer | OpenToAll | NoDatabase
"""Everything that declares an endpoint's access."""


def reads(*any_of: Permission) -> Requires:
    """Return what a reading door depends on; a room's doors make their own types with it."""
    return Requires(any_of, read_only=True)


def writes(*any_of: Permission) -> Requires:
    """Return what a writing door depends on."""
    return Requires(any_of)


IncidentReader = Annotated[ReadingUnitOfWork, Depends(reads(INCIDENT_READ), scope="function")]
IncidentWriter = Annotated[WritingUnitOfWork, Depends(writes(INCIDENT_WRITE), scope="function")]
DispatchReader = Annotated[ReadingUnitOfWork, Depends(reads(DISPATCH), scope="function")]
Dispatcher = Annotated[WritingUnitOfWork, Depends(writes(DISPATCH), scope="function")]
UnitStatusWriter = Annotated[
    WritingUnitOfWork, Depends(writes(UNIT_STATUS_WRITE), scope="function")
]
PositionWriter = Annotated[WritingUnitOfWork, Depends(writes(POSITION_WRITE), scope="function")]
PersonalReader = Annotated[WritingUnitOfWork, Depends(writes(PERSONAL_READ), scope="function")]
"""A transaction that may write: looking at personal values leaves a record."""
ResourceReader = Annotated[ReadingUnitOfWork, Depends(reads(RESOURCE_READ), scope="function")]
HospitalStatusWriter = Annotated[
    WritingUnitOfWork, Depends(writes(HOSPITAL_STATUS_WRITE), scope="function")
]
HospitalStatusReader = Annotated[
    ReadingUnitOfWork, Depends(reads(RESOURCE_READ, HOSPITAL_STATUS_WRITE), scope="function")
]
PlaceSearcher = Annotated[ReadingUnitOfWork, Depends(reads(PLACE_SEARCH), scope="function")]
RouteAsker = Annotated[ReadingUnitOfWork, Depends(reads(ROUTING_USE), scope="function")]
ArrivalsViewer = Annotated[
    Viewer, Depends(RequiresViewer((ARRIVALS_READ, DISPATCH)), scope="function")
]
"""Sees how right the arrival times were: whoever plans or dispatches by them.

Who only plans reads no single dispatch: `read_drives` widens the period to whole days.
"""
RoadConditionsReader = Annotated[
    ReadingUnitOfWork, Depends(reads(ROAD_CONDITIONS_READ), scope="function")
]
RoadConditionsWriter = Annotated[
    WritingUnitOfWork, Depends(writes(ROAD_CONDITIONS_WRITE), scope="function")
]
RoadConditionsEnder = Annotated[
    WritingUnitOfWork,
    Depends(writes(ROAD_CONDITIONS_WRITE, CONTRAFLOW_SIGN), scope="function"),
]
"""Ends or prolongs: a permit needs the right to sign, everything else the right to write."""
ContraflowSigner = Annotated[WritingUnitOfWork, Depends(writes(CONTRAFLOW_SIGN), scope="function")]
SimulationReader = Annotated[
    ReadingUnitOfWork, Depends(reads(SIMULATION_CONTROL), scope="function")
]
CoverageRuler = Annotated[WritingUnitOfWork, Depends(writes(COVERAGE_RULES), scope="function")]
SimulationController = Annotated[
    WritingUnitOfWork, Depends(writes(SIMULATION_CONTROL), scope="function")
]
EventsReader = Annotated[ReadingUnitOfWork, Depends(reads(EVENTS_READ), scope="function")]
StreamViewer = Annotated[Viewer, Depends(RequiresViewer((EVENTS_READ,)), scope="function")]
Reader = Annotated[ReadingUnitOfWork, Depends(reads(), scope="function")]
"""Whoever is logged in; what is shown depends on what is held."""
LoggedIn = Annotated[WritingUnitOfWork, Depends(writes(), scope="function")]
"""The same, where something changes."""
CityLoader = Annotated[WritingUnitOfWork, Depends(writes(USER_ADMIN), scope="function")]
Public = Annotated[ReadingUnitOfWork, Depends(OpenToAll(), scope="function")]
PublicWriter = Annotated[WritingUnitOfWork, Depends(OpenToAll(read_only=False), scope="function")]
Anybody = Annotated[ReadingUnitOfWork, Depends(OpenToAll(recognises=True), scope="function")]
"""Whoever comes; who shows a login sees what it allows, and one that is over is told so."""
PublicPage = Annotated[None, Depends(NoDatabase(), scope="function")]
