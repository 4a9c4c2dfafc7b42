"""How personal values of incidents end: the rules of the night, and what is erased on demand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dispatch.errors import (
    CallNotFoundError,
    IncidentNotFoundError,
    PatientNotFoundError,
)
from dispatch.incidents import repository
from dispatch.incidents.records import lock_incident
from dispatch.incidents.retention import repository as repository_retention
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.permissions import PRIVACY_ADMIN
from gis.rows import AnyRow


def find_incident(uow: UnitOfWork, given: str) -> str:
    """Return the id of an incident named by number or id.

    Raises
    ------
    IncidentNotFoundError
    """
    incident_id = _as_id(given) or repository.incident_id_by_number(uow.session, given)
    if not _is_answered_for(uow, incident_id):
        raise IncidentNotFoundError(given)
    return str(incident_id)


def forget_incident(uow: WritingUnitOfWork, incident_id: str) -> int:
    """Erase the personal values of an incident's calls and patients; return how many there were.

    With them go the times and distances to its place that were predicted at dispatch. The log keeps
    commitments, which mean nothing once their salts are gone; its chain holds.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    found = UUID(incident_id)
    incident = lock_incident(uow, found, PRIVACY_ADMIN, must_be_open=False)
    erased = sum(
        repository_retention.erase_values(uow.session, kind, [str(one) for one in ids])
        for kind, ids in (
            ("call", repository_retention.calls_of(uow.session, found)),
            ("patient", repository_retention.patients_of(uow.session, found)),
        )
    )
    erased += repository_retention.erase_telephone(
        uow.session, repository_retention.calls_of(uow.session, found)
    )
    repository_retention.erase_times(uow.session, found)
    _emit_erased(uow, incident, erased)
    return erased


def held_with_incident(uow: UnitOfWork, incident_id: str) -> tuple[tuple[str, str], ...]:
    """Return its calls and patients: who keeps one of them keeps the incident."""
    found = UUID(incident_id)
    return (
        *(("call", str(one)) for one in repository_retention.calls_of(uow.session, found)),
        *(("patient", str(one)) for one in repository_retention.patients_of(uow.session, found)),
    )


def find_call(uow: UnitOfWork, given: str) -> str:
    """Return the id of a call.

    Raises
    ------
    CallNotFoundError
        There is none within the viewer's jurisdiction.
    """
    call_id = _as_id(given)
    if call_id is None or not _is_answered_for(
        uow, repository.incident_of_call(uow.session, call_id)
    ):
        raise CallNotFoundError(given)
    return str(call_id)


def calls_from(uow: UnitOfWork, number: str) -> Sequence[str]:
    """Return the calls from a number, with the country's code or without it."""
    return repository_retention.calls_from(uow.session, number)


def calls_of_name(uow: UnitOfWork, name: str) -> Sequence[str]:
    """Return the calls of whoever gave exactly this name."""
    return repository_retention.named(uow.session, "call", "caller_name", name)


def held_with_call(uow: UnitOfWork, call_id: str) -> tuple[tuple[str, str], ...]:
    """Return the incident, whose hold keeps its calls."""
    return _incident_subject(repository.incident_of_call(uow.session, UUID(call_id)))


def forget_call(uow: WritingUnitOfWork, call_id: str) -> int:
    """Erase number, name and words of one call; return how many values there were."""
    incident_id = repository.incident_of_call(uow.session, UUID(call_id))
    if incident_id is None:
        return 0
    incident = lock_incident(uow, incident_id, PRIVACY_ADMIN, must_be_open=False)
    erased = repository_retention.erase_values(uow.session, "call", [call_id])
    erased += repository_retention.erase_telephone(uow.session, [UUID(call_id)])
    _emit_erased(uow, incident, erased)
    return erased


def find_patient(uow: UnitOfWork, given: str) -> str:
    """Return the id of a patient.

    Raises
    ------
    PatientNotFoundError
        There is none within the viewer's jurisdiction.
    """
    patient_id = _as_id(given)
    if patient_id is None or not _is_answered_for(
        uow, repository_retention.incident_of_patient(uow.session, patient_id)
    ):
        raise PatientNotFoundError(given)
    return str(patient_id)


def patients_of_name(uow: UnitOfWork, name: str) -> Sequence[str]:
    """Return the patients under exactly this name."""
    return repository_retention.named(uow.session, "patient", "name", name)


def held_with_patient(uow: UnitOfWork, patient_id: str) -> tuple[tuple[str, str], ...]:
    """Return the incident, whose hold keeps its patients."""
    return _incident_subject(
        repository_retention.incident_of_patient(uow.session, UUID(patient_id))
    )


def forget_patient(uow: WritingUnitOfWork, patient_id: str) -> int:
    """Erase a patient's name, age, sex and colour; return how many values there were."""
    found = UUID(patient_id)
    incident_id = repository_retention.incident_of_patient(uow.session, found)
    if incident_id is None:
        return 0
    incident = lock_incident(uow, incident_id, PRIVACY_ADMIN, must_be_open=False)
    erased = repository_retention.erase_values(uow.session, "patient", [patient_id])
    repository_retention.erase_details(uow.session, found)
    _emit_erased(uow, incident, erased)
    return erased


def call_values_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete what callers said."""
    return repository_retention.values_past(
        uow.session, "call", before, at=uow.clock.now(), limit=limit
    )


def patient_values_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete patients' names."""
    return repository_retention.values_past(
        uow.session, "patient", before, at=uow.clock.now(), limit=limit
    )


def patient_details_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Empty patients' age, sex and colour."""
    return repository_retention.details_past(
        uow.session, before, at=uow.clock.now(), limit=limit
    )  # fmt: skip


def answers_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Empty triage answers and reasons of cancellation."""
    return repository_retention.answers_past(
        uow.session, before, at=uow.clock.now(), limit=limit
    )  # fmt: skip


def places_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Blur the places of incidents, and drop those of their calls."""
    return repository_retention.places_past(
        uow.session, before, at=uow.clock.now(), limit=limit
    )  # fmt: skip


def times_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Empty predicted and shown times."""
    return repository_retention.times_past(uow.session, before, at=uow.clock.now(), limit=limit)


def crews_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete who was on board."""
    return repository_retention.crews_past(uow.session, before, limit=limit)


def _emit_erased(uow: WritingUnitOfWork, incident: AnyRow, erased: int) -> None:
    uow.emit(
        NewEvent(
            "incident",
            str(incident.incident_id),
            "incident.personal_values_erased",
            {"count": erased},
            uow.clock.now(),
            city_id=incident.city_id,
            area_code=incident.area_code,
        )
    )


def _is_answered_for(uow: UnitOfWork, incident_id: UUID | None) -> bool:
    prefixes = uow.identity.jurisdictions(PRIVACY_ADMIN)
    return incident_id is not None and (
        repository.find_incident(uow.session, incident_id, prefixes=prefixes) is not None
    )


def _incident_subject(incident_id: UUID | None) -> tuple[tuple[str, str], ...]:
    return () if incident_id is None else (("incident", str(incident_id)),)


def _as_id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
