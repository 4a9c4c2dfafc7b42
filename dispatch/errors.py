"""Errors of dispatching. Each has a stable code and a sentence that says what to do."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from gis.errors import ConflictError, GoldenHourError, InvalidInputError, NotFoundError
from gis.identity_errors import TooManyAttemptsError


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


class AedNotFoundError(NotFoundError):
    """No such defibrillator."""

    code = "aed_not_found"

    def __init__(self, aed_id: int) -> None:
        super().__init__(f"There is no AED {aed_id}. Load the list anew.")


class AedReportNotFoundError(NotFoundError):
    """No such report, not within the viewer's jurisdiction, or not one that can be taken back."""

    code = "aed_report_not_found"

    def __init__(self, report_id: UUID) -> None:
        super().__init__(f"There is no report {report_id} for you. Load the list anew.")


class AedReportDecidedError(ConflictError):
    """Somebody has decided about the report already."""

    code = "aed_report_decided"

    def __init__(self, decision: str) -> None:
        super().__init__(f"This report was {decision} already. Load the list anew.")


class AedPhotoNotFoundError(NotFoundError):
    """There is no picture of this defibrillator."""

    code = "aed_photo_not_found"

    def __init__(self, aed_id: int) -> None:
        super().__init__(f"There is no picture of AED {aed_id}.")


class InvalidPhotoError(InvalidInputError):
    """A file that is to be the picture of a defibrillator's place cannot be used."""

    code = "photo_invalid"

    def __init__(self, what: str) -> None:
        super().__init__(f"The picture cannot be used: {what}")


class InvalidEmergencyNumbersError(InvalidInputError):
    """The file of an installation's emergency numbers cannot be used."""

    code = "emergency_numbers_invalid"

    def __init__(self, what: str) -> None:
        super().__init__(f"The file of emergency numbers cannot be used: {what}")


class AedAlreadyReportedError(ConflictError):
    """The same was reported of the device from here today, or often enough by others."""

    code = "aed_already_reported"

    def __init__(self) -> None:
        super().__init__(
            "This was reported of this AED already, and is being looked at. Nothing more is needed."
        )


class TooManyReportsError(TooManyAttemptsError):
    """As many reports as a day allows came from this address (HTTP 429)."""

    code = "too_many_reports"

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        GoldenHourError.__init__(
            self,
            "No more reports can be taken today from this connection. What was reported is being "
            "looked at; call the keeper if it is urgent.",
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


class DiversionNotFoundError(NotFoundError):
    """No such offer, or its incidents are not the viewer's."""

    code = "diversion_not_found"

    def __init__(self, diversion_id: UUID) -> None:
        super().__init__(f"There is no diversion {diversion_id} for you. Load the incident anew.")


class DiversionOfferedError(ConflictError):
    """The unit is being asked already; the database refuses a second offer."""

    code = "diversion_offered"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"{call_sign} is being asked to divert already. Wait for its answer, or ask another."
        )


class NotDivertibleError(ConflictError):
    """The unit is not on the way to a lesser call (any more). Nothing was offered."""

    code = "unit_not_divertible"

    def __init__(self, call_sign: str, why: str) -> None:
        super().__init__(f"{call_sign} cannot be diverted: {why}. Choose another unit.")


class DiversionGainsNothingError(ConflictError):
    """A unit that is free is there as soon. Nothing was offered."""

    code = "diversion_gains_nothing"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"{call_sign} was not asked: it would be there no sooner than a unit that is free. "
            "Send that one."
        )


class NobodyReplacesError(ConflictError):
    """Nobody can take the unit's place, and the difference in urgency does not allow for that."""

    code = "diversion_unreplaced"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} was not asked: nobody else can be at {number} in time. Where the matrix "
            "allows it, a C1 may take it all the same: ask again and say that it is to go without "
            "a replacement."
        )


class AlreadyPreemptedError(ConflictError):
    """A unit was taken from this patient once; a second one never is. Nothing was changed."""

    code = "already_preempted"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} stays with {number}: a unit was taken from that patient before. Choose "
            "another unit."
        )


class ReplacementGoneError(ConflictError):
    """Who was to take the unit's place cannot go any more. The old task stands."""

    code = "replacement_gone"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} keeps its task: who was to go to {number} in its place is not free any "
            "more. Ask it again; somebody else is named then."
        )


class DiversionExpiredError(ConflictError):
    """The answer came after the time to answer. The old task stands."""

    code = "diversion_expired"

    def __init__(self, call_sign: str) -> None:
        super().__init__(
            f"The answer of {call_sign} came too late: its old task stands. Offer it again if it "
            "is still wanted."
        )


class DiversionEndedError(ConflictError):
    """The offer was answered, withdrawn or ran out already."""

    code = "diversion_ended"

    def __init__(self, call_sign: str, state: str) -> None:
        super().__init__(f"The diversion of {call_sign} is {state} already. Load it anew.")


class DiversionOutdatedError(ConflictError):
    """What the offer was decided on is no longer so. The old task stands."""

    code = "diversion_outdated"

    def __init__(self, call_sign: str, number: str) -> None:
        super().__init__(
            f"{call_sign} keeps its task: incident {number} has changed since it was asked. Look "
            "at both incidents and offer it again if it is still right."
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


class ProtocolInvalidError(GoldenHourError):
    """The protocol file contradicts itself or lacks something."""

    code = "protocol_invalid"

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"The protocol cannot be used: {where}: {what}. Correct the file.")


class ProtocolCaseInvalidError(InvalidInputError):
    """A case for the test of a protocol cannot be read."""

    code = "protocol_case_invalid"

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"The cases cannot be used: {where}: {what}. Correct the file.")


class ProtocolAnswerError(InvalidInputError):
    """An answer that the protocol does not know."""

    code = "protocol_answer"

    def __init__(self, what: str, given: str, *, known: Collection[str]) -> None:
        super().__init__(
            f"The protocol knows no {what} “{given}”. Choose one of: {', '.join(known) or 'none'}."
        )


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


class DangerAnswerError(InvalidInputError):
    """A danger that is known without its kind, or kinds of one that is not known."""

    code = "danger_answer"

    def __init__(self) -> None:
        super().__init__(
            "Name the kinds of danger with the answer “known”, and none with “none” or “unknown”."
        )


class StagingError(ConflictError):
    """A scene is released that nobody waits for."""

    code = "not_staged"

    def __init__(self) -> None:
        super().__init__("No crew was told to wait for this scene, so there is nothing to release.")


class OrderUnknownError(ConflictError):
    """An order that is not, or no longer, to be acknowledged."""

    code = "order_outdated"

    def __init__(self, order: str) -> None:
        super().__init__(
            f"The order “{order}” is another one meanwhile, or none. Load the incident anew and "
            "tell the crew what holds now."
        )


class HazardNotFoundError(NotFoundError):
    """No such hazard, or not within the viewer's jurisdiction."""

    code = "hazard_not_found"

    def __init__(self, hazard_id: UUID) -> None:
        super().__init__(f"There is no hazard {hazard_id} for you. Load the list anew.")


class HazardExpiryError(InvalidInputError):
    """A hazard ends, and within a year: what nobody looks at any more warns of nothing."""

    code = "hazard_expiry"

    def __init__(self, expires_at: datetime) -> None:
        super().__init__(
            f"{expires_at.isoformat(timespec='minutes')} is no end of a hazard: give a time from "
            "now to one year ahead, and write it down anew if it still holds then."
        )


class AlertStepError(ConflictError):
    """A volunteer's step leads nowhere from where the alert stands."""

    code = "alert_step_impossible"

    def __init__(self, state: str, step: str) -> None:
        super().__init__(
            f"“{step}” is not possible now: the alert is “{state}”. Load the page anew; if nobody "
            "asks you any more, you are not needed."
        )


class LoneRescuerError(ConflictError):
    """The only rescuer with a patient is never sent away."""

    code = "lone_rescuer"

    def __init__(self) -> None:
        super().__init__(
            "Nobody else is with the patient: whoever is there stays and presses. Send somebody "
            "else for the AED."
        )


class AlertNotFoundError(NotFoundError):
    """No such alert, or it is another's."""

    code = "alert_not_found"

    def __init__(self, alert_id: UUID) -> None:
        super().__init__(f"There is no alert {alert_id} for you. Load the page anew.")


class VolunteerNotFoundError(NotFoundError):
    """No such volunteer, or the account is none."""

    code = "volunteer_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such volunteer for you. A supervisor enrols an account as a volunteer "
            "first."
        )


class VolunteerEnrolledError(ConflictError):
    """The account is a volunteer already."""

    code = "volunteer_enrolled"

    def __init__(self) -> None:
        super().__init__("This account is a volunteer already. Load the list anew.")


class VolunteerAccountUnknownError(NotFoundError):
    """There is no open account of that name."""

    code = "volunteer_account_unknown"

    def __init__(self) -> None:
        super().__init__(
            "There is no open account of this name. An administrator makes it first, with the role "
            "volunteer."
        )


class VolunteerNotVerifiedError(ConflictError):
    """Only verified adults may be alerted."""

    code = "volunteer_not_verified"

    def __init__(self) -> None:
        super().__init__(
            "Only adults whom a supervisor has verified may be on duty. Ask the centre to verify "
            "you."
        )


class VolunteerBusyError(ConflictError):
    """A volunteer with an open alert stays on duty until it has ended."""

    code = "volunteer_busy"

    def __init__(self) -> None:
        super().__init__("You have an open alert: answer it first, then go off duty.")


class ArrestNotReleasedError(ConflictError):
    """Something stands against asking volunteers."""

    code = "arrest_not_released"

    def __init__(self, sentences: Collection[str]) -> None:
        super().__init__(" ".join(sentences))


class ArrestNotBegunError(NotFoundError):
    """No volunteers were asked for this incident."""

    code = "arrest_not_begun"

    def __init__(self) -> None:
        super().__init__("No volunteers were asked for this incident. Begin the arrest first.")


class RecallNotOpenError(ConflictError):
    """The volunteer is not being called back."""

    code = "recall_not_open"

    def __init__(self) -> None:
        super().__init__("This volunteer is not being called back. Load the incident anew.")


class AedNotOutError(ConflictError):
    """An AED is restocked that is not out."""

    code = "aed_not_out"

    def __init__(self, aed_id: int) -> None:
        super().__init__(f"AED {aed_id} is not out. Load the list anew.")


class TrackerElsewhereError(ConflictError):
    """A tracker of another city has the same name."""

    code = "tracker_elsewhere"

    def __init__(self, ref: str) -> None:
        super().__init__(
            f"A tracker of another city calls itself {ref}. Give this one another name in its "
            "settings."
        )
