"""Facilities of a frame as the records that `gis.facilities` stores."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.model import FACILITY_COLUMNS
from gis.facilities.model import FacilityRecord


def facility_records(frame: gpd.GeoDataFrame) -> list[FacilityRecord]:
    """Return the rows of a frame of `FACILITY_COLUMNS` with WGS-84 points."""
    columns = [map(_plain, frame[name]) for name in FACILITY_COLUMNS]
    points = zip(frame.geometry.x.tolist(), frame.geometry.y.tolist(), strict=True)
    return [
        FacilityRecord(lon=lon, lat=lat, **_said(dict(zip(FACILITY_COLUMNS, row, strict=True))))
        for (lon, lat), row in zip(points, zip(*columns, strict=True), strict=True)
    ]


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "tags": row["tags"] or {}, "capabilities": dict(row["capabilities"] or ()),
        "modelled": bool(row["modelled"]),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Return missing as None, and what numpy holds as Python has it."""
    if isinstance(value, (str, list, dict, tuple)):
        return value
    if value is None or pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
