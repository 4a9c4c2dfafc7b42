"""The street network of the Shenzhen model, joined, made passable and put into frames."""

from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.frames import make_frame, make_table
from data.model import ROAD_NODE_COLUMNS, SEGMENT_COLUMNS
from data.shenzhen.classes import HIGHWAYS, LOCAL, MOTORWAY, MOTORWAY_LINK, Streets
from data.shenzhen.expressways import add_expressways
from data.shenzhen.ground import BoolArray, Ground, IntArray
from data.shenzhen.layout import lay_streets
from data.shenzhen.names import NamePair

WGS84 = pyproj.Geod(ellps="WGS84")

MAXSPEED_KMH: tuple[float | None, ...] = (
    100.0, 40.0, 60.0, 50.0, None, None, None, None, 30.0, 30.0,
)  # fmt: skip
LANES: tuple[int | None, ...] = (3, 1, 3, 2, 2, None, None, None, 1, 1)
"""By index of `HIGHWAYS`; of one carriageway where there are two, as in OSM."""
MAXSPEED_TUNNEL_KMH = 60.0
SIGNALS_AT_COLLECTORS = 0.75


def build_streets(
    ground: Ground, rng: np.random.Generator, *, scale: float, bases: list[NamePair]
) -> tuple[Streets, dict[int, str]]:
    """Lay streets and expressways; every node can be reached from every other by car.

    Returns the network and the road number of the name indices that have one.
    """
    streets = lay_streets(ground, rng, scale=scale, bases=bases)
    refs = add_expressways(streets, ground, scale=scale, bases=bases)
    _keep_nodes(streets, _largest(streets, "weak"))
    # A one-way street that traps its drivers is opened both ways.
    trapped = ~_largest(streets, "strong")
    opened = (trapped[streets.start] | trapped[streets.end]) & np.isin(streets.highway, LOCAL)
    streets.oneway[opened] = 0
    _keep_nodes(streets, _largest(streets, "strong"))
    return streets, refs


def segment_frame(streets: Streets, ground: Ground, refs: dict[int, str]) -> gpd.GeoDataFrame:
    """Return the segments (`SEGMENT_COLUMNS`); node ids are node index + 1."""
    lon, lat = ground.lon_lat(streets.x_m, streets.y_m)
    a, b = streets.start, streets.end
    _, _, length_m = WGS84.inv(lon[a], lat[a], lon[b], lat[b])
    count = len(a)
    kind = streets.highway
    maxspeed = _pick(MAXSPEED_KMH, kind)
    maxspeed[streets.is_tunnel & (kind == MOTORWAY)] = MAXSPEED_TUNNEL_KMH
    backward = maxspeed.copy()
    backward[streets.oneway == 1] = None
    for_cars_only = (kind == MOTORWAY) | (kind == MOTORWAY_LINK)
    name_zh = _pick((*(zh for zh, _ in streets.names), None), streets.name)
    values = {
        "osm_way_id": np.full(count, None, dtype=object),
        "from_node": a + 1,
        "to_node": b + 1,
        "length_m": length_m,
        "highway": _pick(HIGHWAYS, kind),
        "oneway": streets.oneway,
        "drive_access": np.full(count, "yes", dtype=object),
        "walk_access": np.where(for_cars_only, "no", "yes").astype(object),
        "maxspeed_kmh": maxspeed,
        "maxspeed_backward_kmh": backward,
        "lanes": _pick(LANES, kind),
        "layer": streets.layer,
        "is_bridge": streets.is_bridge,
        "is_tunnel": streets.is_tunnel,
        "name": name_zh,
        "name_zh": name_zh,
        "name_en": _pick((*(en for _, en in streets.names), None), streets.name),
        "ref": _pick((*(refs.get(n) for n in range(len(streets.names))), None), streets.name),
        "tags": [{} for _ in range(count)],
        "modelled": np.ones(count, dtype=bool),
    }
    ends = np.stack([np.column_stack([lon[a], lat[a]]), np.column_stack([lon[b], lat[b]])], axis=1)
    return make_frame(SEGMENT_COLUMNS, values, geometry=shapely.linestrings(ends))


def signal_frame(streets: Streets, rng: np.random.Generator) -> pd.DataFrame:
    """Return traffic signals (`ROAD_NODE_COLUMNS`): where arterials meet, and at collectors.

    A crossing has signals at all its nodes or at none, as it is mapped in OSM.
    """
    drawn = rng.random(max(streets.crossing.max(initial=-1) + 1, 1)) < SIGNALS_AT_COLLECTORS
    signal = streets.is_corner | ((streets.crossing >= 0) & drawn[streets.crossing])
    nodes = np.flatnonzero(signal) + 1
    return make_table(
        ROAD_NODE_COLUMNS,
        {
            "node_id": nodes,
            "kind": ["traffic_signals"] * len(nodes),
            "tags": [{"highway": "traffic_signals"} for _ in nodes],
        },
    )


def _largest(streets: Streets, connection: Literal["weak", "strong"]) -> BoolArray:
    """Return which nodes lie in the largest weakly or strongly connected part."""
    both = streets.oneway == 0
    tail = np.concatenate([streets.start, streets.end[both]])
    head = np.concatenate([streets.end, streets.start[both]])
    size = len(streets.x_m)
    graph = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size))
    _, label = connected_components(graph.tocsr(), directed=True, connection=connection)
    largest: BoolArray = label == np.bincount(label).argmax()
    return largest


def _keep_nodes(streets: Streets, keep: BoolArray) -> None:
    """Drop nodes and the segments at them, in place."""
    renumbered: IntArray = np.cumsum(keep) - 1
    whole = keep[streets.start] & keep[streets.end]
    streets.x_m, streets.y_m = streets.x_m[keep], streets.y_m[keep]
    streets.is_corner, streets.crossing = streets.is_corner[keep], streets.crossing[keep]
    streets.start, streets.end = renumbered[streets.start[whole]], renumbered[streets.end[whole]]
    for name in ("highway", "oneway", "layer", "is_bridge", "is_tunnel", "name"):
        setattr(streets, name, getattr(streets, name)[whole])


def _pick(choices: tuple[object, ...], index: IntArray) -> npt.NDArray[np.object_]:
    """Return `choices[index]` as objects; index -1 is the last."""
    table = np.empty(len(choices), dtype=object)
    table[:] = choices
    picked: npt.NDArray[np.object_] = table[index]
    return picked
