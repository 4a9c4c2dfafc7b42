"""A surge: so many calls a second for minutes, forty desks, a real server; nothing may be lost.

    ./run bench surge
    ./run bench surge --calls-per-second 3 --minutes 10

Each call is taken, coded, given the unit that stands first, driven to its end and closed by one of
the desks; between calls a desk reads the list as a console does. The load generator shares the
machine with the server and the database. At the end the calls that were answered are looked for in
the database, with their events, and the log is checked.
"""

import argparse
import queue
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import text

from bench.desk_http import Desk, dispatcher_token, serving
from bench.house import bench_settings, load_city
from dispatch.fleet import service as fleet
from dispatch.simulation.call_sites import sample_call_sites
from gis.access import SYSTEM
from gis.database import Database
from gis.provision import bring_up, open_database
from gis.sequencer import verify_log

STATES = ("acknowledged", "en_route", "on_scene", "at_patient", "no_transport")
COMPLAINTS = ("2301099", "2301087", "2301031")


@dataclass
class Tally:
    """What the desks saw: seconds by kind of request, calls that were answered, refusals."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    without_unit: int = 0
    second_at_a_unit: int = 0

    def timed(self, kind: str, began: float) -> None:
        """Note how long a request took."""
        with self.lock:
            self.seconds[kind].append(time.perf_counter() - began)


class SurgeDesk(threading.Thread):
    """One desk: takes the next call that waits, else reads the list."""

    def __init__(
        self, port: int, token: str, *, city_id: int, waiting: queue.Queue[tuple[float, float]],
        tally: Tally, done: threading.Event,
    ) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self._desk, self._city_id = Desk(port, token), city_id
        self._waiting, self._tally, self._done = waiting, tally, done

    def run(self) -> None:
        """Work until the surge is over and no call waits."""
        while not (self._done.is_set() and self._waiting.empty()):
            try:
                lon, lat = self._waiting.get(timeout=2.0)
            except queue.Empty:
                self._ask("the list of incidents", "GET", "/v1/incidents")
                continue
            try:
                self._call(lon, lat)
            except AssertionError as refusal:
                with self._tally.lock:
                    self._tally.refused.append(str(refusal)[-160:])

    def _ask(
        self, kind: str, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> dict[str, object]:
        began = time.perf_counter()
        answer = self._desk.ask(method, path, body, version=version)
        self._tally.timed(kind, began)
        return answer

    def _call(self, lon: float, lat: float) -> None:
        point = {"lon": lon, "lat": lat, "datum": "wgs84"}
        call = {"city_id": self._city_id, "source": "phone", "point": point}
        incident = self._ask("take a call", "POST", "/v1/calls", call)["incident"]
        assert isinstance(incident, dict)
        one = f"/v1/incidents/{incident['incident_id']}"
        with self._tally.lock:
            self._tally.taken.append(str(incident["incident_id"]))
            complaint = COMPLAINTS[len(self._tally.taken) % len(COMPLAINTS)]
        coded = {"complaint_code": complaint, "answers": {}}
        self._ask("code", "PUT", f"{one}/triage", coded, version=incident["version"])
        ranked = self._ask("recommendation", "GET", f"{one}/recommendation")["units"]
        assert isinstance(ranked, list)
        for unit in ranked:
            if not unit["eligible"]:
                continue
            try:
                made = self._ask(
                    "dispatch", "POST", f"{one}/assignments", {"unit_id": unit["unit_id"]}
                )
                break
            except AssertionError as refusal:
                if "unit_already_assigned" not in str(refusal):
                    raise
                with self._tally.lock:
                    self._tally.second_at_a_unit += 1
        else:
            with self._tally.lock:
                self._tally.without_unit += 1
            return
        for state in STATES:
            self._ask(
                "stamp", "POST", f"/v1/assignments/{made['assignment_id']}/stamps",
                {"state": state, "source": "tablet"},
            )  # fmt: skip
        self._ask("close", "POST", f"{one}/close", {"outcome": "treated_on_scene"})


def surge(
    port: int, token: str, *, city_id: int, sites: Sequence[tuple[float, float]],
    calls_per_second: float, desks: int,
) -> tuple[Tally, float]:  # fmt: skip
    """Let the calls come at their times, whatever the desks do; return what was seen, seconds."""
    tally, done = Tally(), threading.Event()
    waiting: queue.Queue[tuple[float, float]] = queue.Queue()
    crew = [
        SurgeDesk(port, token, city_id=city_id, waiting=waiting, tally=tally, done=done)
        for _ in range(desks)
    ]
    for desk in crew:
        desk.start()
    began = time.monotonic()
    for number, site in enumerate(sites):
        time.sleep(max(0.0, began + number / calls_per_second - time.monotonic()))
        waiting.put(site)
    done.set()
    for desk in crew:
        desk.join(300)
    return tally, time.monotonic() - began


def lost(database: Database, tally: Tally) -> tuple[int, str]:
    """Return how many answered calls are not in the database or in the log, and the log's check."""
    with database.read(SYSTEM) as uow:
        found = uow.session.execute(
            text(
                "SELECT count(DISTINCT i.incident_id) FROM incidents i JOIN events e"
                " ON e.subject_id = i.incident_id::text AND e.type = 'incident.call_received'"
                " WHERE i.incident_id = ANY(CAST(:taken AS uuid[]))"
            ),
            {"taken": tally.taken},
        ).scalar_one()
        report = verify_log(uow.session.connection())
    problems = "; ".join(report.problems[:3]) or f"intact, {report.events:,} events"
    return len(tally.taken) - int(found), problems


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--calls-per-second", type=float, default=1.0)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--desks", type=int, default=40)
    parser.add_argument("--city", choices=("coquimbo", "shenzhen"), default="shenzhen")
    given = parser.parse_args()
    with bench_settings() as settings:
        bring_up(settings)
        city_id, _ = load_city(settings, given.city)
        database = open_database(settings)
        with database.read(SYSTEM) as uow:
            units = len(fleet.units_view(uow, city_id))
            count = round(given.calls_per_second * given.minutes * 60)
            sites = sample_call_sites(uow, city_id, count=count)
        with serving(settings) as port:
            tally, took_s = surge(
                port, dispatcher_token(database), city_id=city_id, sites=sites,
                calls_per_second=given.calls_per_second, desks=given.desks,
            )  # fmt: skip
        missing, log = lost(database, tally)
        database.close()
    sys.stdout.write(
        f"{given.city}: {units:,} units, {given.desks} desks, {given.calls_per_second:g} calls/s,"
        f" {count:,} calls in {took_s:.0f} s; {len(tally.taken):,} taken, {missing} lost,"
        f" {tally.without_unit} found no unit, {tally.second_at_a_unit} came second at a unit and"
        f" took the next, {len(tally.refused)} other requests refused; log: {log}\n"
        "\n| request | asked | p50 | p95 | p99 | longest |\n|---|---|---|---|---|---|\n"
    )
    for kind, seconds in sorted(tally.seconds.items()):
        p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
        sys.stdout.write(
            f"| {kind} | {len(seconds):,} | {p50:.0f} ms | {p95:.0f} ms | {p99:.0f} ms"
            f" | {max(seconds) * 1000:.0f} ms |\n"
        )
    for sentence, times in Counter(tally.refused).most_common(5):
        sys.stdout.write(f"refused {times} times: {sentence}\n")


if __name__ == "__main__":
    main()
