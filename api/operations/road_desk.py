"""What the command line does with roads: conditions and travel times of one city."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from shapely.geometry import mapping

from api.operations.errors import CityKeyUnknownError
from gis.access import SYSTEM
from gis.cities import list_cities
from gis.database import Database
from gis.datum import Datum, to_wgs84
from gis.errors import InvalidInputError
from gis.provision import bring_up, open_database
from gis.settings import Settings
from routing.conditions.closures import NewCondition, end_condition, list_conditions
from routing.conditions.sketch import EdgeChoice, Sketch
from routing.conditions.snapshot import to_us
from routing.conditions.speeds import SpeedBatch, set_speeds
from routing.conditions.views import ConditionView
from routing.live.answers import RoadVersions
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.live.service import set_condition
from routing.roads.model import FloatArray, Profile, RouteResult


class RoadFileInvalidError(InvalidInputError):
    """A file given to a road command is not of the shape it wants."""

    code = "road_file_invalid"

    def __init__(self, file: Path, wanted: str) -> None:
        super().__init__(f"{file.name} cannot be used: {wanted}. Correct the file.")


@dataclass(frozen=True, slots=True)
class RoadDesk:
    """One city of an opened database, as the system sees it."""

    database: Database
    settings: Settings
    city_id: int
    time_zone: str

    def aware(self, typed: datetime) -> datetime:
        """Return a time that was typed without a zone as the city's, wherever it was typed."""
        return typed if typed.tzinfo else typed.replace(tzinfo=ZoneInfo(self.time_zone))

    def listed(self, states: Sequence[str]) -> tuple[ConditionView, ...]:
        """Return the city's conditions, newest first."""
        with self.database.read(SYSTEM) as uow:
            return list_conditions(uow, self.city_id, states=states, limit=200).items

    def store(
        self,
        sketch: Sketch,
        *,
        until: timedelta,
        reason: str,
        depth_m: float | None = None,
        confirmed: bool = False,
    ) -> tuple[ConditionView, tuple[str, ...]]:
        """Close the roads, or report water on them; return that and who is cut off (English)."""
        routing = self.routing()
        with self.database.unit_of_work(SYSTEM) as uow:
            new = NewCondition(
                self.city_id, sketch, uow.clock.now() + until, reason_en=reason,
                source="command line", confirmed=confirmed,
            )  # fmt: skip
            kind = "closure" if depth_m is None else "flood"
            stored = set_condition(uow, routing, kind, new, depth_m=depth_m)
            return stored.condition, tuple(one.text.en for one in stored.cut_off)

    def end(self, condition_id: UUID) -> ConditionView:
        """End a condition."""
        with self.database.unit_of_work(SYSTEM) as uow:
            return end_condition(uow, condition_id)

    def store_speeds(self, file: Path, *, source: str, valid: timedelta) -> int:
        """Store a CSV of segment_id, direction, speed_kmh as seen now; return how many rows."""
        columns = _columns(file, ("segment_id", "direction", "speed_kmh"))
        with self.database.unit_of_work(SYSTEM) as uow:
            now = uow.clock.now()
            batch = SpeedBatch(
                columns["segment_id"].astype(np.int64), columns["direction"].astype(np.int64),
                columns["speed_kmh"], observed_us=to_us(now), expires_us=to_us(now + valid),
            )  # fmt: skip
            return set_speeds(uow, self.city_id, batch, source=source).stored

    def now(self) -> datetime:
        """Return the time of the database's clock."""
        with self.database.read(SYSTEM) as uow:
            return uow.clock.now()

    @contextmanager
    def roads(self) -> Iterator[PinnedRoads]:
        """Pin the city's roads under the conditions of now."""
        routing = self.routing()
        with self.database.read(SYSTEM) as uow, routing.at(uow, self.city_id) as roads:
            yield roads

    def routing(self) -> Routing:
        """Load the roads."""
        routing = Routing(
            self.database, self.settings.graph_cache_folder,
            jurisdictions_file=self.settings.jurisdictions_file, only_city=self.city_id,
        )  # fmt: skip
        routing.refresh()
        return routing

    def route(
        self, ends: Sequence[FloatArray], *, profile: Profile
    ) -> tuple[RouteResult, RoadVersions]:
        """Return the fastest route between two points."""
        with self.roads() as roads:
            found = roads.route(ends[0], ends[1], profile=profile)
            return found.route, found.versions

    def isochrone(
        self, place: FloatArray, *, minutes: Sequence[float], profile: Profile, towards: bool
    ) -> str:
        """Return the areas as GeoJSON text."""
        limits_s = [60 * one for one in minutes]
        with self.roads() as roads:
            found = roads.isochrone(place, limits_s=limits_s, profile=profile, towards=towards)
        features = [
            {"type": "Feature", "geometry": mapping(area),
             "properties": {"limit_s": limit_s, "area_km2": float(area_m2) / 1e6}}
            for limit_s, area, area_m2 in zip(
                found.limits_s, found.areas, found.area_m2, strict=True
            )
        ]  # fmt: skip
        return json.dumps({"type": "FeatureCollection", "features": features})

    def matrix(self, file: Path, *, datum: Datum, profile: Profile) -> Iterator[str]:
        """Yield CSV rows of the times between all points of a CSV of lon, lat; empty = no way."""
        columns = _columns(file, ("lon", "lat"))
        points = np.column_stack(to_wgs84(columns["lon"], columns["lat"], datum))
        with self.roads() as roads:
            found = roads.matrix(points, points, profile=profile)
        for block in found.blocks:
            for row in block:
                yield ",".join("" if np.isinf(one) else f"{one:.3f}" for one in row)

    def versions(self) -> Mapping[str, RoadVersions]:
        """Return by profile what answers come from now."""
        with self.roads() as roads:
            return roads.current_versions()


@contextmanager
def road_desk(settings: Settings, city_key: str) -> Iterator[RoadDesk]:
    """Open the database for one city.

    Raises
    ------
    CityKeyUnknownError
        No such city is loaded.
    """
    bring_up(settings)
    with closing(open_database(settings)) as database:
        with database.read(SYSTEM) as uow:
            cities = {row.key: row for row in list_cities(uow.session)}
        if city_key not in cities:
            raise CityKeyUnknownError(city_key, sorted(cities))
        found = cities[city_key]
        yield RoadDesk(database, settings, found.city_id, found.time_zone)


def sketch_of(*, polygon: Path | None, line: Path | None, ways: str | None, datum: str) -> Sketch:
    """Return what one of the three options says about a place.

    Raises
    ------
    InvalidInputError
        Not exactly one is given, or its file or list cannot be read.
    """
    if sum(one is not None for one in (polygon, line, ways)) != 1:
        raise InvalidInputError("Say where: one of --polygon, --line, --ways.")
    if ways is not None:
        try:
            ids = [int(one) for one in ways.replace(",", " ").split()]
        except ValueError:
            raise InvalidInputError(
                f"'{ways}' is no list of OSM ways. Give numbers: --ways 123,456."
            ) from None
        return Sketch("edges", edges=tuple(EdgeChoice(osm_way_id=one) for one in ids))
    file = polygon or line
    assert file is not None  # exactly one is given
    return Sketch(
        "line" if polygon is None else "polygon", geometry=_geometry(file), datum=Datum(datum)
    )


def lonlat(text: str, datum: str) -> FloatArray:
    """Return `lon,lat` as (2,) WGS-84.

    Raises
    ------
    InvalidInputError
        It is not two numbers.
    """
    try:
        lon, lat = (float(one) for one in text.split(","))
    except ValueError:
        raise InvalidInputError(
            f"'{text}' is no point. Give longitude and latitude: 114.05,22.54."
        ) from None
    return np.asarray(np.column_stack(to_wgs84([lon], [lat], Datum(datum)))[0])


def local_time(at: datetime) -> str:
    """Return a time as this workstation's clock shows it."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _geometry(file: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise RoadFileInvalidError(file, "it is not JSON") from None
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        features = found.get("features") or [None]
        if len(features) != 1:
            raise RoadFileInvalidError(file, "it holds several features, one is wanted")
        found = features[0]
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, dict):
        raise RoadFileInvalidError(file, "it holds no GeoJSON geometry")
    return found


def _columns(file: Path, names: Sequence[str]) -> dict[str, FloatArray]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    try:
        return {name: np.array([float(row[name]) for row in rows]) for name in names}
    except (KeyError, TypeError, ValueError):
        raise RoadFileInvalidError(
            file, f"it needs columns {', '.join(names)} of numbers"
        ) from None
