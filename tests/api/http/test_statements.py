"""What one request asks of the database, counted, so that it cannot creep up again."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from gis.sequencer import Sequencer
from tests.api.conftest import World, new_key
from tests.cities import corner
from tests.statements import counted

pytestmark = pytest.mark.database


@pytest.fixture
def asked(
    client: TestClient, world: World, dispatcher: dict[str, str], sequencer: Sequencer
) -> Callable[..., tuple[Any, list[str]]]:
    """Return a function that sends a request and gives its JSON and the statements it took."""

    def ask(method: str, path: str, **sent: Any) -> tuple[Any, list[str]]:
        headers = dispatcher | new_key() | sent.pop("headers", {})
        with counted(world.database.engine) as statements:
            answer = client.request(method, path, headers=headers, **sent)
        assert answer.status_code < 300, answer.text
        return answer.json(), statements

    return ask


def test_statements_of_a_request_are_few(
    asked: Callable[..., tuple[Any, list[str]]], world: World
) -> None:
    took: dict[str, int] = {}

    def ask(name: str, method: str, path: str, **sent: Any) -> Any:
        content, statements = asked(method, path, **sent)
        took[name] = len(statements)
        return content

    lon, lat = corner(2, 2)
    call = {
        "city_id": world.city_id, "source": "phone", "caller_number": "13800138000",
        "words": "chest pain", "point": {"lon": lon, "lat": lat, "datum": "wgs84"},
    }  # fmt: skip
    incident = ask("take a call", "POST", "/v1/calls", json=call)["incident"]
    path = f"/v1/incidents/{incident['incident_id']}"
    coded = ask(
        "code it", "PUT", f"{path}/triage", headers={"If-Match": str(incident["version"])},
        json={"complaint_code": "2301021", "answers": {}},
    )  # fmt: skip
    # A server has read beforehand whom units reach; it looks once a minute whether that changed.
    asked("GET", f"{path}/recommendation")
    ranked = ask("recommend", "GET", f"{path}/recommendation")
    whole, statements = asked("GET", f"{path}/recommendation", params={"limit": 5000})
    assert len(whole["units"]) == len(world.unit_ids)
    # Who asks, the units, who is at a hospital, rules and busy share of coverage, what is shown.
    assert len(statements) <= 6
    # Asked for one by one, a thousand units would be a thousand parameters.
    assert not any("unit_id IN" in one for one in statements)
    sent = ask(
        "dispatch", "POST", f"{path}/assignments", headers={"If-Match": str(coded["version"])},
        json={"unit_id": ranked["units"][0]["unit_id"]},
    )  # fmt: skip
    stamps = f"/v1/assignments/{sent['assignment_id']}/stamps"
    ask("stamp", "POST", stamps, json={"state": "en_route", "source": "tablet"})
    ask("recommend, one at work", "GET", f"{path}/recommendation")
    ask("incidents", "GET", "/v1/incidents", params={"city_id": world.city_id})
    ask("one incident", "GET", path)
    ask("units", "GET", "/v1/units", params={"city_id": world.city_id})
    position = {"unit_id": world.unit_ids[0], "lon": lon, "lat": lat,
                "device_at": datetime.now(UTC).isoformat()}  # fmt: skip
    ask(
        "position", "POST", "/v1/positions",
        json={"datum": "wgs84", "source": "tablet", "positions": [position]},
    )  # fmt: skip
    limits = {
        "take a call": 15, "code it": 10, "recommend": 6, "dispatch": 19, "stamp": 19,
        "recommend, one at work": 6, "incidents": 6, "one incident": 7, "units": 2, "position": 11,
    }  # fmt: skip
    assert took == {name: min(count, limits[name]) for name, count in took.items()}
