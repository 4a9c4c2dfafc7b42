"""What an incident's response plan asks for and does not have yet."""

from dataclasses import dataclass
from uuid import UUID

from dispatch.incidents.records import read_incident
from dispatch.permissions import INCIDENT_READ
from dispatch.plans import repository
from dispatch.plans.model import Able, ResponseNeed, needs_of, shortfall
from gis.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class MissingNeed:
    """So many units of a level and with capabilities are missing."""

    level: str
    count: int
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortfallView:
    """What is missing; `known` is false while the incident is not coded: nobody can say then."""

    incident_id: UUID
    incident_version: int
    known: bool
    missing: tuple[MissingNeed, ...]


def shortfall_of(uow: UnitOfWork, incident_id: UUID) -> tuple[ResponseNeed, ...]:
    """Return what an incident's plan asks for and no unit on it fills; empty if nothing, or if it
    is not coded.

    It follows from the plan and the open assignments, so it holds until a fitting unit is on the
    incident, comes back when that one is called off, and needs no keeping up to date.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    incident = read_incident(uow, incident_id, INCIDENT_READ)
    at_work = [
        Able(row.level, frozenset(row.capabilities or ()))
        for row in repository.units_at_work(uow.session, incident_id)
    ]
    return shortfall(needs_of(incident.response_plan), at_work)


def shortfall_view(uow: UnitOfWork, incident_id: UUID) -> ShortfallView:
    """Return what an incident lacks, as it is shown. Raises as `shortfall_of`."""
    incident = read_incident(uow, incident_id, INCIDENT_READ)
    return ShortfallView(
        incident_id, incident.version, incident.response_plan is not None,
        tuple(
            MissingNeed(need.level, need.count, tuple(sorted(need.capabilities)))
            for need in shortfall_of(uow, incident_id)
        ),
    )  # fmt: skip
