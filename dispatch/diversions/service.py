"""Use cases of diversions: a crew is asked, answers, is asked no longer; the next one is asked.

Locks are taken in the order of the house: incidents by their ids, then units, then the offer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch.arrivals.prediction import LOGGED_STEP_S, UNASKED, Prediction
from dispatch.assignments import repository as repository_assignments
from dispatch.assignments.service import stamps_of, store_stamp
from dispatch.choosing.diverting import (
    is_allowed,
    releasing_category,
    was_preempted,
)
from dispatch.choosing.views import RankedUnitView, Recommendation
from dispatch.diversions import repository
from dispatch.diversions.errors import (
    AlreadyPreemptedError,
    DiversionGainsNothingError,
    DiversionNotFoundError,
    DiversionOfferedError,
    DiversionOutdatedError,
    NobodyReplacesError,
    NotDivertibleError,
    ReplacementGoneError,
)
from dispatch.diversions.offers import OfferState, end, rested_on
from dispatch.errors import IncidentClosedError, UnitUnknownError
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.records import emit_unit_status, load_unit
from dispatch.incidents.lifecycle import ENDED, EXITS, check_transition
from dispatch.incidents.merging import service as merging
from dispatch.incidents.records import apply_change, assignment_views, lock_incident, offer_views
from dispatch.incidents.repository import find_incidents
from dispatch.incidents.views import IncidentView, OfferView
from dispatch.jobs import ASK_NEXT
from dispatch.model import ETIMES, STATE_WORDS, AssignmentState, Stamp, StampSource
from dispatch.permissions import DISPATCH, INCIDENT_WRITE, UNIT_STATUS_WRITE
from dispatch.triage.service import rules_of_incident
from gis.access import Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.installation import refuse_simulation_in_live
from gis.jobs.service import defer
from gis.rows import AnyRow


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be asked, what its patient loses and who goes there in its place.

    loss_s: seconds; None, as `replacement_unit_id`, where nobody replaces it in time.
    """

    unit_id: int
    loss_s: float | None
    replacement_unit_id: int | None = None


def candidates(ranked: Recommendation, *, unreplaced: bool) -> tuple[Candidate, ...]:
    """Return the units of a ranking that may be asked, the nearest first.

    unreplaced : a dispatcher diverts also those that nobody replaces, where the matrix allows it
    """
    return tuple(
        _candidate(unit) for unit in ranked.units
        if unit.diversion is not None and unit.diversion.allowed
        and (unreplaced or unit.diversion.replacement_unit_id is not None)
    )  # fmt: skip


def offer(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    unit_id: int,
    ranked: Recommendation,
    answer_within_s: float,
    unreplaced: bool = False,
    expected_version: int | None = None,
) -> OfferView:
    """Ask a crew to leave its call for this one. Its task stands, and nobody is sent yet.

    With its yes the replacement that the ranking names goes to the patient who loses it.

    ranked : the recommendation for the incident, made at the press and before anything is locked
    unreplaced : the dispatcher diverts it though nobody can take its place in time
    answer_within_s : when the offer runs out; the next unit of `ranked` is asked then

    Raises
    ------
    NotDivertibleError
        It is not on the way to a lesser call: it is free, at a scene, or has a patient on board; or
        what is known of this incident releases no pre-emption.
    AlreadyPreemptedError
        A unit was taken from that patient before.
    DiversionGainsNothingError, NobodyReplacesError
        It would be there no sooner than who is free; its patient would have nobody.
    DiversionOfferedError
        It is being asked already.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        One of the incidents cannot be changed.
    """
    seen = next((unit for unit in ranked.units if unit.unit_id == unit_id), None)
    if seen is None:
        raise UnitUnknownError(unit_id)
    task = repository.tasks_of(uow.session, [unit_id]).get(unit_id)
    earlier = repository.open_offer(uow.session, unit_id)
    ids = {incident_id, *(() if task is None else (task.incident_id,))}
    if earlier is not None:
        ids |= {earlier.incident_id, earlier.losing_incident_id}
    locked = _lock(uow, ids, DISPATCH, versions={incident_id: expected_version})
    _check_open(locked[incident_id])
    unit = _lock_unit(uow, unit_id)
    _end_dead(uow, unit, locked)
    left = _check_divertible(uow, unit, locked, incident_id)
    _check_worth(uow, seen, locked[incident_id], locked[left], unreplaced=unreplaced)
    following = candidates(ranked, unreplaced=unreplaced)
    return _offer(
        uow, locked[incident_id], locked[left], unit, _candidate(seen),
        following=[one for one in following if one.unit_id != unit_id],
        answer_within_s=answer_within_s,
    )  # fmt: skip


def asked(uow: UnitOfWork, diversion_id: UUID) -> AnyRow:
    """Return which unit is asked to come to which incident, for whoever may see neither yet.

    Raises
    ------
    DiversionNotFoundError
        There is no such offer.
    """
    found = repository.find_offer(uow.session, diversion_id)
    if found is None:
        raise DiversionNotFoundError(diversion_id)
    return found


def accept(
    uow: WritingUnitOfWork, diversion_id: UUID, *, source: StampSource, prediction: Prediction
) -> OfferView:
    """Take the crew's yes: in one transaction its old task ends and the new one begins.

    The incident that loses it goes back to waiting with the clock it had, and who replaces the unit
    is notified; until that crew has acknowledged, the incident counts as one that lost its unit. A
    second yes changes nothing.

    prediction : the unit's time to the new incident, made before anything is locked

    Raises
    ------
    DiversionNotFoundError
        There is none within the viewer's jurisdiction.
    DiversionExpiredError, DiversionEndedError
        It came too late, or the offer has ended otherwise.
    NotDivertibleError, DiversionOutdatedError
        The unit has come to its scene meanwhile, or one of the incidents has changed.
    AlreadyPreemptedError, ReplacementGoneError
        Another unit was taken from that patient meanwhile; who was to replace this one is not free.
    """
    _check_source(uow, source)
    incident, losing, found = _hold(uow, diversion_id, UNIT_STATUS_WRITE)
    now = uow.clock.now()
    if not end(
        OfferState(found.state), OfferState.ACCEPTED, at=now, expires_at=found.expires_at,
        call_sign=found.call_sign,
    ):  # fmt: skip
        return _view(uow, found)
    _check_divertible(
        uow, load_unit(uow, found.unit_id, UNIT_STATUS_WRITE),
        {one.incident_id: one for one in (incident, losing)}, incident.incident_id,
    )  # fmt: skip
    _check_current(uow, found, incident, losing)
    replacement = _check_replacement(uow, found, incident, losing)
    new_assignment_id = _move(uow, found, incident, losing, source=source, prediction=prediction)
    _end(
        uow, found, OfferState.ACCEPTED, incident, losing,
        values={"new_assignment_id": new_assignment_id, "answered_from": source.value},
    )  # fmt: skip
    emit_unit_status(uow, found.unit_id, occurred_at=now)
    if replacement is not None:
        _send_replacement(uow, found, incident, losing, replacement)
    return _view(uow, found)


def decline(uow: WritingUnitOfWork, diversion_id: UUID, *, source: StampSource) -> OfferView:
    """Take the crew's no: nothing changes for it, and the next unit is asked at once.

    Raises as `accept`.
    """
    _check_source(uow, source)
    incident, losing, found = _hold(uow, diversion_id, UNIT_STATUS_WRITE)
    if end(
        OfferState(found.state), OfferState.DECLINED, at=uow.clock.now(),
        expires_at=found.expires_at, call_sign=found.call_sign,
    ):  # fmt: skip
        _end(
            uow, found, OfferState.DECLINED, incident, losing,
            values={"answered_from": source.value},
        )  # fmt: skip
        defer(uow, ASK_NEXT, _arguments(found, incident), key=_key(diversion_id))
    return _view(uow, found)


def withdraw(uow: WritingUnitOfWork, diversion_id: UUID) -> OfferView:
    """Take an offer back; nobody else is asked. Raises as `accept`."""
    incident, losing, found = _hold(uow, diversion_id, DISPATCH)
    if end(
        OfferState(found.state), OfferState.WITHDRAWN, at=uow.clock.now(),
        expires_at=found.expires_at, call_sign=found.call_sign,
    ):  # fmt: skip
        _end(uow, found, OfferState.WITHDRAWN, incident, losing)
    return _view(uow, found)


def merge(
    uow: WritingUnitOfWork, incident_id: UUID, *, into: UUID, expected_version: int | None = None
) -> IncidentView:
    """Merge two incidents; whoever is asked to come to one or to leave it is asked no more.

    What was asked rested on what both were: whoever still needs a unit looks anew. Raises as
    `merging.merge`, and `DiversionOfferedError` where a crew was asked at the same moment.
    """
    both = {incident_id, into}
    found = repository.open_offers_of(uow.session, both)
    locked = _lock(uow, both | _concerned(found), INCIDENT_WRITE)
    for one in repository.open_offers_of(uow.session, both):
        if not _concerned([one]) <= set(locked):
            raise DiversionOfferedError(one.call_sign)
        _end(
            uow, one, OfferState.WITHDRAWN, locked[one.incident_id],
            locked[one.losing_incident_id],
        )  # fmt: skip
    return merging.merge(uow, incident_id, into=into, expected_version=expected_version)


def _concerned(offers: Sequence[AnyRow]) -> set[UUID]:
    return {one.incident_id for one in offers} | {one.losing_incident_id for one in offers}


def ask_next(uow: WritingUnitOfWork, diversion_id: UUID, *, answer_within_s: float) -> None:
    """End an offer whose time is up, and ask the next unit of one that got no yes.

    The next is the first of those that stood behind it in the ranking that is still on the way to a
    lesser call. Nobody is asked where the incident has changed since: somebody looks at it anew.
    """
    found = repository.find_offer(uow.session, diversion_id)
    if found is None:
        return
    following = [Candidate(**one) for one in found.following]
    tasks = repository.tasks_of(uow.session, [one.unit_id for one in following])
    ids = {found.incident_id, found.losing_incident_id, *(t.incident_id for t in tasks.values())}
    locked = _lock(uow, ids, DISPATCH)
    incident, losing = locked[found.incident_id], locked[found.losing_incident_id]
    found = repository.find_offer(uow.session, diversion_id, lock=True)
    assert found is not None
    if found.state == OfferState.OFFERED and uow.clock.now() >= found.expires_at:
        _end(uow, found, OfferState.EXPIRED, incident, losing)
    elif found.state != OfferState.DECLINED:
        return
    if incident.state in ENDED or not _as_it_was(uow, found, incident, "incident"):
        return
    for place, chosen in enumerate(following):
        unit = _lock_unit(uow, chosen.unit_id)
        try:
            left = locked[_check_divertible(uow, unit, locked, incident.incident_id)]
            if not _allowed(
                uow, incident, left, replaceable=chosen.replacement_unit_id is not None
            ):  # fmt: skip
                continue
            _offer(
                uow, incident, left, unit, chosen, following=following[place + 1 :],
                answer_within_s=answer_within_s,
            )  # fmt: skip
        except (NotDivertibleError, DiversionOfferedError, AlreadyPreemptedError):
            continue
        return


def _lock(
    uow: WritingUnitOfWork, ids: set[UUID], permission: Permission,
    *, versions: Mapping[UUID, int | None] | None = None,
) -> dict[UUID, AnyRow]:  # fmt: skip
    expected = versions or {}
    return {
        one: lock_incident(
            uow, one, permission, must_be_open=False, expected_version=expected.get(one)
        )
        for one in sorted(ids)
    }


def _lock_unit(uow: WritingUnitOfWork, unit_id: int) -> AnyRow:
    if not repository_fleet.lock_unit(uow.session, unit_id):
        raise UnitUnknownError(unit_id)
    return load_unit(uow, unit_id, DISPATCH)


def _hold(
    uow: WritingUnitOfWork, diversion_id: UUID, permission: Permission
) -> tuple[AnyRow, AnyRow, AnyRow]:
    """Lock both incidents, the unit and the offer; return the incidents and the offer."""
    found = asked(uow, diversion_id)
    locked = _lock(uow, {found.incident_id, found.losing_incident_id}, permission)
    for unit_id in sorted({found.unit_id, found.replacement_unit_id or found.unit_id}):
        repository_fleet.lock_unit(uow.session, unit_id)
    now = repository.find_offer(uow.session, diversion_id, lock=True)
    assert now is not None
    return locked[found.incident_id], locked[found.losing_incident_id], now


def _end_dead(uow: WritingUnitOfWork, unit: AnyRow, locked: Mapping[UUID, AnyRow]) -> None:
    """End an offer that nobody can accept any more: it holds up no other.

    Its time is up and no job has noted it yet; or the crew's task or one of the incidents is not
    what it was. unit: locked, as its incidents in `locked`.
    """
    earlier = repository.open_offer(uow.session, unit.unit_id)
    if earlier is None or not {earlier.incident_id, earlier.losing_incident_id} <= set(locked):
        return
    incident, losing = locked[earlier.incident_id], locked[earlier.losing_incident_id]
    if uow.clock.now() >= earlier.expires_at:
        _end(uow, earlier, OfferState.EXPIRED, incident, losing)
    elif not (
        unit.assignment_id == earlier.assignment_id
        and unit.assignment_state in EXITS[AssignmentState.DIVERTED]
        and _as_it_was(uow, earlier, incident, "incident")
        and _as_it_was(uow, earlier, losing, "losing")
    ):
        _end(uow, earlier, OfferState.WITHDRAWN, incident, losing)


def _check_open(incident: AnyRow) -> None:
    if incident.state in ENDED:
        raise IncidentClosedError(incident.number, incident.state)


def _check_divertible(
    uow: WritingUnitOfWork, unit: AnyRow, locked: Mapping[UUID, AnyRow], incident_id: UUID
) -> UUID:
    """Return the incident that a locked unit would leave, or raise `NotDivertibleError`."""
    if unit.assignment_id is None:
        raise NotDivertibleError(unit.call_sign, "it is on no call; send it")
    if unit.incident_id == incident_id or unit.incident_id not in locked:
        raise NotDivertibleError(unit.call_sign, f"it goes to {unit.incident_number} now")
    if unit.assignment_state not in EXITS[AssignmentState.DIVERTED]:
        words = STATE_WORDS[unit.assignment_state].en
        raise NotDivertibleError(unit.call_sign, f"its status is “{words}”")
    incident, losing = locked[incident_id], locked[unit.incident_id]
    if _releasing(incident) is None:
        raise NotDivertibleError(
            unit.call_sign,
            f"the category of {incident.number} is not known from answers; code it first",
        )
    if not _allowed(uow, incident, losing, replaceable=True):
        raise NotDivertibleError(
            unit.call_sign,
            f"{losing.number} ({losing.category or 'not coded'}) is not less urgent than this one, "
            "or the matrix does not allow it",
        )
    if was_preempted(losing.incident_id, losing.diversions):
        raise AlreadyPreemptedError(unit.call_sign, losing.number)
    left: UUID = unit.incident_id
    return left


def _check_worth(
    uow: WritingUnitOfWork, seen: RankedUnitView, incident: AnyRow, losing: AnyRow, *,
    unreplaced: bool,
) -> None:  # fmt: skip
    if seen.diversion is None or seen.diversion.incident_id != losing.incident_id:
        raise DiversionGainsNothingError(seen.call_sign)
    if seen.diversion.replacement_unit_id is not None:
        return
    if not (unreplaced and _allowed(uow, incident, losing, replaceable=False)):
        raise NobodyReplacesError(seen.call_sign, losing.number)


def _check_replacement(
    uow: WritingUnitOfWork, found: AnyRow, incident: AnyRow, losing: AnyRow
) -> AnyRow | None:
    """Return the locked unit that replaces the diverted one, None where nobody was named.

    Raises
    ------
    ReplacementGoneError
        It is not free any more, and the matrix does not let the unit go without one.
    """
    if found.replacement_unit_id is None:
        return None
    unit = load_unit(uow, found.replacement_unit_id, UNIT_STATUS_WRITE)
    free = unit.assignment_id is None and not unit.out_of_service_reason
    if free and unit.shift_id is not None:
        return unit
    if not _allowed(uow, incident, losing, replaceable=False):
        raise ReplacementGoneError(found.call_sign, losing.number)
    return None


def _send_replacement(
    uow: WritingUnitOfWork, found: AnyRow, incident: AnyRow, losing: AnyRow, unit: AnyRow
) -> None:
    """Notify who goes to the patient that lost its unit, as the dispatcher chose with the offer."""
    now = uow.clock.now()
    assignment_id = uow.ids.new()
    repository_assignments.insert_assignment(
        uow.session,
        {
            "assignment_id": assignment_id, "incident_id": losing.incident_id,
            "unit_id": unit.unit_id, "state": AssignmentState.NOTIFIED.value, "created_at": now,
            "dispatched_by": found.offered_by, **UNASKED.columns(shown_s=None, shown_by=None),
        },
        call_sign=unit.call_sign,
    )  # fmt: skip
    store_stamp(
        uow, assignment_id, Stamp(AssignmentState.NOTIFIED, now, now, source=StampSource.CONSOLE)
    )
    repository.end_offer(
        uow.session, found.diversion_id, {"replacement_assignment_id": assignment_id}
    )
    apply_change(
        uow, losing, "incident.assigned",
        payload={
            "assignment_id": assignment_id, "unit_id": unit.unit_id, "call_sign": unit.call_sign,
            "patient_id": None, "etimes": ETIMES[AssignmentState.NOTIFIED],
            "instead_of": found.call_sign, "to_number": incident.number, **UNASKED.payload(),
        },
        occurred_at=now,
    )  # fmt: skip
    emit_unit_status(uow, unit.unit_id, occurred_at=now)


def _allowed(
    uow: WritingUnitOfWork, incident: AnyRow, losing: AnyRow, *, replaceable: bool
) -> bool:
    return is_allowed(
        _releasing(incident), losing.category, replaceable=replaceable,
        matrix=rules_of_incident(uow, incident).matrix,
    )  # fmt: skip


def _releasing(incident: AnyRow) -> str | None:
    return releasing_category(incident.category, incident.response_plan)


def _offer(
    uow: WritingUnitOfWork,
    incident: AnyRow,
    losing: AnyRow,
    unit: AnyRow,
    chosen: Candidate,
    *,
    following: Sequence[Candidate],
    answer_within_s: float,
) -> OfferView:
    now = uow.clock.now()
    expires_at = now + timedelta(seconds=answer_within_s)
    diversion_id = uow.ids.new()
    repository.insert_offer(
        uow.session,
        {
            "diversion_id": diversion_id, "incident_id": incident.incident_id,
            "losing_incident_id": losing.incident_id, "assignment_id": unit.assignment_id,
            "unit_id": unit.unit_id, "state": OfferState.OFFERED.value, "loss_s": chosen.loss_s,
            "replacement_unit_id": chosen.replacement_unit_id,
            "rested_on": {
                "incident": _rests(uow, incident, unit.unit_id),
                "losing": _rests(uow, losing, unit.unit_id),
            },
            "following": [
                {
                    "unit_id": one.unit_id, "loss_s": one.loss_s,
                    "replacement_unit_id": one.replacement_unit_id,
                }
                for one in following
            ],
            "offered_at": now, "expires_at": expires_at, "offered_by": uow.identity.user_id,
        },
        call_sign=unit.call_sign,
    )  # fmt: skip
    found = repository.find_offer(uow.session, diversion_id)
    assert found is not None
    _tell(uow, found, OfferState.OFFERED, incident, losing)
    defer(
        uow, ASK_NEXT, _arguments(found, incident), due_at=expires_at, key=_key(diversion_id)
    )  # fmt: skip
    return _view(uow, found)


def _check_current(
    uow: WritingUnitOfWork, found: AnyRow, incident: AnyRow, losing: AnyRow
) -> None:  # fmt: skip
    for name, row in (("losing", losing), ("incident", incident)):
        if not _as_it_was(uow, found, row, name):
            raise DiversionOutdatedError(found.call_sign, row.number)


def _as_it_was(uow: WritingUnitOfWork, found: AnyRow, row: AnyRow, name: str) -> bool:
    return bool(found.rested_on[name] == _rests(uow, row, found.unit_id))


def _rests(uow: WritingUnitOfWork, incident: AnyRow, unit_id: int) -> Mapping[str, Any]:
    at_work = repository.at_work(uow.session, incident.incident_id)
    return rested_on(incident._asdict(), at_work, but=unit_id)


def _move(
    uow: WritingUnitOfWork, found: AnyRow, incident: AnyRow, losing: AnyRow,
    *, source: StampSource, prediction: Prediction,
) -> UUID:  # fmt: skip
    """End the old assignment and begin the new one; both incidents tell it."""
    now = uow.clock.now()
    (before,) = (
        one for one in assignment_views(uow, [losing.incident_id])
        if one.assignment_id == found.assignment_id
    )  # fmt: skip
    stamps = stamps_of(before)
    # A device whose clock runs ahead has stamped what has not come yet; that stops nobody.
    left_at = max(now, *(stamp.occurred_at for stamp in stamps))
    step = check_transition(
        AssignmentState(before.state), AssignmentState.DIVERTED, occurred_at=left_at,
        recorded_at=now, previous_stamps=stamps,
    )  # fmt: skip
    store_stamp(uow, found.assignment_id, Stamp(step.state, left_at, now, source=source))
    repository_assignments.update_assignment(
        uow.session, found.assignment_id, {"state": step.state.value}
    )
    unit = {"unit_id": found.unit_id, "call_sign": found.call_sign}
    apply_change(
        uow, losing, "assignment.diverted",
        payload={
            **unit, "assignment_id": found.assignment_id, "etimes": None, "source": source.value,
            "late": False, "skipped": [], "fills_gap": False, "assignment_state": step.state.value,
            "to_number": incident.number, "to_category": incident.category,
        },
        occurred_at=left_at,
    )  # fmt: skip
    assignment_id = uow.ids.new()
    predicted = prediction.still_for(incident)
    repository_assignments.insert_assignment(
        uow.session,
        {
            "assignment_id": assignment_id, "incident_id": incident.incident_id,
            "unit_id": found.unit_id, "state": AssignmentState.ACKNOWLEDGED.value,
            "created_at": now, "dispatched_by": found.offered_by,
            **predicted.columns(shown_s=None, shown_by=None),
        },
        call_sign=found.call_sign,
    )  # fmt: skip
    told = (
        (AssignmentState.NOTIFIED, found.offered_at, StampSource.CONSOLE),
        (AssignmentState.ACKNOWLEDGED, now, source),
    )
    for state, at, said_by in told:
        store_stamp(uow, assignment_id, Stamp(state, at, now, source=said_by))
    apply_change(
        uow, incident, "incident.assigned",
        payload={
            **unit, "assignment_id": assignment_id, "patient_id": None,
            "etimes": ETIMES[AssignmentState.NOTIFIED], "from_number": losing.number,
            **predicted.payload(),
        },
        occurred_at=now,
    )  # fmt: skip
    return assignment_id


def _end(
    uow: WritingUnitOfWork, found: AnyRow, state: OfferState, incident: AnyRow, losing: AnyRow,
    *, values: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    repository.end_offer(
        uow.session, found.diversion_id,
        {**(values or {}), "state": state.value, "ended_at": uow.clock.now()},
    )  # fmt: skip
    _tell(uow, found, state, incident, losing)


def _tell(
    uow: WritingUnitOfWork, found: AnyRow, state: OfferState, incident: AnyRow, losing: AnyRow
) -> None:
    """Write into both incidents what became of an offer."""
    payload = {
        "diversion_id": found.diversion_id, "unit_id": found.unit_id,
        "call_sign": found.call_sign, "loss_s": found.loss_s,
        "from_number": losing.number, "from_category": losing.category,
        "to_number": incident.number, "to_category": incident.category,
    }  # fmt: skip
    for row, kind in ((incident, "diversion"), (losing, "diversion_away")):
        uow.emit(NewEvent(
            "incident", str(row.incident_id), f"incident.{kind}_{state.value}", payload,
            uow.clock.now(), city_id=row.city_id, area_code=row.area_code,
        ))  # fmt: skip


def _view(uow: WritingUnitOfWork, found: AnyRow) -> OfferView:
    (row,) = find_incidents(uow.session, [found.incident_id])
    return next(one for one in offer_views(row) if one.diversion_id == found.diversion_id)


def _arguments(found: AnyRow, incident: AnyRow) -> dict[str, Any]:
    return {
        "diversion_id": str(found.diversion_id), "city_id": incident.city_id,
        "area_code": incident.area_code,
    }  # fmt: skip


def _key(diversion_id: UUID) -> str:
    return f"diversion {diversion_id}"


def _check_source(uow: UnitOfWork, source: StampSource) -> None:
    if source is StampSource.SIMULATION:
        refuse_simulation_in_live(uow)


def _candidate(unit: RankedUnitView) -> Candidate:
    named = None if unit.diversion is None else unit.diversion.replacement_unit_id
    return Candidate(unit.unit_id, _loss_s(unit), named)


def _loss_s(unit: RankedUnitView) -> float | None:
    """Return a loss as it may be kept: finer, several would point to a home."""
    loss_s = None if unit.diversion is None else unit.diversion.loss_s
    return None if loss_s is None else round(loss_s / LOGGED_STEP_S) * LOGGED_STEP_S
