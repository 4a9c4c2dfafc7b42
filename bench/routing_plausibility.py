"""Are our times plausible? Free flow beside OSRM's and beside real taxi trips, on the real core.

    ./run bench routing_plausibility

Two questions that must not be mixed. Is the graph right: by the same speeds, signals and turns our
times must be OSRM's. Are the speeds right: by each engine's own rules, which is nearer to what
taxis took? The trips are those of one day (source and licence: the README of the test data); their
time holds traffic, parking and setting down, which no free flow does.
"""

import sys
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from api.frames.roads import road_graph
from bench.peers import NOT_THERE, programs
from bench.peers_http import Server
from bench.peers_libraries import parquet_columns
from bench.peers_osrm import table_s
from bench.routing_graphs import CORE_EXTRACT, GRAPHS, SHARED_DATA
from bench.routing_peers import osrm_car
from data.model import CityData
from data.osm.pbf import read_pbf
from routing.roads.errors import NoRoadNearbyError
from routing.roads.model import Profile
from routing.rules.model import ProfileRules, TurnCosts
from routing.rules.profiles import PROFILES
from routing.search.router import DijkstraRouter

FloatArray = NDArray[np.float64]

CAR = PROFILES[Profile.CAR]
OSRM_CAR = ProfileRules(
    profile=Profile.CAR, on_foot=False, access=CAR.access, exempt_modes=CAR.exempt_modes,
    signal_delay_s=2.0,
    class_speed_kmh={
        "motorway": 90, "motorway_link": 45, "trunk": 85, "trunk_link": 40, "primary": 65,
        "primary_link": 30, "secondary": 55, "secondary_link": 25, "tertiary": 40,
        "tertiary_link": 20, "unclassified": 25, "residential": 25, "living_street": 10,
        "service": 15,
    },
    free_flow_factor=dict.fromkeys(CAR.free_flow_factor, 1.0),
    turn=TurnCosts(near_s=2.0, far_s=7.0, u_turn_s=20.0),
)  # fmt: skip
"""Speeds, signals and turns of OSRM's car profile (26.10), to compare graphs and not models."""

RULES = {
    "by OSRM's speeds, signals and turns (graph against graph)": OSRM_CAR,
    "by our own speeds, OSRM's signals and turns": replace(
        CAR, signal_delay_s=OSRM_CAR.signal_delay_s, turn=OSRM_CAR.turn
    ),
    "by OSRM's speeds, our own signals and turns": replace(
        OSRM_CAR, signal_delay_s=CAR.signal_delay_s, turn=CAR.turn
    ),
    "by our own rules (model against model)": CAR,
}

_SNAP_LIMIT_M = 5_000.0
_TAXI_SNAP_M = 60.0
_INNER = (113.956, 22.5075, 114.092, 22.5975)
"""Of the core, away from its border: west, south, east, north."""
_HOURS = {"21-24 h": (21, 22, 23), "10-16 h": tuple(range(10, 16)), "17-20 h": (17, 18, 19)}


def plausibility() -> list[str]:
    """Compare with OSRM and with taxis; one line each."""
    if programs("osrm") is None:
        return [f"Plausibility on the real core: OSRM {NOT_THERE}."]
    city = read_pbf(CORE_EXTRACT, key="core")
    with osrm_car(CORE_EXTRACT) as server:
        return [*against_osrm(city, server), *against_taxis(city, server)]


def against_osrm(city: CityData, server: Server) -> list[str]:
    """Compare times between random junctions, by one part of OSRM's rules after the other."""
    roads = GRAPHS["core"]()
    random = np.random.default_rng(9)
    origins, goals = (
        roads.nodes.lonlat[random.choice(roads.nodes.n, 60, replace=False)] for _ in range(2)
    )
    theirs, _ = table_s(server, origins, goals)
    lines = []
    for words, rules in RULES.items():
        router = DijkstraRouter(road_graph(city, profile=rules))
        snapped = router.snap(goals, max_distance_m=_SNAP_LIMIT_M)
        ours = np.array(
            [
                router.times_from(router.snap(one, max_distance_m=_SNAP_LIMIT_M), snapped)
                for one in origins
            ]
        )
        both = np.isfinite(ours) & np.isfinite(theirs)
        correlation = float(np.corrcoef(ours[both], theirs[both])[0, 1])
        ratio = np.percentile(ours[both] / np.maximum(theirs[both], 1.0), [5, 50, 95])
        judged = "met" if correlation >= 0.99 else "**not met**"
        lines.append(
            f"Plausibility, real core, {int(both.sum()):,} pairs of junctions, our car "
            f"{words} and OSRM's car profile: correlation {correlation:.4f} (≥ 0.99: {judged}); "
            f"ours / OSRM's at 5, 50, 95 %: {ratio[0]:.2f}, {ratio[1]:.2f}, {ratio[2]:.2f}."
        )
    return lines


def against_taxis(city: CityData, server: Server) -> list[str]:
    """Compare free flow by our own rules, and OSRM's, with the time occupied taxis took."""
    trips = parquet_columns(SHARED_DATA / "shenzhen_traffic", "taxi_od_trips")
    if trips is None:
        return [f"Plausibility against taxi trips: Parquet reader {NOT_THERE}."]
    column = {name.partition(".")[2]: values for name, values in trips.items()}
    places = np.stack(
        [np.column_stack((column["Lng"], column["Lat"])),
         np.column_stack((column["ELng"], column["ELat"]))],
        axis=1,
    )  # fmt: skip
    west, south, east, north = _INNER
    inside = (places > (west, south)).all(axis=(1, 2)) & (places < (east, north)).all(axis=(1, 2))
    kmh = column["distance_m"] / column["dur_s"] * 3.6
    # A taxi that wandered, waited or forgot its meter says nothing about the road.
    direct = column["distance_m"] < 2.2 * column["crow_m"]
    use = np.flatnonzero(
        inside & direct & (column["distance_m"] > 1_500) & (kmh > 4.0) & (kmh < 90.0)
    )
    hour = column["Stime"].astype("datetime64[h]").astype(np.int64) % 24
    router = DijkstraRouter(road_graph(city, profile=CAR))
    ours_s = np.array([_trip_s(router, *places[trip]) for trip in use])
    times_s = np.column_stack((ours_s, _osrm_s(server, places[use])))
    found = np.isfinite(times_s).all(axis=1) & (times_s > 0).all(axis=1)
    use, times_s = use[found], times_s[found]
    actual_s = column["dur_s"][use]
    lines = []
    for words, hours in ({"all day": tuple(range(24))} | _HOURS).items():
        row = np.isin(hour[use], hours)
        said = []
        for name, predicted_s in zip(("ours", "OSRM's"), times_s[row].T, strict=True):
            ratio = np.percentile(actual_s[row] / predicted_s, [25, 50, 75])
            logs = np.corrcoef(np.log(actual_s[row]), np.log(predicted_s))[0, 1]
            said.append(
                f"actual / {name} at 25, 50, 75 %: {ratio[0]:.2f}, {ratio[1]:.2f}, {ratio[2]:.2f}, "
                f"correlation of logarithms {logs:.2f}"
            )
        lines.append(f"{int(row.sum()):,} taxi trips in the core, {words}: {'; '.join(said)}.")
    return lines


def _trip_s(router: DijkstraRouter, origin: FloatArray, goal: FloatArray) -> float:
    origins, goals = (
        router.snap(place[None, :], max_distance_m=_TAXI_SNAP_M) for place in (origin, goal)
    )
    try:
        return float(router.times_from(origins, goals)[0])
    except NoRoadNearbyError:
        return np.nan


def _osrm_s(server: Server, places: FloatArray) -> FloatArray:
    """Return OSRM's seconds (t,) of trips (t, 2, 2): the diagonals of small tables."""
    blocks = np.array_split(places, max(len(places) // 20, 1))
    return np.concatenate(
        [np.diagonal(table_s(server, block[:, 0], block[:, 1])[0]) for block in blocks]
    )


if __name__ == "__main__":
    sys.stdout.write("\n".join(plausibility()) + "\n")
