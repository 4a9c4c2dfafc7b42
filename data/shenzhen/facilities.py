"""Hospitals, health centres, stations and AEDs of the Shenzhen model, sited by a stated rule.

Hospitals, health centres and free-standing stations stand where a weighted k-means of the
population (Lloyd, 8 rounds) puts that many centres, moved to the nearest junction; half of the
stations stand at hospitals with an emergency department. AEDs stand at junctions drawn by
population. All of them lie a few metres off the street, inside the city.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from data.frames import make_frame
from data.model import AED_COLUMNS, FACILITY_COLUMNS, STATION_COLUMNS
from data.shenzhen.classes import Streets
from data.shenzhen.ground import FloatArray, Ground, IntArray
from data.shenzhen.hosts import AED_HOSTS, EMERGENCY, HEALTH_CENTRE_HOURS, HOSPITAL_KINDS
from data.shenzhen.names import NamePair
from data.shenzhen.population import Cells, apportion

HOSPITALS, HEALTH_CENTRES, STATIONS, AEDS, UNITS = 88, 660, 120, 5200, 1000
STATIONS_AT_HOSPITALS = 0.5
LLOYD_ROUNDS = 8
OFF_STREET_M = (8.0, 22.0)
AEDS_CHECKED_UNTIL = datetime(2025, 6, 30, tzinfo=UTC)

Point = tuple[FloatArray, FloatArray]


def count_at(full: int, scale: float, *, at_least: int) -> int:
    """Return how many of `full` a model of this scale has."""
    return max(round(full * scale), at_least)


class Sites:
    """Where things may stand: junctions of the street network, weighted by population."""

    def __init__(self, ground: Ground, streets: Streets, cells: Cells) -> None:
        self.ground = ground
        self.cells = cells
        usable = np.flatnonzero(cells.node_weight > 0)
        self._xy = np.column_stack([streets.x_m[usable], streets.y_m[usable]])
        self._share = cells.node_weight[usable] / cells.node_weight[usable].sum()
        self._tree = cKDTree(self._xy)

    def spread(self, count: int, rng: np.random.Generator) -> Point:
        """Return `count` places that divide the population evenly (weighted k-means)."""
        cell = np.column_stack([self.cells.x_m, self.cells.y_m])
        weight = np.maximum(self.cells.population, 1).astype(np.float64)
        share = weight / weight.sum()
        centre = cell[rng.choice(len(cell), count, replace=count > len(cell), p=share)]
        for _ in range(LLOYD_ROUNDS):
            _, nearest = cKDTree(centre).query(cell)
            total = np.bincount(nearest, weights=weight, minlength=count)
            filled = total > 0
            for axis in (0, 1):
                moment = np.bincount(nearest, weights=weight * cell[:, axis], minlength=count)
                centre[filled, axis] = moment[filled] / total[filled]
        _, junction = self._tree.query(centre)
        return self._off_street(self._xy[junction], rng)

    def draw(self, count: int, rng: np.random.Generator) -> Point:
        """Return `count` places drawn by population."""
        junction = rng.choice(len(self._xy), count, replace=count > len(self._xy), p=self._share)
        return self._off_street(self._xy[junction], rng)

    def points(self, place: Point) -> Any:
        """Return WGS-84 points."""
        return shapely.points(*self.ground.lon_lat(*place))

    def _off_street(self, xy: FloatArray, rng: np.random.Generator) -> Point:
        angle = rng.uniform(0, 2 * np.pi, len(xy))
        distance_m = rng.uniform(*OFF_STREET_M, len(xy))
        moved = xy + distance_m[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        outside = self.ground.district_at(moved[:, 0], moved[:, 1]) < 0
        moved[outside] = xy[outside]
        return moved[:, 0], moved[:, 1]


def build_facilities(
    sites: Sites, rng: np.random.Generator, *, scale: float, source: str, bases: list[NamePair]
) -> tuple[gpd.GeoDataFrame, Point]:
    """Return hospitals and health centres, and the metres of hospitals with an emergency room."""
    hospitals = count_at(HOSPITALS, scale, at_least=len(HOSPITAL_KINDS))
    centres = count_at(HEALTH_CENTRES, scale, at_least=9)
    kind = _kinds([kind.share for kind in HOSPITAL_KINDS], hospitals, rng)
    place = sites.spread(hospitals, rng)
    values: dict[str, list[Any]] = {name: [] for name in FACILITY_COLUMNS}
    for number, which in enumerate(kind):
        hospital = HOSPITAL_KINDS[which]
        base = bases[number]
        _append(
            values,
            source=source,
            source_ref=f"hospital-{number + 1}",
            kind="hospital",
            name=base[0] + hospital.suffix_zh,
            name_zh=base[0] + hospital.suffix_zh,
            name_en=f"{base[1]} {hospital.suffix_en}",
            has_emergency_department=EMERGENCY in hospital.capabilities,
            bed_count=int(rng.integers(*hospital.beds)),
            phone=None,
            tags={"grade": hospital.grade, "grade_en": hospital.grade_en},
            modelled=True,
            capabilities=list(hospital.capabilities),
            same_as=None,
        )
    hours = rng.integers(0, len(HEALTH_CENTRE_HOURS), centres)
    for number in range(centres):
        base = bases[(hospitals + number) % len(bases)]
        name_zh = f"{base[0]}社区健康服务中心"
        _append(
            values,
            source=source,
            source_ref=f"health-centre-{number + 1}",
            kind="community_health_centre",
            name=name_zh,
            name_zh=name_zh,
            name_en=f"{base[1]} Community Health Service Centre",
            has_emergency_department=False,
            bed_count=None,
            phone=None,
            tags={"opening_hours": HEALTH_CENTRE_HOURS[hours[number]]},
            modelled=True,
            capabilities=[],
            same_as=None,
        )
    geometry = np.concatenate([sites.points(place), sites.points(sites.spread(centres, rng))])
    emergency = np.array(values["has_emergency_department"][:hospitals], dtype=bool)
    frame = make_frame(FACILITY_COLUMNS, values, geometry=geometry)
    return frame, (place[0][emergency], place[1][emergency])


def build_stations(
    sites: Sites,
    rng: np.random.Generator,
    *,
    scale: float,
    source: str,
    bases: list[NamePair],
    emergency_rooms: Point,
) -> gpd.GeoDataFrame:
    """Return stations whose `unit_count_planned` sum to 1,000 units at scale 1.

    Units follow the population nearest to each station, and every station has at least one.
    """
    count = count_at(STATIONS, scale, at_least=9)
    at_hospitals = min(round(count * STATIONS_AT_HOSPITALS), len(emergency_rooms[0]))
    chosen = rng.permutation(len(emergency_rooms[0]))[:at_hospitals]
    free = sites.spread(count - at_hospitals, rng)
    x_m = np.concatenate([emergency_rooms[0][chosen], free[0]])
    y_m = np.concatenate([emergency_rooms[1][chosen], free[1]])
    cells = sites.cells
    _, nearest = cKDTree(np.column_stack([x_m, y_m])).query(np.column_stack([cells.x_m, cells.y_m]))
    served = np.bincount(nearest, weights=cells.population, minlength=count)
    spare = np.array([count_at(UNITS, scale, at_least=2 * count) - count])
    units = 1 + apportion(spare, served.astype(np.float64)[None, :])[0]
    names = [bases[-1 - number] for number in range(count)]
    values = {
        "source": [source] * count,
        "source_ref": [f"station-{number + 1}" for number in range(count)],
        "kind": ["ambulance"] * count,
        "name": [f"{zh}急救站" for zh, _ in names],
        "name_zh": [f"{zh}急救站" for zh, _ in names],
        "name_en": [f"{en} Ambulance Station" for _, en in names],
        "unit_count_planned": units,
        "modelled": np.ones(count, dtype=bool),
    }
    return make_frame(STATION_COLUMNS, values, geometry=sites.points((x_m, y_m)))


def build_aeds(
    sites: Sites, rng: np.random.Generator, *, scale: float, source: str, bases: list[NamePair]
) -> gpd.GeoDataFrame:
    """Return AEDs with host, access, opening hours, floor and day of the last check."""
    count = count_at(AEDS, scale, at_least=60)
    kind = _kinds([host.share for host in AED_HOSTS], count, rng)
    pick = rng.random((count, 3))
    base = rng.integers(0, len(bases), count)
    checked = rng.integers(0, 540, count)
    values: dict[str, list[Any]] = {name: [] for name in AED_COLUMNS}
    for number, which in enumerate(kind):
        host = AED_HOSTS[which]
        zh, _ = bases[base[number]]
        _append(
            values,
            source=source,
            source_ref=f"aed-{number + 1}",
            name=zh + host.suffix_zh,
            name_zh=zh + host.suffix_zh,
            location=host.location,
            location_zh=host.location_zh,
            access=host.access,
            opening_hours=_one_of(host.hours, pick[number, 0]),
            indoor=bool(host.floors),
            floor=_one_of(host.floors, pick[number, 1]) if host.floors else None,
            entrance=None,
            phone=None,
            last_checked_at=(
                None
                if pick[number, 2] < 0.1
                else AEDS_CHECKED_UNTIL - timedelta(days=int(checked[number]))
            ),
            modelled=True,
        )
    return make_frame(AED_COLUMNS, values, geometry=sites.points(sites.draw(count, rng)))


def _kinds(shares: list[float], count: int, rng: np.random.Generator) -> IntArray:
    """Return the kind of each of `count` things in seeded order, each kind by its share."""
    counts = apportion(np.array([count]), np.array([shares]))[0]
    kinds: IntArray = rng.permutation(np.repeat(np.arange(len(shares)), counts))
    return kinds


def _one_of(choices: tuple[Any, ...], draw: float) -> Any:
    return choices[int(draw * len(choices))]


def _append(values: dict[str, list[Any]], **row: object) -> None:
    for name, value in row.items():
        values[name].append(value)
