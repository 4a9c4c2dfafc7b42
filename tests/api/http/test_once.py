"""Every route that changes anything takes a key: its repeat is answered, and changes nothing."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from api.app import DOORS
from api.http.idempotency import REPLAY_HEADER
from api.http.permissions import OpenToAll, Requires
from api.http.routes_table import declarations, described_routes
from gis.access import SYSTEM, Grant
from gis.accounts.service import find_account
from gis.jobs import repository
from gis.jobs import service as jobs
from gis.jobs.model import JobState
from gis.pseudonyms import links
from gis.pseudonyms.keys import Pseudonym
from gis.tables import Aed, Event, Incident, Unit
from routing.jobs import BUILD
from tests.api.conftest import World, new_key
from tests.api.http import once_volunteers as asked
from tests.cities import corner
from tests.dispatch.moveup.stored import store_move, store_void, store_worth_moving
from tests.surveillance.cases.reports import store_doubles, store_institution, store_reporter
from tests.surveillance.signals.stored import store_advisory, store_signal

pytestmark = pytest.mark.database

KEYLESS = {
    "POST /v1/session": "the token of a login is not kept anywhere, so a repeat logs in anew",
    "DELETE /v1/session": "a repeat comes from nobody: the login is ended",
    "POST /v1/admin/tokens": "the token's text is not kept anywhere; a repeat makes another",
    "POST /v1/incidents/{incident_id}/caller": "a repeat is a second look, and recorded as one",
    "POST /v1/incidents/caller": "a repeat is a second look, and recorded as one",
    "POST /v1/admin/personal-values": "a repeat is a second look, and recorded as one",
    "POST /v1/incidents/search/caller": "a repeat is a second look, and recorded as one",
    "POST /v1/incidents/{incident_id}/log": "a repeat is a second look, and recorded as one",
    "POST /v1/surveillance/cases/{case_id}/card": "a repeat is a second look, and recorded as one",
    "PUT /v1/incidents/{incident_id}/desks/{desk_id}": "a repeat is a sign of life, said again",
    "POST /v1/avl/owntracks": "a tracker sends no key; a position told again is one of the history",
    "POST /v1/avl/traccar": "a tracker sends no key; a position told again is one of the history",
    "POST /v1/avl/osmand": "a tracker sends no key; a position told again is one of the history",
    "POST /v1/telephony/els": "a phone sends no key; a repeat is a second message",
    "POST /v1/calls/{call_id}/location-links": "the token is not kept; a repeat makes another",
    "POST /v1/location-links/use": "a link works once: its token is the key",
    "POST /v1/units/{unit_id}/distress": "a repeat is another press, and sounds again",
    "DELETE /v1/desks/{desk_id}": "a desk that has left leaves nothing a second time",
}  # fmt: skip
"""What writes and takes no key, and why. A new entry here is a decision."""


@dataclass(frozen=True)
class Step:
    """A change that can be made now, and another body that could be meant."""

    path: str
    body: dict[str, Any] | None = None
    other: dict[str, Any] | None = None
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


Make = Callable[["Scene"], Step]


@dataclass(frozen=True)
class Scene:
    """What the steps are made from."""

    client: TestClient
    world: World
    supervisor: dict[str, str]
    take_call: Callable[..., dict[str, Any]]

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do a step that leads to another."""
        answer = self.client.post(path, json=body, headers=self.supervisor | new_key())
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def incident(self) -> tuple[str, int]:
        """Return path and version of a new incident."""
        made = self.take_call()
        return f"/v1/incidents/{made['incident_id']}", made["version"]

    def assignment(self) -> tuple[str, int]:
        """Return path and incident's version of a unit just sent."""
        path, _ = self.incident()
        sent = self.post(f"{path}/assignments", {"unit_id": self.world.unit_ids[0]})
        shown = self.client.get(path, headers=self.supervisor).json()
        return f"/v1/assignments/{sent['assignment_id']}", shown["version"]

    def diverting(self) -> tuple[str, int]:
        """Return path and version of a C1 while two units go to a C4 each and none is free."""
        lesser = [self.incident()[0] for _ in range(2)]
        for path, unit_id in zip(lesser, self.world.unit_ids, strict=False):
            self.post(f"{path}/assignments", {"unit_id": unit_id})
        path, version = self.incident()
        with self.world.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(update(Unit).values(out_of_service_reason="workshop").where(
                Unit.unit_id.in_(self.world.unit_ids[2:])
            ))  # fmt: skip
            uow.session.execute(update(Incident).values(category="C4"))
            uow.session.execute(
                update(Incident).values(category="C1").where(Incident.incident_id == path[14:])
            )
        return path, version

    def condition(self, kind: str = "closure") -> dict[str, Any]:
        """Return the body of a new condition."""
        lon, lat = corner(3, 3)
        around = ((2e-4, -3e-4), (8e-4, -3e-4), (8e-4, 3e-4), (2e-4, 3e-4), (2e-4, -3e-4))
        ring = [[lon + dx, lat + dy] for dx, dy in around]
        return {
            "city_id": self.world.city_id, "kind": kind, "expires_at": later(5),
            "reason_en": "burst main", "confirmed": True,
            "sketch": {"drawn": "polygon", "datum": "wgs84",
                       "geometry": {"type": "Polygon", "coordinates": [ring]}},
        }  # fmt: skip

    def facility_id(self) -> int:
        """Return the hospital of the city."""
        found = self.client.get("/v1/facilities", params={"city_id": self.world.city_id})
        return int(found.json()["features"][0]["id"])


def later(hours: float) -> str:
    return (datetime.now(tz=UTC) + timedelta(hours=hours)).isoformat()


def on_incident(
    action: str, body: dict[str, Any] | None, other: dict[str, Any] | None = None
) -> Make:  # fmt: skip
    def make(scene: Scene) -> Step:
        path, version = scene.incident()
        return Step(f"{path}/{action}", body, other, version)

    return make


def _call(scene: Scene) -> Step:
    body = {"city_id": scene.world.city_id, "source": "phone"}
    return Step("/v1/calls", body, body | {"words": "other"})


def _note(scene: Scene) -> Step:
    body = {"city_id": scene.world.city_id, "source": "phone"}
    call = scene.post("/v1/calls", body)
    return Step(f"/v1/calls/{call['call_id']}", {"words": "chest pain"}, {"words": "other"})


def _exchange(scene: Scene) -> dict[str, str]:
    return scene.world.bearer(Grant("exchange"))


def _rang(scene: Scene) -> Step:
    body = {
        "city_id": scene.world.city_id, "exchange": "main", "exchange_ref": "1", "said": "rang",
    }  # fmt: skip
    return Step("/v1/telephony/calls", body, body | {"said": "ended"}, headers=_exchange(scene))


def _sms(scene: Scene) -> Step:
    text = 'A"ML=1;lt=+22.5;lg=+114.05;rd=14;top=20220131171748;lc=68;pm=W;ml=66'
    body = {"city_id": scene.world.city_id, "sender": "13800138000", "text": text}
    return Step(
        "/v1/telephony/aml-sms", body, body | {"sender": "1"}, headers=_exchange(scene)
    )  # fmt: skip


def _silent(scene: Scene) -> Step:
    call = scene.post("/v1/calls", {"city_id": scene.world.city_id, "source": "phone"})
    return Step(f"/v1/calls/{call['call_id']}/silent", {"silent": True}, {"silent": False})


def _call_back(scene: Scene) -> Step:
    path = _silent(scene).path
    scene.post(path, {"silent": True})
    return Step(
        path.replace("silent", "call-backs"), {"result": "busy"}, {"result": "no_answer"}
    )  # fmt: skip


def _tracker(scene: Scene) -> Step:
    path = f"/v1/units/{scene.world.unit_ids[0]}/trackers"
    return Step(path, {"ref": "JJ", "datum": "wgs84"}, {"ref": "JK", "datum": "wgs84"})


def _remark(scene: Scene) -> Step:
    path, _ = scene.incident()
    return Step(f"{path}/remarks", {"text": "third floor"}, {"text": "fourth floor"})


def _silence(scene: Scene) -> Step:
    made = scene.take_call()
    named = {"need": "waiting", "category": "uncoded", "since": made["received_at"]}
    path = f"/v1/incidents/{made['incident_id']}/alarms/acknowledge"
    return Step(path, {"alarms": [named]}, {"alarms": [named | {"category": "C1"}]})


def _place(scene: Scene) -> Step:
    path, version = scene.incident()
    lon, lat = corner(5, 5)
    point = {"lon": lon, "lat": lat, "datum": "wgs84"}
    return Step(f"{path}/place", {"point": point}, {"point": point, "label": "x"}, version)


def _triage(scene: Scene) -> Step:
    path, version = scene.incident()
    protocol = scene.client.get("/v1/protocol", headers=scene.supervisor).json()
    codes = [one["code"] for one in protocol["complaints"]]
    return Step(
        f"{path}/triage", {"complaint_code": codes[0]}, {"complaint_code": codes[1]}, version
    )


def _reopen(scene: Scene) -> Step:
    path, version = scene.incident()
    closed = scene.client.post(
        f"{path}/cancel", json={"reason": "none"},
        headers=scene.supervisor | {"If-Match": f'"{version}"'},
    )  # fmt: skip
    assert closed.is_success, closed.text
    return Step(f"{path}/reopen", version=closed.json()["version"])


def _undo_end(scene: Scene) -> Step:
    step = _reopen(scene)
    return replace(step, path=step.path.replace("reopen", "undo-end"))


def _undo_stamp(scene: Scene) -> Step:
    path, _ = scene.assignment()
    stamped = scene.client.post(
        f"{path}/stamps", json={"state": "en_route", "source": "console"},
        headers=scene.supervisor,
    )  # fmt: skip
    assert stamped.is_success, stamped.text
    return Step(f"{path}/undo-stamp", {"state": "en_route"}, {"state": "on_scene"})


def _deviation(scene: Scene) -> Step:
    path, _ = scene.assignment()
    return Step(f"{path}/deviation", {"deviation": "requested"}, {"deviation": "keeps_cover"})


def _duplicate(scene: Scene) -> Step:
    path, version = scene.incident()
    others = [scene.take_call()["incident_id"] for _ in range(2)]
    return Step(f"{path}/duplicate", {"of": others[0]}, {"of": others[1]}, version)


def _merge(scene: Scene) -> Step:
    path, version = scene.incident()
    others = [scene.take_call()["incident_id"] for _ in range(2)]
    bodies = [{"into": other, "same_patient": True} for other in others]
    return Step(f"{path}/merge", bodies[0], bodies[1], version)


def _undo(scene: Scene) -> Step:
    path, version = scene.incident()
    of = scene.take_call()["incident_id"]
    linked = scene.client.post(
        f"{path}/duplicate", json={"of": of},
        headers=scene.supervisor | {"If-Match": f'"{version}"'},
    )  # fmt: skip
    return Step(f"{path}/duplicate/undo", version=linked.json()["version"])


def _send(scene: Scene) -> Step:
    path, version = scene.incident()
    first, second = scene.world.unit_ids[:2]
    return Step(f"{path}/assignments", {"unit_id": first}, {"unit_id": second}, version)


def _stamp(scene: Scene) -> Step:
    path, _ = scene.assignment()
    body = {"state": "en_route", "source": "console"}
    return Step(f"{path}/stamps", body, body | {"state": "on_scene"})


def _diversion(scene: Scene) -> Step:
    path, _ = scene.diverting()
    first, second = scene.world.unit_ids[:2]
    return Step(
        f"{path}/diversions", {"unit_id": first, "unreplaced": True},
        {"unit_id": second, "unreplaced": True},
    )  # fmt: skip


def on_diversion(action: str, body: dict[str, Any] | None, other: dict[str, Any] | None) -> Make:
    def make(scene: Scene) -> Step:
        step = _diversion(scene)
        assert step.body is not None
        made = scene.post(step.path, step.body)
        return Step(f"/v1/diversions/{made['diversion_id']}/{action}", body, other)

    return make


def on_unit(action: str, body: dict[str, Any] | None, other: dict[str, Any] | None) -> Make:
    def make(scene: Scene) -> Step:
        path = f"/v1/units/{scene.world.unit_ids[-1]}"
        if action == "in-service":
            scene.post(f"{path}/out-of-service", {"reason": "cleaning"})
        return Step(f"{path}/{action}", body, other)

    return make


def _destination(scene: Scene) -> Step:
    path, version = scene.assignment()
    body = {"facility_id": scene.facility_id()}
    return Step(f"{path}/destination", body, body | {"reason": "x"}, version)


def _place_heard(scene: Scene) -> Step:
    path, _ = scene.incident()
    sent = scene.post(f"{path}/assignments", {"unit_id": scene.world.unit_ids[0]})
    shown = scene.client.get(path, headers=scene.supervisor).json()
    lon, lat = corner(5, 5)
    moved = scene.client.put(
        f"{path}/place", json={"point": {"lon": lon, "lat": lat, "datum": "wgs84"}},
        headers=scene.supervisor | {"If-Match": f'"{shown["version"]}"'},
    )  # fmt: skip
    assert moved.is_success, moved.text
    body = {"place_changed_at": moved.json()["place_changed_at"], "heard": "voice"}
    return Step(
        f"/v1/assignments/{sent['assignment_id']}/place/acknowledge", body,
        body | {"heard": "tablet"},
    )  # fmt: skip


def _status(scene: Scene) -> Step:
    path = f"/v1/facilities/{scene.facility_id()}/status"
    return Step(path, {"diverting": True, "divert_reason": "CT down"}, {"diverting": False})


def _positions(scene: Scene) -> Step:
    lon, lat = corner(1, 1)
    position = {"unit_id": scene.world.unit_ids[0], "lon": lon, "lat": lat, "device_at": later(0)}
    body = {"datum": "wgs84", "source": "test", "positions": [position]}
    return Step("/v1/positions", body, body | {"source": "other"})


def _simulation(_: Scene) -> Step:
    return Step("/v1/simulation", {"speed_factor": 10}, {"speed_factor": 20})


def _condition(scene: Scene) -> Step:
    body = scene.condition()
    return Step("/v1/routing/conditions", body, body | {"reason_en": "other"})


def _permit(scene: Scene) -> Step:
    body = {key: value for key, value in scene.condition().items() if key != "kind"}
    body |= {"legal_basis": "law", "sketch": {"drawn": "area", "area_code": "440305"}}
    return Step("/v1/routing/conditions/permits", body, body | {"reason_en": "other"})


def _speeds(scene: Scene) -> Step:
    body = {
        "city_id": scene.world.city_id, "source": "test", "segment_id": [1], "direction": [0],
        "speed_kmh": [20.0], "observed_at": later(0), "expires_at": later(1),
    }  # fmt: skip
    return Step("/v1/routing/conditions/speeds", body, body | {"speed_kmh": [30.0]})


def _end(scene: Scene) -> Step:
    made = scene.post("/v1/routing/conditions", scene.condition())
    path = f"/v1/routing/conditions/{made['condition_id']}/end"
    return Step(path, version=made["version"])


def _extend(scene: Scene) -> Step:
    made = scene.post("/v1/routing/conditions", scene.condition())
    path = f"/v1/routing/conditions/{made['condition_id']}/extend"
    return Step(path, {"expires_at": later(7)}, {"expires_at": later(8)}, made["version"])


def _job(scene: Scene, action: str, *, failed: bool) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        job_id = jobs.defer(uow, BUILD, {})
        if failed:
            repository.finish(uow.session, job_id, JobState.FAILED)
    return Step(f"/v1/jobs/{job_id}/{action}", headers=scene.world.bearer(Grant("administrator")))


def _report(scene: Scene) -> Step:
    body = {"city_id": scene.world.city_id, "language": "zh", "formats": ["pdf"]}
    headers = scene.world.bearer(Grant("planner"))
    return Step("/v1/reports/resources", body, body | {"language": "en"}, headers=headers)


def _city(scene: Scene) -> Step:
    body = {"key": "coquimbo", "origin": "sample", "name": "coquimbo"}
    headers = scene.world.bearer(Grant("administrator"))
    return Step("/v1/cities", body, body | {"units": True}, headers=headers)


def _backup(scene: Scene) -> Step:
    return Step("/v1/admin/backups", headers=scene.world.bearer(Grant("administrator")))


def _account(scene: Scene) -> Step:
    body = {"username": f"li.na.{uuid4().hex[:6]}", "password": "correct horse battery"}
    headers = scene.world.bearer(Grant("administrator"))
    other = body | {"username": "wu.di"}
    return Step("/v1/admin/accounts", body, other, headers=headers)


def on_account(
    action: str, body: dict[str, Any] | None = None, other: dict[str, Any] | None = None,
    *, versioned: bool = True,
) -> Make:  # fmt: skip
    def make(scene: Scene) -> Step:
        headers = scene.world.bearer(Grant("administrator"))
        made = scene.client.post(
            "/v1/admin/accounts", json=_account(scene).body, headers=headers | new_key()
        ).json()
        path = f"/v1/admin/accounts/{made['user_id']}{action}"
        return Step(path, body, other, made["version"] if versioned else None, headers)

    return make


def _login(scene: Scene) -> Step:
    headers = scene.world.bearer(Grant("administrator"))
    user = scene.world.user()
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        scene.world.accounts.open_session(uow, find_account(uow, user), hours=1)
    (found,) = scene.client.get("/v1/admin/sessions", headers=headers).json()["sessions"]
    return Step(f"/v1/admin/sessions/{found['session_id']}", headers=headers)


def _token(scene: Scene) -> Step:
    headers = scene.world.bearer(Grant("administrator"))
    scene.world.token()
    found = scene.client.get("/v1/admin/tokens", headers=headers).json()["tokens"]
    return Step(f"/v1/admin/tokens/{found[0]['token_id']}", headers=headers)


def _new_role(scene: Scene) -> Step:
    body = {"role": "auditor", "name_en": "auditor", "name_zh": "审计员"}
    headers = scene.world.bearer(Grant("administrator"))
    return Step("/v1/admin/roles", body, body | {"name_en": "other"}, headers=headers)


def on_role(action: str, body: dict[str, Any] | None = None) -> Make:
    def make(scene: Scene) -> Step:
        step = _new_role(scene)
        made = scene.client.post(step.path, json=step.body, headers=step.headers | new_key())
        assert made.status_code == 201, made.text
        other = None if body is None else {"permissions": []}
        return Step(f"/v1/admin/roles/auditor{action}", body, other, headers=step.headers)

    return make


def _study(scene: Scene) -> Step:
    body = {"city_id": scene.world.city_id, "name": "One more", "kind": "siting"}
    headers = scene.world.bearer(Grant("planner"))
    return Step("/v1/planning/studies", body, body | {"name": "Two"}, headers=headers)


def _of_study(action: str = "", body: dict[str, Any] | None = None) -> Make:
    def make(scene: Scene) -> Step:
        step = _study(scene)
        made = scene.client.post(step.path, json=step.body, headers=step.headers | new_key())
        path = f"{step.path}/{made.json()['study_id']}{f'/{action}' if action else ''}"
        other = None if body is None else {"shared": False}
        return Step(path, body, other, headers=step.headers)

    return make


def _officer(scene: Scene) -> dict[str, str]:
    return scene.world.bearer(Grant("privacy_officer"))


def _period(scene: Scene) -> Step:
    body = {"days": 90, "reason": "decided by the centre"}
    path = "/v1/admin/retention/call.caller/period"
    return Step(path, body, body | {"days": 91}, headers=_officer(scene))


def _hold(scene: Scene) -> Step:
    body = {"subject_kind": "incident", "subject": scene.take_call()["number"],
            "reason": "the court asked for it"}  # fmt: skip
    other = body | {"reason": "another good reason"}
    return Step("/v1/admin/holds", body, other, headers=_officer(scene))


def _lift(scene: Scene) -> Step:
    step = _hold(scene)
    made = scene.client.post(step.path, json=step.body, headers=step.headers | new_key()).json()
    body = {"reason": "the case is closed"}
    path = f"/v1/admin/holds/{made['hold_id']}/lift"
    return Step(path, body, {"reason": "another good reason"}, headers=step.headers)


def _erasure(scene: Scene) -> Step:
    body = {"by": "incident", "value": scene.take_call()["number"], "reason": "asked for it"}
    other = body | {"reason": "another good reason"}
    return Step("/v1/admin/erasures", body, other, headers=_officer(scene))


def _correction(scene: Scene) -> Step:
    taken = scene.take_call(caller_name="Wei")
    headers = _officer(scene)
    asked = {"by": "incident", "value": taken["number"], "reason": "asked for it"}
    kept = scene.client.post("/v1/admin/personal-values", json=asked, headers=headers).json()
    (call_id,) = {one["subject_id"] for one in kept["kept"]}
    body = {"subject_kind": "call", "subject": call_id, "field": "caller_name", "value": "Wei Li",
            "asked_by": "person", "reason": "it was misspelt"}  # fmt: skip
    return Step("/v1/admin/corrections", body, body | {"value": "Wei Lin"}, headers=headers)


def _access_review(scene: Scene) -> Step:
    path, _ = scene.incident()
    scene.post(f"{path}/caller", {"reason": "call back"})
    headers = _officer(scene)
    (read,) = scene.client.get("/v1/admin/personal-access", headers=headers).json()["entries"]
    body = {"verdict": "in_order"}
    path = f"/v1/admin/personal-access/{read['access_id']}/reviews"
    return Step(path, body, {"verdict": "questioned"}, headers=headers)


_GLASS = {"jurisdiction": "440306", "reason": "caller transferred to us"}


def _glass(action: str) -> Make:
    def make(scene: Scene) -> Step:
        made = scene.post("/v1/break-glass", _GLASS)
        if action == "end":
            return Step(f"/v1/break-glass/{made['break_glass_id']}/end")
        path = f"/v1/admin/break-glass/{made['break_glass_id']}/review"
        verdict = {"verdict": "in_order"}
        return Step(path, verdict, {"verdict": "questioned"}, headers=_officer(scene))

    return make


def _link(scene: Scene) -> Step:
    pseudonyms = [Pseudonym(f"{purpose}-1", bytes(32)) for purpose in ("a", "b")]
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        link_id = links.link(uow, *pseudonyms, reason="one outbreak, two names")
    return Step(f"/v1/admin/identity-links/{link_id}/review", headers=_officer(scene))


def _export(scene: Scene) -> Step:
    body = {
        "kind": "personal_access", "purpose": "yearly audit of reads", "recipient": "the centre",
        "legal_basis": "GDPR 5(2)",
    }  # fmt: skip
    return Step("/v1/exports", body, body | {"days": 3}, headers=_officer(scene))


def _decision(scene: Scene) -> Step:
    step = _export(scene)
    made = scene.client.post(step.path, json=step.body, headers=step.headers | new_key()).json()
    path = f"/v1/exports/{made['export_id']}/decision"
    return Step(path, {"decision": "approved"}, {"decision": "refused"}, headers=_officer(scene))


def _aed_report(scene: Scene) -> Step:
    with scene.world.database.read(SYSTEM) as uow:
        aed_id = uow.session.scalars(select(Aed.aed_id).limit(1)).one()
    body = {"kind": "missing", "words": "the box is empty"}
    return Step(f"/v1/aeds/{aed_id}/reports", body, {"kind": "broken"}, headers=scene.supervisor)


def _aed_decision(scene: Scene) -> Step:
    made = _aed_report(scene)
    assert made.body
    scene.post(made.path, made.body)
    answer = scene.client.get("/v1/aeds/reports", headers=scene.supervisor)
    report_id = answer.json()["reports"][0]["report_id"]
    body, other = {"decision": "accepted"}, {"decision": "dismissed"}
    return Step(f"/v1/aeds/reports/{report_id}/decision", body, other)


def _aed_check(scene: Scene) -> Step:
    return Step(_aed_decision(scene).path.replace("decision", "check"))


def _aed_return(scene: Scene) -> Step:
    decision = _aed_decision(scene)
    assert decision.body
    scene.post(decision.path, decision.body)
    return Step(decision.path.replace("decision", "return"))


def _signal_decision(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        signal_id = store_signal(uow, scene.world.city_id, area_code=None)
    return Step(
        f"/v1/surveillance/signals/{signal_id}/decision", {"state": "acknowledged"},
        {"state": "muted"}, headers=scene.world.bearer(Grant("cdc")),
    )  # fmt: skip


def _case_import(scene: Scene) -> Step:
    headers = scene.world.bearer(Grant("cdc"))
    upload_id = str(uuid4())
    sent = scene.client.post(
        "/v1/surveillance/uploads", headers=headers,
        json={"upload_id": upload_id, "offset": 0, "content": "YQ=="},
    )  # fmt: skip
    assert sent.json() == {"received": 1}
    body = {"upload_id": upload_id, "file_name": "a.csv", "city_id": scene.world.city_id,
            "source": "one"}  # fmt: skip
    return Step("/v1/surveillance/imports", body, body | {"source": "other"}, headers=headers)


def _two_cases(scene: Scene) -> list[str]:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        return [str(one) for one in store_doubles(uow, scene.world.city_id)]


def _double_decision(scene: Scene) -> Step:
    first, second = _two_cases(scene)
    return Step(
        f"/v1/surveillance/doubles/{first}/{second}/decision", {"decision": "same"},
        {"decision": "different"}, headers=scene.world.bearer(Grant("cdc")),
    )  # fmt: skip


def _finding_decision(scene: Scene) -> Step:
    first, _ = _two_cases(scene)
    return Step(
        f"/v1/surveillance/cases/{first}/findings/death_before_onset/decision",
        {"decision": "right"}, {"decision": "reported_back"},
        headers=scene.world.bearer(Grant("cdc")),
    )  # fmt: skip


def _institution_decision(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        store_institution(uow, scene.world.city_id, key="school", name="School")
    body = {"city_id": scene.world.city_id, "institution_key": "school", "name": "First School"}
    return Step(
        "/v1/surveillance/institutions/decisions", body, body | {"name": "Other"},
        headers=scene.world.bearer(Grant("cdc")),
    )  # fmt: skip


def _reporter_end(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        frame_id = store_reporter(uow, scene.world.city_id)
    return Step(
        f"/v1/surveillance/reporters/{frame_id}/end", {"until": "2026-05-01"},
        {"until": "2026-06-01"}, headers=scene.world.bearer(Grant("cdc")),
    )  # fmt: skip


def _advised(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        signal_id = store_signal(uow, scene.world.city_id, area_code=None)
    return Step(
        f"/v1/surveillance/signals/{signal_id}/advisory", {"days": 7}, {"days": 3},
        headers=scene.world.bearer(Grant("cdc")),
    )  # fmt: skip


def _advisory(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        advisory_id = store_advisory(uow, scene.world.city_id)
    return Step(f"/v1/advisories/{advisory_id}/acknowledge")


def _budget(scene: Scene) -> Step:
    body = {"city_id": scene.world.city_id, "alarms_a_day": 7}
    return Step(
        "/v1/surveillance/budget", body, body | {"alarms_a_day": 9},
        headers=scene.world.bearer(Grant("cdc")),
    )  # fmt: skip


def _surge(scene: Scene) -> Step:
    body = {"city_id": scene.world.city_id, "reason": "weather"}
    return Step("/v1/surges", body, body | {"reason": "fleet"})


def _surge_end(scene: Scene) -> Step:
    step = _surge(scene)
    assert step.body is not None
    made = scene.post(step.path, step.body)
    return Step(f"/v1/surges/{made['surge_id']}/end")


def _heard(scene: Scene) -> Step:
    path, _ = scene.assignment()
    sent = scene.client.get("/v1/incidents", params={"city_id": scene.world.city_id},
                            headers=scene.supervisor).json()  # fmt: skip
    incident_id = next(
        one["incident_id"] for one in sent["incidents"]
        if any(unit["assignment_id"] == path[16:] for unit in one["assignments"])
    )  # fmt: skip
    shown = scene.post(f"/v1/incidents/{incident_id}/safety/staging", {"step": "stage"})
    body = {"order": "stage", "since": shown["staged_at"], "heard": "voice"}
    return Step(f"{path}/orders/heard", body, body | {"heard": "tablet"})


def _hazard_body(scene: Scene) -> dict[str, Any]:
    lon, lat = corner(3, 3)
    return {
        "city_id": scene.world.city_id, "kind": "animal", "expires_at": later(5),
        "point": {"lon": lon, "lat": lat, "datum": "wgs84"},
    }  # fmt: skip


def _hazard(scene: Scene) -> Step:
    body = _hazard_body(scene)
    return Step("/v1/hazards", body, body | {"kind": "violence"})


def _hazard_end(scene: Scene) -> Step:
    made = scene.post("/v1/hazards", _hazard_body(scene))
    return Step(f"/v1/hazards/{made['hazard_id']}/end")


def on_mci(action: str, body: dict[str, Any] | None, other: dict[str, Any] | None = None) -> Make:
    def make(scene: Scene) -> Step:
        path, _ = scene.incident()
        scene.client.put(f"{path}/mci", json={"estimate": 9}, headers=scene.supervisor)
        return Step(f"{path}/{action}", body, other)

    return make


def on_casualty(
    action: str, body: dict[str, Any] | None, other: dict[str, Any] | None = None, *, bound: bool
) -> Make:  # fmt: skip
    def make(scene: Scene) -> Step:
        path, _ = scene.incident()
        scene.client.put(f"{path}/mci", json={}, headers=scene.supervisor)
        made = scene.post(f"{path}/casualties", {"sorted": {"colour": "red"}})
        casualty = f"/v1/casualties/{made['casualty_id']}"
        hospital = {"facility_id": scene.facility_id()}
        if bound:
            scene.client.put(f"{casualty}/hospital", json=hospital, headers=scene.supervisor)
        if action == "/arrive":
            scene.post(f"{casualty}/leave", {})
        if action == "/hospital" and not bound:
            return Step(f"{casualty}{action}", hospital, hospital | {"override": True})
        return Step(f"{casualty}{action}", body, other)

    return make


def _aid_answer(scene: Scene) -> Step:
    step = on_mci("aid", {"service": "Dongguan 120", "units": 3})(scene)
    made = scene.post(step.path, step.body or {})
    return Step(f"/v1/aid/{made['aid'][0]['request_id']}", {"state": "promised"},
                {"state": "arrived"})  # fmt: skip


def on_distress(action: str, body: dict[str, Any] | None, other: dict[str, Any] | None) -> Make:
    def make(scene: Scene) -> Step:
        pressed = scene.client.post(
            f"/v1/units/{scene.world.unit_ids[0]}/distress", headers=scene.supervisor
        ).json()
        path = f"/v1/distress/{pressed['distress_id']}"
        if action == "end":
            scene.post(f"{path}/acknowledge", {"presses": 1})
        return Step(f"{path}/{action}", body, other)

    return make


def on_welfare(action: str, body: dict[str, Any] | None, other: dict[str, Any] | None) -> Make:
    def make(scene: Scene) -> Step:
        path = f"/v1/units/{scene.world.unit_ids[0]}/welfare"
        scene.client.put(path, json={"every_s": 600}, headers=scene.supervisor)
        return Step(f"{path}{action}", body, other)

    return make


def _bind(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        account = find_account(uow, scene.world.user(Grant("responder")))
    return Step(
        f"/v1/admin/accounts/{account}/unit", {"unit_id": scene.world.unit_ids[0]},
        {"unit_id": None}, headers=scene.world.bearer(Grant("administrator")),
    )  # fmt: skip


def _enrolment(scene: Scene) -> Step:
    body = asked.enrolment(scene)
    return Step("/v1/volunteers", body, asked.enrolment(scene))


def _own_position(scene: Scene) -> Step:
    _, headers = asked.volunteer(scene)
    return Step(
        "/v1/volunteer/position", asked.position(), asked.position(6), headers=headers
    )  # fmt: skip


def _own_duty(scene: Scene) -> Step:
    _, headers = asked.volunteer(scene)
    return Step(
        "/v1/volunteer/duty", {"on_duty": False}, {"on_duty": True}, headers=headers
    )  # fmt: skip


def _own_step(scene: Scene) -> Step:
    alert_id, headers, _ = asked.alert(scene)
    path = f"/v1/volunteer/alerts/{alert_id}/steps"
    return Step(path, {"step": "accepted"}, {"step": "on_scene"}, headers=headers)


def _void(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        void_id = store_void(uow, scene.world.city_id, "440305")
    return Step(f"/v1/coverage/voids/{void_id}/acknowledge")


def _rules(scene: Scene) -> Step:
    body = {
        "standard": "travel_8_min", "void_opens_people": 900, "void_closes_people": 800,
        "void_holds_s": 30, "moves_per_hour": 3, "least_gain_points": 0.5,
        "least_area_share": 0.5, "moves_per_shift": 2, "rest_s": 60,
    }  # fmt: skip
    return Step(
        f"/v1/coverage/rules?city_id={scene.world.city_id}", body, body | {"rest_s": 90}, version=0
    )


def _move(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        store_worth_moving(uow, scene.world.city_id, at=uow.clock.now())
    plan = scene.client.get(
        "/v1/moveups/plan", params={"city_id": scene.world.city_id}, headers=scene.supervisor
    ).json()
    move = {name: plan["moves"][0][name] for name in ("unit_id", "station_id")}
    body = {"city_id": scene.world.city_id, **move}
    return Step("/v1/moveups", body, body | {"declined_because": "crew"})


def _move_end(scene: Scene) -> Step:
    with scene.world.database.unit_of_work(SYSTEM) as uow:
        move_id = store_move(uow, scene.world.city_id)
    return Step(f"/v1/moveups/{move_id}/end")


STEPS: dict[str, Make] = {
    "POST /v1/coverage/voids/{void_id}/acknowledge": _void,
    "PUT /v1/coverage/rules": _rules,
    "POST /v1/moveups": _move,
    "POST /v1/moveups/{move_id}/end": _move_end,
    "POST /v1/distress/{distress_id}/acknowledge": on_distress(
        "acknowledge", {"presses": 1}, {"presses": 2}
    ),
    "POST /v1/distress/{distress_id}/end": on_distress("end", None, None),
    "PUT /v1/units/{unit_id}/welfare": on_welfare("", {"every_s": 60}, {"every_s": 90}),
    "POST /v1/units/{unit_id}/welfare/well": on_welfare(
        "/well", {"heard": "voice"}, {"heard": "tablet"}
    ),
    "DELETE /v1/units/{unit_id}/welfare": on_welfare("", None, None),
    "PUT /v1/admin/accounts/{user_id}/unit": _bind,
    "PUT /v1/incidents/{incident_id}/mci": on_incident("mci", {}, {"method": "salt"}),
    "POST /v1/incidents/{incident_id}/mci/end": on_mci("mci/end", None),
    "POST /v1/incidents/{incident_id}/casualties": on_mci("casualties", {}, {"tag": "7"}),
    "POST /v1/incidents/{incident_id}/aid": on_mci(
        "aid", {"service": "Dongguan 120", "units": 3}, {"service": "Huizhou 120", "units": 1}
    ),
    "POST /v1/aid/{request_id}": _aid_answer,
    "POST /v1/casualties/{casualty_id}/sort": on_casualty(
        "/sort", {"colour": "yellow"}, {"colour": "green"}, bound=False
    ),
    "POST /v1/casualties/{casualty_id}/sector": on_casualty(
        "/sector", {"sector": "loading"}, {"sector": "hot"}, bound=False
    ),
    "PUT /v1/casualties/{casualty_id}/hospital": on_casualty("/hospital", None, bound=False),
    "DELETE /v1/casualties/{casualty_id}/hospital": on_casualty("/hospital", None, bound=True),
    "POST /v1/casualties/{casualty_id}/leave": on_casualty("/leave", {}, bound=True),
    "POST /v1/casualties/{casualty_id}/arrive": on_casualty("/arrive", None, bound=True),
    "POST /v1/casualties/{casualty_id}/release": on_casualty("/release", None, bound=False),
    "POST /v1/volunteers": _enrolment,
    "POST /v1/volunteers/{volunteer_id}/verification": lambda scene: Step(
        f"/v1/volunteers/{asked.volunteer(scene, on_duty=False)[0]}/verification"
    ),
    "POST /v1/volunteers/{volunteer_id}/end": lambda scene: Step(
        f"/v1/volunteers/{asked.volunteer(scene)[0]}/end"
    ),
    "PUT /v1/volunteer/duty": _own_duty,
    "PUT /v1/volunteer/position": _own_position,
    "POST /v1/volunteer/alerts/{alert_id}/steps": _own_step,
    "POST /v1/incidents/{incident_id}/arrest": lambda scene: Step(
        f"{asked.arrest(scene, begun=False)}/arrest"
    ),
    "POST /v1/incidents/{incident_id}/arrest/stand-down": lambda scene: Step(
        f"{asked.arrest(scene)}/arrest/stand-down"
    ),
    "POST /v1/volunteer-alerts/{alert_id}/recall-heard": lambda scene: Step(
        f"/v1/volunteer-alerts/{asked.recalled(scene)}/recall-heard"
    ),
    "POST /v1/aeds/{aed_id}/restock": lambda scene: Step(
        f"/v1/aeds/{asked.aed_out(scene)}/restock"
    ),
    "PUT /v1/incidents/{incident_id}/safety/danger": on_incident(
        "safety/danger", {"answer": "known", "kinds": ["fire"]}, {"answer": "none"}
    ),
    "POST /v1/incidents/{incident_id}/safety/staging": on_incident(
        "safety/staging", {"step": "stage"}, {"step": "release"}
    ),
    "POST /v1/incidents/{incident_id}/safety/told": on_incident(
        "safety/told",
        {"agency": "police", "to_whom": "110, desk 3"},
        {"agency": "fire", "to_whom": "119"},
    ),
    "POST /v1/assignments/{assignment_id}/orders/heard": _heard,
    "POST /v1/hazards": _hazard,
    "POST /v1/hazards/{hazard_id}/end": _hazard_end,
    "POST /v1/telephony/calls": _rang,
    "POST /v1/units/{unit_id}/trackers": _tracker,
    "POST /v1/telephony/aml-sms": _sms,
    "POST /v1/calls/{call_id}/silent": _silent,
    "POST /v1/calls/{call_id}/call-backs": _call_back,
    "POST /v1/surveillance/budget": _budget,
    "POST /v1/surveillance/signals/{signal_id}/advisory": _advised,
    "POST /v1/advisories/{advisory_id}/acknowledge": _advisory,
    "POST /v1/surveillance/reporters/{frame_id}/end": _reporter_end,
    "POST /v1/surveillance/institutions/decisions": _institution_decision,
    "POST /v1/surveillance/imports": _case_import,
    "POST /v1/surveillance/doubles/{first_id}/{second_id}/decision": _double_decision,
    "POST /v1/surveillance/cases/{case_id}/findings/{problem}/decision": _finding_decision,
    "POST /v1/surveillance/signals/{signal_id}/decision": _signal_decision,
    "POST /v1/aeds/{aed_id}/reports": _aed_report,
    "POST /v1/aeds/reports/{report_id}/decision": _aed_decision,
    "POST /v1/aeds/reports/{report_id}/check": _aed_check,
    "POST /v1/aeds/reports/{report_id}/return": _aed_return,
    "POST /v1/exports": _export,
    "POST /v1/exports/{export_id}/decision": _decision,
    "PUT /v1/admin/retention/{rule}/period": _period,
    "POST /v1/admin/holds": _hold,
    "POST /v1/admin/holds/{hold_id}/lift": _lift,
    "POST /v1/admin/erasures": _erasure,
    "POST /v1/admin/corrections": _correction,
    "POST /v1/admin/personal-access/{access_id}/reviews": _access_review,
    "POST /v1/break-glass": lambda _: Step("/v1/break-glass", _GLASS, _GLASS | {"minutes": 5}),
    "POST /v1/break-glass/{break_glass_id}/end": _glass("end"),
    "POST /v1/admin/break-glass/{break_glass_id}/review": _glass("review"),
    "POST /v1/admin/identity-links/{link_id}/review": _link,
    "POST /v1/admin/accounts": _account,
    "PATCH /v1/admin/accounts/{user_id}": on_account(
        "", {"display_name": "李娜"}, {"display_name": "other"}
    ),
    "POST /v1/admin/accounts/{user_id}/password": on_account(
        "/password", {"password": "another good one"}
    ),
    "POST /v1/admin/accounts/{user_id}/disable": on_account("/disable"),
    "POST /v1/admin/accounts/{user_id}/enable": on_account("/enable"),
    "POST /v1/admin/accounts/{user_id}/sign-out": on_account("/sign-out", versioned=False),
    "DELETE /v1/admin/sessions/{session_id}": _login,
    "DELETE /v1/admin/tokens/{token_id}": _token,
    "POST /v1/admin/roles": _new_role,
    "PUT /v1/admin/roles/{role}/permissions": on_role(
        "/permissions", {"permissions": ["events_read"]}
    ),
    "DELETE /v1/admin/roles/{role}": on_role(""),
    "POST /v1/calls": _call,
    "PATCH /v1/calls/{call_id}": _note,
    "POST /v1/incidents/{incident_id}/alarms/acknowledge": _silence,
    "POST /v1/incidents/{incident_id}/remarks": _remark,
    "PUT /v1/incidents/{incident_id}/place": _place,
    "PUT /v1/incidents/{incident_id}/triage": _triage,
    "POST /v1/incidents/{incident_id}/patients": on_incident("patients", {}, {"age_years": 40}),
    "POST /v1/incidents/{incident_id}/close": on_incident(
        "close", {"outcome": "treated_on_scene"}, {"outcome": "no_patient"}
    ),
    "POST /v1/incidents/{incident_id}/cancel": on_incident(
        "cancel", {"reason": "none"}, {"reason": "other"}
    ),
    "POST /v1/incidents/{incident_id}/reopen": _reopen,
    "POST /v1/incidents/{incident_id}/undo-end": _undo_end,
    "POST /v1/assignments/{assignment_id}/undo-stamp": _undo_stamp,
    "POST /v1/assignments/{assignment_id}/deviation": _deviation,
    "POST /v1/incidents/{incident_id}/take-over": on_incident("take-over", None),
    "POST /v1/incidents/{incident_id}/duplicate": _duplicate,
    "POST /v1/incidents/{incident_id}/duplicate/undo": _undo,
    "POST /v1/incidents/{incident_id}/merge": _merge,
    "POST /v1/incidents/{incident_id}/assignments": _send,
    "POST /v1/assignments/{assignment_id}/stamps": _stamp,
    "POST /v1/incidents/{incident_id}/diversions": _diversion,
    "POST /v1/incidents/{incident_id}/call-back": on_incident(
        "call-back", {"result": "same"}, {"result": "no_answer"}
    ),
    "POST /v1/surges": _surge,
    "POST /v1/surges/{surge_id}/end": _surge_end,
    "POST /v1/units/{unit_id}/out-of-service": on_unit(
        "out-of-service", {"reason": "workshop"}, {"reason": "cleaning"}
    ),
    "POST /v1/units/{unit_id}/in-service": on_unit("in-service", None, None),
    "POST /v1/units/{unit_id}/shift-end": on_unit("shift-end", {}, {"ends_at": later(2)}),
    "POST /v1/diversions/{diversion_id}/answer": on_diversion(
        "answer",
        {"answer": "accepted", "source": "console"},
        {"answer": "declined", "source": "console"},
    ),
    "POST /v1/diversions/{diversion_id}/withdraw": on_diversion("withdraw", None, None),
    "PUT /v1/assignments/{assignment_id}/destination": _destination,
    "POST /v1/assignments/{assignment_id}/place/acknowledge": _place_heard,
    "PUT /v1/facilities/{facility_id}/status": _status,
    "POST /v1/positions": _positions,
    "PATCH /v1/simulation": _simulation,
    "POST /v1/jobs/{job_id}/cancel": lambda scene: _job(scene, "cancel", failed=False),
    "POST /v1/jobs/{job_id}/retry": lambda scene: _job(scene, "retry", failed=True),
    "POST /v1/admin/backups": _backup,
    "POST /v1/cities": _city,
    "POST /v1/reports/{name}": _report,
    "POST /v1/planning/studies": _study,
    "POST /v1/planning/studies/{study_id}/share": _of_study("share", {"shared": True}),
    "POST /v1/planning/studies/{study_id}/stop": _of_study("stop"),
    "DELETE /v1/planning/studies/{study_id}": _of_study(),
    "POST /v1/routing/conditions": _condition,
    "POST /v1/routing/conditions/permits": _permit,
    "PUT /v1/routing/conditions/speeds": _speeds,
    "POST /v1/routing/conditions/{condition_id}/end": _end,
    "POST /v1/routing/conditions/{condition_id}/extend": _extend,
}


def changing_routes() -> Iterator[str]:
    """Yield every route that is no GET and whose transaction may write."""
    for door in DOORS:
        for route in door.router.routes:
            assert isinstance(route, APIRoute)
            access = next(declarations(route.dependant))
            writes = isinstance(access, Requires | OpenToAll) and not access.read_only
            for method in route.methods - {"GET"}:
                if writes:
                    yield f"{method} {route.path}"


def test_every_route_that_changes_anything_is_tried_here() -> None:
    assert set(changing_routes()) == set(STEPS) | set(KEYLESS)
    reading = {f"{one.method} {one.path}" for one in described_routes() if one.method == "GET"}
    assert reading.isdisjoint(STEPS)


@pytest.fixture
def scene(client: TestClient, world: World, take_call: Callable[..., dict[str, Any]]) -> Scene:
    return Scene(client, world, world.bearer(Grant("supervisor")), take_call)


def events(world: World) -> int:
    with world.database.read(SYSTEM) as uow:
        return uow.session.execute(select(func.count()).select_from(Event)).scalar_one()


@pytest.mark.parametrize("route", STEPS)
def test_a_repeat_is_answered_alike_and_changes_nothing(scene: Scene, route: str) -> None:
    method = route.partition(" ")[0]
    step = STEPS[route](scene)
    headers = scene.supervisor | new_key() | step.headers
    if step.version is not None:
        headers["If-Match"] = f'"{step.version}"'
    together = threading.Barrier(4)

    def ask(_: int) -> Any:
        together.wait()
        return scene.client.request(method, step.path, json=step.body, headers=headers)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(4)))
    for answer in answers:
        assert answer.is_success, answer.text
        assert answer.json() == answers[0].json()
        assert answer.headers.get("ETag") == answers[0].headers.get("ETag")
    assert sum(REPLAY_HEADER not in answer.headers for answer in answers) == 1
    written = events(scene.world)
    # By now the version that If-Match names is stale: of one's own success one hears no 412.
    again = scene.client.request(method, step.path, json=step.body, headers=headers)
    assert (again.status_code, again.json()) == (answers[0].status_code, answers[0].json())
    assert again.headers[REPLAY_HEADER] == "true"
    if step.other is not None:
        other = scene.client.request(method, step.path, json=step.other, headers=headers)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert events(scene.world) == written


def test_nobody_else_gets_the_answer_of_a_key(scene: Scene) -> None:
    path, version = scene.incident()
    headers = new_key() | {"If-Match": f'"{version}"'}
    body = {"outcome": "treated_on_scene"}
    first = scene.client.post(f"{path}/close", json=body, headers=scene.supervisor | headers)
    assert first.status_code == 200
    somebody = scene.world.bearer(Grant("dispatcher"))
    other = scene.client.post(f"{path}/close", json=body, headers=somebody | headers)
    assert (other.status_code, REPLAY_HEADER in other.headers) == (412, False)
