"""How personal values of calls and patients are corrected at the request of the person concerned.

An earlier version keeps salt and time, so that the event that wrote it down can still be told, and
ends with its period.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dispatch.errors import CallNotFoundError, PatientNotFoundError
from dispatch.incidents import repository
from dispatch.incidents.records import apply_change, lock_incident
from dispatch.incidents.retention import repository as repository_retention
from gis.database import WritingUnitOfWork
from gis.permissions import PRIVACY_ADMIN
from gis.retention.errors import CorrectionInvalidError, NothingToCorrectError
from gis.rooms.personal import CorrectionAsked
from gis.rows import AnyRow

OLDEST_YEARS = 150


def read_call(uow: WritingUnitOfWork, call_id: str, reason: str) -> Mapping[str, str]:
    """Return number, name and words of a call as they stand now; the read is on record."""
    return _read(uow, "call", call_id, reason=reason)


def correct_call(uow: WritingUnitOfWork, call_id: str, asked: CorrectionAsked) -> None:
    """Correct number, name or words of a call.

    Raises
    ------
    CallNotFoundError, NothingToCorrectError, CorrectionInvalidError
    """
    incident_id = repository.incident_of_call(uow.session, UUID(call_id))
    if incident_id is None:
        raise CallNotFoundError(call_id)
    incident = lock_incident(uow, incident_id, PRIVACY_ADMIN, must_be_open=False)
    sealed = _replace(uow, incident, "call", subject_id=call_id, asked=asked)
    _tell(uow, incident, {"call_id": call_id, **sealed}, asked)


def read_patient(uow: WritingUnitOfWork, patient_id: str, reason: str) -> Mapping[str, str]:
    """Return name, age and sex of a patient as they stand now; the read is on record."""
    details = repository_retention.details_of(uow.session, UUID(patient_id))
    known = {} if details is None else details._asdict()
    found = _read(uow, "patient", patient_id, reason=reason)
    return {**found, **{field: str(value) for field, value in known.items() if value is not None}}


def correct_patient(uow: WritingUnitOfWork, patient_id: str, asked: CorrectionAsked) -> None:
    """Correct a patient's name, age or sex.

    Raises
    ------
    PatientNotFoundError, NothingToCorrectError, CorrectionInvalidError
    """
    found = UUID(patient_id)
    incident_id = repository_retention.incident_of_patient(uow.session, found)
    if incident_id is None:
        raise PatientNotFoundError(patient_id)
    incident = lock_incident(uow, incident_id, PRIVACY_ADMIN, must_be_open=False)
    sealed: dict[str, str] = {}
    if asked.field == "name":
        sealed = _replace(uow, incident, "patient", subject_id=patient_id, asked=asked)
    else:
        _replace_detail(uow, incident, patient_id, asked)
    _tell(uow, incident, {"patient_id": patient_id, **sealed}, asked)


def _read(uow: WritingUnitOfWork, kind: str, subject_id: str, *, reason: str) -> dict[str, str]:
    repository.insert_personal_access(
        uow.session,
        {
            "actor": uow.identity.label, "subject_kind": kind, "subject_id": subject_id,
            "reason": reason, "accessed_at": uow.clock.now(),
        },
    )  # fmt: skip
    return repository.personal_values(uow.session, kind=kind, subject_id=subject_id)


def _replace(
    uow: WritingUnitOfWork, incident: AnyRow, kind: str, *, subject_id: str, asked: CorrectionAsked
) -> dict[str, str]:
    stored = repository.personal_value(
        uow.session, kind=kind, subject_id=subject_id, field=asked.field
    )
    if stored is None:
        raise NothingToCorrectError(asked.field)
    _check_other(asked, stored.value)
    if asked.strike:
        repository_retention.erase_versions(
            uow.session, kind, subject_id=subject_id, field=asked.field
        )
    else:
        kept_id = uow.ids.new()
        repository.keep_as_earlier(
            uow.session, stored, value_id=kept_id, field=f"{asked.field}.{kept_id}"
        )
    sealed = uow.remember(
        kind, subject_id, asked.field, asked.value, purpose=stored.purpose,
        area_code=incident.area_code,
    )  # fmt: skip
    return {f"{asked.field}_commitment": sealed}


def _replace_detail(
    uow: WritingUnitOfWork, incident: AnyRow, patient_id: str, asked: CorrectionAsked
) -> None:
    """Correct what stands in the patient's row; its earlier versions are personal values."""
    details = repository_retention.details_of(uow.session, UUID(patient_id))
    stored = None if details is None else details._mapping[asked.field]
    if stored is None:
        raise NothingToCorrectError(asked.field)
    _check_other(asked, str(stored))
    value: str | int = _age(asked.value) if asked.field == "age_years" else asked.value
    if asked.strike:
        repository_retention.erase_versions(
            uow.session, "patient", subject_id=patient_id, field=asked.field
        )
    else:
        uow.remember(
            "patient", patient_id, f"{asked.field}.{uow.ids.new()}", str(stored),
            purpose="emergency_care", area_code=incident.area_code,
        )  # fmt: skip
    repository_retention.set_detail(uow.session, UUID(patient_id), {asked.field: value})


def _check_other(asked: CorrectionAsked, stored: str) -> None:
    if asked.value == stored:
        raise CorrectionInvalidError(asked.field, "says so already; give the right value")


def _age(given: str) -> int:
    if not given.isascii() or not given.isdecimal() or int(given) > OLDEST_YEARS:
        raise CorrectionInvalidError(
            "age_years", f"is a whole number of years from 0 to {OLDEST_YEARS}"
        )
    return int(given)


def _tell(
    uow: WritingUnitOfWork, incident: AnyRow, payload: Mapping[str, Any], asked: CorrectionAsked
) -> None:
    apply_change(
        uow, incident, "incident.personal_value_corrected",
        payload={
            **payload, "field": asked.field, "asked_by": asked.asked_by.value,
            "struck": asked.strike,
        },
    )  # fmt: skip
