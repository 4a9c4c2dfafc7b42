"""What leaves the house is on record, and about persons only when another person has approved."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from dispatch.permissions import INCIDENT_READ
from gis.access import EVERYWHERE, SYSTEM, Grant, Identity
from gis.clock import FixedClock
from gis.database import Database
from gis.errors import GoldenHourError
from gis.exports import service
from gis.exports.files import file_of
from gis.permissions import AUDIT_REVIEW, EXPORT_MAKE, EXPORT_REVIEW
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database
FOR = {"purpose": "report to the council", "recipient": "city council", "legal_basis": "law 1"}


@pytest.fixture
def officer(world: World) -> dict[str, str]:
    return world.bearer(Grant("privacy_officer"))


def ask(client: TestClient, headers: dict[str, str], kind: str, **more: object) -> Any:
    return client.post("/v1/exports", json=FOR | {"kind": kind} | more, headers=headers | new_key())


def approve(client: TestClient, world: World, made: dict[str, Any]) -> None:
    """Let another person approve a file."""
    answer = client.post(
        f"/v1/exports/{made['export_id']}/decision", json={"decision": "approved"},
        headers=world.bearer(Grant("privacy_officer")),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


def test_incidents_leave_marked_and_with_a_second_person(
    client: TestClient, world: World, take_call: Callable[..., dict]
) -> None:
    incident = take_call((1, 1), caller_number="13800138000", words="=1+1")
    supervisor = world.bearer(Grant("supervisor"))
    made = ask(client, supervisor, "incidents").json()
    assert (made["state"], made["persons"], made["rows"]) == ("waiting", True, 1)
    path = f"/v1/exports/{made['export_id']}/file"
    assert client.get(path, headers=supervisor).json()["code"] == "export_waits"
    approve(client, world, made)
    fetched = client.get(path, headers=supervisor)
    assert hashlib.sha256(fetched.content).hexdigest() == made["sha256"]
    assert made["export_id"] in fetched.headers["content-disposition"]
    mark, header, row = csv.reader(io.StringIO(fetched.content.decode("utf-8-sig")))
    assert mark[0].startswith(f"# export_id: {made['export_id']}; by: user-")
    assert row[header.index("number")] == incident["number"]
    assert row[header.index("export_id")] == made["export_id"]
    assert "13800138000" not in fetched.text
    as_json = ask(client, supervisor, "incidents", format="json").json()
    approve(client, world, as_json)
    found = client.get(f"/v1/exports/{as_json['export_id']}/file", headers=supervisor).json()
    assert found["export"]["for"] == "city council"
    assert [one["number"] for one in found["rows"]] == [incident["number"]]
    listed = client.get("/v1/exports", headers=supervisor).json()["exports"]
    assert [one["fetches"] for one in listed] == [1, 1]
    elsewhere = world.bearer(Grant("supervisor", "440306"))
    assert ask(client, elsewhere, "incidents").json()["rows"] == 0
    assert client.get(path, headers=elsewhere).json()["code"] == "export_unknown"


def test_persons_leave_only_with_a_second_person(
    client: TestClient, world: World, take_call: Callable[..., dict], officer: dict[str, str]
) -> None:
    take_call(caller_number="+8613800138000", words="=HYPERLINK(1)")
    take_call(caller_number="13900139000")
    second = world.bearer(Grant("privacy_officer"))
    made = ask(client, officer, "callers").json()
    assert (made["state"], made["rows"]) == ("waiting", 3)
    path = f"/v1/exports/{made['export_id']}"
    assert client.get(f"{path}/file", headers=officer).json()["code"] == "export_waits"
    own = client.post(f"{path}/decision", json={"decision": "approved"}, headers=officer)
    assert (own.status_code, own.json()["code"]) == (403, "own_export")
    body = {"decision": "approved", "note": "seen"}
    approved = client.post(f"{path}/decision", json=body, headers=second).json()
    assert (approved["state"], approved["decided_by"]) != ("ready", approved["requested_by"])
    again = client.post(f"{path}/decision", json={"decision": "refused"}, headers=second)
    assert again.json()["code"] == "export_decided"
    fetched = client.get(f"{path}/file", headers=officer).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in fetched
    assert "'+8613800138000" in fetched
    # The second person approves and does not fetch.
    assert client.get(f"{path}/file", headers=second).json()["code"] == "export_unknown"
    reads = client.get("/v1/admin/personal-access", headers=second).json()["entries"]
    assert [one["reason"] for one in reads] == ["export of callers"] * 2


def test_who_may_not_ask_any_more_fetches_nothing(
    client: TestClient, world: World, take_call: Callable[..., dict]
) -> None:
    take_call()
    asker = world.bearer(Grant("supervisor"))
    made = ask(client, asker, "incidents").json()
    approve(client, world, made)
    path = f"/v1/exports/{made['export_id']}/file"
    assert client.get(path, headers=asker).status_code == 200
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text("UPDATE user_roles SET role = 'planner' FROM users WHERE users.user_id ="
                 " user_roles.user_id AND 'user:' || username = :label"),
            {"label": made["requested_by"]},
        )  # fmt: skip
    refused = client.get(path, headers=asker)
    assert (refused.status_code, refused.json()["code"]) == (404, "export_unknown")
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text("UPDATE user_roles SET role = 'supervisor', jurisdiction = '440306' FROM users"
                 " WHERE users.user_id = user_roles.user_id AND 'user:' || username = :label"),
            {"label": made["requested_by"]},
        )  # fmt: skip
    # Its rows are of everywhere, and the asker is not any more.
    assert client.get(path, headers=asker).json()["code"] == "export_unknown"


def test_nobody_approves_for_areas_he_does_not_decide_for(
    client: TestClient, world: World, take_call: Callable[..., dict], officer: dict[str, str]
) -> None:
    take_call((1, 1), caller_number="13800138000")
    here, elsewhere = (
        world.bearer(Grant("privacy_officer", area)) for area in ("440305", "440306")
    )

    def decide(made: dict[str, Any], decision: str, who: dict[str, str]) -> Any:
        path = f"/v1/exports/{made['export_id']}/decision"
        return client.post(path, json={"decision": decision}, headers=who)

    of_all = ask(client, officer, "callers").json()
    refused = decide(of_all, "approved", here)
    assert (refused.status_code, refused.json()["code"]) == (403, "export_beyond")
    of_here = ask(client, here, "callers").json()
    assert (of_here["rows"], of_here["areas"], of_all["areas"]) == (1, ["440305"], [""])
    assert decide(of_here, "approved", elsewhere).json()["code"] == "export_beyond"
    second = world.bearer(Grant("privacy_officer", "440305"))
    assert decide(of_here, "approved", second).json()["state"] == "ready"
    # Whoever decides anywhere may stop a file.
    assert decide(of_all, "refused", here).json()["state"] == "refused"


def test_a_person_gets_a_copy_of_everything_kept(
    client: TestClient, world: World, take_call: Callable[..., dict], officer: dict[str, str],
    dispatcher: dict[str, str],
) -> None:  # fmt: skip
    mine = take_call(caller_number="13800138000", caller_name="王芳", words="chest pain")
    take_call(caller_number="13900139000", words="another person")
    path = f"/v1/incidents/{mine['incident_id']}/caller"
    client.post(path, json={"reason": "call back"}, headers=dispatcher)
    assert ask(client, officer, "access_copy").json()["code"] == "export_kind_unknown"
    made = ask(client, officer, "access_copy", format="json", about="+86 138 0013 8000").json()
    second = world.bearer(Grant("privacy_officer"))
    decision = f"/v1/exports/{made['export_id']}/decision"
    assert client.post(decision, json={"decision": "approved"}, headers=second).is_success
    copy = client.get(f"/v1/exports/{made['export_id']}/file", headers=officer).json()
    values = {(one["what"], one["value"]) for one in copy["rows"]}
    assert {("caller_name", "王芳"), ("words", "chest pain"),
            ("caller_number", "13800138000")} <= values  # fmt: skip
    assert any(what == "read_by" and "call back" in value for what, value in values)
    assert any(what == "incident" and mine["number"] in value for what, value in values)
    assert "another person" not in json.dumps(copy)
    # Whom it is about is not kept with the record.
    with world.database.read(SYSTEM) as uow:
        stored = uow.session.execute(text("SELECT to_jsonb(e)::text FROM exports e")).scalar_one()
    assert "138" not in stored.split('"sha256"')[0]


def test_what_is_refused_too_large_or_unknown(
    client: TestClient, world: World, take_call: Callable[..., dict], officer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    take_call(caller_number="13800138000")
    take_call(caller_number="13900139000")
    supervisor = world.bearer(Grant("supervisor"))
    for kind in ("callers", "nothing"):
        assert ask(client, supervisor, kind).json()["code"] == "export_kind_unknown"
    assert ask(client, supervisor, "incidents", purpose="so").json()["code"] == "reason_missing"
    monkeypatch.setattr(service, "LIMIT_ROWS", 1)
    large = ask(client, supervisor, "incidents")
    assert (large.status_code, large.json()["code"]) == (422, "export_too_large")
    monkeypatch.setattr(service, "LIMIT_ROWS", 10)
    monkeypatch.setattr(service, "LIMIT_PER_DAY", 1)
    assert ask(client, supervisor, "incidents").json()["state"] == "waiting"
    many = ask(client, supervisor, "incidents")
    assert (many.status_code, many.json()["code"]) == (409, "exports_too_many")
    world.database.clock = FixedClock(world.database.clock.now() + timedelta(hours=25))
    assert ask(client, supervisor, "incidents").json()["state"] == "waiting"
    made = ask(client, officer, "callers").json()
    second = world.bearer(Grant("privacy_officer"))
    path = f"/v1/exports/{made['export_id']}"
    refused = client.post(f"{path}/decision", json={"decision": "refused"}, headers=second).json()
    assert refused["state"] == "refused"
    assert client.get(f"{path}/file", headers=officer).json()["code"] == "export_refused"
    with world.database.unit_of_work(SYSTEM) as uow:
        assert uow.session.execute(text("SELECT drop_export_files(now())")).scalar_one() == 0
    for change in ("purpose = 'another purpose'", "decision = 'approved'", "rows = 0"):
        with pytest.raises(DBAPIError), world.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text(f"UPDATE exports SET {change}"))


def test_an_expired_file_is_gone(
    client: TestClient, world: World, take_call: Callable[..., dict]
) -> None:
    take_call()
    supervisor = world.bearer(Grant("supervisor"))
    made = ask(client, supervisor, "incidents", days=1).json()
    world.database.clock = FixedClock(world.database.clock.now() + timedelta(days=2))
    gone = client.get(f"/v1/exports/{made['export_id']}/file", headers=supervisor)
    assert (gone.status_code, gone.json()["code"]) == (410, "export_expired")


def test_the_kinds_are_those_of_the_viewer(client: TestClient, world: World) -> None:
    def kinds(role: str) -> set[str]:
        found = client.get("/v1/exports/kinds", headers=world.bearer(Grant(role))).json()
        return {one["name"] for one in found["kinds"]}

    assert kinds("supervisor") == {"incidents", "kpis"}
    assert kinds("privacy_officer") == {"personal_access", "callers", "access_copy"}
    assert kinds("administrator") == {"personal_access"}


def test_a_spreadsheet_runs_nothing_of_what_somebody_said() -> None:
    mark = {"export_id": "x"}
    content = file_of([["=1", "@x", -1, "safe"]], ["a", "b", "c", "d"], mark=mark, form="csv")
    assert content.decode("utf-8-sig").splitlines()[2] == "'=1,'@x,-1,safe,x"


class Approval(RuleBasedStateMachine):
    """Three people ask for, decide about and fetch files; a model says what may succeed."""

    database: Database
    clock: FixedClock
    held = frozenset({EXPORT_MAKE, EXPORT_REVIEW, AUDIT_REVIEW, INCIDENT_READ})

    def __init__(self) -> None:
        super().__init__()
        grants = (Grant("x", EVERYWHERE, permissions=self.held),)
        # Each run is of other people: what the one before left in the database is not theirs.
        self.people = [Identity(None, uuid4().hex, "x", grants=grants) for _ in range(3)]
        self.model: dict[Any, dict[str, Any]] = {}

    @rule(who=integers(0, 2), kind=sampled_from(["incidents", "personal_access"]))
    def ask(self, who: int, kind: str) -> None:
        request = service.Request(
            kind=kind, form="csv", purpose="a model of it", recipient="x", legal_basis="y", days=1
        )
        with self.database.unit_of_work(self.people[who]) as uow:
            view = service.ask(uow, request)
        self.model[view.export_id] = {
            "by": who, "decision": None,
            "ends": self.clock.now() + timedelta(days=1),
        }  # fmt: skip

    @rule(who=integers(0, 2), nth=integers(0, 5), decision=sampled_from(["approved", "refused"]))
    def decide(self, who: int, nth: int, decision: Any) -> None:
        if not self.model:
            return
        export_id, one = list(self.model.items())[nth % len(self.model)]
        may = (
            one["by"] != who and one["decision"] is None
            and one["ends"] > self.clock.now()
        )  # fmt: skip
        try:
            with self.database.unit_of_work(self.people[who]) as uow:
                service.decide(uow, export_id, decision=decision, note="")
            done = True
        except GoldenHourError:
            done = False
        assert done is may
        if done:
            one["decision"] = decision

    @rule(who=integers(0, 2), nth=integers(0, 5))
    def fetch(self, who: int, nth: int) -> None:
        if not self.model:
            return
        export_id, one = list(self.model.items())[nth % len(self.model)]
        may = (
            one["by"] == who and one["ends"] > self.clock.now() and one["decision"] == "approved"
        )  # fmt: skip
        try:
            with self.database.unit_of_work(self.people[who]) as uow:
                service.fetch(uow, export_id)
            done = True
        except GoldenHourError:
            done = False
        assert done is may

    @rule(hours=integers(1, 30))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours * 3600)

    @invariant()
    def nobody_reads_past_the_rules(self) -> None:
        """Row-level security alone lets nobody have another's file, or one that waits."""
        for who, person in enumerate(self.people):
            with self.database.read(person) as uow:
                seen = set(uow.session.scalars(text("SELECT export_id FROM export_files")))
            allowed = {
                export_id for export_id, one in self.model.items()
                if one["by"] == who and one["decision"] == "approved"
            }  # fmt: skip
            assert seen <= allowed


@pytest.fixture
def approving(world: World) -> Iterator[type[Approval]]:
    clock = FixedClock(world.database.clock.now())
    database = Database(world.database.url, clock=clock, pool_size=2)
    yield type("Bound", (Approval,), {"database": database, "clock": clock})
    database.close()


def test_whatever_order_people_do_things_in(approving: type[Approval]) -> None:
    run_state_machine_as_test(
        approving,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
