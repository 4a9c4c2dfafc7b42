"""Use cases of telephone calls: what the exchange tells, silence, call-backs, who called before.

No call is lost: one that nobody answered becomes an incident that waits for a call-back, and a
second call from the same number goes on with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.calls import repository
from dispatch.calls.errors import (
    CallStepRefusedError,
    FiguresPeriodInvalidError,
    NoCallBackDueError,
    TelephoneCallUnknownError,
)
from dispatch.calls.figures import Answering, answering
from dispatch.calls.model import (
    ENDS,
    CallBack,
    CallBackDuty,
    CallBackResult,
    CallState,
    Said,
    after_try,
    is_quiet,
    next_state,
    owed,
)
from dispatch.calls.numbers import PURPOSE, one_spelling
from dispatch.calls.views import EarlierCall, TelephoneCallView
from dispatch.errors import TimeInFutureError
from dispatch.incidents import calls as incident_calls
from dispatch.incidents import repository as repository_incidents
from dispatch.incidents.lifecycle import FUTURE_TOLERANCE_S
from dispatch.incidents.records import lock_incident, read_incident
from dispatch.incidents.views import CallTaken
from dispatch.jobs import CALL_BACK_DUE
from dispatch.model import CallSource
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.installation import refuse_simulation_in_live
from gis.jobs.service import defer
from gis.pseudonyms.keys import PseudonymKeys
from gis.rows import AnyRow
from gis.tables.calls import CallerDigest

REDIAL_S = 1_800.0
"""A call from a number that was to be called back within this goes on with its incident."""

EARLY_FIX_S = 600.0
"""A phone's position may come so long before its call is known here."""

HISTORY = timedelta(days=365)
"""Earlier calls are shown of this long, and hashes kept for it."""

MOST_EARLIER = 10
MOST_OPEN = 500
OPEN_SINCE = timedelta(days=2)
LONGEST_FIGURES = timedelta(days=400)
DESK = "desk"
"""The exchange of calls that somebody typed: no line stands behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReport:
    """What the exchange tells of a call. exchange_ref: its own name of the call, for ever the same.

    number: None where it is withheld. at: None is now.
    """

    city_id: int
    exchange: str
    exchange_ref: str
    said: Said
    at: datetime | None = None
    number: str | None = None
    transferred_to: str | None = None
    recording_ref: str | None = None
    simulated: bool = False


def take_call(
    uow: WritingUnitOfWork, keys: PseudonymKeys, call: incident_calls.NewCall
) -> CallTaken:
    """Take a call that somebody types, and keep its number's hash; see `incidents.calls`."""
    taken = incident_calls.take_call(uow, call)
    known = _note_number(uow, keys, taken.call_id, city_id=call.city_id, number=call.caller_number)
    if known:
        _give_fixes(uow, call.city_id, taken.call_id, known)
    return taken


def note_call(
    uow: WritingUnitOfWork, keys: PseudonymKeys, call_id: UUID, **said: str | None
) -> UUID:  # fmt: skip
    """Write down what the caller said, and keep the hash of a number; see `incidents.calls`."""
    incident_id = incident_calls.note_call(uow, call_id, **said)
    number = said.get("caller_number")
    if number is not None:
        taken = repository.find_taken(uow.session, call_id)
        assert taken is not None
        known = _note_number(uow, keys, call_id, city_id=taken.city_id, number=number)
        if known:
            _give_fixes(uow, taken.city_id, call_id, known)
        else:
            repository.drop_digest(uow.session, call_id)
    return incident_id


def report(
    uow: WritingUnitOfWork, keys: PseudonymKeys, told: ExchangeReport
) -> TelephoneCallView:  # fmt: skip
    """Take what the exchange tells of a call; told twice it changes nothing.

    A call it tells of for the first time is begun, whatever it says of it: a lost *rang* costs no
    call.

    Raises
    ------
    CityUnknownError, TimeInFutureError
    CallStepRefusedError
        It cannot follow what was told before.
    SimulationRefusedError
        It is simulated and this installation is live.
    """
    require_city(uow, told.city_id)
    if told.simulated:
        refuse_simulation_in_live(uow)
    now = uow.clock.now()
    at = told.at or now
    if at > now + timedelta(seconds=FUTURE_TOLERANCE_S):
        raise TimeInFutureError("at", at)
    call = _begun(uow, keys, told, at=at)
    after = next_state(CallState(call.state), told.said)
    if after is None:
        raise CallStepRefusedError(told.exchange_ref, call.state, told.said)
    if after != call.state:
        call = _step(uow, call, told, after=after, at=max(at, call.rang_at))
    elif told.recording_ref and told.recording_ref != call.recording_ref:
        call = repository.change_call(
            uow.session, call.call_id, {"recording_ref": told.recording_ref}
        )
    return _view(call, repository_incidents.incident_of_call(uow.session, call.call_id))


def set_silent(uow: WritingUnitOfWork, call_id: UUID, *, silent: bool) -> TelephoneCallView:
    """Say that nobody speaks on the line, or that somebody does after all.

    A silent call stays an incident that waits, is to be called back, and is not pre-alerted by
    itself; somebody who speaks ends the duty.

    Raises
    ------
    TelephoneCallUnknownError, IncidentNotFoundError, IncidentClosedError
    """
    call, incident = _lock_of_incident(uow, call_id)
    if (call.silent_at is not None) == silent:
        return _view(call, incident.incident_id)
    now = uow.clock.now()
    duty = owed(now) if silent else CallBackDuty(
        state=CallBack.REACHED if call.call_back != CallBack.NONE else CallBack.NONE,
        tries=call.call_back_tries, due_at=None,
    )  # fmt: skip
    changed = _change(
        uow, call, "call.silent" if silent else "call.spoke",
        values={"silent_at": now if silent else None, **_duty_values(duty)},
        payload={}, at=now, area_code=incident.area_code,
    )  # fmt: skip
    _wait_for(uow, changed, incident.area_code)
    return _view(changed, incident.incident_id)


def try_call_back(
    uow: WritingUnitOfWork, call_id: UUID, result: CallBackResult
) -> TelephoneCallView:  # fmt: skip
    """Write down what came of one try to call back.

    Raises
    ------
    TelephoneCallUnknownError, IncidentNotFoundError, IncidentClosedError
    NoCallBackDueError
        Nobody has to be called back.
    """
    call, incident = _lock_of_incident(uow, call_id)
    if call.call_back not in (CallBack.DUE, CallBack.UNREACHED):
        raise NoCallBackDueError
    now = uow.clock.now()
    duty = after_try(_duty(call), result, at=now)
    values = _duty_values(duty)
    if result == CallBackResult.REACHED:
        values["silent_at"] = None
    changed = _change(
        uow, call, "call.call_back_tried", values=values,
        payload={"result": result.value, "tries": duty.tries}, at=now,
        area_code=incident.area_code,
    )  # fmt: skip
    _wait_for(uow, changed, incident.area_code)
    return _view(changed, incident.incident_id)


def say_overdue(uow: WritingUnitOfWork, call_id: UUID) -> bool:
    """Say that a call-back is overdue, if it still is and its incident is open; returns whether."""
    call = repository.lock_call(uow.session, call_id)
    now = uow.clock.now()
    if call is None or call.call_back != CallBack.DUE or call.call_back_due_at > now:
        return False
    taken = repository.find_taken(uow.session, call_id)
    if taken is None:
        return False
    _change(
        uow, call, "call.call_back_overdue", values={}, payload={"tries": call.call_back_tries},
        at=now, area_code=taken.area_code,
    )  # fmt: skip
    return True


def open_calls(uow: UnitOfWork, city_id: int) -> tuple[TelephoneCallView, ...]:
    """Return a city's calls that ring, go on or wait for a call-back, the oldest first.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    rows = repository.open_calls(
        uow.session, city_id, prefixes=uow.identity.jurisdictions(INCIDENT_READ),
        since=uow.clock.now() - OPEN_SINCE, limit=MOST_OPEN,
    )  # fmt: skip
    return tuple(_view(row, row.incident_id) for row in rows)


def figures(
    uow: UnitOfWork, city_id: int, *, since: datetime, before: datetime
) -> Answering:  # fmt: skip
    """Return how fast calls of a period were answered, against the standards.

    Raises
    ------
    CityUnknownError
    FiguresPeriodInvalidError
    """
    require_city(uow, city_id)
    if not timedelta(0) < before - since <= LONGEST_FIGURES:
        raise FiguresPeriodInvalidError
    rows = repository.waits_between(uow.session, city_id, since=since, before=before)
    waits = [
        None if row.answered_at is None else (row.answered_at - row.rang_at).total_seconds()
        for row in rows
        if row.answered_at is not None
    ]
    abandoned = sum(row.answered_at is None and row.state == CallState.ABANDONED for row in rows)
    return answering(waits, abandoned=abandoned)


def earlier_calls(
    uow: UnitOfWork, incident_id: UUID
) -> tuple[bool, int, tuple[EarlierCall, ...]]:  # fmt: skip
    """Return whether an incident's callers are known, and what they called for before."""
    incident = read_incident(uow, incident_id, INCIDENT_READ)
    digests = repository.digests_of(uow.session, incident_id)
    if not digests:
        return False, 0, ()
    total, rows = repository.incidents_called(
        uow.session, incident.city_id, digests=digests, besides=incident_id,
        since=uow.clock.now() - HISTORY, prefixes=uow.identity.jurisdictions(INCIDENT_READ),
        limit=MOST_EARLIER,
    )  # fmt: skip
    return True, total, tuple(EarlierCall(**row._mapping) for row in rows)


def calls_of(uow: UnitOfWork, incident_id: UUID) -> tuple[TelephoneCallView, ...]:
    """Return the lines of an incident's calls."""
    return tuple(_view(row, incident_id) for row in repository.calls_of(uow.session, incident_id))


def ensure_line(uow: WritingUnitOfWork, call_id: UUID) -> AnyRow:
    """Lock the line of a call of an incident; one that was typed gets its row here.

    Raises
    ------
    TelephoneCallUnknownError
    """
    taken = repository.find_taken(uow.session, call_id)
    if taken is None:
        raise TelephoneCallUnknownError(call_id)
    line = repository.lock_call(uow.session, call_id)
    if line is None:
        repository.begin_call(
            uow.session,
            {
                "call_id": call_id, "city_id": taken.city_id, "exchange": DESK,
                "exchange_ref": str(call_id), "state": CallState.ANSWERED.value,
                "rang_at": taken.received_at,
                "answered_at": taken.answered_at or taken.received_at,
                "simulated": taken.simulated,
            },
        )  # fmt: skip
        line = repository.lock_call(uow.session, call_id)
    assert line is not None
    return line


def emit(
    uow: WritingUnitOfWork,
    call: AnyRow,
    event_type: str,
    *,
    payload: dict[str, Any],
    at: datetime,
    area_code: str | None,
) -> None:
    """Say what happened to a locked call, with what rebuilds it."""
    uow.emit(
        NewEvent(
            "call", str(call.call_id), event_type,
            {
                "state": call.state, "silent": call.silent_at is not None,
                "call_back": call.call_back,
                "incident_id": repository_incidents.incident_of_call(uow.session, call.call_id),
                **payload,
            },
            occurred_at=at, city_id=call.city_id, area_code=area_code,
        )
    )  # fmt: skip


def hashes(keys: PseudonymKeys, number: str | None) -> list[bytes]:
    """Return the hashes of a number under every key that still stands; none of a withheld one."""
    spelled = one_spelling(number)
    if spelled is None:
        return []
    return [one.digest for one in keys.all_pseudonyms(PURPOSE, spelled)]


def digests_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete hashes of callers."""
    return repository.past(
        uow.session, CallerDigest, CallerDigest.noted_at, before, now=uow.clock.now(), limit=limit
    )


def _begun(
    uow: WritingUnitOfWork, keys: PseudonymKeys, told: ExchangeReport, *, at: datetime
) -> AnyRow:
    """Return the call, locked; told of for the first time, with its number and what it follows."""
    call_id = uow.ids.new()
    new = repository.begin_call(
        uow.session,
        {
            "call_id": call_id, "city_id": told.city_id, "exchange": told.exchange,
            "exchange_ref": told.exchange_ref, "state": CallState.RINGING.value, "rang_at": at,
            "simulated": told.simulated, "recording_ref": told.recording_ref,
        },
    )  # fmt: skip
    call = repository.lock_named(
        uow.session, told.city_id, exchange=told.exchange, exchange_ref=told.exchange_ref
    )
    assert call is not None
    if not new:
        return call
    known = _note_number(uow, keys, call_id, city_id=told.city_id, number=told.number)
    payload: dict[str, Any] = {"exchange": told.exchange}
    if told.number:
        payload["caller_number_commitment"] = uow.remember(
            "call", str(call_id), "caller_number", told.number, purpose="emergency_call"
        )
    before = known and repository.owing_call_from(
        uow.session, told.city_id, digests=known, since=at - timedelta(seconds=REDIAL_S)
    )
    if before:
        payload["follows_call_id"] = before.call_id
        call = repository.change_call(
            uow.session, call_id, {"follows_call_id": before.call_id}
        )  # fmt: skip
    emit(uow, call, "call.rang", payload=payload, at=at, area_code=None)
    if known:
        _give_fixes(uow, told.city_id, call_id, known)
    return call


def _step(
    uow: WritingUnitOfWork, call: AnyRow, told: ExchangeReport, *, after: CallState, at: datetime
) -> AnyRow:
    """Let a call become what the exchange says, with the incident that follows from it."""
    values: dict[str, Any] = {"state": after.value}
    if told.said == Said.ANSWERED:
        values["answered_at"] = at
    if after in ENDS:
        values["ended_at"] = at
    if told.transferred_to:
        values["transferred_to"] = told.transferred_to
    if told.recording_ref:
        values["recording_ref"] = told.recording_ref
    area_code = None
    if after in (CallState.ANSWERED, CallState.ABANDONED):
        area_code = _incident_for(uow, call, answered_at=values.get("answered_at"))
    if after == CallState.ABANDONED and call.follows_call_id is None and _is_unclear(uow, call):
        values |= _duty_values(owed(at))
    payload = {"to": told.transferred_to} if told.said == Said.TRANSFERRED else {}
    changed = _change(
        uow, call, f"call.{told.said.value}", values=values, payload=payload, at=at,
        area_code=area_code,
    )  # fmt: skip
    if after == CallState.ANSWERED and call.follows_call_id is not None:
        _reached(uow, call.follows_call_id, at=at, area_code=area_code)
    _wait_for(uow, changed, area_code)
    return changed


def _incident_for(
    uow: WritingUnitOfWork, call: AnyRow, *, answered_at: datetime | None
) -> str | None:
    """Give a call an incident if it has none, that of the call it follows or its own; its area."""
    taken = repository.find_taken(uow.session, call.call_id)
    if taken is not None:
        return _area(taken)
    before = call.follows_call_id and repository.find_taken(uow.session, call.follows_call_id)
    if before:
        incident = lock_incident(uow, before.incident_id, INCIDENT_WRITE, must_be_open=False)
        repository_incidents.insert_call(
            uow.session,
            {
                "call_id": call.call_id, "incident_id": incident.incident_id,
                "source": CallSource.PHONE.value, "received_at": call.rang_at,
                "answered_at": answered_at, "recorded_at": uow.clock.now(),
                "taken_by": uow.identity.user_id,
            },
        )  # fmt: skip
        repository_incidents.move_personal_values(
            uow.session, incident.incident_id, area_code=incident.area_code
        )
        return _area(incident)
    new = incident_calls.NewCall(
        city_id=call.city_id, source=CallSource.PHONE, received_at=call.rang_at,
        answered_at=answered_at, simulated=call.simulated, call_id=call.call_id,
    )  # fmt: skip
    return incident_calls.take_call(uow, new).incident.area_code


def _area(row: AnyRow) -> str | None:
    area_code: str | None = row.area_code
    return area_code


def _is_unclear(uow: UnitOfWork, call: AnyRow) -> bool:
    """Tell whether what the caller wanted is not known: neither coded nor a place."""
    incident_id = repository_incidents.incident_of_call(uow.session, call.call_id)
    if incident_id is None:
        return True
    (incident,) = repository_incidents.find_incidents(uow.session, [incident_id])
    return incident.coded_at is None or incident.lon is None


def _reached(
    uow: WritingUnitOfWork, call_id: UUID, *, at: datetime, area_code: str | None
) -> None:  # fmt: skip
    """End the duty of the call that this one follows: its caller is on the line."""
    before = repository.lock_call(uow.session, call_id)
    if before is None or before.call_back not in (CallBack.DUE, CallBack.UNREACHED):
        return
    duty = CallBackDuty(state=CallBack.REACHED, tries=before.call_back_tries, due_at=None)
    _change(
        uow, before, "call.call_back_tried", values=_duty_values(duty),
        payload={"result": CallBackResult.REACHED.value, "tries": duty.tries}, at=at,
        area_code=area_code,
    )  # fmt: skip


def _lock_of_incident(uow: WritingUnitOfWork, call_id: UUID) -> tuple[AnyRow, AnyRow]:
    incident_id = repository_incidents.incident_of_call(uow.session, call_id)
    if incident_id is None:
        raise TelephoneCallUnknownError(call_id)
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE)
    return ensure_line(uow, call_id), incident


def _change(
    uow: WritingUnitOfWork,
    call: AnyRow,
    event_type: str,
    *,
    values: dict[str, Any],
    payload: dict[str, Any],
    at: datetime,
    area_code: str | None,
) -> AnyRow:
    changed = repository.change_call(uow.session, call.call_id, values)
    emit(uow, changed, event_type, payload=payload, at=at, area_code=area_code)
    return changed


def _duty(call: AnyRow) -> CallBackDuty:
    return CallBackDuty(
        state=CallBack(call.call_back), tries=call.call_back_tries, due_at=call.call_back_due_at
    )


def _duty_values(duty: CallBackDuty) -> dict[str, Any]:
    return {
        "call_back": duty.state.value, "call_back_tries": duty.tries,
        "call_back_due_at": duty.due_at,
    }  # fmt: skip


def _wait_for(uow: WritingUnitOfWork, call: AnyRow, area_code: str | None) -> None:
    """Defer what says that a call-back is overdue, in the transaction that makes it due."""
    if call.call_back == CallBack.DUE:
        defer(
            uow, CALL_BACK_DUE,
            {"call_id": str(call.call_id), "city_id": call.city_id, "area_code": area_code},
            due_at=call.call_back_due_at, key=f"call_back {call.call_id} {call.call_back_tries}",
        )  # fmt: skip


def _note_number(
    uow: WritingUnitOfWork, keys: PseudonymKeys, call_id: UUID, *, city_id: int, number: str | None
) -> Sequence[bytes]:
    """Keep a number's hash under the newest key; return its hashes under all."""
    spelled = one_spelling(number)
    if spelled is None:
        return []
    newest = keys.pseudonym(PURPOSE, spelled)
    repository.note_digest(
        uow.session,
        {
            "call_id": call_id, "city_id": city_id, "key_id": newest.key_id,
            "digest": newest.digest, "noted_at": uow.clock.now(),
        },
    )  # fmt: skip
    return hashes(keys, number)


def _give_fixes(
    uow: WritingUnitOfWork, city_id: int, call_id: UUID, known: Sequence[bytes]
) -> None:  # fmt: skip
    repository.give_waiting_fixes(
        uow.session, city_id, call_id, digests=known,
        since=uow.clock.now() - timedelta(seconds=EARLY_FIX_S),
    )  # fmt: skip


def _view(call: AnyRow, incident_id: UUID | None) -> TelephoneCallView:
    silent = call.silent_at is not None
    shown = {
        name: getattr(call, name)
        for name in TelephoneCallView.__slots__
        if name not in ("incident_id", "silent", "quiet")
    }
    return TelephoneCallView(
        incident_id=incident_id, silent=silent,
        quiet=is_quiet(silent=silent, call_back=CallBack(call.call_back)), **shown,
    )  # fmt: skip


def quiet_incidents(uow: UnitOfWork, incident_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of the incidents on whose lines nobody has spoken yet: silent or abandoned.

    An incident with several calls is quiet only while each of them is.
    """
    found: dict[UUID, list[bool]] = {one: [] for one in incident_ids}
    for row in repository.lines_of(uow.session, incident_ids):
        found[row.incident_id].append(
            row.call_id is not None
            and is_quiet(silent=row.silent_at is not None, call_back=CallBack(row.call_back))
        )
    return frozenset(one for one, quiet in found.items() if quiet and all(quiet))
