"""Population cells out of a GeoTIFF: one square per pixel with people in it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import rasterio
import rasterio.errors
import rasterio.windows
import shapely

from data.frames import make_frame
from data.model import POPULATION_COLUMNS
from data.registers.result import ImportResult, no_lost_fields
from gis.datum import Datum, to_wgs84
from gis.intake.errors import EmptyFileError, UnreadableFileError
from gis.intake.model import REJECT_COLUMNS

RASTER_SUFFIXES = (".tif", ".tiff")
SHIFT_MARGIN_DEG = 0.02
"""The window is read wider than the city by this, more than any datum shifts."""


def read_population_raster(
    path: Path, *, datum: Datum, city_extent: shapely.Geometry, source: str
) -> ImportResult:
    """Read the first band as persons per pixel, within the city.

    Pixels without data or people are left out; negative ones are rejected, their row number being
    the pixel's number in the file, row by row from 1. A pixel's reference is its centre.

    Raises
    ------
    UnreadableFileError, EmptyFileError
        If it is no GeoTIFF with a coordinate system, or no pixel with people lies in the city.
    """
    if not path.is_file():
        raise UnreadableFileError(path, reason="there is no such file")
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise UnreadableFileError(path, reason="it names no coordinate system")
            people, rows, columns = _window(raster, city_extent)
            corners = _corners(raster, rows, columns)
            width = raster.width
    except rasterio.errors.RasterioError as problem:
        raise UnreadableFileError(path, reason=str(problem)) from problem
    lon, lat = to_wgs84(corners[..., 0], corners[..., 1], datum)
    cells = np.asarray(shapely.polygons(np.stack([lon, lat], axis=-1)), dtype=object)
    centre = shapely.centroid(cells)
    shapely.prepare(city_extent)
    inside = shapely.intersects(city_extent, centre)
    if not inside.any():
        raise EmptyFileError(path)
    good, bad = inside & (people > 0), inside & (people < 0)
    number = rows * width + columns + 1
    count = int(good.sum())
    refs = [
        f"{x:.6f},{y:.6f}"
        for x, y in zip(shapely.get_x(centre[good]), shapely.get_y(centre[good]), strict=True)
    ]
    values = {
        "source": [source] * count,
        "source_ref": refs,
        "population": people[good],
        "age_bands": [{} for _ in range(count)],
        "counted_on": [None] * count,
        "time_of_day": ["all"] * count,
        "modelled": np.zeros(count, dtype=bool),
    }
    rejects = pd.DataFrame(
        {
            REJECT_COLUMNS[0]: number[bad],
            REJECT_COLUMNS[1]: ["a population is negative"] * int(bad.sum()),
            "population": people[bad],
        }
    )
    frame = make_frame(POPULATION_COLUMNS, values, geometry=cells[good])
    return ImportResult(frame, rejects, no_lost_fields(), ("Read as GeoTIFF.",))


def _window(
    raster: rasterio.DatasetReader, extent: shapely.Geometry
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return values other than 0 around the city, with their pixel rows and columns."""
    to_raster = pyproj.Transformer.from_crs("EPSG:4326", raster.crs, always_xy=True)
    west, south, east, north = shapely.bounds(shapely.buffer(extent, SHIFT_MARGIN_DEG)).tolist()
    bounds = to_raster.transform_bounds(west, south, east, north)
    window = rasterio.windows.from_bounds(*bounds, transform=raster.transform)
    whole = rasterio.windows.Window(0, 0, raster.width, raster.height)
    try:
        window = window.round_lengths(op="ceil").round_offsets(op="floor").intersection(whole)
    except rasterio.errors.WindowError:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing.astype(np.float64), nothing, nothing
    band = raster.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
    rows, columns = np.nonzero(np.isfinite(band) & (band != 0))
    offset_rows, offset_columns = int(window.row_off), int(window.col_off)
    return band[rows, columns], rows + offset_rows, columns + offset_columns


def _corners(
    raster: rasterio.DatasetReader, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the four corners of pixels in degrees of the raster's own datum: (n, 4, 2)."""
    x_step, y_step = np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])
    across, down = columns[:, None] + x_step, rows[:, None] + y_step
    a, b, c, d, e, f = raster.transform[:6]
    x, y = a * across + b * down + c, d * across + e * down + f
    system = pyproj.CRS.from_wkt(raster.crs.to_wkt())
    if not system.is_geographic:
        degrees = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
        x, y = degrees.transform(x, y)
    return np.stack([x, y], axis=-1)
