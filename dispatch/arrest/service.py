"""Use cases of an arrest: begin, replace who does not come, expire, recall, stand down.

Locks: the incident, then its bundle, then alerts, then AEDs. Ways are searched before.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from dispatch.aeds import repository_reports
from dispatch.aeds.errors import AedNotFoundError, AedNotOutError
from dispatch.arrest import repository
from dispatch.arrest.errors import (
    ArrestNotBegunError,
    ArrestNotReleasedError,
    RecallNotOpenError,
)
from dispatch.arrest.release import BLOCK_WORDS, Block, Scene, blocks
from dispatch.arrest.search import USEFUL_WITHIN_S, Helpers
from dispatch.arrest.wave import plan_wave
from dispatch.errors import IncidentNotFoundError
from dispatch.incidents.records import lock_incident
from dispatch.incidents.repository import find_incident
from dispatch.jobs import ALERT_EXPIRES, CLAIM_EXPIRES, RECALL_UNHEARD
from dispatch.permissions import DISPATCH
from dispatch.scene_safety.service import incident_dangers
from dispatch.triage.service import rules_of_incident
from dispatch.volunteers import repository as volunteers
from dispatch.volunteers.errors import AlertNotFoundError
from dispatch.volunteers.lifecycle import (
    COMING,
    ENDED,
    STANDING,
    UNANSWERED,
    AlertState,
    Step,
    check_change,
    check_step,
)
from gis.access import EVERYWHERE
from gis.aeds import set_state
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.jobs.service import defer
from gis.jurisdiction import area_at
from gis.rooms.model import ConsumedEvent
from gis.rows import AnyRow

ANSWER_WITHIN = timedelta(seconds=60)
"""A volunteer who has not answered by then is replaced; a later yes still counts until then."""
RECALL_HEARD_WITHIN = timedelta(seconds=60)
"""A recall that nobody has confirmed by then is said by telephone."""
KEPT_STEP_S = 30.0
"""Predicted times are kept so coarsely: finer, several would point to where people were."""


def standing_blocks(uow: UnitOfWork, incident: AnyRow) -> tuple[Block, ...]:
    """Return what stands against asking volunteers for an incident, as it is now."""
    danger = incident_dangers(uow, incident.incident_id)
    rules = rules_of_incident(uow, incident).volunteers
    return blocks(
        Scene(
            over=incident.closed_at is not None or incident.cancelled_at is not None,
            has_place=incident.lon is not None, plan=incident.response_plan,
            complaint_code=incident.complaint_code, danger_answer=danger.answer.value,
            danger_kinds=tuple(kind.value for kind in danger.kinds),
        ),
        enabled=rules.enabled, excluded=rules.excluded,
    )  # fmt: skip


def begin(
    uow: WritingUnitOfWork, incident_id: UUID, helpers: Helpers, *, crew_aed_s: float | None,
    expected_version: int | None = None,
) -> None:  # fmt: skip
    """Ask the first wave of volunteers. A second press fills what is missing of it.

    crew_aed_s : when a crew that is known to carry a defibrillator would be there

    Raises
    ------
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    ArrestNotReleasedError
        Something stands against it; the sentence says what to do.
    """
    incident = lock_incident(uow, incident_id, DISPATCH, expected_version=expected_version)
    against = standing_blocks(uow, incident)
    if against:
        language = "en" if uow.identity.language == "en" else "zh"
        raise ArrestNotReleasedError(
            [getattr(BLOCK_WORDS[block], language) for block in against]
        )  # fmt: skip
    rules = rules_of_incident(uow, incident).volunteers
    now = uow.clock.now()
    due_at = None if crew_aed_s is None else now + timedelta(seconds=crew_aed_s)
    values = {
        "wave_size": rules.wave_size, "claim_expires_s": rules.claim_expires_s,
        "crew_aed_due_at": due_at, "started_at": now, "started_by": uow.identity.label,
        "ended_at": None, "ended_why": None,
    }  # fmt: skip
    made = repository.insert_bundle(
        uow.session, {**values, "incident_id": incident_id, "city_id": incident.city_id}
    )
    bundle = repository.find_bundle(uow.session, incident_id, lock=True)
    assert bundle is not None
    if not made and bundle.ended_at is not None:
        repository.update_bundle(uow.session, incident_id, values)
        made, bundle = True, repository.find_bundle(uow.session, incident_id, lock=True)
        assert bundle is not None
    if made:
        _tell(uow, incident, "arrest_begun", {"wave_size": rules.wave_size})
    _fill(uow, incident, bundle, helpers)


def _fill(
    uow: WritingUnitOfWork, incident: AnyRow, bundle: AnyRow, helpers: Helpers, *, more: int = 0
) -> None:
    """Ask as many as are missing of the wave; `more`: besides, for an AED that was not there."""
    now = uow.clock.now()
    standing = [
        row for row in volunteers.alerts_of(uow.session, incident.incident_id)
        if AlertState(row.state) in STANDING
    ]  # fmt: skip
    fetching = sum(row.state != "routed_direct" and row.route == "via_aed" for row in standing)
    straight = len(standing) - fetching
    places = max(bundle.wave_size - len(standing), 0) + more
    fetches = max(bundle.wave_size // 2 - fetching, 0)
    within_s = USEFUL_WITHIN_S
    if bundle.crew_aed_due_at is not None:
        within_s = min(within_s, max((bundle.crew_aed_due_at - now).total_seconds(), 0.0))
    ids = [row.aed_id for row in helpers.aeds]
    volunteers.release_expired_claims(uow.session, ids, now=now)
    taken = volunteers.claimed_until(uow.session, ids, now=now)
    direct, delivery = helpers.direct_s.copy(), helpers.delivery_s.copy()
    delivery[:, [index for index, aed_id in enumerate(ids) if aed_id in taken]] = np.inf
    # Whoever was asked by somebody else meanwhile is left out, and the rest is planned anew.
    for _ in range(len(direct) + 1):
        plan = plan_wave(
            direct, delivery, size=places, fetches=fetches, useful_within_s=within_s,
            others_direct=straight,
        )  # fmt: skip
        asked = [(v, None) for v in plan.direct] + [(v, a) for v, a in plan.fetches]
        missed = 0
        for volunteer, device in asked:
            aed_id = None if device is None else ids[device]
            seconds = direct[volunteer] if device is None else delivery[volunteer, device]
            if not _ask(uow, incident, bundle, helpers.volunteer_ids[volunteer],
                        aed_id=aed_id, predicted_s=float(seconds)):  # fmt: skip
                missed += 1
            elif device is None:
                straight += 1
            else:
                fetches -= 1
                delivery[:, device] = np.inf
            direct[volunteer] = np.inf
            delivery[volunteer, :] = np.inf
        if not missed:
            return
        places = missed


def _ask(
    uow: WritingUnitOfWork, incident: AnyRow, bundle: AnyRow, volunteer_id: UUID,
    *, aed_id: int | None, predicted_s: float,
) -> bool:  # fmt: skip
    now, alert_id = uow.clock.now(), uow.ids.new()
    expires_at = now + ANSWER_WITHIN
    values = {
        "alert_id": alert_id, "incident_id": incident.incident_id, "volunteer_id": volunteer_id,
        "city_id": incident.city_id, "state": AlertState.ALERTED.value,
        "route": "direct" if aed_id is None else "via_aed", "aed_id": aed_id,
        "predicted_s": round(predicted_s / KEPT_STEP_S) * KEPT_STEP_S, "alerted_at": now,
        "expires_at": expires_at,
    }  # fmt: skip
    if not volunteers.insert_alert(uow.session, values):
        return False
    whose = _arguments(incident, alert_id)
    if aed_id is not None:
        until_at = now + timedelta(seconds=bundle.claim_expires_s)
        claim = {
            "claim_id": uow.ids.new(), "aed_id": aed_id, "alert_id": alert_id, "claimed_at": now,
            "expires_at": until_at,
        }  # fmt: skip
        if volunteers.insert_claim(uow.session, claim):
            defer(uow, CLAIM_EXPIRES, whose, due_at=until_at, key=f"claim {alert_id}")
        else:
            values |= {"route": "direct", "aed_id": None}
            volunteers.update_alert(uow.session, alert_id, {"route": "direct", "aed_id": None})
    defer(uow, ALERT_EXPIRES, whose, due_at=expires_at, key=f"alert {alert_id}")
    _tell(uow, incident, "volunteer_alerted", values)
    return True


def take_step(
    uow: WritingUnitOfWork, alert_id: UUID, step: Step, *, helpers: Helpers | None
) -> None:
    """Take what a volunteer presses. The same again changes nothing.

    helpers : who could come in the volunteer's place, searched before anything is locked; needed
        where the step frees a place

    Raises
    ------
    AlertNotFoundError
        There is no such alert of this volunteer.
    AlertStepError
        The step leads nowhere from where the alert stands.
    """
    own = _own(uow)
    seen = volunteers.find_alert(uow.session, alert_id)
    if own is None or seen is None or seen.volunteer_id != own.volunteer_id:
        raise AlertNotFoundError(alert_id)
    incident, bundle, alert = _lock(uow, seen.incident_id, alert_id)
    state, now = AlertState(alert.state), uow.clock.now()
    if _is_done(alert, state, step):
        return
    after = check_step(state, step)
    if step is Step.ACCEPTED:
        _accept(uow, incident, alert)
    elif step is Step.REJECTED:
        _end_claim(uow, incident, alert, why="rejected")
        _change(uow, incident, alert, after, answered_at=now, ended_at=now)
        _replace(uow, incident, bundle, helpers)
    elif step is Step.AED_TAKEN:
        _take_aed(uow, incident, alert)
        _change(uow, incident, alert, after, aed_taken_at=now)
    elif step is Step.AED_NOT_THERE:
        _report_missing(uow, alert.aed_id)
        _end_claim(uow, incident, alert, why="not_there")
        _change(uow, incident, alert, after)
        _replace(uow, incident, bundle, helpers, more=1)
    elif step is Step.RECALL_HEARD:
        _heard(uow, incident, alert, how="page")
    else:
        if step is Step.WITH_PATIENT:
            _end_claim(uow, incident, alert, why="stood_down")
        column = f"{step.value}_at"
        _change(uow, incident, alert, after, **{column: getattr(alert, column) or now})


_STAMP_OF = {
    Step.SEEN: "seen_at", Step.ON_SCENE: "on_scene_at", Step.WITH_PATIENT: "with_patient_at",
    Step.AED_TAKEN: "aed_taken_at", Step.RECALL_HEARD: "recall_heard_at",
}  # fmt: skip


def _is_done(alert: AnyRow, state: AlertState, step: Step) -> bool:
    if step is Step.ACCEPTED:
        return alert.answered_at is not None and state in COMING | {AlertState.WITH_PATIENT}
    if step is Step.REJECTED:
        return state is AlertState.REJECTED
    if step is Step.AED_NOT_THERE:
        return state is AlertState.ROUTED_DIRECT and alert.route == "via_aed"
    return getattr(alert, _STAMP_OF[step]) is not None and state not in UNANSWERED - {
        AlertState.SEEN
    }


def _accept(uow: WritingUnitOfWork, incident: AnyRow, alert: AnyRow) -> None:
    now = uow.clock.now()
    if standing_blocks(uow, incident):
        # A danger was known a moment ago: nobody is let go there.
        _end_claim(uow, incident, alert, why="recalled")
        _change(uow, incident, alert, AlertState.STOOD_DOWN, ended_at=now)
        volunteers.erase_positions(uow.session, [alert.volunteer_id])
        return
    claim = volunteers.find_claim(uow.session, alert.alert_id)
    fetches = claim is not None and claim.expires_at > now
    after = AlertState.ROUTED_VIA_AED if fetches else AlertState.ROUTED_DIRECT
    check_change(AlertState(alert.state), AlertState.ACCEPTED, others_with_patient=0)
    check_change(AlertState.ACCEPTED, after, others_with_patient=0)
    _change(uow, incident, alert, after, answered_at=now)


def _replace(
    uow: WritingUnitOfWork, incident: AnyRow, bundle: AnyRow, helpers: Helpers | None,
    *, more: int = 0,
) -> None:  # fmt: skip
    """Ask the next in a place that became free, as long as volunteers may be asked."""
    if helpers is not None and bundle.ended_at is None and not standing_blocks(uow, incident):
        _fill(uow, incident, bundle, helpers, more=more)


def expire_alert(uow: WritingUnitOfWork, alert_id: UUID, helpers: Helpers) -> None:
    """End an alert that nobody answered in time, and ask the next; once."""
    seen = volunteers.find_alert(uow.session, alert_id)
    if seen is None:
        return
    incident, bundle, alert = _lock(uow, seen.incident_id, alert_id)
    now = uow.clock.now()
    if AlertState(alert.state) not in UNANSWERED or now < alert.expires_at:
        return
    _end_claim(uow, incident, alert, why="expired")
    _change(uow, incident, alert, AlertState.EXPIRED, ended_at=now)
    _replace(uow, incident, bundle, helpers)


def expire_claim(uow: WritingUnitOfWork, alert_id: UUID) -> None:
    """End a claim whose time is up: the volunteer goes straight on, the AED is free again."""
    seen = volunteers.find_alert(uow.session, alert_id)
    if seen is None:
        return
    incident, _, alert = _lock(uow, seen.incident_id, alert_id)
    claim = volunteers.find_claim(uow.session, alert_id)
    if claim is None or uow.clock.now() < claim.expires_at:
        return
    _end_claim(uow, incident, alert, why="expired")
    if AlertState(alert.state) is AlertState.ROUTED_VIA_AED:
        _change(uow, incident, alert, AlertState.ROUTED_DIRECT)


def say_recall_unheard(uow: WritingUnitOfWork, alert_id: UUID) -> None:
    """Tell the incident that a recall was not confirmed in time, once."""
    seen = volunteers.find_alert(uow.session, alert_id)
    if seen is None:
        return
    incident, _, alert = _lock(uow, seen.incident_id, alert_id)
    if AlertState(alert.state) is AlertState.RECALLED:
        _tell(uow, incident, "volunteer_recall_unheard", alert._asdict())


def stand_down(uow: WritingUnitOfWork, incident_id: UUID) -> None:
    """End an arrest by the dispatcher; a second time changes nothing.

    Raises
    ------
    IncidentNotFoundError, ArrestNotBegunError
    """
    incident = lock_incident(uow, incident_id, DISPATCH, must_be_open=False)
    bundle = repository.find_bundle(uow.session, incident_id, lock=True)
    if bundle is None:
        raise ArrestNotBegunError
    _end(uow, incident, bundle, why="dispatcher")


def hear_recall(uow: WritingUnitOfWork, alert_id: UUID) -> UUID:
    """Write down that a volunteer heard the recall by telephone; returns the incident.

    Raises
    ------
    AlertNotFoundError, RecallNotOpenError
    """
    seen = volunteers.find_alert(uow.session, alert_id)
    if seen is None:
        raise AlertNotFoundError(alert_id)
    try:
        lock_incident(uow, seen.incident_id, DISPATCH, must_be_open=False)
    except IncidentNotFoundError as error:
        raise AlertNotFoundError(alert_id) from error
    incident, _, alert = _lock(uow, seen.incident_id, alert_id)
    if alert.recall_heard_at is None:
        if AlertState(alert.state) is not AlertState.RECALLED:
            raise RecallNotOpenError
        _heard(uow, incident, alert, how="voice")
    return alert.incident_id  # type: ignore[no-any-return]


def follow_incident(uow: WritingUnitOfWork, event: ConsumedEvent) -> None:
    """Act on what happened to an incident: over, a danger, no arrest any more. As it is now."""
    incident = find_incident(uow.session, UUID(event.subject_id), prefixes=(EVERYWHERE,), lock=True)
    bundle = incident and repository.find_bundle(uow.session, incident.incident_id, lock=True)
    if incident is None or bundle is None or bundle.ended_at is not None:
        return
    against = set(standing_blocks(uow, incident))
    if Block.INCIDENT_OVER in against:
        _end(uow, incident, bundle, why="incident_over")
    elif against & {Block.DANGER_KNOWN, Block.DANGER_UNKNOWN, Block.EXCLUDED}:
        _end(uow, incident, bundle, why="danger")
    elif against:
        _end(uow, incident, bundle, why="not_released")


def restock(uow: WritingUnitOfWork, aed_id: int) -> datetime:
    """Put a fetched AED back into service, once somebody has seen it complete.

    Raises
    ------
    AedNotFoundError, AedNotOutError
    """
    aed = repository_reports.find_aed(uow.session, aed_id)
    if aed is None:
        raise AedNotFoundError(aed_id)
    area_code = area_at(uow.session, aed.city_id, lon=aed.lon, lat=aed.lat)
    if not uow.identity.allows(DISPATCH, area_code):
        raise AedNotFoundError(aed_id)
    if repository.state_of(uow.session, aed_id) != "in_use":
        raise AedNotOutError(aed_id)
    now = uow.clock.now()
    set_state(uow.session, aed_id, "in_service", at=now, by=uow.identity.label)
    _tell_aed(uow, aed, area_code, "aed.restocked")
    return now


def _own(uow: UnitOfWork) -> AnyRow | None:
    user_id = uow.identity.user_id
    return None if user_id is None else volunteers.volunteer_of(uow.session, user_id)


def _lock(
    uow: WritingUnitOfWork, incident_id: UUID, alert_id: UUID
) -> tuple[AnyRow, AnyRow, AnyRow]:
    incident = find_incident(uow.session, incident_id, prefixes=(EVERYWHERE,), lock=True)
    bundle = repository.find_bundle(uow.session, incident_id, lock=True)
    alert = volunteers.find_alert(uow.session, alert_id, lock=True)
    if incident is None or bundle is None or alert is None:
        raise AlertNotFoundError(alert_id)
    return incident, bundle, alert


def _end(uow: WritingUnitOfWork, incident: AnyRow, bundle: AnyRow, *, why: str) -> None:
    if bundle.ended_at is not None:
        return
    now = uow.clock.now()
    repository.update_bundle(uow.session, incident.incident_id, {"ended_at": now, "ended_why": why})
    stood_down = []
    for alert in volunteers.alerts_of(uow.session, incident.incident_id, lock=True):
        state = AlertState(alert.state)
        if state in ENDED or state is AlertState.RECALLED:
            continue
        recalled = why == "danger" and state not in UNANSWERED
        _end_claim(uow, incident, alert, why="recalled" if recalled else "stood_down")
        if recalled:
            _change(uow, incident, alert, AlertState.RECALLED, recalled_at=now)
            defer(uow, RECALL_UNHEARD, _arguments(incident, alert.alert_id),
                  due_at=now + RECALL_HEARD_WITHIN, key=f"recall {alert.alert_id}")  # fmt: skip
        else:
            _change(uow, incident, alert, AlertState.STOOD_DOWN, ended_at=now)
            stood_down.append(alert.volunteer_id)
    volunteers.erase_positions(uow.session, stood_down)
    _tell(uow, incident, "arrest_ended", {"why": why})


def _heard(uow: WritingUnitOfWork, incident: AnyRow, alert: AnyRow, *, how: str) -> None:
    now = uow.clock.now()
    _change(uow, incident, alert, AlertState.STOOD_DOWN, recall_heard_at=now, recall_heard=how,
            ended_at=now)  # fmt: skip
    volunteers.erase_positions(uow.session, [alert.volunteer_id])


def _change(
    uow: WritingUnitOfWork, incident: AnyRow, alert: AnyRow, after: AlertState, **values: Any
) -> None:
    volunteers.update_alert(uow.session, alert.alert_id, {**values, "state": after.value})
    _tell(uow, incident, f"volunteer_{after.value}", alert._asdict())


def _end_claim(uow: WritingUnitOfWork, incident: AnyRow, alert: AnyRow, *, why: str) -> None:
    ended = volunteers.end_claim(uow.session, alert.alert_id, why=why, at=uow.clock.now())
    if ended is not None:
        _tell(uow, incident, "volunteer_claim_ended", alert._asdict() | {"why": why})


def _take_aed(uow: WritingUnitOfWork, incident: AnyRow, alert: AnyRow) -> None:
    """Take an AED off its wall: it is out for everybody until restocked."""
    _end_claim(uow, incident, alert, why="taken")
    aed = None if alert.aed_id is None else repository_reports.find_aed(uow.session, alert.aed_id)
    if aed is None or alert.route != "via_aed":
        return
    set_state(uow.session, aed.aed_id, "in_use", at=uow.clock.now(), by="volunteer")
    area_code = area_at(uow.session, aed.city_id, lon=aed.lon, lat=aed.lat)
    _tell_aed(uow, aed, area_code, "aed.taken")


def _report_missing(uow: WritingUnitOfWork, aed_id: int | None) -> None:
    """Flag an AED that is not there: a moderator decides, nobody else is sent meanwhile."""
    aed = None if aed_id is None else repository_reports.find_aed(uow.session, aed_id)
    if aed is None:
        return
    area_code = area_at(uow.session, aed.city_id, lon=aed.lon, lat=aed.lat)
    report_id = uow.ids.new()
    repository_reports.insert_report(uow.session, {
        "report_id": report_id, "aed_id": aed.aed_id, "area_code": area_code, "kind": "missing",
        "reported_at": uow.clock.now(),
    })  # fmt: skip
    _tell_aed(uow, aed, area_code, "aed.reported", report_id=str(report_id), kind="missing")


def _tell_aed(
    uow: WritingUnitOfWork, aed: AnyRow, area_code: str | None, event_type: str, **says: str
) -> None:
    uow.emit(NewEvent(
        "aed", str(aed.aed_id), event_type, says, uow.clock.now(), city_id=aed.city_id,
        area_code=area_code,
    ))  # fmt: skip


_SAID = ("alert_id", "route", "aed_id", "predicted_s", "wave_size", "why")


def _tell(uow: WritingUnitOfWork, incident: AnyRow, kind: str, says: Mapping[str, Any]) -> None:
    uow.emit(NewEvent(
        "incident", str(incident.incident_id), f"incident.{kind}",
        {name: says[name] for name in _SAID if name in says}, uow.clock.now(),
        city_id=incident.city_id, area_code=incident.area_code,
    ))  # fmt: skip


def _arguments(incident: AnyRow, alert_id: UUID) -> dict[str, Any]:
    return {
        "alert_id": str(alert_id), "city_id": incident.city_id, "area_code": incident.area_code,
    }  # fmt: skip
