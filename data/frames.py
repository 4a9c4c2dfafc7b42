"""Make frames whose missing values are None, with the columns of the tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

DTYPE_OF_COLUMN: dict[str, type[np.generic]] = {
    "modelled": np.bool_,
    "radius_m": np.float64,
}
"""Columns that are never missing; all others keep None, and so are objects."""


def make_table(columns: tuple[str, ...], values: Mapping[str, Any]) -> pd.DataFrame:
    """Return a frame of `columns`; numpy number and bool arrays keep their dtype."""
    return pd.DataFrame({name: _column(name, values[name]) for name in columns})


def make_frame(
    columns: tuple[str, ...], values: Mapping[str, Any], *, geometry: Any
) -> gpd.GeoDataFrame:
    """Return `make_table` with a WGS-84 geometry column."""
    return gpd.GeoDataFrame(make_table(columns, values), geometry=geometry, crs=4326)


def frame_of_rows(columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Return a frame of dict rows, each with a `geometry`; an absent key becomes None."""
    values = {name: [row.get(name) for row in rows] for name in columns}
    return make_frame(columns, values, geometry=[row["geometry"] for row in rows])


def _column(name: str, values: Any) -> Any:
    if isinstance(values, np.ndarray) and values.dtype != object:
        return values
    # Without a dtype pandas makes strings of its own kind, whose missing value is NaN.
    return pd.Series(list(values), dtype=DTYPE_OF_COLUMN.get(name, object))
