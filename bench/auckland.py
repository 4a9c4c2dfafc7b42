"""A study of a real city: Auckland's stations today, five more ambulances, one more station.

    ./run bench auckland [FOLDER]

Stations, ambulances, demand and hospitals are JEMSS' model of Auckland (Ridler, Mason, Raith 2022),
people the census of 2013 on a raster of 40 m, roads OpenStreetMap's from tertiary up, all from the
bulk data. Prints its figures as Markdown for docs/studies/auckland.md, and writes the report into
FOLDER, where one is named: HTML, PDF, DOCX, workbook and map, in English and Chinese.
"""

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from scipy.spatial.distance import cdist

from bench.auckland_roads import Roads, auckland_roads, jemss_seconds
from gis.settings import PROJECT_FOLDER
from planning.coverage.changes import Change, Worst, compare, worst_served
from planning.coverage.cover import by_hypercube, expected, k_fold
from planning.coverage.model import Fleet, Ground, StationTimes
from planning.siting.answer import Answer, Limits
from planning.siting.instance import Choice, Instance, of_matrix
from planning.siting.maximal import mclp, mexclp
from planning.siting.scenarios import how_often_chosen
from routing.roads.plane import LocalPlane

DATA = PROJECT_FOLDER.parent / "shared/data/jemss_auckland"
RASTER = "auckland-pop-densit-40m"
CELL_PX = 10
"""Pixels of the raster along a side of a cell: 400 m."""
PIXEL_KM2 = 0.04**2
LEAST_PEOPLE = 1.0

TARGET_S, CALL_S = 480.0, 50.0
"""JEMSS: eight minutes from the call, of which the call takes fifty seconds."""
LIMIT_S = TARGET_S - CALL_S
CALLS_A_DAY, ON_SCENE_S, HANDOVER_S, TRANSPORTED = 280.0, 720.0, 720.0, 0.8
NEW_UNITS = 5
CANDIDATE_M = 2_000.0
CANDIDATE_PEOPLE = 500.0
LEAST_APART_M = 1_000.0
REPEATS = 200
FLEETS = (2, 3, 5, 10, 20, 50, 100, 200)
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """A station, a hospital or a place where a station might stand."""

    key: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """All that the study is made of.

    lonlat : (n, 2) middles of cells; shape : (n,) their squares; people : (n,)
    units : how many ambulances each station has, by key
    seconds : (n, stations) and to_new : (n, candidates) response without the call, float32
    known : (n,) whether a road is near
    """

    roads: Roads
    lonlat: FloatArray
    shape: npt.NDArray[np.object_]
    people: FloatArray
    known: npt.NDArray[np.bool_]
    stations: tuple[Place, ...]
    units: Mapping[str, int]
    hospitals: tuple[Place, ...]
    candidates: tuple[Place, ...]
    seconds: npt.NDArray[np.float32]
    to_new: npt.NDArray[np.float32]
    to_hospital_s: float
    nearest: tuple[str, ...]
    """Of each cell the name of the station that is quickest there: its name on lists."""

    @property
    def ground(self) -> Ground:
        """People by cell, by the station that is quickest there."""
        return Ground.of(range(len(self.people)), {"all": self.people}, district=self.nearest)

    def times(self, sites: Sequence[str] = ()) -> StationTimes:
        """Times from all stations and from some of the candidates."""
        at = [[one.key for one in self.candidates].index(key) for key in sites]
        return StationTimes.of(
            np.column_stack([self.seconds, self.to_new[:, at]]), cells=range(len(self.people)),
            stations=[*(one.key for one in self.stations), *sites], known=self.known,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One fleet at its stations, and whom it reaches; shares are of people whose time is known."""

    name: str
    units: Mapping[str, int]
    times: StationTimes
    once: float
    twice: float
    expected: float
    worked: float
    busy: float
    half_s: float
    nine_of_ten_s: float
    worst: Worst

    @property
    def fleet(self) -> int:
        """How many ambulances."""
        return sum(self.units.values())


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read one of JEMSS' tables; some begin with a line of the table's own name."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("index,"))
    yield from csv.DictReader(lines[first:])


def places(name: str, column: str, kind: str) -> tuple[Place, ...]:
    """Return the places of a table."""
    return tuple(
        Place(f"{kind}{row['index']}", row[column].removeprefix("St John "), float(row["x"]),
              float(row["y"]))
        for row in rows(name)
    )  # fmt: skip


def points(of: Sequence[Place]) -> FloatArray:
    """Return (k, 2) longitudes and latitudes."""
    return np.array([(one.lon, one.lat) for one in of])


def apart_m(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return metres by straight line between (k, 2) and (l, 2) degrees: (k, l)."""
    plane = LocalPlane.around(np.concatenate([first, second]))
    return cdist(plane.to_xy(first), plane.to_xy(second))


def people_by_cell() -> tuple[FloatArray, FloatArray, npt.NDArray[np.object_]]:
    """Return middles (n, 2), people (n,) and squares (n,) of the cells with people."""
    with rasterio.open(f"zip://{DATA / RASTER}.zip!{RASTER}.tif") as raster:
        density, at = raster.read(1), raster.transform
    high, wide = (size // CELL_PX * CELL_PX for size in density.shape)
    parts = density[:high, :wide].reshape(high // CELL_PX, CELL_PX, wide // CELL_PX, CELL_PX)
    people = parts.sum((1, 3)) * PIXEL_KM2
    row, column = np.nonzero(people >= LEAST_PEOPLE)
    west, north = at.c + at.a * CELL_PX * column, at.f + at.e * CELL_PX * row
    side, down = at.a * CELL_PX, at.e * CELL_PX
    middle = np.column_stack([west + side / 2, north + down / 2])
    return middle, people[row, column], shapely.box(west, north + down, west + side, north)


def candidates(
    lonlat: FloatArray, people: FloatArray, known: npt.NDArray[np.bool_], stations: FloatArray
) -> npt.NDArray[np.int64]:
    """Return the cell with most people of each square of 2 km, where no station stands within 1."""
    square = np.floor(LocalPlane.around(lonlat).to_xy(lonlat) / CANDIDATE_M).astype(np.int64)
    _, of = np.unique(square, axis=0, return_inverse=True)
    of = of.ravel()
    order = np.lexsort((-people, of))
    first = order[np.unique(of[order], return_index=True)[1]]
    lived = np.bincount(of, people)[of[first]] >= CANDIDATE_PEOPLE
    apart = apart_m(lonlat[first], stations).min(axis=1) >= LEAST_APART_M
    return np.sort(first[lived & apart & known[first]])


def auckland() -> Town:
    """Read the city and time its roads."""
    roads = auckland_roads(DATA)
    lonlat, people, shape = people_by_cell()
    stations, hospitals = places("stations.csv", "NAME", "s"), places("hospitals.csv", "name", "h")
    units = Counter(f"s{row['stationIndex']}" for row in rows("ambulances_1.csv"))
    seconds, known = roads.seconds(points(stations), lonlat)
    chosen = candidates(lonlat, people, known, points(stations))
    quickest = seconds.argmin(axis=1)
    nearest = tuple(stations[at].name for at in quickest.tolist())
    new = tuple(
        Place(f"c{at}", f"{nearest[at]} {place + 1}", *lonlat[at].tolist())
        for place, at in enumerate(chosen.tolist())
    )
    to_new, _ = roads.seconds(points(new), lonlat)
    back, _ = roads.seconds(points(hospitals), lonlat)
    drive = back.min(axis=1)
    near = known & np.isfinite(drive)
    return Town(
        roads, lonlat, shape, people, known, stations, dict(units), hospitals, new, seconds,
        to_new, float(np.average(drive[near], weights=people[near])), nearest,
    )  # fmt: skip


def load_erlang(town: Town) -> float:
    """Return calls times the time that each keeps an ambulance, by JEMSS' means, all day alike."""
    drive = town.seconds[:, [one.key in town.units for one in town.stations]].min(axis=1)
    near = town.known & np.isfinite(drive)
    to_scene = float(np.average(drive[near], weights=town.people[near]))
    each = to_scene + ON_SCENE_S + TRANSPORTED * (town.to_hospital_s + HANDOVER_S)
    return CALLS_A_DAY / 86_400.0 * each


def state(
    name: str, town: Town, units: Mapping[str, int], *, erlang: float, limit_s: float = LIMIT_S
) -> State:
    """Reckon whom a fleet reaches."""
    ground = town.ground
    new = [key for key in units if key.startswith("c")]
    times = town.times(new)
    times = times.without([key for key in times.stations if not units.get(key)])
    fleet = Fleet.always(units)
    once, twice = (k_fold(ground, times, fleet, limit_s=limit_s, k=k) for k in (1, 2))
    busy = erlang / sum(units.values())
    chance = expected(ground, times, fleet, limit_s=limit_s, busy=busy)
    worked = by_hypercube(
        ground, times, fleet, limit_s=limit_s,
        load=erlang * town.people / town.people.sum(),
    )  # fmt: skip
    half, nine = quantiles(times.nearest()[times.known], town.people[times.known], (0.5, 0.9))
    share = [float(one.total[0, 0]) for one in (once, twice, chance, worked.cover)]
    return State(
        name, units, times, once=share[0], twice=share[1], expected=share[2], worked=share[3],
        busy=busy, half_s=half + CALL_S, nine_of_ten_s=nine + CALL_S,
        worst=worst_served(ground, times, place=town.nearest),
    )  # fmt: skip


def quantiles(
    value: npt.NDArray[np.floating], weight: FloatArray, shares: Sequence[float]
) -> list[float]:
    """Return the values below which such shares of the weight lie."""
    order = np.argsort(value, kind="stable")
    sums = np.cumsum(weight[order]) / weight.sum()
    return [float(value[order[np.searchsorted(sums, share)]]) for share in shares]


def instance(town: Town, columns: Mapping[str, npt.NDArray[np.float32]]) -> Instance:
    """Return the known cells with people as demand, and some columns as sites."""
    near = np.flatnonzero(town.known)
    keys = [str(at) for at in near.tolist()]
    return of_matrix(
        dict(zip(keys, town.people[near].tolist(), strict=True)), list(columns),
        np.column_stack(list(columns.values()))[near], rows=keys, columns=list(columns),
    )  # fmt: skip


def station_columns(town: Town) -> dict[str, npt.NDArray[np.float32]]:
    """Return times by station."""
    return {one.key: town.seconds[:, at] for at, one in enumerate(town.stations)}


def candidate_columns(town: Town) -> dict[str, npt.NDArray[np.float32]]:
    """Return times by candidate."""
    return {one.key: town.to_new[:, at] for at, one in enumerate(town.candidates)}


def with_more_units(
    town: Town, *, count: int, erlang: float, sites: Mapping[str, npt.NDArray[np.float32]]
) -> tuple[Answer, dict[str, int]]:
    """Place more ambulances by MEXCLP beside those that stand; tells the fleet by site."""
    stations = station_columns(town)
    stand = {
        f"{key}/{nth}": stations[key] for key, units in town.units.items() for nth in range(units)
    }
    total = len(stand) + count
    answer = mexclp(
        instance(town, {**stand, **sites}), Choice(count=total, fixed=list(stand)),
        reach=LIMIT_S, busy_share=erlang / total, exact=True,
    )  # fmt: skip
    return answer, dict(Counter(key.split("/")[0] for key in answer.sites))


def one_more_station(town: Town) -> tuple[Answer, Instance, Choice]:
    """Find the place for a station by MCLP, beside those that have an ambulance."""
    stations = station_columns(town)
    stand = [key for key in stations if key in town.units]
    place = instance(town, {**stations, **candidate_columns(town)})
    choice = Choice(count=len(stand) + 1, fixed=stand)
    return mclp(place, choice, reach=LIMIT_S, exact=True), place, choice


def from_scratch(town: Town) -> Answer:
    """Choose as many sites as have an ambulance today, as if nothing stood."""
    place = instance(town, {**station_columns(town), **candidate_columns(town)})
    return mclp(place, Choice(count=len(town.units)), reach=LIMIT_S, limits=Limits(rounds=2_000))


@dataclass(frozen=True, slots=True)
class WrongUnit:
    """How often the unit nearest by straight line is not the quickest by road.

    half_s, nine_of_ten_s : seconds lost where it is not
    """

    free: int
    share: float
    half_s: float
    nine_of_ten_s: float
    lost_s: float


def wrong_unit(
    apart: FloatArray, seconds: FloatArray, *, fleets: Sequence[int], chance: np.random.Generator
) -> list[WrongUnit]:
    """Return by the number of free units what the straight line costs.

    apart, seconds : (calls, units) metres and seconds from each unit to each call; each call meets
    a fleet of its own, drawn from all units. Two units at one place are as good as each other.
    """
    calls, units = seconds.shape
    found = []
    for free in fleets:
        drawn = np.argsort(chance.random((calls, units)), axis=1)[:, :free]
        row = np.arange(calls)[:, None]
        by_line = apart[row, drawn].argmin(axis=1)
        times = seconds[row, drawn]
        lost = times[np.arange(calls), by_line] - times.min(axis=1)
        wrong = lost > 0.5
        half, nine = np.quantile(lost[wrong], (0.5, 0.9)) if wrong.any() else (0.0, 0.0)
        found.append(
            WrongUnit(free, float(wrong.mean()), float(half), float(nine), float(lost.mean()))
        )
    return found


def wrong_units(town: Town) -> tuple[list[WrongUnit], list[WrongUnit]]:
    """Return it for ambulances waiting at their stations, and for such as are under way."""
    chance = np.random.default_rng(42)
    near = np.flatnonzero(town.known & np.isfinite(town.seconds).all(axis=1))
    share = town.people[near] / town.people[near].sum()
    calls = chance.choice(near, 4_000, p=share)
    at = [
        place for place, one in enumerate(town.stations) for _ in range(town.units.get(one.key, 0))
    ]
    waiting = wrong_unit(
        apart_m(town.lonlat[calls], points(town.stations)[at]),
        town.seconds[calls][:, at].astype(float), fleets=[2, 3, 5, 8, 12, 16], chance=chance,
    )  # fmt: skip
    moving = chance.choice(near, 400, p=share)
    seconds, _ = town.roads.seconds(town.lonlat[moving], town.lonlat[calls])
    met = np.isfinite(seconds).all(axis=1)
    apart = apart_m(town.lonlat[calls[met]], town.lonlat[moving])
    under_way = wrong_unit(apart, seconds[met].astype(float), fleets=FLEETS, chance=chance)
    return waiting, under_way


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """All answers."""

    town: Town
    erlang: float
    states: tuple[State, ...]
    changes: tuple[Change | None, ...]
    more_units: Answer
    new_station: Answer
    scratch: Answer
    stand_value: float
    chosen: dict[str, float]
    waiting: list[WrongUnit]
    under_way: list[WrongUnit]
    jemss: State
    seconds: float


def study() -> Study:
    """Reckon everything."""
    began = time.process_time()
    town = auckland()
    erlang = load_erlang(town)
    today = state("today", town, town.units, erlang=erlang)
    stations, spots = station_columns(town), candidate_columns(town)
    more, fleet = with_more_units(town, count=NEW_UNITS, erlang=erlang, sites=stations)
    five = state("five more ambulances", town, fleet, erlang=erlang)
    station, place, choice = one_more_station(town)
    (new,) = set(station.sites) - set(town.units)
    one = state("one more station with one", town, {**town.units, new: 1}, erlang=erlang)
    wider = stations | {new: (stations | spots)[new]}
    _, both_fleet = with_more_units(town, count=NEW_UNITS, erlang=erlang, sites=wider)
    both = state("five more, a new station allowed", town, both_fleet, erlang=erlang)
    a_year = CALLS_A_DAY * 365.0 / town.people.sum()
    chosen = how_often_chosen(
        place.with_weight(place.weight * a_year), choice, reach=LIMIT_S, repeats=REPEATS
    )
    states = (today, five, one, both)
    changes = tuple(
        None if one is today else compare(town.ground, today.times, one.times, limit_s=LIMIT_S)
        for one in states
    )
    theirs = replace(town, seconds=jemss_seconds(DATA, points(town.stations), town.lonlat))
    waiting, under_way = wrong_units(town)
    return Study(
        town, erlang, states, changes, more, station, from_scratch(town),
        today.once * float(town.people[town.known].sum()),
        {key: share for key, share in chosen.items() if share and key not in town.units},
        waiting, under_way, state("by JEMSS' roads", theirs, town.units, erlang=erlang),
        time.process_time() - began,
    )  # fmt: skip


def tell(found: Study) -> None:
    """Print the figures."""
    say = sys.stdout.write
    town = found.town
    known = town.people[town.known].sum()
    say(
        f"{town.people.sum():,.0f} people in {len(town.people):,} cells, time known of "
        f"{known:,.0f}; {len(town.stations)} stations, {len(town.units)} of them with an "
        f"ambulance; {len(town.candidates)} candidates; {found.erlang:.2f} Erlang; to hospital "
        f"{town.to_hospital_s / 60:.1f} min; {found.seconds:.0f} s of processor time\n\n"
    )  # fmt: skip
    say("| | ambulances | within 8 min | of two | expected | by hypercube | busy | half | nine of "
        "ten | gain | lose |\n|---|---|---|---|---|---|---|---|---|---|---|\n")  # fmt: skip
    for one, change in zip((*found.states, found.jemss), (*found.changes, None), strict=True):
        gain, lose = (
            ("–", "–") if change is None
            else (f"{change.gains.sum():,.0f}", f"{change.loses.sum():,.0f}")
        )  # fmt: skip
        say(f"| {one.name} | {one.fleet} | {one.once:.1%} | {one.twice:.1%} | {one.expected:.1%} | "
            f"{one.worked:.1%} | {one.busy:.0%} | {one.half_s / 60:.1f} min | "
            f"{one.nine_of_ten_s / 60:.1f} min | {gain} | {lose} |\n")  # fmt: skip
    for what, answer in (
        ("five more", found.more_units), ("one more station", found.new_station),
        ("from scratch", found.scratch),
    ):  # fmt: skip
        say(
            f"\n{what}: value {answer.value:,.0f}, bound {answer.bound:,.0f}, "
            f"gap {answer.gap:.3%}, {answer.seconds:.2f} s, {answer.solver}; {answer.ended}\n"
        )
    for one in found.states:
        new = {key: count - town.units.get(key, 0) for key, count in one.units.items()}
        more = ", ".join(f"{named(town, key)} +{count}" for key, count in new.items() if count)
        places = one.worst.places[:5]
        worst = ", ".join(f"{place.place} ({place.people:,.0f})" for place in places)
        say(f"\n{one.name}: {more or 'as it is'}; worst served: {worst}\n")
    often = sorted(found.chosen.items(), key=lambda pair: -pair[1])[:8]
    say(f"\nchosen: {', '.join(f'{named(town, key)} {share:.0%}' for key, share in often)}\n")
    for title, table in (("at stations", found.waiting), ("under way", found.under_way)):
        say(f"\n| free, {title} | another is quicker | half lose | nine of ten | mean of all |\n")
        say("|---|---|---|---|---|\n")
        for row in table:
            say(
                f"| {row.free} | {row.share:.1%} | {row.half_s:.0f} s | "
                f"{row.nine_of_ten_s:.0f} s | {row.lost_s:.0f} s |\n"
            )


def named(town: Town, key: str) -> str:
    """Return the name of a station or candidate."""
    return next(one.name for one in (*town.stations, *town.candidates) if one.key == key)


def main() -> None:
    """Reckon, print, write the report."""
    found = study()
    tell(found)
    if len(sys.argv) > 1:
        from bench.auckland_report import write

        for path in write(found, Path(sys.argv[1])):
            sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
