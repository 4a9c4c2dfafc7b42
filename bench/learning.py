"""Learning speeds from a fleet's positions: how fast, in how much memory, how near to the truth.

    ./run bench learning                        60 units, one day and four, the sample city
    ./run bench learning --model shenzhen       the generated metropolis
    ./run bench learning --units 20 --days 1    a quicker look

Units stand, drive to a scene (every second one with lights), stand there and drive back along
fastest ways, whose times are stretched by the hour; they report every 5 to 10 s, standing, too,
with 8 m of noise that drifts. Everything runs over a private cluster of its own (with fsync, as in
use), learning in a process of its own. Prints a Markdown table for docs/routing.md.
"""

import argparse
import multiprocessing
import os
import platform
import resource
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import event, text

from api.operations.city_work import load_city
from api.operations.command_jobs import do_as_job
from bench.house import bench_settings, timed
from data.jobs import LOAD_CITY
from dispatch.fleet import repository as repository_fleet
from gis.access import SYSTEM
from gis.database import Database
from gis.provision import bring_up, open_database
from gis.settings import Settings
from routing.learning.service import learn
from routing.live.routing import Routing
from routing.roads.model import Profile
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter

NOISE_M, DRIFT_S, ACCURACY_M = 8.0, 40.0, 12.0
SLOWEST, LIGHTS_UPLIFT = 1.9, 1.3
BATCH = 20_000
FloatArray = NDArray[np.float64]


def stretch(hour: FloatArray) -> FloatArray:
    """How many times as long a drive takes as on empty roads, by UTC hour: two rush hours."""
    rush = np.exp(-(((hour - 8) / 2.0) ** 2)) + np.exp(-(((hour - 18) / 2.0) ** 2))
    return 1.1 + (SLOWEST - 1.1) * np.minimum(rush, 1.0)


@dataclass
class Day:
    """What one unit did: times (n,) and places (n, 2), and (second, state) of its stamps."""

    at_s: FloatArray
    lonlat: FloatArray
    stamps: list[list[tuple[float, str]]]


def one_day(router: DijkstraRouter, places: FloatArray, rng: np.random.Generator) -> Day:
    """Simulate a day of a unit: stand, drive out, stand, drive back."""
    at, here = 0.0, places[rng.integers(len(places))]
    base = here
    times, lonlats, stamps = [np.zeros(1)], [here[None]], []
    while at < 86_400.0:
        at += rng.uniform(900.0, 3_600.0)
        lights = rng.random() < 0.5
        own: list[tuple[float, str]] = []
        for goal, state in ((places[rng.integers(len(places))], "en_route"), (base, "left_scene")):
            ends = router.snap(np.stack((here, goal)), max_distance_m=5_000.0)
            try:
                route = router.route(ends.take(0), ends.take(1))
            except NoRouteError:
                continue
            fast = LIGHTS_UPLIFT if lights and state == "en_route" else 1.0
            factor = float(stretch(np.array([at / 3_600 % 24]))[0]) * rng.normal(1.0, 0.1) / fast
            own.append((at, state))
            times += [np.array([at]), at + route.elapsed_s * factor]
            lonlats += [here[None], route.geometry]
            at += route.travel_time_s * factor
            here = route.geometry[-1]
            own.append((at, "on_scene" if state == "en_route" else "available"))
            times.append(np.array([at]))
            lonlats.append(here[None])
            at += rng.uniform(900.0, 2_400.0) if state == "en_route" else 0.0
        if lights:
            stamps.append(own)
    known_s, where = np.concatenate(times), np.concatenate(lonlats)
    every_s = rng.integers(5, 11)
    at_s = np.arange(0.0, 86_400.0, every_s)
    lonlat = np.column_stack([np.interp(at_s, known_s, where[:, axis]) for axis in (0, 1)])
    keep = np.exp(-every_s / DRIFT_S)
    noise = rng.normal(0.0, NOISE_M, lonlat.shape)
    for i in range(1, at_s.size):
        noise[i] = keep * noise[i - 1] + np.sqrt(1.0 - keep**2) * noise[i]
    lonlat += noise / (111_320.0 * np.cos(np.radians(lonlat[0, 1])), 110_900.0)
    return Day(at_s, lonlat, stamps)


def store_day(database: Database, unit_id: int, city_id: int, day: Day, midnight: datetime) -> int:
    """Store a unit's reports and stamps; return how many reports."""
    made = [midnight + timedelta(seconds=s) for s in day.at_s.tolist()]
    for first in range(0, len(made), BATCH):
        rows = slice(first, first + BATCH)
        n = len(made[rows])
        with database.unit_of_work(SYSTEM) as uow:
            repository_fleet.insert_positions(uow.session, {
                "unit_id": [unit_id] * n, "received_at": made[rows], "device_at": made[rows],
                "lon": day.lonlat[rows, 0].tolist(), "lat": day.lonlat[rows, 1].tolist(),
                "heading_deg": [None] * n, "speed_kmh": [None] * n, "accuracy_m": [ACCURACY_M] * n,
                "source": "bench", "datum": "wgs84",
            })  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        for own in day.stamps:
            ids = {"incident": uuid4(), "assignment": uuid4(), "city": city_id, "unit": unit_id}
            uow.session.execute(text(
                "INSERT INTO incidents (incident_id, city_id, number, state, received_at)"
                " VALUES (:incident, :city, :number, 'closed', :at)"
            ), ids | {"number": ids["incident"].hex, "at": midnight})  # fmt: skip
            uow.session.execute(text(
                "INSERT INTO assignments (assignment_id, incident_id, unit_id, state, created_at)"
                " VALUES (:assignment, :incident, :unit, 'available', :at)"
            ), ids | {"at": midnight})  # fmt: skip
            for ordinal, (second, state) in enumerate(own):
                uow.session.execute(text(
                    "INSERT INTO assignment_stamps (stamp_id, assignment_id, ordinal, state,"
                    " occurred_at, recorded_at, source)"
                    " VALUES (:stamp, :assignment, :ordinal, :state, :at, :at, 'console')"
                ), {"stamp": uuid4(), "assignment": ids["assignment"], "ordinal": ordinal,
                    "state": state, "at": midnight + timedelta(seconds=second)})  # fmt: skip
    return len(made)


def simulate(
    settings: Settings, city_id: int, *, units: int, days: int, first: datetime
) -> int:  # fmt: skip
    """Fill the database with the positions of a fleet; return their number."""
    database = open_database(settings)
    routing = Routing(database, settings.graph_cache_folder)
    routing.refresh()
    network = routing.city(city_id).network
    layer = network.layers[Profile.AMBULANCE]
    router = DijkstraRouter(layer.graph, snapper=layer.snapper)
    rng = np.random.default_rng(4403)
    usable = np.flatnonzero(layer.graph.usable_legs) // 2
    picked = network.segments.coords[network.segments.offsets[rng.choice(usable, 400)]]
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text("SELECT maintain_position_partitions(CAST(:day AS date), :days, 60)"),
            {"day": first.date(), "days": days + 1},
        )
        uow.session.execute(text(
            "INSERT INTO units (city_id, station_id, call_sign, level, modelled)"
            " SELECT :city, min(station_id), 'B' || n, 'BLS', true"
            " FROM units, generate_series(1, :n) AS n WHERE city_id = :city GROUP BY n"
        ), {"city": city_id, "n": units})  # fmt: skip
        ids = uow.session.execute(
            text("SELECT unit_id FROM units WHERE call_sign LIKE 'B%' ORDER BY 1")
        ).scalars().all()  # fmt: skip
    stored = 0
    for day in range(days):
        for unit_id in ids:
            done = one_day(router, picked, rng)
            stored += store_day(database, unit_id, city_id, done, first + timedelta(days=day))
        sys.stderr.write(f"{stored:,} positions of {day + 1} days\n")
    database.close()
    return stored


def measure(settings: Settings, city_id: int, to_at: datetime, answer: Any) -> None:
    """Learn, and say how; in a process of its own, so that the memory is that of learning."""
    database = open_database(settings)
    routing = Routing(
        database, settings.graph_cache_folder,
        profiles=(Profile.AMBULANCE, Profile.AMBULANCE_LIGHTS),
    )  # fmt: skip
    routing.refresh()
    begun: dict[int, float] = {}
    longest_s = [0.0]

    def begins(connection: Any) -> None:
        begun[id(connection)] = time.perf_counter()

    def ends(connection: Any) -> None:
        longest_s[0] = max(longest_s[0], time.perf_counter() - begun[id(connection)])

    event.listen(database.engine, "begin", begins)
    event.listen(database.engine, "commit", ends)
    event.listen(database.engine, "rollback", ends)
    before_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began_cpu_s = time.process_time()
    learned, took_s = timed(lambda: learn(database, routing, city_id, to_at=to_at))
    segments = routing.city(city_id).network.segments
    free_kmh = routing.city(city_id).network.layers[Profile.AMBULANCE].graph.free_flow_ms
    with database.read(SYSTEM) as uow:
        rows = uow.session.execute(text(
            "SELECT segment_id, direction, hour, n, speed_kmh FROM road_speed_profiles"
            " WHERE NOT siren"
        )).all()  # fmt: skip
    segment_id, direction, hour, n, kmh = (np.array(one) for one in zip(*rows, strict=True))
    segment = np.searchsorted(segments.segment_id, segment_id)
    free = segments.length_m[segment] * 3_600.0 / free_kmh[2 * segment + direction]
    zone_hours = round((datetime.now(UTC).astimezone(_zone(routing, city_id)).utcoffset()
                        or timedelta()).total_seconds() / 3_600)  # fmt: skip
    true = free / stretch((hour - zone_hours) % 24 + 0.5)
    off = np.abs(kmh / true - 1.0)
    answer.put({
        "took_s": took_s, "cpu_s": time.process_time() - began_cpu_s, "learned": learned,
        "longest_s": longest_s[0], "before_mib": before_mib,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "off": float(np.median(off[n >= 3])), "off_all": float(np.median(off)),
    })  # fmt: skip
    database.close()


def _zone(routing: Routing, city_id: int) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(routing.city(city_id).snapshot.time_zone)


def report(days: int, found: dict[str, Any]) -> None:
    """Print the rows of one run."""
    learned = found["learned"]
    per_s = learned.positions / found["took_s"]
    up = learned.uplift
    rows = (
        ("days", f"{days}"),
        ("positions", f"{learned.positions:,}"),
        ("trips matched, refused", f"{learned.trips:,}, {learned.refused}"),
        ("streets driven; speeds known", f"{learned.drives:,}; {learned.cells:,}"),
        ("time, of it this process", f"{found['took_s']:.1f} s, {found['cpu_s']:.1f} s"),
        ("positions per second", f"{per_s:,.0f}"),
        ("longest transaction", f"{found['longest_s']:.2f} s"),
        ("memory: with roads loaded, peak",
         f"{found['before_mib']:,.0f} MiB, {found['peak_mib']:,.0f} MiB"),
        ("speeds off the truth, median: of 3 drives or more, of all",
         f"{found['off']:.1%}, {found['off_all']:.1%}"),
        ("with lights (simulated 1.30)", "-" if up is None else
         f"{up.ratio:.2f} ({up.low:.2f} to {up.high:.2f})"),
    )  # fmt: skip
    for what, measured in rows:
        sys.stdout.write(f"| {what} | {measured} |\n")


def main() -> None:
    """Simulate, learn, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--days", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--model", choices=["shenzhen"], help="instead of the sample city")
    given = parser.parse_args()
    days = sorted(given.days)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=days[-1] + 1)
    with bench_settings() as settings:
        bring_up(settings)
        key = given.model or "coquimbo"
        city_id = do_as_job(
            settings,
            LOAD_CITY,
            {
                "key": key,
                "name": key,
                "origin": "model" if given.model else "sample",
                "seed": 4403,
                "units": True,
            },
            show=lambda _step, _share: None,
            work=load_city,
        ).report.city_id
        simulate(settings, city_id, units=given.units, days=days[-1], first=first)
        machine = f"{platform.machine()}, {os.cpu_count()} cores"
        sys.stdout.write(f"{given.units} units in {key}, {machine}\n\n")
        sys.stdout.write("| what | measured |\n|---|---|\n")
        spawn = multiprocessing.get_context("spawn")
        for count in days:
            database = open_database(settings)
            with database.unit_of_work(SYSTEM) as uow:
                uow.session.execute(text("DELETE FROM road_speed_profiles"))
                uow.session.execute(text("UPDATE road_conditions_state SET learned_until = NULL"))
            database.close()
            answer = spawn.Queue()
            to_at = first + timedelta(days=count)
            child = spawn.Process(target=measure, args=(settings, city_id, to_at, answer))
            child.start()
            report(count, answer.get())
            child.join()


if __name__ == "__main__":
    main()
