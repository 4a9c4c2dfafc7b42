"""Errors of dispatching. Each has a stable code and a sentence that says what to do."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError


class IncidentNotFoundError(NotFoundError):
    """No such incident, or not within the viewer's jurisdiction."""

    code = "incident_not_found"

    def __init__(self, incident_id: UUID | str) -> None:
        super().__init__(
            f"There is no incident {incident_id} for you. Check the number, or ask a supervisor "
            "if it lies outside your jurisdiction."
        )


class AssignmentNotFoundError(NotFoundError):
    """No such assignment, or its incident is not the viewer's."""

    code = "assignment_not_found"

    def __init__(self, assignment_id: UUID) -> None:
        super().__init__(f"There is no assignment {assignment_id} for you. Load the incident anew.")


class PlaceChangedAgainError(ConflictError):
    """The place that was acknowledged is not the incident's any more."""

    code = "place_changed_again"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"The place was corrected once more meanwhile. Tell {call_sign} the new one, then "
            "acknowledge that."
        )


class UnitUnknownError(NotFoundError):
    """No such unit, or not within the viewer's jurisdiction."""

    code = "unit_unknown"

    def __init__(self, unit: int | str) -> None:
        super().__init__(f"There is no unit {unit} here. Choose one from the unit list.")


class PatientUnknownError(NotFoundError):
    """The patient does not belong to the incident."""

    code = "patient_unknown"

    def __init__(self, patient_id: UUID) -> None:
        super().__init__(f"Patient {patient_id} is not of this incident. Load the incident anew.")


class PlaceNotFoundError(NotFoundError):
    """The chosen gazetteer entry is gone."""

    code = "place_not_found"

    def __init__(self, place_id: int) -> None:
        super().__init__(f"There is no place {place_id} in this city. Search again.")


class UnitAlreadyAssignedError(ConflictError):
    """The unit has an open assignment; the database refuses a second."""

    code = "unit_already_assigned"

    def __init__(self, call_sign: str, incident_number: str | None) -> None:
        self.call_sign = call_sign
        self.incident_number = incident_number
        where = f"incident {incident_number}" if incident_number else "another incident"
        super().__init__(f"{call_sign} was just assigned to {where}. Choose the next unit.")


class UnitOffDutyError(ConflictError):
    """The unit has no crew now, or is out of service."""

    code = "unit_off_duty"

    def __init__(self, call_sign: str, why: str) -> None:
        super().__init__(f"{call_sign} cannot be sent: {why}. Choose another unit.")


class UnitAtWorkError(ConflictError):
    """The unit is on an incident, which would lose it unnoticed."""

    code = "unit_at_work"

    def __init__(self, call_sign: str, number: str | None) -> None:
        super().__init__(
            f"{call_sign} is on incident {number}. Cancel it there, or let it finish; then take it "
            "out of service."
        )


class UnitAmbiguousError(ConflictError):
    """Several cities have a unit of this call sign."""

    code = "unit_ambiguous"

    def __init__(self, call_sign: str) -> None:
        super().__init__(f"Several cities have a unit {call_sign}. Name the city with --city.")


class ServiceReasonError(InvalidInputError):
    """A reason that is not on the list."""

    code = "service_reason"

    def __init__(self, reason: str, known: Collection[str]) -> None:
        super().__init__(f"“{reason}” is no reason here. Choose one of: {', '.join(known)}.")


class ReturnTimeError(InvalidInputError):
    """An expected return in the past, or too far ahead."""

    code = "return_time"

    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"The expected return {at:%Y-%m-%d %H:%M %z} has passed or is over a year ahead. "
            "Correct it."
        )


class ShiftTimeError(InvalidInputError):
    """An end of a shift in the past, too far ahead, or within the next shift."""

    code = "shift_time"

    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"The shift cannot end at {at:%Y-%m-%d %H:%M %z}: it has passed, is over a year ahead "
            "or lies within the unit's next shift. Correct it."
        )


class TimeUnreadableError(InvalidInputError):
    """A text that is no time."""

    code = "time_unreadable"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}” is no time. Write 14:30, or 2026-11-30T14:30+08:00 with its zone."
        )


class OutcomeContradictedError(ConflictError):
    """The outcome says that nobody was taken away, and a unit's stamp that somebody was."""

    code = "outcome_contradicted"

    def __init__(self, number: str, outcome: str, stamps: Collection[str]) -> None:
        super().__init__(
            f"Incident {number} cannot end as “{outcome}”: it is recorded that a unit reached "
            f"{', '.join(f'“{one}”' for one in stamps)}. Choose another outcome."
        )


class NoLongerEligibleError(ConflictError):
    """The unit could be sent when it was chosen, and cannot now. Nothing was sent."""

    code = "unit_no_longer_eligible"

    def __init__(self, call_sign: str, why: str) -> None:
        super().__init__(f"{call_sign} was not sent: {why}. Choose another unit.")


class FasterUnitError(ConflictError):
    """Since the list was seen the chosen unit lost more than the threshold. Nothing was sent."""

    code = "faster_unit"

    def __init__(
        self, call_sign: str, travel_time_s: float, faster: str, faster_travel_time_s: float
    ) -> None:
        super().__init__(
            f"{call_sign} was not sent: {faster} is there in {faster_travel_time_s:.0f} s, "
            f"{call_sign} in {travel_time_s:.0f} s. Press again to send it all the same, or "
            f"choose {faster}."
        )


class IllegalTransitionError(ConflictError):
    """A status that contradicts what is already recorded."""

    code = "illegal_transition"

    def __init__(self, sentence: str, *, allowed: Collection[str] = ()) -> None:
        self.allowed = tuple(allowed)
        super().__init__(sentence)


class UndoRefusedError(ConflictError):
    """Undoing something that is not the last step, or that cannot be taken back."""

    code = "undo_refused"


class UndoTooLateError(ConflictError):
    """Undoing something after the seconds in which it may be undone."""

    code = "undo_too_late"

    def __init__(self, within_s: float) -> None:
        super().__init__(
            f"That can be undone for {within_s:.0f} seconds only; it stands. Write down what is "
            "true now as a new step."
        )


class StampTimeError(IllegalTransitionError):
    """A stamp whose time lies before an earlier stamp or in the future."""

    code = "stamp_time"

    def __init__(self, state: str, occurred_at: datetime, *, why: str) -> None:
        super().__init__(
            f"“{state}” at {occurred_at:%Y-%m-%d %H:%M:%S}Z is refused: {why}. Correct the time."
        )


class CallNotFoundError(NotFoundError):
    """No such call, or not within the viewer's jurisdiction."""

    code = "call_not_found"

    def __init__(self, call_id: UUID | str) -> None:
        super().__init__(f"There is no call {call_id} for you. Take the call anew with 'new call'.")


class RemarkNotFoundError(NotFoundError):
    """No such remark in this incident's log."""

    code = "remark_not_found"

    def __init__(self, remark_id: UUID | str) -> None:
        super().__init__(
            f"There is no remark {remark_id} in this incident. Read the log again and write yours."
        )


class PatientNotFoundError(NotFoundError):
    """No such patient."""

    code = "patient_not_found"

    def __init__(self, patient_id: str) -> None:
        super().__init__(f"There is no patient {patient_id}. Look the patient up in the incident.")


class PlaceMissingError(InvalidInputError):
    """A place was to be set, and neither a point nor a gazetteer entry was given."""

    code = "place_missing"

    def __init__(self) -> None:
        super().__init__("Give either a point with its datum or the id of a place found by search.")


class IncidentClosedError(ConflictError):
    """The incident is closed or cancelled."""

    code = "incident_closed"

    def __init__(self, number: str, state: str) -> None:
        super().__init__(f"Incident {number} is {state}. Reopen it first if it goes on.")


class IncidentNotClosedError(ConflictError):
    """Reopening something that is open."""

    code = "incident_not_closed"

    def __init__(self, number: str) -> None:
        super().__init__(f"Incident {number} is open already; there is nothing to reopen.")


class OpenAssignmentsError(ConflictError):
    """Units are still at work on the incident."""

    code = "open_assignments"

    def __init__(self, number: str, call_signs: Collection[str]) -> None:
        self.call_signs = tuple(call_signs)
        super().__init__(
            f"Incident {number} still has units at work: {', '.join(call_signs)}. Set each to "
            "available, or cancel it, then close."
        )


class DuplicateOfItselfError(InvalidInputError):
    """An incident marked as duplicate of itself or of one of its own duplicates."""

    code = "duplicate_of_itself"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Incident {number} cannot be a duplicate of itself or of its own duplicate. Choose "
            "the incident that units work on."
        )


class IncidentMergedError(ConflictError):
    """An incident that goes on with another one."""

    code = "incident_merged"

    def __init__(self, number: str, into_number: str) -> None:
        super().__init__(
            f"Incident {number} was merged into {into_number} and goes on there. Work on "
            f"{into_number}, or undo the merge."
        )


class NothingToFindError(InvalidInputError):
    """A search for nothing."""

    code = "nothing_to_find"

    def __init__(self) -> None:
        super().__init__(
            "Nothing to look for was given. Give a part of the number or the place, a date, or "
            "digits of the caller's number."
        )


class NotLinkedError(ConflictError):
    """Undoing a link that is not there."""

    code = "not_linked"

    def __init__(self, number: str) -> None:
        super().__init__(f"Incident {number} is linked to no other; there is nothing to undo.")


class TimeInFutureError(InvalidInputError):
    """A time that has not come yet."""

    code = "time_in_future"

    def __init__(self, field: str, at: datetime) -> None:
        super().__init__(
            f"{field} is {at:%Y-%m-%d %H:%M:%S %z}, which has not come yet. Check the sender's "
            "clock and time zone."
        )


class PeriodInvalidError(InvalidInputError):
    """A period that cannot be reported on."""

    code = "period_invalid"

    def __init__(self, why: str) -> None:
        super().__init__(f"The period cannot be used: {why}")


class EtaRecordsInvalidError(InvalidInputError):
    """Predicted and actual times cannot be compared."""

    code = "eta_records_invalid"

    def __init__(self) -> None:
        super().__init__(
            "Every trip needs a predicted and an actual time, an hour from 0 to 23 and a distance, "
            "all finite and not below 0; leave out trips that never arrived."
        )
