"""Use cases of protocols: which one counts."""

from dispatch.triage.model import Protocol
from dispatch.triage.protocol import default_protocol
from dispatch.triage.rules import Rules
from gis.database import UnitOfWork
from gis.rows import AnyRow


def protocol_of(_uow: UnitOfWork, _city_id: int) -> Protocol:
    """Return the protocol that new calls of a city begin with."""
    return default_protocol()


def rules_of(uow: UnitOfWork, city_id: int) -> Rules:
    """Return the rules of the protocol that new calls of a city begin with."""
    return protocol_of(uow, city_id).rules


def rules_of_incident(uow: UnitOfWork, incident: AnyRow) -> Rules:
    """Return the rules of the protocol that an incident began with."""
    return rules_of(uow, incident.city_id)
