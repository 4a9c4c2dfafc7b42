"""The demo's driver does at the doors what a dispatcher at the console would."""

import json

import httpx2
import pytest

from api.demo.driver import Driver

INCIDENT = {
    "incident_id": "00000000-0000-0000-0000-000000000001", "version": 3,
    "response_plan": {"units": [{"level": "als", "count": 1}]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("time_s", "basis", "shown"),
    [
        (301.5, "road", {"predicted_travel_time_s": 301.5, "predicted_by": "road"}),
        (90.0, "straight_line", {"predicted_travel_time_s": 90.0, "predicted_by": "straight_line"}),
        (None, "road", {}),
    ],
)
def test_a_unit_is_sent_with_the_time_that_was_shown_and_what_it_is_by(time_s, basis, shown):
    sent = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/recommendation"):
            unit = {"unit_id": 7, "eligible": True, "level": "als", "travel_time_s": time_s}
            return httpx2.Response(200, json={"units": [unit], "basis": basis})
        if request.url.path.endswith("/assignments"):
            sent.append(json.loads(request.content))
            return httpx2.Response(201, json={})
        return httpx2.Response(200, json={"complaints": []})

    with httpx2.Client(transport=httpx2.MockTransport(answer), base_url="http://test") as client:
        Driver(client, {"city_id": 1}, seed=1)._dispatch_best(INCIDENT)
    assert sent == [{"unit_id": 7, **shown}]
