"""Use cases from the ring to the coded incident: take a call, place it, triage it, add patients."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.errors import (
    CallNotFoundError,
    PlaceMissingError,
    PlaceNotFoundError,
    TimeInFutureError,
)
from dispatch.incidents import repository
from dispatch.incidents.lifecycle import FUTURE_TOLERANCE_S
from dispatch.incidents.records import (
    apply_change,
    incident_view,
    levels_at_work,
    lock_incident,
    new_incident_view,
    read_incident,
)
from dispatch.incidents.views import CallTaken, IncidentView, PatientView
from dispatch.model import CallSource
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE
from dispatch.places import repository as repository_places
from dispatch.places.service import CALL_MARGIN_M, street_label
from dispatch.triage.changes import PlanChanges, plan_changes
from dispatch.triage.coding import code
from dispatch.triage.protocol import default_protocol
from gis.cities import CityRow, check_inside, require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.geometry import DeclaredPoint, Wgs84Point
from gis.installation import refuse_simulation_in_live
from gis.jurisdiction import area_at
from gis.rows import AnyRow, sql_point

SAME_PLACE_M = 25.0
"""A place corrected by no more than this is the same door for a crew."""


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call as it comes in. Everything but city and source may be missing."""

    city_id: int
    source: CallSource
    caller_number: str | None = None
    caller_name: str | None = None
    words: str | None = None
    point: DeclaredPoint | None = None
    place_label: str | None = None
    received_at: datetime | None = None
    answered_at: datetime | None = None
    simulated: bool = False
    call_id: UUID | None = None
    """The id that the call has already, because it rang before."""


def take_call(uow: WritingUnitOfWork, call: NewCall) -> CallTaken:
    """Save a call as a new incident, queued and timed at once, with or without a place.

    Raises
    ------
    CityUnknownError, PlaceOutsideCityError, CoordinatesSwappedError, TimeInFutureError
        The call cannot be what it says.
    SimulationRefusedError
        It is simulated and this installation is live.
    """
    city = require_city(uow, call.city_id)
    simulated = call.simulated or call.source == CallSource.SIMULATION
    if simulated:
        refuse_simulation_in_live(uow)
    now = uow.clock.now()
    received_at = call.received_at or now
    if received_at > now + timedelta(seconds=FUTURE_TOLERANCE_S):
        raise TimeInFutureError("received_at", received_at)
    place = _place_values(uow, city, call.point, source="call", at=received_at)
    place["place_label"] = call.place_label or place.get("place_label")
    local_day = received_at.astimezone(ZoneInfo(city.time_zone)).strftime("%Y%m%d")
    incident_id, call_id = uow.ids.new(), call.call_id or uow.ids.new()
    number = repository.next_number(uow.session, call.city_id, local_day=local_day)
    repository.insert_incident(
        uow.session,
        {
            "incident_id": incident_id, "city_id": call.city_id, "number": number,
            "state": "queued", "simulated": simulated, "received_at": received_at,
            "queued_at": now, **place,
        },
    )  # fmt: skip
    repository.insert_call(
        uow.session,
        {
            "call_id": call_id, "incident_id": incident_id, "source": call.source.value,
            "received_at": received_at, "answered_at": call.answered_at, "recorded_at": now,
            "taken_by": uow.identity.user_id, "geom": place.get("geom"),
            "uncertainty_m": place.get("uncertainty_m"),
            "declared_datum": place.get("declared_datum"),
        },
    )  # fmt: skip
    area_code = place.get("area_code")
    said = {
        "caller_number": call.caller_number, "caller_name": call.caller_name, "words": call.words,
    }  # fmt: skip
    kept = uow.remember_all(
        "call", str(call_id), {field: value for field, value in said.items() if value},
        purpose="emergency_call", area_code=area_code,
    )  # fmt: skip
    commitments = {f"{field}_commitment": sealed for field, sealed in kept.items()}
    uow.emit(
        NewEvent(
            "incident", str(incident_id), "incident.call_received",
            {
                "number": number, "call_id": call_id, "source": call.source.value,
                "simulated": simulated, **_place_payload(place), **commitments,
            },
            occurred_at=received_at, city_id=call.city_id, area_code=area_code,
        ),
        NewEvent(
            "incident", str(incident_id), "incident.queued",
            {"number": number, "state": "queued", "version": 1},
            occurred_at=now, city_id=call.city_id, area_code=area_code,
        ),
    )  # fmt: skip
    return CallTaken(new_incident_view(uow, incident_id), call_id)


def note_call(
    uow: WritingUnitOfWork,
    call_id: UUID,
    *,
    words: str | None = None,
    caller_number: str | None = None,
    caller_name: str | None = None,
    access: str | None = None,
) -> UUID:
    """Write down or correct what the caller said; None leaves a field as it is.

    access: how to get to the patient: gate code, floor, who waits where.

    What stood there before stays, as an earlier version, unless the new text only goes on with
    it. Returns the incident's id. The events get commitments, never the words.

    Raises
    ------
    CallNotFoundError
        There is no such call within the viewer's jurisdiction.
    """
    incident_id = repository.incident_of_call(uow.session, call_id)
    if incident_id is None:
        raise CallNotFoundError(call_id)
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, must_be_open=False)
    noted: dict[str, str] = {}
    said = {
        "words": words, "caller_number": caller_number, "caller_name": caller_name,
        "access": access,
    }  # fmt: skip
    for field, value in said.items():
        if value is None:
            continue
        _keep_earlier(uow, call_id, field=field, value=value)
        noted[f"{field}_commitment"] = uow.remember(
            "call", str(call_id), field, value, purpose="emergency_call",
            area_code=incident.area_code,
        )  # fmt: skip
    if noted:
        uow.emit(
            NewEvent(
                "incident", str(incident_id), "incident.call_noted",
                {"call_id": call_id, **noted}, uow.clock.now(), city_id=incident.city_id,
                area_code=incident.area_code,
            )
        )  # fmt: skip
    return incident_id


def _keep_earlier(uow: WritingUnitOfWork, call_id: UUID, *, field: str, value: str) -> None:
    """Make room for a new version of a caller's words or number."""
    stored = repository.personal_value(
        uow.session, kind="call", subject_id=str(call_id), field=field
    )
    if stored is None:
        return
    if value.startswith(stored.value):
        repository.forget_personal_value(uow.session, stored.value_id)
        return
    kept_id = uow.ids.new()
    repository.keep_as_earlier(uow.session, stored, value_id=kept_id, field=f"{field}.{kept_id}")


def locate(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    point: DeclaredPoint | None = None,
    place_id: int | None = None,
    label: str | None = None,
    confirmed: bool = False,
    expected_version: int | None = None,
) -> IncidentView:
    """Set an incident's place from a point or a gazetteer entry.

    A point without a datum is kept, but never confirmed.

    Raises
    ------
    PlaceMissingError, PlaceNotFoundError, PlaceOutsideCityError, CoordinatesSwappedError
        There is no such place.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    city = require_city(uow, incident.city_id)
    now = uow.clock.now()
    if place_id is not None:
        place = repository_places.find_place(uow.session, city.city_id, place_id)
        if place is None:
            raise PlaceNotFoundError(place_id)
        values = {
            "geom": sql_point(place.lon, place.lat), "uncertainty_m": place.radius_m,
            "declared_datum": "wgs84", "place_source": "gazetteer", "place_confirmed": confirmed,
            "located_at": now, **_changed(incident, place.lon, place.lat, now),
            "area_code": area_at(
                uow.session, city.city_id, lon=place.lon, lat=place.lat
            ),
        }  # fmt: skip
        label = label or _full_name(place.name, place.house_number)
    elif point is not None:
        stored = point.to_wgs84()
        values = _place_values(uow, city, point, source="map", at=now)
        values |= _changed(incident, stored.lon, stored.lat, now)
        values["place_confirmed"] = confirmed and point.datum is not None
    else:
        raise PlaceMissingError
    values["place_label"] = label or values.get("place_label")
    repository.move_personal_values(uow.session, incident_id, area_code=values.get("area_code"))
    apply_change(
        uow, incident, "incident.located",
        payload={**_place_payload(values), "place_id": place_id}, values=values, occurred_at=now,
    )  # fmt: skip
    return incident_view(uow, incident_id)


def code_triage(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    complaint_code: str,
    answers: dict[str, str],
    patient_count: int | None = None,
    expected_version: int | None = None,
) -> IncidentView:
    """Walk the protocol for an incident and store determinant, category and response plan.

    Raises
    ------
    ProtocolAnswerError
        The protocol knows no such complaint, question or answer.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    protocol = default_protocol()
    count = incident.patient_count if patient_count is None else patient_count
    coding = code(protocol, complaint_code, answers=answers, patient_count=count)
    now = uow.clock.now()
    apply_change(
        uow, incident, "incident.coded",
        payload={
            "protocol_version": protocol.version, "complaint_code": complaint_code,
            "determinant": coding.determinant, "category": coding.category,
            "previous_category": incident.category,
        },
        values={
            "coded_at": incident.coded_at or now, "protocol_version": protocol.version,
            "complaint_code": complaint_code, "determinant": coding.determinant,
            "category": coding.category, "response_plan": coding.response_plan(),
            "triage_answers": dict(answers), "patient_count": count,
        },
        occurred_at=now,
    )  # fmt: skip
    return incident_view(uow, incident_id)


def preview_triage(
    uow: UnitOfWork,
    incident_id: UUID,
    *,
    complaint_code: str,
    answers: dict[str, str],
    patient_count: int | None = None,
) -> PlanChanges:
    """Return what `code_triage` of the same would change in the plan; nothing is stored.

    Raises
    ------
    ProtocolAnswerError
        The protocol knows no such complaint, question or answer.
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    incident = read_incident(uow, incident_id, INCIDENT_READ)
    count = incident.patient_count if patient_count is None else patient_count
    coding = code(default_protocol(), complaint_code, answers=answers, patient_count=count)
    return plan_changes(
        incident.response_plan, coding.response_plan(),
        levels_at_work=levels_at_work(uow, incident_id),
    )  # fmt: skip


def add_patient(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    age_years: int | None = None,
    sex: str | None = None,
    name: str | None = None,
    triage_colour: str | None = None,
    expected_version: int | None = None,
) -> PatientView:
    """Add a patient to an incident; the name is kept among the erasable personal values."""
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    present = repository.list_patients(uow.session, incident_id)
    patient = PatientView(
        patient_id=uow.ids.new(),
        incident_id=incident_id,
        ordinal=len(present) + 1,
        age_years=age_years,
        sex=sex,
        triage_colour=triage_colour,
        created_at=uow.clock.now(),
    )
    repository.insert_patient(
        uow.session, {field: getattr(patient, field) for field in PatientView.__slots__}
    )
    payload: dict[str, Any] = {"patient_id": patient.patient_id, "ordinal": patient.ordinal}
    if name:
        payload["name_commitment"] = uow.remember(
            "patient", str(patient.patient_id), "name", name, purpose="emergency_care",
            area_code=incident.area_code,
        )  # fmt: skip
    count = max(incident.patient_count or 0, patient.ordinal)
    apply_change(
        uow, incident, "incident.patient_added", payload=payload, values={"patient_count": count}
    )
    return patient


def _changed(incident: AnyRow, lon: float, lat: float, now: datetime) -> dict[str, datetime]:
    """Return since when the place is another one; the same one confirmed is none."""
    if incident.lon is not None:
        before = Wgs84Point(incident.lon, incident.lat)
        if before.distance_m(Wgs84Point(lon, lat)) <= SAME_PLACE_M:
            return {}
    return {"place_changed_at": now}


def _place_values(
    uow: UnitOfWork, city: CityRow, point: DeclaredPoint | None, *, source: str, at: datetime
) -> dict[str, Any]:
    if point is None:
        return {}
    stored = point.to_wgs84()
    check_inside(city, lon=stored.lon, lat=stored.lat, margin_m=CALL_MARGIN_M)
    return {
        "geom": sql_point(stored.lon, stored.lat),
        "uncertainty_m": stored.uncertainty_m,
        "declared_datum": point.datum.value if point.datum else None,
        "place_source": source,
        "place_confirmed": point.datum is not None,
        "located_at": at,
        "place_label": street_label(uow, city.city_id, stored),
        "area_code": area_at(uow.session, city.city_id, lon=stored.lon, lat=stored.lat),
    }


def _place_payload(values: dict[str, Any]) -> dict[str, Any]:
    """Return what the log may say of a place: how it is known, not where somebody lives."""
    names = ("place_source", "place_confirmed", "uncertainty_m", "declared_datum", "area_code")
    return {name: values[name] for name in names if name in values}


def _full_name(name: str, house_number: str | None) -> str:
    return f"{name} {house_number}" if house_number and house_number not in name else name
