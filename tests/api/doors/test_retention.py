"""What is kept of persons ends: by night, on demand, unless it is held; the chain still holds."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from api.rooms import HOUSE
from dispatch.incidents import calls
from gis.access import SYSTEM, Grant
from gis.clock import FixedClock
from gis.database import Database
from gis.events import first_broken_link
from gis.jobs import repository as jobs
from gis.jobs.running import Process, Run
from gis.jobs.service import defer
from gis.retention import service
from gis.retention.errors import HeldError
from gis.retention.jobs import CARRY_OUT
from gis.retention.journal import erasures_beside
from gis.retention.running import carry_out, copy_erasures
from gis.settings import Settings
from gis.tables import Base
from tests.api.conftest import World, new_key
from tests.event_chains import chain_of

pytestmark = pytest.mark.database
WHY = {"reason": "the court asked for it"}


@pytest.fixture
def officer(world: World) -> dict[str, str]:
    return world.bearer(Grant("privacy_officer"))


@pytest.fixture
def incident(take_call: Callable[..., dict], world: World) -> dict[str, Any]:
    """An incident with a caller, a patient by name, and a place."""
    made = take_call(caller_number="+86 138 0013-8000", words="chest pain", caller_name="王芳")
    with world.database.unit_of_work(SYSTEM) as uow:
        calls.add_patient(uow, made["incident_id"], age_years=71, sex="female", name="李秀英")
    return made


def values(world: World) -> int:
    return counted(world.database, "SELECT count(*) FROM personal_values")


def counted(database: Database, query: str) -> int:
    with database.read(SYSTEM) as uow:
        found: int = uow.session.execute(text(query)).scalar_one()
        return found


def age(world: World, days: int) -> None:
    """Make everything so much older, and the incidents ended."""
    earlier = f"make_interval(days => {days})"
    with world.database.unit_of_work(SYSTEM) as uow:
        for statement in (
            f"UPDATE personal_values SET created_at = created_at - {earlier}",
            f"UPDATE patients SET created_at = created_at - {earlier}",
            f"UPDATE assignments SET created_at = created_at - {earlier}",
            (
                f"UPDATE incidents SET received_at = received_at - {earlier},"
                f" cancelled_at = coalesce(cancelled_at, now()) - {earlier}, state = 'cancelled',"
                " triage_answers = '{}', cancel_reason = 'none'"
            ),
        ):
            uow.session.execute(text(statement))


def night(world: World, settings: Settings) -> None:
    """Do what the timer begins."""
    with world.database.unit_of_work(SYSTEM) as uow:
        record = jobs.read_job(uow.session, defer(uow, CARRY_OUT, {}))
    assert record is not None
    process = Process(settings, world.database)
    carry_out(Run(process, record, stop=threading.Event()))


def test_every_table_of_the_register_and_column_is_there() -> None:
    for field in HOUSE.personal_fields.values():
        assert set(field.columns) <= set(Base.metadata.tables[field.table].columns.keys())
    persons = {"personal_values", "patients", "users", "login_sessions", "api_tokens",
               "personal_access", "identity_links", "shift_crew", "unit_positions"}  # fmt: skip
    assert persons <= {field.table for field in HOUSE.personal_fields.values()}


def test_the_night_erases_what_is_past_its_period_and_nothing_else(
    client: TestClient, *, world: World, settings: Settings, incident: dict, officer: dict[str, str]
) -> None:
    age(world, 700)
    night(world, settings)
    assert values(world) == 4
    age(world, 100)
    night(world, settings)
    assert values(world) == 0
    assert counted(world.database, "SELECT count(*) FROM patients WHERE age_years = 71") == 1
    age(world, 1100)
    night(world, settings)
    with world.database.read(SYSTEM) as uow:
        row = uow.session.execute(text(
            "SELECT i.*, ST_X(geom) AS lon, ST_Y(geom) AS lat, p.age_years, p.sex"
            " FROM incidents i JOIN patients p USING (incident_id)"
        )).one()  # fmt: skip
    assert (row.age_years, row.sex, row.triage_answers, row.cancel_reason) == (None,) * 4
    assert (row.place_label, row.uncertainty_m) == (None, 1000)
    assert row.lon * 100 == pytest.approx(round(row.lon * 100), abs=1e-6)
    assert counted(world.database, "SELECT count(*) FROM calls WHERE geom IS NOT NULL") == 0
    shown = client.get("/v1/admin/retention", headers=officer).json()
    erased = {one["name"]: one["erased"] for one in shown["fields"]}
    ended = {"call.caller": 3, "patient.name": 1, "patient.details": 1, "incidents.answers": 1,
             "incidents.place": 1}  # fmt: skip
    assert erased == {name: ended.get(name, 0) for name in HOUSE.personal_fields}
    last = next(one["last_run"] for one in shown["fields"] if one["name"] == "call.caller")
    assert (last["erased"], last["ended_at"] is None, last["holds"]) == (0, False, 0)
    assert first_broken_link(chain_of(world.database, "incident", incident["incident_id"])) is None
    told = chain_of(world.database, "retention_rule", "call.caller")
    assert [(event.type, event.payload["erased"]) for event in told] == [
        ("retention.carried_out", 3)
    ]


def test_a_night_goes_on_in_batches_and_counts_each(
    world: World, *, settings: Settings, take_call: Callable[..., dict],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for number in range(5):
        take_call(caller_number=f"1380013800{number}")
    age(world, 800)
    monkeypatch.setattr(service, "BATCH_ROWS", 2)
    night(world, settings)
    assert values(world) == 0
    runs = "SELECT sum(erased) FROM retention_runs WHERE rule = 'call.caller'"
    assert counted(world.database, runs) == 5


def test_the_night_leaves_out_what_is_held_until_the_hold_ends(
    client: TestClient, *, world: World, settings: Settings, incident: dict,
    officer: dict[str, str], take_call: Callable[..., dict],
) -> None:  # fmt: skip
    take_call(caller_number="13900139000")
    body = {"subject_kind": "incident", "subject": incident["number"], **WHY}
    hold = client.post("/v1/admin/holds", json=body, headers=officer | new_key()).json()
    assert (hold["subject_id"], hold["lifted_at"]) == (incident["incident_id"], None)
    age(world, 4000)
    night(world, settings)
    assert values(world) == 4
    assert counted(world.database, "SELECT count(*) FROM patients WHERE age_years = 71") == 1
    exact = "SELECT count(*) FROM incidents WHERE cancel_reason IS NOT NULL"
    assert counted(world.database, exact) == 1
    shown = client.get("/v1/admin/retention", headers=officer).json()
    assert shown["holds"] == 1
    path = f"/v1/admin/holds/{hold['hold_id']}/lift"
    lifted = client.post(path, json={"reason": "the case is closed"}, headers=officer).json()
    assert lifted["lifted_by"].startswith("user:")
    again = client.post(path, json={"reason": "the case is closed"}, headers=officer)
    assert again.json()["code"] == "hold_unknown"
    assert client.get("/v1/admin/holds", headers=officer).json()["holds"] == []
    listed = client.get("/v1/admin/holds", params={"ended": True}, headers=officer).json()
    assert listed["holds"] == [lifted]
    night(world, settings)
    assert values(world) == 0


@pytest.mark.parametrize(
    ("by", "value"),
    [("incident", "incident"), ("number", "13800138000"), ("name", "王芳"), ("name", "李秀英")],
)
def test_what_is_held_is_not_forgotten_on_demand(
    client: TestClient,
    *,
    incident: dict,
    officer: dict[str, str],
    world: World,
    by: str,
    value: str,
) -> None:
    hold = {"subject_kind": "incident", "subject": incident["incident_id"], **WHY}
    assert client.post("/v1/admin/holds", json=hold, headers=officer | new_key()).is_success
    value = incident["number"] if value == "incident" else value
    body = {"by": by, "value": value, "reason": "asked by the person"}
    refused = client.post("/v1/admin/erasures", json=body, headers=officer | new_key())
    assert (refused.status_code, refused.json()["code"]) == (409, "held")
    assert incident["incident_id"] in refused.json()["detail"]
    assert values(world) == 4


@pytest.mark.parametrize(
    ("by", "value", "left"),
    [
        ("incident", None, 0), ("number", "13800138000", 1), ("number", "008613800138000", 1),
        ("name", "王芳", 1), ("name", "李秀英", 3),
    ],
)  # fmt: skip
def test_who_asks_is_forgotten(
    client: TestClient, *, incident: dict, officer: dict[str, str], world: World, by: str,
    value: str | None, left: int,
) -> None:  # fmt: skip
    body = {"by": by, "value": value or incident["number"], "reason": "asked by the person"}
    answer = client.post("/v1/admin/erasures", json=body, headers=officer | new_key())
    assert answer.status_code == 201, answer.text
    assert sum(one["erased"] for one in answer.json()["erasures"]) == 4 - left
    assert values(world) == left
    listed = client.get("/v1/admin/erasures", headers=officer)
    assert listed.json() == answer.json()
    assert "13800138000" not in listed.text + str(value == "王芳")
    assert first_broken_link(chain_of(world.database, "incident", incident["incident_id"])) is None


def test_whom_nobody_knows(client: TestClient, incident: dict, officer: dict[str, str]) -> None:
    for by, value, code in (
        ("number", "13800138001", "nobody_to_forget"), ("number", "unknown", "nobody_to_forget"),
        ("name", "王", "nobody_to_forget"), ("incident", "x-404", "incident_not_found"),
        ("bird", "1", "personal_subject_unknown"), ("call", "1", "call_not_found"),
    ):  # fmt: skip
        body = {"by": by, "value": value, "reason": "asked by the person"}
        answer = client.post("/v1/admin/erasures", json=body, headers=officer | new_key())
        assert answer.json()["code"] == code, by
    body = {"by": "name", "value": "王芳", "reason": "so"}
    answer = client.post("/v1/admin/erasures", json=body, headers=officer | new_key())
    assert answer.json()["code"] == "reason_missing"


def test_an_officer_of_an_area_finds_nobody_elsewhere(
    client: TestClient, incident: dict, world: World
) -> None:
    elsewhere = world.bearer(Grant("privacy_officer", "440306"))
    for by, value in (("number", "13800138000"), ("incident", incident["number"])):
        body = {"by": by, "value": value, "reason": "asked by the person"}
        answer = client.post("/v1/admin/erasures", json=body, headers=elsewhere | new_key())
        assert answer.status_code == 404
    assert values(world) == 4


def test_an_officer_of_an_area_decides_for_that_area_only(
    client: TestClient, incident: dict, world: World, officer: dict[str, str]
) -> None:
    here, elsewhere = (
        world.bearer(Grant("privacy_officer", area)) for area in ("440305", "440306")
    )
    period = client.put(
        "/v1/admin/retention/call.caller/period", headers=here,
        json={"days": 1, "reason": "decided by the district"},
    )  # fmt: skip
    assert (period.status_code, period.json()["code"]) == (403, "privacy_beyond")
    with world.database.read(SYSTEM) as uow:
        patient_id = uow.session.execute(text("SELECT patient_id FROM patients")).scalar_one()
        call_id = uow.session.execute(text("SELECT call_id FROM calls")).scalar_one()

    def hold(kind: str, subject: object, who: dict[str, str]) -> Any:
        body = WHY | {"subject_kind": kind, "subject": str(subject)}
        return client.post("/v1/admin/holds", json=body, headers=who | new_key())

    subjects = {"incident": incident["number"], "call": call_id, "patient": patient_id}
    for kind, subject in subjects.items():
        assert hold(kind, subject, elsewhere).status_code == 404
        placed = hold(kind, subject, here).json()
        lift = f"/v1/admin/holds/{placed['hold_id']}/lift"
        refused = client.post(lift, json=WHY, headers=elsewhere)
        assert (refused.status_code, refused.json()["code"]) == (403, "privacy_beyond")
        assert client.post(lift, json=WHY, headers=here).status_code == 200
    # Each sees the holds of the own areas; the one who answers for everything sees all.
    for who, kinds in ((here, set(subjects)), (elsewhere, set()), (officer, set(subjects))):
        listed = client.get("/v1/admin/holds?ended=true", headers=who).json()["holds"]
        assert {one["subject_kind"] for one in listed} == kinds
    # Accounts lie in no area.
    account = hold("account", "user-1", here)
    assert (account.status_code, account.json()["code"]) == (403, "privacy_beyond")
    unknown = client.post(f"/v1/admin/holds/{uuid4()}/lift", json=WHY, headers=officer)
    assert unknown.json()["code"] == "hold_unknown"


def test_a_period_is_set_with_its_history(
    client: TestClient, *, world: World, settings: Settings, incident: dict, officer: dict[str, str]
) -> None:
    age(world, 40)
    for days in (90, 30):
        answer = client.put(
            "/v1/admin/retention/call.caller/period", headers=officer,
            json={"days": days, "reason": "decided by the centre"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
    entry = next(one for one in answer.json()["fields"] if one["name"] == "call.caller")
    assert (entry["days"], entry["default_days"]) == (30, 730)
    assert [one["days"] for one in entry["periods"]] == [30, 90]
    night(world, settings)
    assert values(world) == 1
    for rule in ("events.actor", "nothing"):
        refused = client.put(
            f"/v1/admin/retention/{rule}/period", headers=officer,
            json={"days": 30, "reason": "decided by the centre"},
        )  # fmt: skip
        assert refused.json()["code"] == "rule_unknown"


def test_what_is_on_record_is_never_changed(
    client: TestClient, incident: dict, officer: dict[str, str], world: World
) -> None:
    hold = {"subject_kind": "incident", "subject": incident["number"], **WHY}
    assert client.post("/v1/admin/holds", json=hold, headers=officer | new_key()).is_success
    for statement in (
        "UPDATE retention_periods SET days = 1", "DELETE FROM erasures", "DELETE FROM legal_holds",
        "UPDATE legal_holds SET reason = 'another good reason'",
        "UPDATE legal_holds SET ends_at = now() + interval '1 day'",
    ):  # fmt: skip
        with pytest.raises(DBAPIError), world.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text(statement))


def test_a_hold_and_an_erasure_at_once_never_both_succeed(
    client: TestClient, world: World, take_call: Callable[..., dict], officer: dict[str, str]
) -> None:
    for _ in range(6):
        made = take_call(caller_number="13800138000")
        hold = {"subject_kind": "incident", "subject": made["number"], **WHY}
        erasure = {"by": "incident", "value": made["number"], "reason": "asked by the person"}
        together = threading.Barrier(2)

        def ask(step: tuple[str, dict], together: threading.Barrier = together) -> int:
            together.wait()
            path, body = step
            return client.post(path, json=body, headers=officer | new_key()).status_code

        with ThreadPoolExecutor(2) as pool:
            placed, erased = pool.map(
                ask, [("/v1/admin/holds", hold), ("/v1/admin/erasures", erasure)]
            )
        # A hold placed after the erasure stands on what is no more; the other way is refused.
        assert (placed, erased) in {(201, 201), (201, 409)}
        kept = counted(
            world.database,
            "SELECT count(*) FROM personal_values v JOIN calls c ON c.call_id::text = v.subject_id"
            f" WHERE c.incident_id = '{made['incident_id']}'",
        )
        assert kept == (0 if erased == 201 else 1)


def test_a_hold_ends_by_itself(
    cluster: Any, world: World, incident: dict, settings: Settings
) -> None:
    now = world.database.clock.now()
    clock = FixedClock(now)
    later = Database(world.database.url, clock=clock, pool_size=2)
    with later.unit_of_work(SYSTEM) as uow:
        service.place_hold(
            uow, "incident", incident["number"], reason="until the hearing",
            ends_at=now + timedelta(days=1),
        )  # fmt: skip
    with pytest.raises(HeldError), later.unit_of_work(SYSTEM) as uow:
        service.forget(uow, "incident", incident["number"], reason="asked by the person")
    clock.advance(86_401)
    with later.unit_of_work(SYSTEM) as uow:
        service.forget(uow, "incident", incident["number"], reason="asked by the person")
    later.close()
    assert values(world) == 0


def test_the_list_beside_the_backups_holds_every_erasure_once(
    world: World, incident: dict, settings: Settings
) -> None:
    with world.database.unit_of_work(SYSTEM) as uow:
        service.forget_number(uow, "13800138000", reason="asked by the person")
        record = jobs.read_job(uow.session, defer(uow, CARRY_OUT, {}))
    assert record is not None
    run = Run(Process(settings, world.database), record, stop=threading.Event())
    journal = erasures_beside(settings)
    file = journal.file
    for _ in range(2):
        copy_erasures(run)
    with world.database.read(SYSTEM) as uow:
        erasures = service.all_erasures(uow)
    assert journal.read() == erasures
    assert len(erasures) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert "13800138000" not in file.read_text()
    # Cut short in the middle of a line: what was whole stays, what follows is whole again.
    cut = file.read_bytes()
    file.write_bytes(cut + cut.strip()[:40])
    journal.append_missing(erasures)
    assert journal.read() == erasures
    file.write_bytes(cut[:-20])
    journal.append_missing(erasures)
    assert journal.read() == erasures


def test_a_closed_account_loses_its_name(
    client: TestClient, world: World, officer: dict[str, str]
) -> None:
    name = world.user(Grant("dispatcher"))
    body = {"by": "account", "value": name, "reason": "left the centre"}
    refused = client.post("/v1/admin/erasures", json=body, headers=officer | new_key())
    assert refused.json()["code"] == "account_open"
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("UPDATE users SET disabled_at = now() WHERE username = :name"),
                            {"name": name})  # fmt: skip
    done = client.post("/v1/admin/erasures", json=body, headers=officer | new_key())
    assert done.json()["erasures"][0]["erased"] == 1
    query = f"SELECT count(*) FROM users WHERE username = '{name}' AND display_name = '—'"
    assert counted(world.database, query) == 1
