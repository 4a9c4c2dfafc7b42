"""Cut ways into road segments at junctions, keeping every tag that routing needs."""

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from data.frames import make_frame, make_table
from data.model import ROAD_NODE_COLUMNS, SEGMENT_COLUMNS
from data.osm import tags as osm_tags
from data.osm.maxspeed import MAX_CREDIBLE_KMH, maxspeeds
from data.osm.modes import MODES_KEY, barrier_modes, duration_s, mode_facts
from data.osm.raw import DEGREES_PER_UNIT, UNKNOWN_LOCATION, OsmRaw

WGS84 = Geod(ellps="WGS84")

MIN_LENGTH_M = 0.01
"""Two nodes on one spot still join two roads; the table wants a length above zero."""


class _Nodes(NamedTuple):
    """Way nodes one after another, without unknown and repeated ones. All arrays (n,)."""

    way: NDArray[np.int64]  # index of the way
    part: NDArray[np.int64]  # rises at each new way and behind each missing node
    ref: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def geodesic_lengths_m(
    lon: NDArray[np.float64], lat: NDArray[np.float64], *, line: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the WGS-84 length in metres of each line.

    lon, lat: (n,) degrees, vertices one after another; line: (n,) rising index 0..m-1 of the line
    that each vertex belongs to. Returns (m,).
    """
    step = np.zeros(len(lon))
    _, _, step[1:] = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step[1:][line[1:] != line[:-1]] = 0.0
    lengths_m: NDArray[np.float64] = np.bincount(line, weights=step).astype(np.float64)
    return lengths_m


def build_segments(raw: OsmRaw) -> gpd.GeoDataFrame:
    """Return the frame of segments (`SEGMENT_COLUMNS`), geometry in the way's node order.

    A way is cut where another way (or itself) uses the same node, at barriers and at traffic
    signals. Ways closed to everybody are left out; a way node missing from the file ends the
    segment. Roads that cross without a common node stay unconnected. The speed of a ferry is its
    length by its `duration`.
    """
    facts = [_way_facts(tags) for tags in raw.way_tags]
    open_way = np.fromiter((_is_open(f) for f in facts), np.bool_, len(facts))
    nodes = _known_nodes(raw, open_way)
    start, stop = _cuts(nodes, np.fromiter(raw.node_tags, np.int64, len(raw.node_tags)))
    size = stop - start + 1
    line = np.repeat(np.arange(len(start)), size)
    vertex = np.arange(len(line)) - np.repeat(np.cumsum(size) - size, size) + start[line]
    lon, lat = nodes.lon[vertex], nodes.lat[vertex]
    way = nodes.way[start]
    values = {
        "osm_way_id": np.frombuffer(raw.way_ids, np.int64)[way],
        "from_node": nodes.ref[start],
        "to_node": nodes.ref[stop],
        "length_m": np.maximum(geodesic_lengths_m(lon, lat, line=line), MIN_LENGTH_M),
        "modelled": np.zeros(len(start), dtype=bool),
    } | _spread(facts, way)
    for name in ("maxspeed_kmh", "maxspeed_backward_kmh"):
        values[name] = _ferry_speeds(raw, way, values["length_m"], otherwise=values[name])
    geometry = shapely.linestrings(np.column_stack([lon, lat]), indices=line)
    return make_frame(SEGMENT_COLUMNS, values, geometry=geometry)


def build_road_nodes(raw: OsmRaw, segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return signals and barriers at segment ends (`ROAD_NODE_COLUMNS`).

    A barrier's tags gain `drive_access` and `walk_access`: what may pass it.
    """
    ends = np.union1d(segments["from_node"].to_numpy(), segments["to_node"].to_numpy())
    known = [int(node) for node in np.intersect1d(ends, list(raw.node_tags))]
    kinds, tags = [], []
    for node in known:
        found = raw.node_tags[node]
        kinds.append("barrier" if "barrier" in found else "traffic_signals")
        tags.append(_barrier_tags(found) if "barrier" in found else dict(found))
    return make_table(ROAD_NODE_COLUMNS, {"node_id": np.array(known, dtype=np.int64),
                                          "kind": kinds, "tags": tags})  # fmt: skip


def _barrier_tags(tags: dict[str, str]) -> dict[str, str]:
    drive, walk = osm_tags.barrier_access(tags)
    return tags | {"drive_access": drive, "walk_access": walk} | barrier_modes(tags)


def _is_open(facts: dict[str, Any]) -> bool:
    modes = facts["tags"].get(MODES_KEY, {})
    bicycle = modes.get("bicycle", "yes" if facts["highway"] == "cycleway" else "no")
    found = (
        facts["drive_access"], facts["walk_access"], bicycle, modes.get("motorcycle", "no"),
    )  # fmt: skip
    return any(access != "no" for access in found)


def _ferry_speeds(
    raw: OsmRaw,
    way: NDArray[np.int64],
    length_m: NDArray[np.float64],
    *,
    otherwise: NDArray[np.object_],
) -> NDArray[np.object_]:
    """Replace the limits of ferries, (n,) km/h or None, by the speed that keeps the timetable."""
    way_m = np.bincount(way, weights=length_m, minlength=len(raw.way_tags))
    speed_kmh = otherwise.copy()
    for row in np.flatnonzero(
        [osm_tags.road_class(tags) == osm_tags.FERRY for tags in raw.way_tags]
    ):
        crossing_s = duration_s(raw.way_tags[row].get("duration"))
        scheduled = None if crossing_s is None else 3.6 * float(way_m[row]) / crossing_s
        credible = scheduled is not None and 0 < scheduled <= MAX_CREDIBLE_KMH
        speed_kmh[way == row] = scheduled if credible else None
    return speed_kmh


def _way_facts(tags: dict[str, str]) -> dict[str, object]:
    forward, backward = maxspeeds(tags)
    modes = mode_facts(tags)
    name, name_zh, name_en = osm_tags.names(tags)
    return {
        "highway": osm_tags.road_class(tags),
        "oneway": osm_tags.oneway(tags),
        "drive_access": osm_tags.drive_access(tags),
        "walk_access": osm_tags.walk_access(tags),
        "maxspeed_kmh": forward,
        "maxspeed_backward_kmh": backward,
        "lanes": osm_tags.lanes(tags),
        "layer": osm_tags.layer(tags),
        "is_bridge": osm_tags.is_set(tags.get("bridge")),
        "is_tunnel": osm_tags.is_set(tags.get("tunnel")),
        "name": name,
        "name_zh": name_zh,
        "name_en": name_en,
        "ref": tags.get("ref"),
        "tags": osm_tags.kept_tags(tags) | ({MODES_KEY: modes} if modes else {}),
    }


_NUMBER_DTYPES = {"oneway": np.int64, "layer": np.int64, "is_bridge": np.bool_,
                  "is_tunnel": np.bool_}  # fmt: skip


def _spread(
    facts: list[dict[str, object]], way: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    """Repeat each way's facts for its segments: one array per column."""
    spread: dict[str, NDArray[np.generic]] = {}
    for name in _way_facts({"highway": ""}):
        column: NDArray[Any] = np.empty(len(facts), dtype=_NUMBER_DTYPES.get(name, np.object_))
        column[:] = [fact[name] for fact in facts]
        spread[name] = column[way]
    return spread


def _known_nodes(raw: OsmRaw, open_way: NDArray[np.bool_]) -> _Nodes:
    way = np.repeat(np.arange(len(raw.way_sizes)), np.frombuffer(raw.way_sizes, np.int32))
    x, y = np.frombuffer(raw.x, np.int32), np.frombuffer(raw.y, np.int32)
    ref = np.frombuffer(raw.refs, np.int64)
    known = x != UNKNOWN_LOCATION
    part = np.cumsum(np.append(True, (way[1:] != way[:-1]) | ~known[:-1]) if len(way) else known)
    keep = known & open_way[way]
    # A node written twice in a row is one node.
    keep[1:] &= ~((ref[1:] == ref[:-1]) & (part[1:] == part[:-1]))
    degrees = [np.round(c[keep] * DEGREES_PER_UNIT, 7) for c in (x, y)]
    return _Nodes(way[keep], part[keep].astype(np.int64), ref[keep], degrees[0], degrees[1])


def _cuts(nodes: _Nodes, special: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last vertex index of every segment."""
    if len(nodes.ref) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    _, inverse, uses = np.unique(nodes.ref, return_inverse=True, return_counts=True)
    part_start = np.append(True, nodes.part[1:] != nodes.part[:-1])
    part_end = np.append(part_start[1:], True)
    cut = (uses[inverse] > 1) | np.isin(nodes.ref, special) | part_start | part_end
    at = np.flatnonzero(cut)
    within = ~part_end[at[:-1]]  # from the end of one part to the next start is no road
    return at[:-1][within], at[1:][within]
