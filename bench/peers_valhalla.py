"""Valhalla on an OpenStreetMap extract, by HTTP on loopback, with its own automobile costs."""

import contextlib
import json
import runpy
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.peers import programs, work_folder
from bench.peers_http import HOST, Server, Spent, free_port, run_program, serving

FloatArray = NDArray[np.float64]
_MOST = 100_000_000


def prepare(extract: Path) -> Spent:
    """Build Valhalla's tiles from `extract` once; returns the cost, remembered from then on."""
    folder = work_folder(f"valhalla-{extract.name.split('.')[0]}")
    done = folder / "cost.json"
    if done.exists():
        return Spent(*json.loads(done.read_text()))
    shutil.rmtree(folder / "tiles", ignore_errors=True)
    (folder / "tiles").mkdir()
    configuration = _write_configuration(folder, port=0)
    cost = run_program(
        [_programs() / "valhalla_build_tiles", "-j", "1", "-c", configuration, extract],
        log=folder / "build.log",
    )
    done.write_text(json.dumps(astuple(cost)))
    return cost


@contextlib.contextmanager
def running(extract: Path) -> Iterator[Server]:
    """Have Valhalla answer with one thread; `prepare` was called before."""
    folder = work_folder(f"valhalla-{extract.name.split('.')[0]}")
    port = free_port()
    configuration = _write_configuration(folder, port=port)
    command = [_programs() / "valhalla_service", configuration, "1"]
    with serving(command, port=port, log=folder / "server.log") as server:
        yield server


def route_s(server: Server, origin: FloatArray, goal: FloatArray) -> tuple[float, Spent]:
    """Ask for one way: seconds of travel and the cost. origin, goal : (2,) lon, lat."""
    body = json.dumps({
        "locations": [_place(origin), _place(goal)], "costing": "auto",
        "directions_type": "none", "shape_format": "no_shape",
    })  # fmt: skip
    answer, spent = server.ask("/route", body=body)
    return float(answer["trip"]["summary"]["time"]), spent


def table_s(server: Server, sources: FloatArray, goals: FloatArray) -> tuple[FloatArray, Spent]:
    """Ask for the times (s, g) float64 from every source to every goal, inf = unreachable."""
    body = json.dumps({
        "sources": [_place(point) for point in sources],
        "targets": [_place(point) for point in goals],
        "costing": "auto", "verbose": False,
    })  # fmt: skip
    answer, spent = server.ask("/sources_to_targets", body=body)
    times_s = np.array(answer["sources_to_targets"]["durations"], dtype=np.float64)
    return np.where(np.isnan(times_s), np.inf, times_s), spent


def isochrone(server: Server, place: FloatArray, *, minutes: float) -> tuple[Any, Spent]:
    """Ask for the polygon (GeoJSON) reached from `place` (2,) and its cost."""
    body = json.dumps({
        "locations": [_place(place)], "costing": "auto", "contours": [{"time": minutes}],
        "polygons": True,
    })  # fmt: skip
    return server.ask("/isochrone", body=body)


def _place(point: FloatArray) -> dict[str, float]:
    return {"lon": float(point[0]), "lat": float(point[1])}


def _write_configuration(folder: Path, *, port: int) -> Path:
    """Write Valhalla's default settings with our folders, address and limits."""
    defaults = runpy.run_path(str(_programs().parent / "valhalla_build_config.py"))
    settings = _without_optional(defaults["config"])
    tiles = {"tile_dir": str(folder / "tiles"), "tile_extract": "", "concurrency": 1}
    settings["mjolnir"].update(tiles)
    for unused in ("admin", "timezone", "traffic_extract"):
        settings["mjolnir"].pop(unused, None)
    settings["mjolnir"]["logging"] = {"type": "std_err", "color": False}
    settings["httpd"]["service"].update(
        listen=f"tcp://{HOST}:{port}",
        loopback=f"ipc://{folder}/loopback",
        interrupt=f"ipc://{folder}/interrupt",
    )
    for service in ("loki", "thor", "odin"):
        settings[service]["service"]["proxy"] = f"ipc://{folder}/{service}"
        settings[service]["logging"] = {"type": "std_err", "color": False}
    settings["httpd"]["service"]["timeout_seconds"] = 600
    settings["service_limits"]["auto"].update(
        max_locations=50_000, max_matrix_distance=_MOST, max_matrix_location_pairs=_MOST
    )
    file = folder / "valhalla.json"
    file.write_text(json.dumps(settings))
    return file


def _without_optional(settings: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            kept[key] = _without_optional(value)
        elif type(value).__name__ != "Optional":
            kept[key] = value
    return kept


def _programs() -> Path:
    found = programs("valhalla")
    if found is None:
        raise FileNotFoundError("Valhalla is not there; run: ./run bench peers")
    return found
