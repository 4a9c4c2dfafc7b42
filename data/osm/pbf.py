"""A city out of an OpenStreetMap extract."""

from pathlib import Path

from data.model import CityData, Progress
from data.osm.city import build_city, no_progress
from data.osm.read import read_raw


def read_pbf(
    path: Path | str,
    *,
    key: str,
    name: str | None = None,
    name_zh: str | None = None,
    time_zone: str = "Asia/Shanghai",
    progress: Progress = no_progress,
) -> CityData:
    """Return the city in an extract (.osm.pbf; .osm, .osm.gz, .osm.bz2 and .opl work as well).

    Roads for driving and walking with one-ways, limits, access, turn restrictions, signals and
    barriers; hospitals, defibrillators, ambulance stations; areas, water and a gazetteer. No
    travel times: they are `routing`'s. Population is not in OpenStreetMap and stays empty.

    Steps told to `progress`: read, roads, facilities, places. Raises `UnreadablePbfError` and
    `NoRoadsError`.
    """
    path = Path(path)
    progress("read", 0.0)
    raw = read_raw(path)
    progress("read", 1.0)
    return build_city(
        raw,
        key=key,
        name=name or key,
        name_zh=name_zh,
        source=f"OpenStreetMap extract {path.name}",
        time_zone=time_zone,
        progress=progress,
    )
