"""The incident's log: remarks of anybody with the right, and every version of the callers' words.

Nothing in it is changed or removed: a correction is a new entry that names the one it corrects.
The texts are personal values of the incident's first call or of the call they belong to, erased
with these; author and time stand in the events, which carry commitments only.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dispatch.errors import RemarkNotFoundError
from dispatch.incidents import repository
from dispatch.incidents.merging import repository as repository_merging
from dispatch.incidents.merging.service import refuse_merged
from dispatch.incidents.records import lock_incident, read_incident
from dispatch.permissions import INCIDENT_WRITE, PERSONAL_READ
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent, StoredEvent, commitment

REMARKED = "incident.remarked"


class EntryKind(StrEnum):
    """What an entry of the log is."""

    REMARK = "remark"
    WORDS = "words"
    CALLER_NUMBER = "caller_number"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. text: null once erased; corrects: the remark this one puts right.

    current: it is the last version, neither corrected nor replaced.
    """

    kind: EntryKind
    entry_id: UUID
    written_at: datetime
    author: str
    text: str | None
    corrects: UUID | None
    current: bool


@dataclass(frozen=True, slots=True)
class Remarked:
    """The remark that was written, and its incident."""

    incident_id: UUID
    remark_id: UUID


def remark(
    uow: WritingUnitOfWork, incident_id: UUID, *, text: str, corrects: UUID | None = None
) -> Remarked:
    """Write a remark into an incident's log, also after its end; `corrects` names an earlier one.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    RemarkNotFoundError
        `corrects` is no remark of this incident.
    IncidentMergedError
        It goes on with another, where remarks belong now.
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, must_be_open=False)
    refuse_merged(uow, incident)
    events = repository.list_events(uow.session, kind="incident", subject_id=str(incident_id))
    known = {event.payload["remark_id"] for event in events if event.type == REMARKED}
    if corrects is not None and str(corrects) not in known:
        raise RemarkNotFoundError(corrects)
    remark_id = uow.ids.new()
    call_id = repository.list_calls(uow.session, incident_id)[0].call_id
    sealed = uow.remember(
        "call", str(call_id), f"{EntryKind.REMARK}.{remark_id}", text,
        purpose="emergency_call", area_code=incident.area_code,
    )  # fmt: skip
    uow.emit(
        NewEvent(
            "incident", str(incident_id), REMARKED,
            {"remark_id": remark_id, "corrects": corrects, "remark_commitment": sealed},
            uow.clock.now(), city_id=incident.city_id, area_code=incident.area_code,
        )
    )  # fmt: skip
    return Remarked(incident_id, remark_id)


def read_log(uow: UnitOfWork, incident_id: UUID, *, reason: str) -> tuple[LogEntry, ...]:
    """Return the log, oldest first. The read is written down with its reason.

    Needs a unit of work that may write. Row-level security leaves out the texts that the viewer's
    jurisdiction for personal values does not cover.
    """
    read_incident(uow, incident_id, PERSONAL_READ)
    # What was said and written before a merge is part of the one that goes on.
    together = [incident_id, *repository_merging.merged_with(uow.session, incident_id)]
    events = [
        event
        for one in together
        for event in repository.list_events(uow.session, kind="incident", subject_id=str(one))
    ]
    texts: dict[str, str] = {}
    entries: list[LogEntry] = []
    for call in repository.list_calls(uow.session, incident_id):
        repository.insert_personal_access(
            uow.session,
            {
                "actor": uow.identity.label, "subject_kind": "call",
                "subject_id": str(call.call_id), "reason": reason,
                "accessed_at": uow.clock.now(),
            },
        )  # fmt: skip
        for value in repository.all_values(uow.session, kind="call", subject_id=str(call.call_id)):
            kind, _, earlier = value.field.partition(".")
            if kind == EntryKind.REMARK:
                texts[earlier] = value.value
            elif kind in {EntryKind.WORDS, EntryKind.CALLER_NUMBER}:
                sealed = commitment(value.value, value.salt)
                written = _written(events, f"{kind}_commitment", sealed)
                entries.append(LogEntry(
                    EntryKind(kind), value.value_id, value.created_at, written, value.value,
                    corrects=None, current=not earlier,
                ))  # fmt: skip
    corrected = {event.payload.get("corrects") for event in events if event.type == REMARKED}
    for event in events:
        if event.type == REMARKED:
            remark_id, corrects = event.payload["remark_id"], event.payload["corrects"]
            entries.append(LogEntry(
                EntryKind.REMARK, UUID(remark_id), event.recorded_at, event.actor,
                texts.get(remark_id), corrects=UUID(corrects) if corrects else None,
                current=remark_id not in corrected,
            ))  # fmt: skip
    return tuple(sorted(entries, key=lambda entry: (entry.written_at, entry.entry_id)))


def _written(events: list[StoredEvent], field: str, sealed: str) -> str:
    """Return who wrote a value down, by the event that carries its commitment."""
    return next((event.actor for event in events if event.payload.get(field) == sealed), "")
