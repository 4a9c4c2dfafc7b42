"""Where the rows of a table lie: coordinates found, checked and brought to WGS-84."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gis.datum import Datum, check_datum, to_wgs84
from gis.intake.columns import LATITUDE, LONGITUDE
from gis.intake.model import GeometryArray
from gis.intake.numbers import parse_numbers
from gis.text_fold import fold

FloatArray = npt.NDArray[np.float64]

_DISTRICT_SUFFIX = re.compile(r"(?:市辖区|新区|区|县|\s+district|\s+new area)$")

MISSING = "the coordinates are missing"
BROKEN = "the geometry is broken or empty"
OUT_OF_RANGE = "longitude {lon:g}, latitude {lat:g} are no place on Earth"
SWAPPED = (
    "longitude and latitude are swapped ({lon:g}, {lat:g}): the other way round lies in the city"
)
OUTSIDE = "the place {lon:.5f}, {lat:.5f} lies outside the city"

WORLD = shapely.box(-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where rows may lie: `extent` (WGS-84), and districts with code, name and name_zh."""

    extent: shapely.Geometry = WORLD
    districts: gpd.GeoDataFrame | None = None


@dataclass(slots=True)
class Placed:
    """Geometry in the file's own datum, a point of each row, and why rows cannot be placed.

    `geometry`: (n,) shapely, None where refused; points are made once they are in WGS-84.
    `lon`, `lat`: (n,) degrees, NaN where unknown.
    `problems`: row → why.
    """

    geometry: GeometryArray
    lon: FloatArray
    lat: FloatArray
    problems: dict[int, str]


def place_from_columns(lon: npt.NDArray[Any], lat: npt.NDArray[Any]) -> Placed:
    """Read points from two columns."""
    east = parse_numbers(lon, LONGITUDE, header="")
    north = parse_numbers(lat, LATITUDE, header="")
    problems = dict(north.problems) | east.problems
    x, y = east.values, north.values
    for row in np.flatnonzero(np.isnan(x) | np.isnan(y)).tolist():
        problems.setdefault(row, MISSING)
    return Placed(np.full(len(x), None, dtype=object), x, y, problems)


def place_from_geometry(geometry: GeometryArray) -> Placed:
    """Take points, or an inner point of areas; lines and invalid areas are refused."""
    usable = ~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)
    usable &= np.isin(shapely.get_type_id(geometry), (0, 3, 6)) & shapely.is_valid(geometry)
    usable &= np.isfinite(shapely.bounds(geometry)).all(axis=1)
    kept = np.asarray(shapely.force_2d(geometry), dtype=object)
    kept[~usable] = None
    inner = shapely.centroid(kept)
    away = usable & ~shapely.intersects(inner, kept)
    inner[away] = shapely.point_on_surface(kept[away])
    problems = dict.fromkeys(np.flatnonzero(~usable).tolist(), BROKEN)
    return Placed(kept, shapely.get_x(inner), shapely.get_y(inner), problems)


def check_places(
    placed: Placed, *, datum: Datum, bounds: Bounds, stated: Sequence[str | None] | None
) -> None:
    """Bring `placed` to WGS-84 in place; refuse rows off the Earth, swapped, or out of bounds.

    `stated`: each row's district by name or code.

    Raises
    ------
    DatumMismatchError
        If at least 20 % of the rows that name a district lie outside it.
    """
    extent = bounds.extent
    shapely.prepare(extent)
    lon, lat = placed.lon, placed.lat
    true_lon, true_lat = to_wgs84(lon, lat, datum)
    inside = shapely.intersects_xy(extent, true_lon, true_lat)
    swapped = ~inside
    if swapped.any():
        swapped[swapped] = shapely.intersects_xy(
            extent, *to_wgs84(lat[swapped], lon[swapped], datum)
        )
    ranged = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    _refuse(placed, swapped, SWAPPED)
    _refuse(placed, ~ranged & ~swapped, OUT_OF_RANGE)
    if stated is not None and bounds.districts is not None:
        outlines = _outlines(bounds.districts)
        fine = np.ones(len(lon), dtype=bool)
        fine[list(placed.problems)] = False
        named = [_district_key(name) for name in np.array(stated, dtype=object)[fine]]
        check_datum(lon[fine], lat[fine], declared=datum, stated=named, districts=outlines)
    _refuse(placed, ~inside, OUTSIDE)
    placed.lon, placed.lat = true_lon, true_lat
    areas = shapely.get_type_id(placed.geometry) > 0
    if datum not in {Datum.WGS84, Datum.CGCS2000}:
        placed.geometry[areas] = shapely.transform(
            placed.geometry[areas],
            lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)),
        )
    points = np.isfinite(true_lon) & np.isfinite(true_lat) & ~areas
    placed.geometry[points] = shapely.points(true_lon[points], true_lat[points])


def _refuse(placed: Placed, which: npt.NDArray[np.bool_], reason: str) -> None:
    for row in np.flatnonzero(which).tolist():
        told = reason.format(lon=placed.lon[row], lat=placed.lat[row])
        placed.problems.setdefault(row, told)


def _outlines(districts: gpd.GeoDataFrame) -> Mapping[str, shapely.Geometry]:
    outlines: dict[str, shapely.Geometry] = {}
    for column in ("code", "name_zh", "name"):
        if column in districts:
            for name, outline in zip(districts[column], districts.geometry, strict=True):
                if (key := _district_key(name)) is not None:
                    outlines[key] = outline
    return outlines


def _district_key(name: Any) -> str | None:
    """Return a district's name for comparison: 南山 = 南山区, 440305001 = 440305."""
    if name is None:
        return None
    plain = fold(str(name)).removesuffix(" 0")
    if plain.isascii() and plain.isdigit() and len(plain) >= 6:
        return plain[:6]
    return _DISTRICT_SUFFIX.sub("", plain) or None
