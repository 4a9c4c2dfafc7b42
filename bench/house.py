"""The first hour in numbers: loading cities, starting, recommending, searching, streaming.

    ./run bench house

Everything runs in one process tree on loopback, over a private cluster of its own (with fsync, as
in use), and the folder is removed at the end. The road search has a
benchmark of its own (bench/routing.py). Prints a Markdown table for docs/benchmarks.md.
"""

import contextlib
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import shapely
from sqlalchemy import text

from api.operations import city_work
from api.operations.command_jobs import do_as_job
from bench.desk_http import Desk, dispatcher_token, serving
from data.jobs import LOAD_CITY
from dispatch.aeds import service as aeds
from dispatch.assignments import service as assignments
from dispatch.choosing import service as choosing
from dispatch.fleet import service as fleet
from dispatch.incidents import calls
from dispatch.model import AssignmentState, CallSource, StampSource
from dispatch.places import service as places_service
from dispatch.simulation.call_sites import sample_call_sites
from gis.access import SYSTEM
from gis.cluster import PrivateCluster
from gis.database import Database, UnitOfWork
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.provision import bring_up, open_database
from gis.settings import PROJECT_FOLDER, Settings
from routing.conditions.closures import NewCondition, close_roads
from routing.conditions.errors import NoRoadHitError
from routing.conditions.sketch import Sketch
from routing.live.metrics import MetricStore, MetricWorker
from routing.live.routing import Routing
from routing.live.warm_up import prepare_kernels
from routing.roads.model import Profile

ROUNDS = 60
Rows = list[tuple[str, str]]


def timed(work: Callable[[], object]) -> tuple[object, float]:
    """Return what `work` gives and how many seconds it took."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def spread(seconds: list[float]) -> str:
    """Return median and 95th percentile in milliseconds."""
    p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95])
    return f"{p50:.1f} / {p95:.1f} ms"


def help_time() -> tuple[str, str]:
    """Time `goldenhour --help` as a whole process."""
    command = [sys.executable, "-m", "api.cli", "--help"]
    seconds = [
        timed(lambda: subprocess.run(command, cwd=PROJECT_FOLDER, check=True,
                                     capture_output=True))[1]
        for _ in range(10)
    ]  # fmt: skip
    return "`goldenhour --help` (p50 / p95)", spread(seconds)


def load_city(settings: Settings, key: str) -> tuple[int, Rows]:
    """Time the job that loads one city, and its parts; return the city's id too."""
    reached: list[tuple[str, float]] = []
    origin = "sample" if key == "coquimbo" else "model"
    loaded, whole_s = timed(
        lambda: do_as_job(
            settings, LOAD_CITY,
            {"key": key, "name": key, "origin": origin, "seed": 4403, "units": True},
            show=lambda step, _: reached.append((step, time.perf_counter())),
            work=city_work.load_city,
        )
    )  # fmt: skip
    graph_s = reached[-1][1] - next(at for step, at in reached if step == "road graphs")
    counts = loaded.report.counts
    stored = f"{counts['segments']:,} road segments, {counts['places']:,} places, units"
    return loaded.report.city_id, [
        (f"{key}: read or generate and store ({stored})", f"{whole_s - graph_s:.1f} s"),
        (f"{key}: road graphs and hierarchies, built and cached", f"{graph_s:.1f} s"),
    ]  # fmt: skip


def report_positions(database: Database, city_id: int) -> tuple[str, str]:
    """Time batches in which every unit reports its place."""
    with database.read(SYSTEM) as uow:
        units = fleet.units_view(uow, city_id)
    seconds = []
    for shift in range(10):
        reports = [
            fleet.PositionReport(
                unit_id=unit.unit_id, lon=unit.station_lon + shift * 1e-4, lat=unit.station_lat,
                device_at=datetime.now(tz=UTC),
            )
            for unit in units
        ]  # fmt: skip

        def send(batch: list[fleet.PositionReport] = reports) -> None:
            with database.unit_of_work(SYSTEM) as uow:
                fleet.record_positions(uow, batch, datum=Datum.WGS84, source="bench")

        seconds.append(timed(send)[1])
    return f"{len(units):,} positions in one batch, committed (p50 / p95)", spread(seconds)


def one_call(database: Database, routing: Routing, city_id: int) -> Rows:
    """Time the steps of a call over real roads."""
    took: dict[str, list[float]] = {
        "take a call": [], "recommend: every unit ranked by road, 5 routes": [],
        "dispatch": [], "nearest open AEDs, walking": [], "hospitals ranked": [],
    }  # fmt: skip

    def step(name: str, work: Callable[[UnitOfWork], object]) -> object:
        def run() -> object:
            with database.unit_of_work(SYSTEM) as uow:
                return work(uow)

        result, seconds = timed(run)
        took[name].append(seconds)
        return result

    with database.read(SYSTEM) as uow:
        sites = sample_call_sites(uow, city_id, count=ROUNDS)
    names = list(took)
    for lon, lat in sites:
        point = DeclaredPoint(lon, lat, Datum.WGS84)
        taken = step(
            names[0],
            lambda uow, point=point: calls.take_call(
                uow, calls.NewCall(city_id=city_id, source=CallSource.PHONE, point=point)
            ),
        )
        incident_id = taken.incident.incident_id
        with database.unit_of_work(SYSTEM) as uow:
            calls.code_triage(uow, incident_id, complaint_code="2301021", answers={})
        ranked = step(names[1], lambda uow, i=incident_id: choosing.recommend(uow, routing, i))
        best = next(unit for unit in ranked.units if unit.eligible)
        sent = step(
            names[2],
            lambda uow, i=incident_id, u=best.unit_id: assignments.assign(uow, i, unit_id=u),
        )
        with database.unit_of_work(SYSTEM) as uow:
            assignments.stamp(
                uow, sent.assignment_id, state=AssignmentState.CANCELLED, source=StampSource.CONSOLE
            )
        step(
            names[3],
            lambda uow, point=point: aeds.nearest_aeds(uow, routing, city_id, point=point),
        )
        step(names[4], lambda uow, i=incident_id: choosing.destinations(uow, routing, i))
    return [(f"{name} (p50 / p95)", spread(seconds)) for name, seconds in took.items()]


def find_places(database: Database, city_id: int) -> tuple[str, str]:
    """Time typo-tolerant searches in Chinese and Latin."""
    with database.read(SYSTEM) as uow:
        names = list(uow.session.execute(
            text("SELECT name FROM places WHERE city_id = :city ORDER BY md5(name) LIMIT 40"),
            {"city": city_id},
        ).scalars())  # fmt: skip
    seconds = []
    for name in names:
        wrong = "x" if name.isascii() or (name[-1].isalpha() and name[-1] < "\u2e80") else "错"
        query = name[:-1] + wrong if len(name) > 3 else name

        def search(query: str = query) -> object:
            with database.read(SYSTEM) as uow:
                return places_service.search_places(uow, city_id, query=query)

        seconds.append(timed(search)[1])
    return "place search with a wrong character (p50 / p95)", spread(seconds)


def closures(database: Database, cache: Path, routing: Routing, city_id: int) -> Rows:
    """Time a closure from its press to the first answer that has it, and to its metric."""
    worker_roads = Routing(database, cache, build_hierarchies=True)
    worker_roads.refresh()
    worker = MetricWorker(database, MetricStore(cache))

    def work() -> None:
        worker_roads.keep_up()
        for roads in worker_roads.cities():
            worker.keep_up(roads)

    work()
    routing.keep_up()
    with database.read(SYSTEM) as uow:
        sites = sample_call_sites(uow, city_id, count=ROUNDS)
    took: dict[str, list[float]] = {"store a closure": [], "seen by the next question": [],
                                    "metrics of three profiles": [], "adopted": []}  # fmt: skip
    for lon, lat in sites[:20]:
        box = shapely.box(lon - 4e-4, lat - 4e-4, lon + 4e-4, lat + 4e-4)

        def close(box: shapely.Polygon = box) -> None:
            with database.unit_of_work(SYSTEM) as uow:
                close_roads(uow, NewCondition(
                    city_id, Sketch("polygon", shapely.geometry.mapping(box), Datum.WGS84),
                    uow.clock.now() + timedelta(hours=1), reason_en="bench", confirmed=True,
                ))  # fmt: skip

        def ask(place: tuple[float, float] = (lon, lat)) -> None:
            with database.read(SYSTEM) as uow, routing.at(uow, city_id) as roads:
                roads.nearest(place, [place], profile=Profile.AMBULANCE_LIGHTS, k=1)

        for name, step in zip(took, (close, ask, work, routing.keep_up), strict=True):
            try:
                took[name].append(timed(step)[1])
            except NoRoadHitError:
                break
    return [(f"{name} (p50 / p95)", spread(seconds)) for name, seconds in took.items()]


def by_http(settings: Settings, database: Database, city_id: int) -> Rows:
    """Time recommendations as a console asks for them: a real server process, over loopback."""
    with database.read(SYSTEM) as uow:
        sites = sample_call_sites(uow, city_id, count=40)
    with serving(settings) as port:
        desk = Desk(port, dispatcher_token(database))
        incidents = desk.incidents(city_id, sites, complaint_code="2301021")
        for incident_id in incidents:
            desk.recommendation_s(incident_id)
        best = [desk.recommendation_s(incidents[number % len(incidents)]) for number in range(200)]
        whole = [desk.recommendation_s(one, "?limit=5000") for one in incidents]
    return [
        ("recommend by HTTP: every unit ranked, the best 25 shown (p50 / p95)", spread(best)),
        ("recommend by HTTP: every unit shown (p50 / p95)", spread(whole)),
    ]


@contextlib.contextmanager
def bench_settings() -> Iterator[Settings]:
    """Have settings of a private cluster that is destroyed afterwards."""
    base = Path("/var/lib/goldenhour") if os.geteuid() == 0 else Path.home() / ".cache/goldenhour"
    folder = base / f"bench-{os.getpid()}"
    settings = Settings(state_folder=folder, purpose="simulation")
    try:
        yield settings
    finally:
        PrivateCluster(folder / settings.purpose).destroy()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure and print."""
    rows: Rows = [help_time()]
    with bench_settings() as settings:
        _, up_s = timed(lambda: bring_up(settings))
        rows.append(("private cluster, database, migrations from nothing", f"{up_s:.1f} s"))
        ids = {}
        for key in ("coquimbo", "shenzhen"):
            ids[key], took = load_city(settings, key)
            rows += took
        database = open_database(settings)
        _, kernels_s = timed(prepare_kernels)
        rows.append(("search kernels compiled or read from numba's cache", f"{kernels_s:.1f} s"))
        routing = Routing(database, settings.graph_cache_folder)
        _, start_s = timed(routing.refresh)
        rows.append(("both cities' graphs from the disk cache", f"{start_s:.1f} s"))
        for key, city_id in ids.items():
            rows.append((f"**{key}**", ""))
            rows.append(report_positions(database, city_id))
            rows += one_call(database, routing, city_id)
            rows.append(find_places(database, city_id))
            rows += closures(database, settings.graph_cache_folder, routing, city_id)
            rows += by_http(settings, database, city_id)
        database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append(("peak memory of this process", f"{peak:,.0f} MiB"))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    sys.stdout.write(f"{machine}\n\n| what | measured |\n|---|---|\n")
    for what, measured in rows:
        sys.stdout.write(f"| {what} | {measured} |\n")


if __name__ == "__main__":
    main()
