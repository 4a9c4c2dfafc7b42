"""Where the rows of a register lie: coordinates found, checked and brought to WGS-84."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from data.registers.fields import RowRefused, number
from data.registers.read import GeometryArray
from gis.datum import Datum, check_datum, to_wgs84
from gis.text_fold import fold

FloatArray = npt.NDArray[np.float64]

_DISTRICT_SUFFIX = re.compile(r"(?:市辖区|新区|区|县|\s+district|\s+new area)$")

DEFAULT_CELL_M = 100.0
METRES_PER_DEGREE = 111_320.0

MISSING = "the coordinates are missing"
BROKEN = "the geometry is broken or empty"
OUT_OF_RANGE = "longitude {lon:g}, latitude {lat:g} are no place on Earth"
SWAPPED = (
    "longitude and latitude are swapped ({lon:g}, {lat:g}): the other way round lies in the city"
)
OUTSIDE = "the place {lon:.5f}, {lat:.5f} lies outside the city"


@dataclass(slots=True)
class Placed:
    """Geometry in the file's own datum, a point of each row, and why rows cannot be placed.

    `geometry`: (n,) shapely, None where refused. `lon`, `lat`: (n,) degrees, NaN where unknown.
    `reason`: n texts or None.
    """

    geometry: GeometryArray
    lon: FloatArray
    lat: FloatArray
    reason: list[str | None]


def place_from_columns(lon: Sequence[Any], lat: Sequence[Any]) -> Placed:
    """Read points from two columns."""
    count = len(lon)
    placed = Placed(
        np.full(count, None, dtype=object), np.full(count, np.nan), np.full(count, np.nan),
        [None] * count,
    )  # fmt: skip
    for row in range(count):
        try:
            x, y = number(lon[row], what="longitude"), number(lat[row], what="latitude")
        except RowRefused as refused:
            placed.reason[row] = str(refused)
            continue
        if x is None or y is None:
            placed.reason[row] = MISSING
            continue
        placed.lon[row], placed.lat[row] = x, y
        placed.geometry[row] = shapely.Point(x, y)
    return placed


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
    reason = [None if fine else BROKEN for fine in usable.tolist()]
    return Placed(kept, shapely.get_x(inner), shapely.get_y(inner), reason)


def check_places(
    placed: Placed,
    *,
    datum: Datum,
    extent: shapely.Geometry,
    stated: Sequence[str | None] | None,
    districts: gpd.GeoDataFrame | None,
) -> None:
    """Bring `placed` to WGS-84 in place; refuse rows off the Earth, swapped, or out of the city.

    `stated`: each row's district by name or code. `districts`: frame with code, name and name_zh.

    Raises
    ------
    DatumMismatchError
        If at least 20 % of the rows that name a district lie outside it.
    """
    shapely.prepare(extent)
    lon, lat = placed.lon, placed.lat
    inside = shapely.intersects_xy(extent, *to_wgs84(lon, lat, datum))
    swapped = ~inside & shapely.intersects_xy(extent, *to_wgs84(lat, lon, datum))
    ranged = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    _refuse(placed, swapped, SWAPPED)
    _refuse(placed, ~ranged & ~swapped, OUT_OF_RANGE)
    if stated is not None and districts is not None:
        outlines = _outlines(districts)
        fine = np.array([reason is None for reason in placed.reason], dtype=bool)
        named = [_district_key(name) for name in np.array(stated, dtype=object)[fine]]
        check_datum(lon[fine], lat[fine], declared=datum, stated=named, districts=outlines)
    _refuse(placed, ~inside, OUTSIDE)
    if datum not in {Datum.WGS84, Datum.CGCS2000}:
        placed.geometry = shapely.transform(
            placed.geometry, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))
        )
        placed.lon, placed.lat = to_wgs84(lon, lat, datum)


def squares_around(lon: FloatArray, lat: FloatArray, *, size_m: FloatArray) -> GeometryArray:
    """Return squares of `size_m` (n,) metres whose centres are the given degrees."""
    half_lat = size_m / 2 / METRES_PER_DEGREE
    half_lon = half_lat / np.cos(np.radians(lat))
    squares = shapely.box(lon - half_lon, lat - half_lat, lon + half_lon, lat + half_lat)
    return np.asarray(squares, dtype=object)


def _refuse(placed: Placed, which: npt.NDArray[np.bool_], reason: str) -> None:
    for row in np.flatnonzero(which):
        if placed.reason[row] is None:
            placed.reason[row] = reason.format(lon=placed.lon[row], lat=placed.lat[row])


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
