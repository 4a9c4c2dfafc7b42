"""Gazetteer entries that come from the road network itself: streets and their crossings."""

from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.frames import make_frame
from data.model import PLACE_COLUMNS
from data.osm.tags import FERRY
from data.search_text import search_text
from gis.geometry import METRES_PER_DEGREE
from gis.text_fold import fold

STREET_GAP_M = 1000.0
"""Pieces of one name further apart than one to two times this are two streets."""
CROSSING_GAP_M = 150.0
"""A crossing of dual carriageways has up to four nodes; they count as one."""
MIN_STREET_RADIUS_M = 25.0
CROSSING_RADIUS_M = 30.0

UNNAMED_CROSSING_CLASSES = frozenset({"footway", "path", "steps", "corridor", "platform"})


def street_places(
    segments: gpd.GeoDataFrame, *, source: str, modelled: bool = False
) -> gpd.GeoDataFrame:
    """Return one place per named street (`PLACE_COLUMNS`).

    Same-named streets far apart are separate. The point is the street's node nearest its middle;
    `radius_m` is half the diagonal of its extent.
    """
    ends = _street_ends(segments)
    if ends.empty:
        return make_frame(PLACE_COLUMNS, {name: [] for name in PLACE_COLUMNS}, geometry=[])
    streets = _summary(ends)
    values = _names_of(streets) | {
        "source": [source] * len(streets),
        "source_ref": [f"street/{fold(n)}/{i}" for n, i in
                       zip(streets["name"], streets["first_node"], strict=True)],
        "kind": ["street"] * len(streets),
        "house_number": [None] * len(streets),
        "street": streets["name"].to_numpy(),
        "search_text": [search_text(*row) for row in
                        zip(streets["name"], streets["name_zh"], streets["name_en"], strict=True)],
        "radius_m": np.maximum(streets["radius_m"].to_numpy(), MIN_STREET_RADIUS_M),
        "modelled": np.full(len(streets), modelled),
    }  # fmt: skip
    return make_frame(PLACE_COLUMNS, values, geometry=_points(streets))


def crossing_places(
    segments: gpd.GeoDataFrame, *, source: str, modelled: bool = False
) -> gpd.GeoDataFrame:
    """Return one place per crossing of two named streets (`PLACE_COLUMNS`).

    Footpaths make no crossings. The name is `A & B`, in Chinese `A与B交叉口`, parts in the order of
    their folded names.
    """
    rows = _crossing_rows(segments)
    values = {name: [row.get(name) for row in rows] for name in PLACE_COLUMNS} | {
        "source": [source] * len(rows),
        "kind": ["intersection"] * len(rows),
        "radius_m": np.full(len(rows), CROSSING_RADIUS_M),
        "modelled": np.full(len(rows), modelled),
    }
    points = shapely.points([row["lon"] for row in rows], [row["lat"] for row in rows])
    return make_frame(PLACE_COLUMNS, values, geometry=points)


def _street_ends(segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """Two rows per named segment, its ends, with the `street` (cluster) they belong to."""
    named = segments[segments["name"].notna() & (segments["highway"] != FERRY)]
    geometry = named.geometry.to_numpy()
    parts = []
    for node, place in (("from_node", 0), ("to_node", -1)):
        point = shapely.get_point(geometry, place)
        parts.append(
            pd.DataFrame(
                {
                    "node": named[node].to_numpy(),
                    "lon": shapely.get_x(point),
                    "lat": shapely.get_y(point),
                    "name": named["name"].to_numpy(),
                    "name_zh": named["name_zh"].to_numpy(),
                    "name_en": named["name_en"].to_numpy(),
                    "walk_only": named["highway"].isin(UNNAMED_CROSSING_CLASSES).to_numpy(),
                }
            ).astype({"name": object, "name_zh": object, "name_en": object})
        )
    ends = pd.concat(parts, ignore_index=True)
    if not ends.empty:
        count = len(named)
        pairs = np.column_stack([np.arange(count), np.arange(count) + count])
        ends["street"] = _clusters(ends, key=pd.factorize(ends["name"])[0], gap_m=STREET_GAP_M,
                                   linked=pairs)  # fmt: skip
    return ends


def _clusters(
    points: pd.DataFrame,
    *,
    key: NDArray[np.int64],
    gap_m: float,
    linked: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Number the groups of points with one key that lie in touching cells of `gap_m`.

    points: lon, lat in degrees; key: (n,); linked: (m, 2) indices that belong together anyway.
    Returns (n,) group numbers from 0. Linear in n, unlike a search for pairs.
    """
    lat = points["lat"].to_numpy()
    east = points["lon"].to_numpy() * METRES_PER_DEGREE * np.cos(np.radians(lat.mean()))
    cells = np.column_stack(
        [key, np.floor(east / gap_m), np.floor(lat * METRES_PER_DEGREE / gap_m)]
    ).astype(np.int64)
    low = cells.min(axis=0)
    span = cells.max(axis=0) - low + 3  # one free cell on each side, so that no row wraps round
    code = ((cells[:, 0] - low[0]) * span[1] + cells[:, 1] - low[1] + 1) * span[2] + (
        cells[:, 2] - low[2] + 1
    )
    known, cell = np.unique(code, return_inverse=True)
    links = []
    for step in (1, span[2] - 1, span[2], span[2] + 1):
        at = np.searchsorted(known, known + step)
        found = (at < len(known)) & (known[np.minimum(at, len(known) - 1)] == known + step)
        links.append(np.column_stack([np.flatnonzero(found), at[found]]))
    if linked is not None:
        links.append(cell[linked])
    edges = np.concatenate(links)
    graph = coo_array((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])),
                      shape=(len(known), len(known)))  # fmt: skip
    groups = connected_components(graph, directed=False)[1][cell]
    return groups.astype(np.int64)


def _summary(ends: pd.DataFrame) -> pd.DataFrame:
    """One row per street: names, the node nearest its middle, half its extent."""
    group = ends.groupby("street", sort=True)
    box = group.agg(west=("lon", "min"), east=("lon", "max"), south=("lat", "min"),
                    north=("lat", "max"), mid_lon=("lon", "mean"), mid_lat=("lat", "mean"),
                    first_node=("node", "min"))  # fmt: skip
    shrink = np.cos(np.radians(box["mid_lat"]))
    box["radius_m"] = 0.5 * METRES_PER_DEGREE * np.hypot(
        (box["east"] - box["west"]) * shrink, box["north"] - box["south"])  # fmt: skip
    middle = box.loc[ends["street"]]
    ends = ends.assign(
        off=np.hypot((ends["lon"].to_numpy() - middle["mid_lon"].to_numpy()) *
                     shrink.loc[ends["street"]].to_numpy(),
                     ends["lat"].to_numpy() - middle["mid_lat"].to_numpy())
    )  # fmt: skip
    nearest = ends.sort_values(["street", "off", "node"]).drop_duplicates("street")
    nearest = nearest.set_index("street")[["lon", "lat", "name"]]
    translated = group[["name_zh", "name_en"]].first()
    return box[["first_node", "radius_m"]].join(nearest).join(translated)


def _names_of(rows: pd.DataFrame) -> dict[str, list[str | None]]:
    return {
        name: [value if isinstance(value, str) else None for value in rows[name]]
        for name in ("name", "name_zh", "name_en")
    }


def _points(rows: pd.DataFrame) -> Any:
    return shapely.points(rows["lon"].to_numpy(), rows["lat"].to_numpy())


def _crossing_rows(segments: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    ends = _street_ends(segments)
    if ends.empty:
        return []
    ends = ends[~ends["walk_only"]].drop_duplicates(["node", "street"])
    streets = ends.groupby("street")[["name", "name_zh", "name_en"]].first()
    names = {s: tuple(v if isinstance(v, str) else None for v in row)
             for s, *row in streets.itertuples()}  # fmt: skip
    shared = ends[ends.duplicated("node", keep=False)].sort_values(["node", "street"])
    pairs = [
        (a, b, node, lon, lat)
        for (node, lon, lat), group in shared.groupby(["node", "lon", "lat"])["street"]
        for a, b in combinations(group.tolist(), 2)
    ]
    if not pairs:
        return []
    found = pd.DataFrame(pairs, columns=["a", "b", "node", "lon", "lat"])
    pair_key = found.groupby(["a", "b"]).ngroup().to_numpy().astype(np.int64)
    found["crossing"] = _clusters(found, key=pair_key, gap_m=CROSSING_GAP_M)
    first = found.drop_duplicates("crossing")
    return [
        _crossing(names[a], names[b], node=node, lon=lon, lat=lat)
        for a, b, node, lon, lat in first[["a", "b", "node", "lon", "lat"]].itertuples(index=False)
    ]


def _crossing(
    a: tuple[str | None, ...], b: tuple[str | None, ...], *, node: int, lon: float, lat: float
) -> dict[str, Any]:
    first, second = sorted((a, b), key=lambda names: fold(names[0] or ""))
    both_zh = first[1] and second[1]
    both_en = first[2] and second[2]
    return {
        "source_ref": f"crossing/{node}/{fold(first[0] or '')}|{fold(second[0] or '')}",
        "name": f"{first[0]} & {second[0]}",
        "name_zh": f"{first[1]}与{second[1]}交叉口" if both_zh else None,
        "name_en": f"{first[2]} & {second[2]}" if both_en else None,
        "search_text": search_text(*first, *second),
        "lon": lon,
        "lat": lat,
    }
