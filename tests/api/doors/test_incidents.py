"""One call through the doors: versions, conflicts, bad points."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from api.http.answers import plain
from dispatch.arrivals import prediction as service_prediction
from dispatch.incidents.lifecycle_view import lifecycle_view
from gis.access import SYSTEM, Grant
from gis.database import Database, UnitOfWork
from tests.api.conftest import World, new_key
from tests.cities import corner

pytestmark = pytest.mark.database


def put_place(client, dispatcher, incident, point, **headers):
    return client.put(
        f"/v1/incidents/{incident['incident_id']}/place", json={"point": point, "confirmed": True},
        headers=dispatcher | headers,
    )  # fmt: skip


def test_one_call_from_ring_to_close(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call(caller_number="13800138000", words="Chest pain")
    path = f"/v1/incidents/{incident['incident_id']}"
    assert incident["state"] == "queued"
    complaint = client.get("/v1/protocol", headers=dispatcher).json()["complaints"][0]
    coded = client.put(
        f"{path}/triage", json={"complaint_code": complaint["code"], "answers": {}},
        headers=dispatcher | {"If-Match": f'"{incident["version"]}"'},
    )  # fmt: skip
    assert coded.status_code == 200, coded.text
    assert coded.headers["ETag"] == f'"{coded.json()["version"]}"'
    ranked = client.get(f"{path}/recommendation", headers=dispatcher).json()
    assert ranked["basis"] == "straight_line"
    best = ranked["units"][0]
    assert best["eligible"]
    sent = client.post(
        f"{path}/assignments", json={"unit_id": best["unit_id"]}, headers=dispatcher | new_key()
    )
    assert sent.status_code == 201, sent.text
    stamps = f"/v1/assignments/{sent.json()['assignment_id']}/stamps"
    states = ["acknowledged", "en_route", "on_scene", "at_patient", "left_scene"]
    for state in states:
        stamped = client.post(stamps, json={"state": state, "source": "console"},
                              headers=dispatcher)  # fmt: skip
        assert stamped.status_code == 200, stamped.text
    hospitals = client.get(f"{path}/destinations", headers=dispatcher).json()["destinations"]
    chosen = client.put(
        f"/v1/assignments/{sent.json()['assignment_id']}/destination",
        json={"facility_id": hospitals[0]["facility_id"]}, headers=dispatcher,
    )  # fmt: skip
    assert chosen.json()["destination_name"] == "Grid Hospital"
    for state in ("at_destination", "transferred", "available"):
        client.post(stamps, json={"state": state, "source": "console"}, headers=dispatcher)
    shown = client.get(path, headers=dispatcher)
    refused = client.post(f"{path}/close", json={"outcome": "treated_on_scene"},
                          headers=dispatcher | {"If-Match": shown.headers["ETag"]})  # fmt: skip
    assert (refused.status_code, refused.json()["code"]) == (409, "outcome_contradicted")
    closed = client.post(f"{path}/close", json={"outcome": "transported"},
                         headers=dispatcher | {"If-Match": shown.headers["ETag"]})  # fmt: skip
    assert closed.json()["state"] == "closed"
    story = client.get(f"{path}/story", headers=dispatcher).json()
    assert story["chain_intact"]
    assert "13800138000" not in client.get(f"{path}/story", headers=dispatcher).text


def test_the_caller_is_shown_for_a_reason(
    client: TestClient, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call(caller_number="13800138000")
    path = f"/v1/incidents/{incident['incident_id']}"
    assert "13800138000" not in client.get(path, headers=dispatcher).text
    shown = client.post(f"{path}/caller", json={"reason": "call back"}, headers=dispatcher)
    assert shown.json()["calls"][0]["caller_number"] == "13800138000"


def test_a_call_without_a_place_is_saved_and_only_the_recommendation_waits(
    client: TestClient, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call(None)
    assert (incident["state"], incident["lon"]) == ("queued", None)
    ranked = client.get(
        f"/v1/incidents/{incident['incident_id']}/recommendation", headers=dispatcher
    )
    assert ranked.json()["waiting_for"] == "place"


def test_a_change_names_the_version_it_is_based_on(
    client: TestClient, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call()
    lon, lat = corner(3, 3)
    point = {"lon": lon, "lat": lat, "datum": "wgs84"}
    for given in (None, "x", "*", 'W/"1"'):
        headers = {} if given is None else {"If-Match": given}
        refused = put_place(client, dispatcher, incident, point, **headers)
        assert (refused.status_code, refused.json()["code"]) == (428, "version_required")
    done = put_place(client, dispatcher, incident, point, **{"If-Match": '"1"'})
    assert done.status_code == 200
    assert done.headers["ETag"] == '"2"'
    stale = put_place(client, dispatcher, incident, point, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_a_unit_is_sent_once(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    first, second = take_call(), take_call()
    body = {"unit_id": world.unit_ids[0]}
    paths = [f"/v1/incidents/{i['incident_id']}/assignments" for i in (first, second)]
    assert client.post(paths[0], json=body, headers=dispatcher | new_key()).status_code == 201
    refused = client.post(paths[1], json=body, headers=dispatcher | new_key())
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_already_assigned")
    assert first["number"] in refused.json()["detail"]


def test_a_dispatch_is_compared_with_what_the_list_said(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    taken = take_call()
    path = f"/v1/incidents/{taken['incident_id']}"
    put_place(
        client, dispatcher, taken, {"lon": 114.06, "lat": 22.54, "datum": "wgs84"},
        **{"If-Match": '"1"'},
    )  # fmt: skip
    ranked = client.get(f"{path}/recommendation", headers=dispatcher).json()["units"]
    best, other, *_ = (unit for unit in ranked if unit["eligible"])
    body = {"unit_id": best["unit_id"], "seen": {"eligible": True, "loss_s": 0}}
    key = new_key()
    sent = client.post(f"{path}/assignments", json=body, headers=dispatcher | key)
    assert (sent.status_code, sent.json()["faster"]) == (201, None)
    # The same request once more is answered, though its unit is on a task by now.
    again = client.post(f"{path}/assignments", json=body, headers=dispatcher | key)
    assert (again.status_code, again.json()) == (201, sent.json())
    gone = client.post(f"{path}/assignments", json=body, headers=dispatcher | new_key())
    assert (gone.status_code, gone.json()["code"]) == (409, "unit_no_longer_eligible")
    assert best["call_sign"] in gone.json()["detail"]
    seen = {"eligible": True, "loss_s": 0}
    sent = client.post(
        f"{path}/assignments", json={"unit_id": other["unit_id"], "seen": seen},
        headers=dispatcher | new_key(),
    )  # fmt: skip
    assert sent.status_code == 201


def test_a_contradicting_stamp_is_refused_with_a_sentence(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call()
    sent = client.post(
        f"/v1/incidents/{incident['incident_id']}/assignments",
        json={"unit_id": world.unit_ids[0]}, headers=dispatcher | new_key(),
    ).json()  # fmt: skip
    path = f"/v1/assignments/{sent['assignment_id']}/stamps"
    client.post(path, json={"state": "on_scene", "source": "console"}, headers=dispatcher)
    refused = client.post(path, json={"state": "en_route", "source": "console",
                                      "occurred_at": "2020-01-01T00:00:00Z"},
                          headers=dispatcher)  # fmt: skip
    assert refused.status_code == 409
    assert len(refused.json()["detail"]) > 20


@pytest.mark.parametrize(
    ("point", "code"),
    [
        ({"lon": 22.502, "lat": 114.002, "datum": "wgs84"}, "coordinates_out_of_range"),
        ({"lon": 113.0, "lat": 22.5, "datum": "wgs84"}, "place_outside_city"),
        ({"lon": 114.0, "lat": 22.5, "datum": "nad27"}, "datum_required"),
        ({"lon": 114.0, "lat": 22.5, "datum": "wgs84", "uncertainty_m": -1}, "invalid_request"),
        ({"lon": "east", "lat": 22.5}, "invalid_request"),
        ({"lon": 114.0, "lat": 22.5, "datun": "wgs84"}, "invalid_request"),
    ],
)
def test_points_that_cannot_be_used(
    client: TestClient, world: World, dispatcher: dict[str, str], point: dict, code: str
) -> None:
    answer = client.post(
        "/v1/calls", json={"city_id": world.city_id, "source": "phone", "point": point},
        headers=dispatcher | new_key(),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    listed = client.get("/v1/incidents", params={"city_id": world.city_id}, headers=dispatcher)
    assert listed.json()["incidents"] == []


def test_a_call_point_without_datum_is_kept_unconfirmed(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    lon, lat = corner(2, 2)
    answer = client.post(
        "/v1/calls", headers=dispatcher | new_key(),
        json={"city_id": world.city_id, "source": "app",
              "point": {"lon": lon, "lat": lat, "uncertainty_m": 50}},
    )  # fmt: skip
    incident = answer.json()["incident"]
    assert not incident["place_confirmed"]
    assert incident["uncertainty_m"] == 750


def test_positions_without_datum_are_refused_and_bad_ones_named(
    client: TestClient, world: World
) -> None:
    device = world.bearer(Grant("responder"))
    lon, lat = corner(2, 2)
    good = {"unit_id": world.unit_ids[0], "lon": lon, "lat": lat,
            "device_at": datetime.now(UTC).isoformat()}  # fmt: skip
    body = {"source": "tablet", "positions": [good, good | {"unit_id": 99}]}
    refused = client.post("/v1/positions", json=body, headers=device)
    assert (refused.status_code, refused.json()["code"]) == (422, "datum_required")
    taken = client.post("/v1/positions", json=body | {"datum": "gcj02"}, headers=device).json()
    assert taken["accepted"] == 1
    assert taken["rejected"][0]["index"] == 1
    assert taken["rejected"][0]["code"] == "unit_unknown"


def test_pages_of_incidents(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    made = [take_call()["incident_id"] for _ in range(5)]
    seen: list[str] = []
    params: dict[str, object] = {"city_id": world.city_id, "limit": 2}
    while True:
        page = client.get("/v1/incidents", params=params, headers=dispatcher).json()
        seen += [incident["incident_id"] for incident in page["incidents"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted(made)
    wrong = client.get("/v1/incidents", params=params | {"cursor": "xx"}, headers=dispatcher)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "cursor_invalid")


def test_the_list_says_from_where_the_stream_goes_on(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call, sequencer
) -> None:
    take_call()
    sequencer.run_once()
    answer = client.get("/v1/incidents", params={"city_id": world.city_id}, headers=dispatcher)
    assert int(answer.headers["X-Stream-Position"]) >= 2


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("a\x00b", (400, "body_unreadable")), ("x" * 501, (422, "invalid_request"))],
)
def test_texts_that_cannot_be_stored(
    client: TestClient, world: World, dispatcher: dict[str, str], *, text: str,
    refusal: tuple[int, str],
) -> None:  # fmt: skip
    answer = client.post(
        "/v1/calls", json={"city_id": world.city_id, "source": "phone", "caller_name": text},
        headers=dispatcher | new_key(),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == refusal
    assert text not in answer.text


def test_an_unknown_city(client: TestClient, dispatcher: dict[str, str]) -> None:
    answer = client.post(
        "/v1/calls", json={"city_id": 999, "source": "phone"}, headers=dispatcher | new_key()
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "city_unknown")


class _LookingAt:
    """Roads that take a look at what is locked when they are asked."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.locked: list[str] = []
        self.asked: list[int] = []

    def at(self, _uow: UnitOfWork, city_id: int) -> None:
        self.asked.append(city_id)
        with self.database.read(SYSTEM) as uow:
            self.locked += uow.session.execute(WRITTEN_TO).scalars().all()
        raise RuntimeError


WRITTEN_TO = text(
    "SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
    " WHERE l.mode IN ('RowShareLock', 'RowExclusiveLock')"
    " AND c.relname IN ('idempotency_keys', 'incidents', 'units', 'assignments')"
)


@pytest.fixture
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the roads however busy the machine is."""
    monkeypatch.setattr(service_prediction, "DEADLINE_S", 60.0)


@pytest.mark.usefixtures("_patience")
def test_the_roads_are_asked_before_anything_is_locked(
    app: FastAPI, client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call()
    roads = _LookingAt(world.database)
    app.state.context = replace(app.state.context, routing=roads)
    shown = {"predicted_travel_time_s": 301.5, "predicted_by": "road"}
    sent = client.post(
        f"/v1/incidents/{incident['incident_id']}/assignments",
        json={"unit_id": world.unit_ids[0], **shown}, headers=dispatcher | new_key(),
    )  # fmt: skip
    assert sent.status_code == 201, sent.text
    assert sent.json()["predicted_travel_time_s"] == 301.5
    assert sent.json()["predicted_arrival_at"] is not None
    assert (roads.asked, roads.locked) == ([world.city_id], [])
    with world.database.read(SYSTEM) as uow:
        kept = uow.session.execute(text(
            "SELECT shown_travel_time_s, shown_by, prediction_fault FROM assignments"
        )).one()  # fmt: skip
    assert tuple(kept) == (301.5, "road", "failed: RuntimeError")


@pytest.mark.parametrize(
    "basis", ["road", "straight_line", None, "li.na, 12 Hill Street"]
)  # fmt: skip
def test_what_a_shown_time_is_by_is_one_of_two_words(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call, basis
) -> None:
    answer = client.post(
        f"/v1/incidents/{take_call()['incident_id']}/assignments",
        json={"unit_id": world.unit_ids[0], "predicted_travel_time_s": 9.0, "predicted_by": basis},
        headers=dispatcher | new_key(),
    )  # fmt: skip
    if basis in {"road", "straight_line", None}:
        assert answer.status_code == 201, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_triage_is_changed_from_the_answers_given_before(
    client: TestClient, dispatcher: dict[str, str], take_call
) -> None:
    incident = take_call()
    path = f"/v1/incidents/{incident['incident_id']}"
    complaints = client.get("/v1/protocol", headers=dispatcher).json()["complaints"]
    complaint = next(one for one in complaints if one["questions"])
    question = complaint["questions"][0]
    answers = {question["id"]: question["options"][0]["id"]}
    client.put(
        f"{path}/triage", json={"complaint_code": complaint["code"], "answers": answers},
        headers=dispatcher | {"If-Match": f'"{incident["version"]}"'},
    )  # fmt: skip
    assert client.get(path, headers=dispatcher).json()["triage_answers"] == answers


def test_the_lifecycle_that_pages_read_is_the_one_that_decides(
    client: TestClient, dispatcher: dict[str, str]
) -> None:
    served = client.get("/v1/lifecycle", headers=dispatcher)
    assert served.json() == plain(lifecycle_view())
