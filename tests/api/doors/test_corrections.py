"""A person has a value put right: on record, the earlier one kept until its period, or struck."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from dispatch.incidents import calls
from gis.access import SYSTEM, Grant
from gis.events import first_broken_link
from tests.api.conftest import World, new_key
from tests.event_chains import chain_of

pytestmark = pytest.mark.database
REASON = "the person showed an identity card"


@pytest.fixture
def officer(world: World) -> dict[str, str]:
    return world.bearer(Grant("privacy_officer"))


@pytest.fixture
def incident(take_call: Callable[..., dict], world: World) -> dict[str, Any]:
    made = take_call(caller_number="+86 138 0013-8000", words="chest pain", caller_name="王方")
    with world.database.unit_of_work(SYSTEM) as uow:
        calls.add_patient(uow, made["incident_id"], age_years=17, sex="male", name="李秀英")
    return made


def kept(client: TestClient, who: dict[str, str], by: str, value: str) -> dict[str, dict[str, Any]]:
    body = {"by": by, "value": value, "reason": REASON}
    answer = client.post("/v1/admin/personal-values", json=body, headers=who)
    assert answer.status_code == 200, answer.text
    return {one["field"]: one for one in answer.json()["kept"]}


def put_right(
    client: TestClient, who: dict[str, str], *, of: dict[str, Any], value: str, strike: bool = False
) -> Any:
    body = {
        "subject_kind": of["subject_kind"], "subject": of["subject_id"], "field": of["field"],
        "value": value, "asked_by": "person", "reason": REASON, "strike": strike,
    }  # fmt: skip
    return client.post("/v1/admin/corrections", json=body, headers=who | new_key())


def stored(world: World, field: str) -> list[str]:
    """Return the values of a field, its earlier versions first."""
    with world.database.read(SYSTEM) as uow:
        return list(uow.session.scalars(
            text("SELECT value FROM personal_values WHERE split_part(field, '.', 1) = :field"
                 " ORDER BY field DESC"), {"field": field},
        ))  # fmt: skip


def test_a_value_is_put_right_and_the_earlier_one_stays(
    client: TestClient, *, world: World, incident: dict, officer: dict[str, str]
) -> None:
    found = kept(client, officer, "incident", incident["number"])
    assert {field: one["value"] for field, one in found.items()} == {
        "caller_number": "+86 138 0013-8000", "caller_name": "王方", "words": "chest pain",
        "name": "李秀英", "age_years": "17", "sex": "male",
    }  # fmt: skip
    for field, right in (("caller_name", "王芳"), ("name", "李秀莹"), ("age_years", "71")):
        answer = put_right(client, officer, of=found[field], value=right)
        assert answer.status_code == 201, answer.text
        assert right not in answer.json().values()
    again = kept(client, officer, "number", "13800138000")
    assert again["caller_name"]["value"] == "王芳"
    assert "name" not in again
    assert stored(world, "caller_name") == ["王方", "王芳"]
    assert stored(world, "name") == ["李秀英", "李秀莹"]
    assert stored(world, "age_years") == ["17"]
    dispatcher = world.bearer(Grant("dispatcher"))
    path = f"/v1/incidents/{incident['incident_id']}"
    read = client.post(f"{path}/caller", json={"reason": "call back"}, headers=dispatcher).json()
    assert read["calls"][0]["caller_name"] == "王芳"
    (patient,) = client.get(path, headers=dispatcher).json()["patients"]
    assert patient["age_years"] == 71
    listed = client.get("/v1/admin/corrections", headers=officer)
    assert [
        (one["field"], one["asked_by"], one["reason"], one["struck"])
        for one in listed.json()["corrections"]
    ] == [(field, "person", REASON, False) for field in ("age_years", "name", "caller_name")]
    assert not any(value in listed.text for value in ("王", "李", '"71"'))
    told = chain_of(world.database, "incident", incident["incident_id"])
    assert [one.payload["field"] for one in told if one.type.endswith("value_corrected")] == [
        "caller_name", "name", "age_years",
    ]  # fmt: skip
    assert "王芳" not in str([one.payload for one in told])
    assert first_broken_link(told) is None


def test_each_look_is_on_record(
    client: TestClient, *, world: World, incident: dict, officer: dict[str, str]
) -> None:
    kept(client, officer, "incident", incident["number"])
    with world.database.read(SYSTEM) as uow:
        reads = uow.session.execute(text("SELECT subject_kind, reason FROM personal_access"))
        assert sorted(map(tuple, reads)) == [("call", REASON), ("patient", REASON)]


def test_the_log_tells_who_corrected_words(
    client: TestClient, *, world: World, incident: dict, officer: dict[str, str]
) -> None:
    words = kept(client, officer, "incident", incident["number"])["words"]
    put_right(client, officer, of=words, value="pain in the back")
    log = client.post(
        f"/v1/incidents/{incident['incident_id']}/log", json={"reason": "look"},
        headers=world.bearer(Grant("dispatcher")),
    ).json()["entries"]  # fmt: skip
    told = [(one["text"], one["current"]) for one in log if one["kind"] == "words"]
    assert told == [("chest pain", False), ("pain in the back", True)]
    assert all(one["author"].startswith("user:") for one in log)


@pytest.mark.parametrize(("field", "left"), [("caller_name", ["王芳"]), ("age_years", [])])
def test_struck_nothing_earlier_stays_and_a_hold_refuses_it(
    client: TestClient, *, world: World, incident: dict, officer: dict[str, str], field: str,
    left: list[str],
) -> None:  # fmt: skip
    found = kept(client, officer, "incident", incident["number"])[field]
    right = {"caller_name": "王芳", "age_years": "71"}[field]
    body = {"subject_kind": "incident", "subject": incident["number"], "reason": REASON}
    hold = client.post("/v1/admin/holds", json=body, headers=officer | new_key()).json()
    refused = put_right(client, officer, of=found, value=right, strike=True)
    assert (refused.status_code, refused.json()["code"]) == (409, "held")
    # Beside the earlier version, a correction takes nothing away.
    between = {"caller_name": "王房", "age_years": "70"}[field]
    assert put_right(client, officer, of=found, value=between).status_code == 201
    lift = f"/v1/admin/holds/{hold['hold_id']}/lift"
    assert client.post(lift, json={"reason": REASON}, headers=officer).is_success
    struck = put_right(client, officer, of=found, value=right, strike=True)
    assert struck.json()["struck"] is True
    assert stored(world, field) == left
    now = kept(client, officer, "incident", incident["number"])
    assert now[field]["value"] == right


def test_what_is_refused(
    client: TestClient, *, world: World, incident: dict, officer: dict[str, str]
) -> None:
    found = kept(client, officer, "incident", incident["number"])
    for of, value, code in (
        (found["caller_name"], "王方", "correction_invalid"),
        (found["age_years"], "-3", "correction_invalid"),
        (found["age_years"], "151", "correction_invalid"),
        (found["name"] | {"field": "triage_colour"}, "red", "correction_invalid"),
        (found["name"] | {"subject_kind": "account"}, "x", "correction_invalid"),
        (found["name"] | {"subject_kind": "bird"}, "x", "personal_subject_unknown"),
        (found["name"] | {"subject_id": "1"}, "x", "patient_not_found"),
    ):
        assert put_right(client, officer, of=of, value=value).json()["code"] == code, (of, value)
    erased = {"by": "incident", "value": incident["number"], "reason": REASON}
    assert client.post("/v1/admin/erasures", json=erased, headers=officer | new_key()).is_success
    for field in ("caller_name", "name"):
        gone = put_right(client, officer, of=found[field], value="王芳")
        assert (gone.status_code, gone.json()["code"]) == (404, "nothing_to_correct")
    assert stored(world, "caller_name") == []
    assert client.get("/v1/admin/corrections", headers=officer).json() == {"corrections": []}


def test_an_officer_of_another_area_corrects_nothing(
    client: TestClient, *, world: World, incident: dict, officer: dict[str, str]
) -> None:
    found = kept(client, officer, "incident", incident["number"])
    elsewhere = world.bearer(Grant("privacy_officer", "440306"))
    assert put_right(client, elsewhere, of=found["words"], value="x").status_code == 404
    here = world.bearer(Grant("privacy_officer", "440305"))
    assert put_right(client, here, of=found["words"], value="x").status_code == 201
    for nobody in (world.bearer(Grant("dispatcher")), world.bearer(Grant("administrator"))):
        assert put_right(client, nobody, of=found["words"], value="y").status_code == 403
