"""What the use cases answer: plain dataclasses whose fields are the JSON of the HTTP interface."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.incidents.alarms.table import AlarmView
from dispatch.incidents.urgency import QueueStep
from dispatch.model import AssignmentState
from dispatch.triage.coding import NeededUnits, ResponsePlan
from gis.words import Words


@dataclass(frozen=True, slots=True)
class StampView:
    """One status stamp. off_place_m: of *on scene*, how far outside the place; None: within it."""

    state: str
    etimes: str | None
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    skipped: tuple[str, ...]
    source: str
    off_place_m: float | None


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """One unit on one incident, with its stamps and what may follow.

    has_place: whether the crew has the place as it is now, told at dispatch or acknowledged since.
    overdue_since: since when it is known to be late by the roads, or to stand still; None: it is
    not, or not under way.
    """

    assignment_id: UUID
    incident_id: UUID
    unit_id: int
    call_sign: str
    level: str
    state: str
    version: int
    predicted_travel_time_s: float | None
    predicted_by: str | None
    predicted_arrival_at: datetime | None
    destination_facility_id: int | None
    destination_name: str | None
    destination_name_zh: str | None
    patient_id: UUID | None
    created_at: datetime
    place_acknowledged_at: datetime | None
    overdue_since: datetime | None
    has_place: bool
    stamps: tuple[StampView, ...]
    next_states: tuple[AssignmentState, ...]


@dataclass(frozen=True, slots=True)
class OfferView:
    """A crew that is, or was, asked to leave `losing_number` for `number`.

    state: offered, accepted, declined, expired, withdrawn. loss_s: how much longer the patient
    waits whose unit goes, in steps of 30 s; None where nobody can replace it. replacement: who goes
    there in its place with the yes. Until it is accepted the old task stands.
    """

    diversion_id: UUID
    incident_id: UUID
    number: str
    category: str | None
    losing_incident_id: UUID
    losing_number: str
    losing_category: str | None
    unit_id: int
    call_sign: str
    state: str
    loss_s: float | None
    replacement: str | None
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident with its assignments.

    missing: the units of its plan that nobody is on the way as, since `missing_since`.
    call_back_due_at: when somebody has to call the patient again, while no crew has said it comes.
    queue: from which moment on it stands where in the queue; none once it ended.
    alarms: what is stored of its alarms; which there are now follows from `queue`.
    diversions: crews asked to come here from another incident, or to leave this one; oldest first.
    """

    incident_id: UUID
    city_id: int
    number: str
    state: str
    version: int
    simulated: bool
    received_at: datetime
    located_at: datetime | None
    place_changed_at: datetime | None
    coded_at: datetime | None
    queued_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    outcome: str | None
    duplicate_of: UUID | None
    handled_by: UUID | None
    area_code: str | None
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    declared_datum: str | None
    place_confirmed: bool
    place_source: str | None
    place_label: str | None
    complaint_code: str | None
    complaint: Words | None
    triage_answers: Mapping[str, str] | None
    determinant: str | None
    category: str | None
    response_plan: ResponsePlan | None
    patient_count: int | None
    missing: tuple[NeededUnits, ...]
    missing_since: datetime | None
    call_back_due_at: datetime | None
    queue: tuple[QueueStep, ...]
    alarms: tuple[AlarmView, ...]
    assignments: tuple[AssignmentView, ...]
    diversions: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class PatientView:
    """One patient, without the name."""

    patient_id: UUID
    incident_id: UUID
    ordinal: int
    age_years: int | None
    sex: str | None
    triage_colour: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CallView:
    """One call, without number, name and words of the caller."""

    call_id: UUID
    incident_id: UUID
    source: str
    received_at: datetime
    answered_at: datetime | None
    recorded_at: datetime
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    declared_datum: str | None


@dataclass(frozen=True, slots=True)
class IncidentDetail(IncidentView):
    """One incident with assignments, patients and calls."""

    patients: tuple[PatientView, ...]
    calls: tuple[CallView, ...]


@dataclass(frozen=True, slots=True)
class SimilarIncident:
    """An open incident that may be the same. score: 0 to 1, with its reasons in words."""

    incident_id: UUID
    number: str
    state: str
    category: str | None
    place_label: str | None
    received_at: datetime
    score: float
    reasons: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class LinkedIncident:
    """An incident linked to this one. merged: the two are one; original: this one repeats it."""

    incident_id: UUID
    number: str
    state: str
    merged: bool
    original: bool


@dataclass(frozen=True, slots=True)
class Related:
    """What may be the same as an incident, the likeliest first, and what it is linked to."""

    similar: tuple[SimilarIncident, ...]
    linked: tuple[LinkedIncident, ...]


@dataclass(frozen=True, slots=True)
class CallTaken:
    """The answer to a taken call."""

    incident: IncidentView
    call_id: UUID


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One page of incidents, newest first; `next_cursor` None at the end."""

    incidents: tuple[IncidentView, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StoryEventView:
    """One event of an incident's story."""

    subject_version: int
    type: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    payload: Mapping[str, Any]
    text: Words


@dataclass(frozen=True, slots=True)
class Story:
    """An incident's events in order, and whether their hash chain holds."""

    events: tuple[StoryEventView, ...]
    chain_intact: bool
