"""The simulated city's callers and crews: an HTTP client of the public interfaces, nothing else.

`python -m api.demo.driver URL CITY_KEY` with a bearer token in GOLDENHOUR_DEMO_TOKEN. It keeps no
state of its own: after a restart it reads the open incidents and drives on.
"""

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
import numpy as np

from api.demo.city import (
    CALL_WORDS,
    TRANSPORT_PROBABILITY,
    Journey,
    calls_due,
    choose_complaint,
    delay_s,
)
from api.processes.lifeline import end_with_parent

Json = dict[str, Any]

_TICK_S = 1.0
_PARKED_REPORT_S = 45.0
_UNITS_READ_S = 3.0
_HOMEWARD = ("home", "")
_AT_STATION_DEG = 0.004
_FIRST_CALLS = 5
_SITES_PER_REQUEST = 40
_FINISHED = {"available", "home", "cancelled", "diverted", "handed_over", "no_transport"}
_DRIVING = {"en_route", "left_scene"}
_NEXT_STEP = {
    "notified": "acknowledged",
    "acknowledged": "en_route",
    "on_scene": "at_patient",
    "at_patient": "left_scene",
    "at_destination": "transferred",
    "transferred": "available",
}
_log = logging.getLogger("goldenhour.demo")


class Driver:
    """Callers, an automatic dispatcher for incidents nobody took over, and every crew."""

    def __init__(self, client: httpx2.Client, city: Json, *, seed: int) -> None:
        self._client = client
        self._city_id: int = city["city_id"]
        self._random = np.random.default_rng(seed)
        self._protocol = self._get("/v1/protocol")["complaints"]
        self._sites: list[Json] = []
        self._journeys: dict[int, Journey] = {}
        self._errands: dict[int, tuple[str, str]] = {}
        self._places: dict[int, tuple[float, float]] = {}
        self._destined: dict[str, bool] = {}
        self._due: dict[tuple[str, str], float] = {}
        self._units: dict[int, Json] = {}
        self._units_read_at = -_UNITS_READ_S
        self._reported_parked_at = -_PARKED_REPORT_S
        self._now_s = 0.0
        self._started = False

    def tick(self, elapsed_s: float) -> None:
        """Do everything that falls due within `elapsed_s` real seconds."""
        control = self._get("/v1/simulation")
        step_s = elapsed_s * control["speed_factor"]
        self._now_s += step_s
        incidents = self._open_incidents()
        if time.monotonic() - self._units_read_at >= _UNITS_READ_S:
            self._units_read_at = time.monotonic()
            units = self._get("/v1/units", city_id=self._city_id)["units"]
            self._units = {unit["unit_id"]: unit for unit in units}
        self._take_calls(control, step_s, open_count=len(incidents))
        for incident in incidents:
            if control["auto_dispatch"] and incident["simulated"] and not incident["handled_by"]:
                self._desk(incident)
            for assignment in incident["assignments"]:
                if assignment["state"] not in _FINISHED:
                    self._crew(incident, assignment)
        self._drive(step_s)

    def _take_calls(self, control: Json, step_s: float, *, open_count: int) -> None:
        count = calls_due(self._random, calls_per_hour=control["calls_per_hour"], elapsed_s=step_s)
        if not self._started and control["calls_per_hour"] > 0 and open_count < _FIRST_CALLS:
            count += _FIRST_CALLS - open_count
        self._started = True
        for _ in range(count):
            self._call()

    def _call(self) -> None:
        site = self._site()
        words = CALL_WORDS[int(self._random.integers(len(CALL_WORDS)))]
        point = {"lon": site["lon"], "lat": site["lat"], "datum": "wgs84",
                 "uncertainty_m": float(self._random.choice([15, 30, 80]))}  # fmt: skip
        late = bool(self._random.random() < 0.15)
        taken = self._post("/v1/calls", {
            "city_id": self._city_id, "source": "simulation", "simulated": True,
            "words": f"{words[0]} / {words[1]}", **({} if late else {"point": point}),
        })  # fmt: skip
        if late and taken is not None:
            self._after(taken["incident"]["incident_id"], "locate")

    def _desk(self, incident: Json) -> None:
        """Do what a dispatcher would: place, triage, best unit, close."""
        key = incident["incident_id"]
        assignments = incident["assignments"]
        if incident["lon"] is None:
            if self._is_due(key, "locate"):
                site = self._site()
                point = {"lon": site["lon"], "lat": site["lat"], "datum": "wgs84"}
                self._change("PUT", incident, "place", {"point": point, "confirmed": True})
        elif incident["category"] is None:
            if self._is_due(key, "triage"):
                code, answers = choose_complaint(self._random, self._protocol)
                body = {"complaint_code": code, "answers": answers}
                self._change("PUT", incident, "triage", body)
        elif not assignments:
            if self._is_due(key, "dispatch"):
                self._dispatch_best(incident)
        elif all(assignment["state"] in _FINISHED for assignment in assignments) and self._is_due(
            key, "close"
        ):
            self._change("POST", incident, "close", {"outcome": _outcome(assignments)})

    def _dispatch_best(self, incident: Json) -> None:
        """Send the best unit for each need of the response plan, as a dispatcher would."""
        ranked = self._get(f"/v1/incidents/{incident['incident_id']}/recommendation")
        free = [unit for unit in ranked["units"] if unit["eligible"]]
        needs = [
            need["level"]
            for need in incident["response_plan"]["units"]
            for _ in range(need["count"])
        ]
        version = incident["version"]
        for level in needs:
            unit = next((one for one in free if one["level"] == level), free[0] if free else None)
            if unit is None:
                break
            free.remove(unit)
            time_s = unit["travel_time_s"]
            shown = {} if time_s is None else {
                "predicted_travel_time_s": time_s, "predicted_by": ranked["basis"],
            }  # fmt: skip
            sent = self._change(
                "POST", incident | {"version": version}, "assignments",
                {"unit_id": unit["unit_id"], **shown},
            )  # fmt: skip
            if sent is None:
                break
            version += 1
        self._after(incident["incident_id"], "dispatch")

    def _crew(self, incident: Json, assignment: Json) -> None:
        """Take one crew one step further when its time has come."""
        key, state = assignment["assignment_id"], assignment["state"]
        unit_id = assignment["unit_id"]
        if state in _DRIVING:
            if self._errands.get(unit_id) != (key, state):
                self._set_out(incident, assignment)
            elif self._journeys[unit_id].arrived:
                del self._journeys[unit_id], self._errands[unit_id]
                self._stamp(key, "on_scene" if state == "en_route" else "at_destination")
            return
        step = _NEXT_STEP.get(state)
        if step == "left_scene" and not self._transports(key):
            step = "no_transport"
        if step is None or not self._is_due(key, step):
            return
        if step == "left_scene" and assignment["destination_facility_id"] is None:
            self._choose_destination(incident, assignment)
        self._stamp(key, step)

    def _transports(self, assignment_id: str) -> bool:
        if assignment_id not in self._destined:
            self._destined[assignment_id] = bool(self._random.random() < TRANSPORT_PROBABILITY)
        return self._destined[assignment_id]

    def _choose_destination(self, incident: Json, assignment: Json) -> None:
        ranked = self._get(f"/v1/incidents/{incident['incident_id']}/destinations")
        for hospital in ranked["destinations"]:
            if hospital["recommended"]:
                self._send(
                    "PUT", f"/v1/assignments/{assignment['assignment_id']}/destination",
                    {"facility_id": hospital["facility_id"]},
                )  # fmt: skip
                return

    def _set_out(self, incident: Json, assignment: Json) -> None:
        unit = self._units.get(assignment["unit_id"])
        if unit is None:
            return
        if assignment["state"] == "en_route":
            goal = (incident["lon"], incident["lat"])
            profile = "ambulance_lights"
        else:
            if assignment["destination_facility_id"] is None:
                self._choose_destination(incident, assignment)
                return
            goal = self._facility(incident, assignment)
            profile = "ambulance"
        if goal[0] is None:
            return
        errand = (assignment["assignment_id"], assignment["state"])
        self._start_journey(unit, goal, profile, errand=errand)

    def _facility(self, incident: Json, assignment: Json) -> tuple[float | None, float | None]:
        ranked = self._get(f"/v1/incidents/{incident['incident_id']}/destinations")
        for hospital in ranked["destinations"]:
            if hospital["facility_id"] == assignment["destination_facility_id"]:
                return hospital["lon"], hospital["lat"]
        return None, None

    def _start_journey(
        self, unit: Json, goal: tuple[Any, Any], profile: str, *, errand: tuple[str, str]
    ) -> None:
        """Set a unit on its way to `goal`; `errand` is the assignment and state, or going home."""
        here = self._place_of(unit)
        route = self._send("POST", "/v1/routing/route", {
            "city_id": self._city_id, "profile": profile,
            "from": {"lon": here[0], "lat": here[1], "datum": "wgs84"},
            "to": {"lon": goal[0], "lat": goal[1], "datum": "wgs84"},
        })  # fmt: skip
        if route is None:
            journey = Journey.along([here, goal], 300.0)
        else:
            journey = Journey.along(route["geometry"]["coordinates"], route["travel_time_s"])
        self._journeys[unit["unit_id"]] = journey
        self._errands[unit["unit_id"]] = errand

    def _place_of(self, unit: Json) -> tuple[float, float]:
        if unit["unit_id"] in self._places:
            return self._places[unit["unit_id"]]
        if unit["lon"] is not None:
            return unit["lon"], unit["lat"]
        return unit["station_lon"], unit["station_lat"]

    def _go_home(self, unit: Json) -> None:
        here, home = self._place_of(unit), (unit["station_lon"], unit["station_lat"])
        if abs(here[0] - home[0]) + abs(here[1] - home[1]) > _AT_STATION_DEG:
            self._start_journey(unit, home, "ambulance", errand=_HOMEWARD)

    def _drive(self, step_s: float) -> None:
        """Move every unit under way, send idle ones home, report positions in one batch."""
        for unit_id, unit in self._units.items():
            if unit["incident_id"] is None and unit_id not in self._journeys:
                self._go_home(unit)
        reports = []
        for unit_id, journey in list(self._journeys.items()):
            if not journey.arrived:
                journey.drive(step_s)
                lon, lat, heading = journey.place()
                self._places[unit_id] = (lon, lat)
                reports.append(_report(unit_id, lon, lat, heading, journey.speed_kmh()))
            elif self._errands[unit_id] == _HOMEWARD:
                del self._journeys[unit_id], self._errands[unit_id]
        if time.monotonic() - self._reported_parked_at >= _PARKED_REPORT_S:
            self._reported_parked_at = time.monotonic()
            reports += [
                _report(unit_id, *self._place_of(unit), None, 0.0)
                for unit_id, unit in self._units.items()
                if unit_id not in self._journeys and unit["on_shift"]
            ]  # fmt: skip
        for first in range(0, len(reports), 500):
            self._send("POST", "/v1/positions", {
                "datum": "wgs84", "source": "simulation", "positions": reports[first:first + 500],
            })  # fmt: skip

    def _stamp(self, assignment_id: str, state: str) -> None:
        self._send(
            "POST", f"/v1/assignments/{assignment_id}/stamps",
            {"state": state, "source": "simulation"},
        )  # fmt: skip

    def _after(self, key: str, step: str) -> None:
        self._due[key, step] = self._now_s + delay_s(self._random, step)

    def _is_due(self, key: str, step: str) -> bool:
        """Return whether the step's time has come; the first question starts its clock."""
        if (key, step) not in self._due:
            self._after(key, step)
        if self._now_s < self._due[key, step]:
            return False
        del self._due[key, step]
        return True

    def _site(self) -> Json:
        if not self._sites:
            body = {"city_id": self._city_id, "count": _SITES_PER_REQUEST}
            answer = self._send("POST", "/v1/simulation/sites", body)
            self._sites = list((answer or {}).get("sites", []))
        return self._sites.pop()

    def _open_incidents(self) -> list[Json]:
        found: list[Json] = []
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = self._get("/v1/incidents", city_id=self._city_id, open="true", limit=200, **more)
            found += page["incidents"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def _get(self, path: str, **query: Any) -> Json:
        answer = self._client.get(path, params=query)
        answer.raise_for_status()
        body: Json = answer.json()
        return body

    def _post(self, path: str, body: Json) -> Json | None:
        return self._send("POST", path, body)

    def _change(self, method: str, incident: Json, what: str, body: Json) -> Json | None:
        return self._send(
            method, f"/v1/incidents/{incident['incident_id']}/{what}", body,
            headers={"If-Match": f'"{incident["version"]}"'},
        )  # fmt: skip

    def _send(
        self, method: str, path: str, body: Json, *, headers: dict[str, str] | None = None
    ) -> Json | None:
        """Send a change; a refusal (somebody was quicker) is logged and read again next tick."""
        answer = self._client.request(
            method, path, json=body,
            headers={"Idempotency-Key": str(uuid4()), **(headers or {})},
        )  # fmt: skip
        if answer.status_code >= 500:
            answer.raise_for_status()
        if answer.status_code >= 400:
            _log.info("%s %s: %s", method, path, answer.text)
            return None
        received: Json = answer.json()
        return received


def _report(unit_id: int, lon: float, lat: float, heading: float | None, speed: float) -> Json:
    return {
        "unit_id": unit_id, "lon": round(lon, 6), "lat": round(lat, 6),
        "device_at": datetime.now(tz=UTC).isoformat(), "heading_deg": heading,
        "speed_kmh": round(speed, 1), "accuracy_m": 8.0,
    }  # fmt: skip


def _outcome(assignments: list[Json]) -> str:
    arrived = any(
        stamp["state"] == "at_destination" for one in assignments for stamp in one["stamps"]
    )
    return "transported" if arrived else "treated_on_scene"


def _find_city(client: httpx2.Client, key: str, stop: threading.Event) -> Json | None:
    while not stop.is_set():
        with contextlib.suppress(httpx2.HTTPError):
            for city in client.get("/v1/cities").raise_for_status().json()["cities"]:
                if city["key"] == key:
                    found: Json = city
                    return found
        stop.wait(0.3)
    return None


def main(base_url: str, city_key: str) -> None:
    """Run until told to stop; a server that is away is waited for."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    end_with_parent()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    token = os.environ["GOLDENHOUR_DEMO_TOKEN"]
    with httpx2.Client(
        base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=20.0,
        verify=False,
    ) as client:  # fmt: skip
        city = _find_city(client, city_key, stop)
        if city is None:
            return
        driver: Driver | None = None
        last = time.monotonic()
        while not stop.is_set():
            now = time.monotonic()
            try:
                if driver is None:
                    driver = Driver(client, city, seed=int(time.time()))
                driver.tick(min(now - last, 5.0))
            except httpx2.HTTPError as error:
                _log.warning("the server is away (%s); waiting", error)
            last = now
            stop.wait(max(0.05, _TICK_S - (time.monotonic() - now)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
