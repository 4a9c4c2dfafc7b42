"""Squares of a population grid."""

import numpy as np
import numpy.typing as npt
import shapely

from gis.geometry import METRES_PER_DEGREE
from gis.intake.model import GeometryArray


def squares_around(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    *,
    size_m: npt.NDArray[np.float64],
) -> GeometryArray:
    """Return squares of `size_m` (n,) metres whose centres are the given degrees."""
    half_lat = size_m / 2 / METRES_PER_DEGREE
    half_lon = half_lat / np.cos(np.radians(lat))
    squares = shapely.box(lon - half_lon, lat - half_lat, lon + half_lon, lat + half_lat)
    return np.asarray(squares, dtype=object)
