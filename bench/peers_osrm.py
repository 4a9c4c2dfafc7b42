"""OSRM on an OpenStreetMap extract, by HTTP on loopback, with its own car profile."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.peers import programs, work_folder
from bench.peers_http import HOST, Server, Spent, free_port, run_program, serving

FloatArray = NDArray[np.float64]
ALGORITHMS = ("ch", "mld")
_MOST_COORDINATES = 30_000


def prepare(extract: Path) -> dict[str, Spent]:
    """Build the files of both algorithms from `extract` once; returns what that cost.

    Keys: extract, partition, customize, contract. The cost of an earlier build is remembered.
    """
    home = _programs()
    folder = work_folder(f"osrm-{extract.name.split('.')[0]}")
    done = folder / "cost.json"
    if done.exists():
        return {step: Spent(*spent) for step, spent in json.loads(done.read_text()).items()}
    cost: dict[str, Spent] = {}
    base = folder / "base"
    base.mkdir(exist_ok=True)
    profile = home.parent / "share/profiles/car.lua"
    cost["extract"] = run_program(
        [home / "osrm-extract", "-t", "1", "-p", profile, "-o", base / "city.osrm", extract],
        log=folder / "extract.log",
    )
    for algorithm in ALGORITHMS:
        shutil.rmtree(folder / algorithm, ignore_errors=True)
        shutil.copytree(base, folder / algorithm)
    steps = (("partition", "mld"), ("customize", "mld"), ("contract", "ch"))
    for step, algorithm in steps:
        cost[step] = run_program(
            [home / f"osrm-{step}", "-t", "1", folder / algorithm / "city.osrm"],
            log=folder / f"{step}.log",
        )
    shutil.rmtree(base)
    done.write_text(json.dumps({step: astuple(spent) for step, spent in cost.items()}))
    return cost


def customize_again(extract: Path) -> Spent:
    """Run OSRM's re-weighting (MLD) once more.

    No file of new speeds is read, which is in OSRM's favour: reading one costs extra.
    """
    folder = work_folder(f"osrm-{extract.name.split('.')[0]}")
    return run_program(
        [_programs() / "osrm-customize", "-t", "1", folder / "mld/city.osrm"],
        log=folder / "customize.log",
    )


@contextlib.contextmanager
def running(extract: Path, *, algorithm: str) -> Iterator[Server]:
    """Have OSRM answer with one thread; `prepare` was called before."""
    folder = work_folder(f"osrm-{extract.name.split('.')[0]}")
    port = free_port()
    command: list[str | Path] = [
        _programs() / "osrm-routed", "--ip", HOST, "--port", str(port), "--threads", "1",
        "--algorithm", algorithm.upper(), "--max-table-size", str(_MOST_COORDINATES),
        folder / algorithm / "city.osrm",
    ]  # fmt: skip
    with serving(command, port=port, log=folder / f"{algorithm}-server.log") as server:
        yield server


def route_s(server: Server, origin: FloatArray, goal: FloatArray) -> tuple[float, float, Spent]:
    """Ask for one way without its geometry.

    origin, goal : (2,) longitude, latitude

    Returns
    -------
    seconds of travel, metres between the places and the roads they were put on, cost
    """
    answer, spent = server.ask(f"/route/v1/driving/{_places([origin, goal])}?overview=false")
    moved_m = sum(point["distance"] for point in answer["waypoints"])
    return float(answer["routes"][0]["duration"]), float(moved_m), spent


def table_s(server: Server, sources: FloatArray, goals: FloatArray) -> tuple[FloatArray, Spent]:
    """Ask for the times from every source to every goal.

    sources : (s, 2), goals : (g, 2) longitude, latitude

    Returns
    -------
    (s, g) float64 seconds, inf = unreachable; cost
    """
    rows = ";".join(map(str, range(len(sources))))
    columns = ";".join(map(str, range(len(sources), len(sources) + len(goals))))
    places = _places([*sources, *goals])
    answer, spent = server.ask(
        f"/table/v1/driving/{places}?sources={rows}&destinations={columns}"
        "&skip_waypoints=true"
    )  # fmt: skip
    times_s = np.array(answer["durations"], dtype=np.float64)
    return np.where(np.isnan(times_s), np.inf, times_s), spent


def _places(points: list[FloatArray]) -> str:
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)


def _programs() -> Path:
    found = programs("osrm")
    if found is None:
        raise FileNotFoundError("OSRM is not there; run: ./run bench peers")
    return found


def version() -> str:
    """Return OSRM's version."""
    log = work_folder("osrm") / "version.log"
    run_program([_programs() / "osrm-routed", "--version"], log=log)
    return log.read_text().strip()
