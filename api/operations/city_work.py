"""What the city jobs do: the same from a page, and from the command line."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gis.access import SYSTEM
from gis.errors import InvalidInputError
from gis.jobs.model import Queue
from gis.jobs.running import Run
from gis.provision import open_as_owner
from gis.words import Words
from routing.conditions.read import refresh_network
from routing.live.work import build_graphs
from routing.wanted import want_graphs

if TYPE_CHECKING:
    from data.model import CityData
    from data.service import CityReport

_READ, _STORED = 0.6, 0.85
_STEPS = {
    "road graphs": "路网",
    "units": "车组",
    "stored": "已保存",
    "done": "完成",
}


@dataclass(frozen=True, slots=True)
class LoadedCity:
    """What was stored, and whom to name for it."""

    report: "CityReport"
    attribution: str


def load_city(run: Run) -> LoadedCity:
    """Read a city, store it whole or not at all, and build its road graphs.

    Arguments: `key`; `origin` (pbf, place, sample or model) and its `name`; `time_zone`, `seed`,
    `units` (whether to make modelled ones at the stations).

    Raises
    ------
    InvalidInputError
        The origin is none of these.
    """
    from data.service import store_city

    given = run.arguments
    city = replace(_read(run, _share(run, 0.0, _READ)), key=str(given["key"]))
    owner = open_as_owner(run.settings)
    try:
        with run.effect(database=owner) as uow:
            report = store_city(uow, city, progress=_share(run, _READ, _STORED))
            refresh_network(uow, report.city_id)
            if given.get("units"):
                from dispatch.fleet.service import create_fleet

                create_fleet(uow, report.city_id)
            if run.record.queue is not Queue.COMMAND:
                want_graphs(uow)
            run.give(uow, {"key": city.key, "network_version": report.network_version,
                           "counts": report.counts, "attribution": city.attribution})  # fmt: skip
    finally:
        owner.close()
    if run.record.queue is Queue.COMMAND:
        # There may be no server that would.
        _share(run, _STORED, 1.0)("road graphs", 0.0)
        try:
            build_graphs(run)
        except KeyboardInterrupt:
            with run.database.unit_of_work(SYSTEM) as uow:
                want_graphs(uow)
            raise
    _share(run, 0.0, 1.0)("done", 1.0)
    return LoadedCity(report, city.attribution)


def _read(run: Run, progress: Callable[[str, float], None]) -> "CityData":
    from api.operations.city_loading import read_model, read_sample

    given = run.arguments
    key, name = str(given["key"]), str(given["name"])
    match given["origin"]:
        case "pbf":
            from data.osm.pbf import read_pbf

            return read_pbf(
                Path(name), key=key, time_zone=str(given["time_zone"]), progress=progress
            )
        case "place":
            from data.osm.download import read_place

            cache = run.settings.state_folder / "osm"
            return read_place(name, cache_folder=cache, time_zone=str(given["time_zone"]))
        case "sample":
            return read_sample(name)
        case "model":
            return read_model(name, seed=int(given["seed"]), progress=progress)
    raise InvalidInputError("A city comes from one of: pbf, place, sample, model.")


def _share(run: Run, first: float, last: float) -> Callable[[str, float], None]:
    """Return how a step from 0 to 1 is reported as `first` to `last` of the whole."""

    def report(step: str, share: float) -> None:
        run.report(Words(en=step, zh=_STEPS.get(step, step)), first + (last - first) * share)

    return report
