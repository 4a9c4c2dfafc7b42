"""Make the embedded sample city out of AequilibraE's Coquimbo example.

    python -m data.coquimbo.make reference_files/coquimbo.zip

The example (aequilibrae/reference_files/coquimbo.zip in the package `aequilibrae`, or the
project_database.sqlite within) holds the OpenStreetMap streets of La Serena-Coquimbo, ODbL.
OSM ids do not survive its 32-bit columns and are dropped. Its `centroid_connector` links are
virtual: they stay out, or routes would run through zone centres. Writes coquimbo.npz and
coquimbo_modelled.json beside coquimbo_known.json; the same input gives the same files.
"""

import json
import sqlite3
import sys
import tempfile
import warnings
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.coquimbo.sites import model_sites

SAMPLE = Path(__file__).parents[1] / "sample"
UNITS_PER_DEGREE = 1e7
CONNECTOR = "centroid_connector"

# The sea lies west of this line where the zones do not reach the shore (north and south of the
# bay; approximate), and west of the zones' outline elsewhere.
SHORE_NORTH = [(-71.300, -29.74), (-71.293, -29.80), (-71.290, -29.823), (-71.278, -29.850)]
SHORE_SOUTH = [(-71.367, -29.985), (-71.372, -30.010), (-71.378, -30.073), (-71.388, -30.110),
               (-71.395, -30.190)]  # fmt: skip
SEA_WEST, SEA_NORTH, SEA_SOUTH = -71.60, -29.74, -30.19
INLAND = -71.20
SHORE_STREETS_WEST_OF = -71.265
SMOOTH_DEG = 0.0015
STREET_CLEARANCE_DEG = 0.0008


def main(arguments: list[str]) -> None:
    """Read the archive or SQLite file named in `arguments` and write the sample."""
    with tempfile.TemporaryDirectory() as folder:
        links, zones = _read(Path(arguments[0]), Path(folder))
    streets = links[links["link_type"] != CONNECTOR].reset_index(drop=True)
    arrays = _link_arrays(streets) | _ring_arrays("zone", zones.geometry)
    arrays |= _ring_arrays("sea", [sea_polygon(streets.geometry, zones.geometry)])
    arrays |= {
        "zone_id": zones["zone_id"].to_numpy(np.int32),
        "zone_population": zones["population"].to_numpy(np.float64),
        "links_in_source": np.array([len(links), len(streets)], dtype=np.int32),
    }
    np.savez_compressed(SAMPLE / "coquimbo.npz", allow_pickle=False, **arrays)
    known = json.loads((SAMPLE / "coquimbo_known.json").read_text(encoding="utf-8"))
    sites = model_sites(streets, zones, known=known)
    text = json.dumps(sites, ensure_ascii=False, indent=0)
    (SAMPLE / "coquimbo_modelled.json").write_text(text + "\n", encoding="utf-8")


def sea_polygon(streets: Any, zones: Any) -> shapely.Polygon:
    """Return the modelled sea: west of the shore, clear of every zone and street.

    The zones' jagged outline is smoothed by closing and opening with about 150 m.
    """
    outline = shapely.union_all(list(zones)).buffer(SMOOTH_DEG).buffer(-2 * SMOOTH_DEG)
    outline = outline.buffer(SMOOTH_DEG)
    shore_land = shapely.Polygon(
        [*SHORE_NORTH, (INLAND, -29.85), (INLAND, -29.985), *SHORE_SOUTH, (-71.0, SEA_SOUTH),
         (-71.0, SEA_NORTH)]
    )  # fmt: skip
    # Between the two shores the bay itself must not be filled: only the zones are land there.
    bay = shapely.box(SEA_WEST, -29.960, -71.24, -29.850)
    land = shapely.union_all(
        [outline, shore_land.difference(bay), _behind(outline, bay),
         shapely.MultiLineString([s for s in streets if s.bounds[0] < SHORE_STREETS_WEST_OF])
         .buffer(STREET_CLEARANCE_DEG)]
    )  # fmt: skip
    sea = shapely.box(SEA_WEST, SEA_SOUTH, -71.1, SEA_NORTH).difference(land)
    largest = max(shapely.get_parts(sea).tolist(), key=lambda part: part.area)
    smooth = largest.buffer(-SMOOTH_DEG / 3).buffer(SMOOTH_DEG / 3).simplify(1e-4)
    return shapely.Polygon(max(shapely.get_parts(smooth).tolist(), key=lambda p: p.area).exterior)


def _behind(outline: BaseGeometry, bay: shapely.Polygon) -> BaseGeometry:
    """Everything east of the outline's western edge within the bay's latitudes."""
    _, south, _, north = bay.bounds
    strips = []
    for low in np.arange(south, north, 0.001):
        strip = shapely.box(SEA_WEST, low, -71.0, low + 0.001)
        part = outline.intersection(shapely.box(-71.31, low, -71.0, low + 0.001))
        if not part.is_empty:
            strips.append(strip.intersection(shapely.box(part.bounds[0], low, -71.0, low + 0.001)))
    return shapely.union_all(strips)


def _read(path: Path, folder: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            member = next(n for n in archive.namelist() if n.endswith("project_database.sqlite"))
            path = Path(archive.extract(member, folder))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*integer overflow.*")
        columns = ["link_id", "a_node", "b_node", "direction", "link_type", "name", "speed_ab",
                   "speed_ba", "lanes_ab", "lanes_ba"]  # fmt: skip
        links = pyogrio.read_dataframe(path, layer="links", columns=columns)
        zones = pyogrio.read_dataframe(path, layer="zones", columns=["zone_id"])
    # GDAL would cut the fractional people off: the column is declared as integer.
    with closing(sqlite3.connect(path)) as database:
        people = dict(database.execute("SELECT zone_id, population FROM zones"))
    zones["population"] = zones["zone_id"].map(people).astype(float)
    return links.sort_values("link_id", ignore_index=True), zones


def _link_arrays(streets: gpd.GeoDataFrame) -> dict[str, NDArray[np.generic]]:
    classes, class_of = np.unique(streets["link_type"].to_numpy(str), return_inverse=True)
    names, name_of = np.unique(streets["name"].fillna("").to_numpy(str), return_inverse=True)
    arrays: dict[str, NDArray[np.generic]] = {
        "classes": classes,
        "names": names,
        "class": class_of.astype(np.int8),
        "name": name_of.astype(np.int16),
        "a_node": streets["a_node"].to_numpy(np.int32),
        "b_node": streets["b_node"].to_numpy(np.int32),
        "direction": streets["direction"].to_numpy(np.int8),
    }
    for column in ("speed_ab", "speed_ba", "lanes_ab", "lanes_ba"):
        arrays[column] = streets[column].fillna(0).to_numpy(np.int16)
    return arrays | _coordinate_arrays("link", streets.geometry.to_numpy())


def _ring_arrays(prefix: str, polygons: Any) -> dict[str, NDArray[np.generic]]:
    largest = [max(shapely.get_parts(p).tolist(), key=lambda part: part.area) for p in polygons]
    return _coordinate_arrays(prefix, np.array([p.exterior for p in largest], dtype=object))


def _coordinate_arrays(prefix: str, lines: Any) -> dict[str, NDArray[np.generic]]:
    """Coordinates in 1e-7 degrees as differences, which compress to a third."""
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    fixed = np.round(coordinates * UNITS_PER_DEGREE).astype(np.int32)
    return {
        f"{prefix}_steps": np.diff(fixed, axis=0, prepend=np.zeros((1, 2), np.int32)),
        f"{prefix}_sizes": np.bincount(line).astype(np.int32),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
