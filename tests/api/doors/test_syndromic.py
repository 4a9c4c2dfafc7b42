"""Calls become streams of syndromes, by the consumer and through the door."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.consumers.service import consume
from gis.sequencer import Sequencer
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database

BREATHING, HEAT = "2301013", "2301043"


@pytest.fixture
def cdc(world: World) -> dict[str, str]:
    return world.bearer(Grant("cdc"))


def catch_up(world: World, sequencer: Sequencer) -> None:
    while sequencer.run_once():
        pass
    (consumer,) = [
        one for one in world.database.house.consumers if one.name == "surveillance.syndromic"
    ]
    while consume(world.database, consumer).handled:
        pass


def code(client: TestClient, who: dict[str, str], incident: dict, complaint: str) -> None:
    path = f"/v1/incidents/{incident['incident_id']}"
    version = client.get(path, headers=who).headers["ETag"]
    answer = client.put(
        f"{path}/triage", json={"complaint_code": complaint, "answers": {}},
        headers=who | {"If-Match": version},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


def ended(client: TestClient, who: dict[str, str], incident: dict, what: str, **body: str) -> None:
    path = f"/v1/incidents/{incident['incident_id']}"
    version = client.get(path, headers=who).headers["ETag"]
    answer = client.post(
        f"{path}/{what}", json=body, headers=who | new_key() | {"If-Match": version}
    )
    assert answer.status_code == 200, answer.text


def seen(client: TestClient, world: World, who: dict[str, str]) -> dict:
    today = world.database.clock.now().date()
    answer = client.get(
        "/v1/surveillance/syndromic", headers=who,
        params={
            "city_id": world.city_id, "since": today - timedelta(2), "before": today + timedelta(2),
        },
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return answer.json()


def totals(found: dict) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in found["counts"]:
        counts[one["syndrome"]] = counts.get(one["syndrome"], 0) + one["calls"]
    return counts


def test_what_is_coded_counts_and_what_is_taken_back_does_not(
    client: TestClient, *, world: World, dispatcher, cdc, take_call, sequencer: Sequencer
) -> None:
    assert seen(client, world, cdc)["first_day"] is None
    calls = [take_call(at=at, caller_number="13800138000") for at in ((1, 1), (2, 2), (3, 3))]
    calls += [take_call(at=None), take_call()]
    for one in calls[:4]:
        code(client, dispatcher, one, BREATHING)
    catch_up(world, sequencer)
    found = seen(client, world, cdc)
    assert totals(found) == {"respiratory": 4}
    assert found["first_day"] is not None
    assert found["syndromes"]["respiratory"]["zh"] == "呼吸道症状"

    code(client, dispatcher, calls[0], HEAT)
    ended(client, dispatcher, calls[1], "cancel", reason="nobody there")
    ended(client, dispatcher, calls[2], "close", outcome="false_alarm")
    catch_up(world, sequencer)
    assert totals(seen(client, world, cdc)) == {"respiratory": 1, "heat_cold": 1}

    ended(client, dispatcher, calls[1], "reopen")
    catch_up(world, sequencer)
    assert totals(seen(client, world, cdc)) == {"respiratory": 2, "heat_cold": 1}

    with world.database.read(SYSTEM) as uow:
        kept = uow.session.execute(text("SELECT to_jsonb(c) FROM syndromic_calls c")).scalars()
        for row in kept.all():
            assert calls[0]["incident_id"] not in str(row)
            assert "13800138000" not in str(row)


def test_only_who_reads_cases_sees_calls_one_by_one(
    client: TestClient, *, world: World, dispatcher, cdc, take_call, sequencer: Sequencer
) -> None:
    code(client, dispatcher, take_call(), BREATHING)
    catch_up(world, sequencer)
    today = world.database.clock.now().date()
    ask = {"city_id": world.city_id, "since": today, "before": today + timedelta(1)}
    path = "/v1/surveillance/syndromic"
    for role in ("dispatcher", "planner", "supervisor", "hospital"):
        refused = client.get(path, params=ask, headers=world.bearer(Grant(role)))
        assert refused.status_code == 403, role
    elsewhere = world.bearer(Grant("cdc", "no-such-area"))
    answer = client.get(path, params=ask, headers=elsewhere)
    assert answer.status_code == 403 or totals(answer.json()) == {}
    wrong = client.get(path, params=ask | {"before": today}, headers=cdc)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "stream_period_invalid")
    unknown = client.get(path, params=ask | {"city_id": 99}, headers=cdc)
    assert unknown.status_code == 404
