"""Gazetteer of the Shenzhen model: streets, crossings of main roads, estates and facilities."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.frames import frame_of_rows
from data.model import PLACE_COLUMNS
from data.search_text import search_text
from data.shenzhen.facilities import Sites, count_at
from data.shenzhen.names import ESTATE_SUFFIXES, NamePair, with_suffix
from data.street_places import crossing_places, street_places

ESTATES = 9000
ESTATE_RADIUS_M, FACILITY_RADIUS_M = 150.0, 60.0
MAIN_ROADS = ("primary", "secondary", "tertiary")


def build_places(
    segments: gpd.GeoDataFrame,
    sites: Sites,
    rng: np.random.Generator,
    *,
    scale: float,
    source: str,
    bases: list[NamePair],
    registers: tuple[gpd.GeoDataFrame, ...],
) -> gpd.GeoDataFrame:
    """Return the gazetteer (`PLACE_COLUMNS`); `registers` are frames with names and references."""
    count = count_at(ESTATES, scale, at_least=100)
    rows = _estates(sites, rng, count=count, bases=bases)
    for register in registers:
        rows += _facilities(register)
    common = {"source": source, "modelled": True}
    for row in rows:
        row.update(common, search_text=search_text(row["name_zh"], row["name_en"]))
    main = segments[segments["highway"].isin(MAIN_ROADS)]
    frames = [
        street_places(segments, source=source, modelled=True),
        crossing_places(main, source=source, modelled=True),
        frame_of_rows(PLACE_COLUMNS, rows),
    ]
    together = pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(together, geometry="geometry", crs=4326)


def _estates(
    sites: Sites, rng: np.random.Generator, *, count: int, bases: list[NamePair]
) -> list[dict[str, Any]]:
    """Return estates, communities and buildings where people live, each name once."""
    chosen = rng.choice(len(bases) * len(ESTATE_SUFFIXES), count, replace=False)
    points = sites.points(sites.draw(count, rng))
    rows = []
    for number, (choice, point) in enumerate(zip(chosen.tolist(), points, strict=True)):
        base, suffix = divmod(choice, len(ESTATE_SUFFIXES))
        name_zh, name_en = with_suffix(bases[base], ESTATE_SUFFIXES[suffix])
        rows.append(
            _row("locality", f"estate-{number + 1}", name_zh, name_en)
            | {"radius_m": ESTATE_RADIUS_M, "geometry": point}
        )
    return rows


def _facilities(register: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    columns = (register[name] for name in ("source_ref", "name_zh", "name_en"))
    return [
        _row("facility", ref, name_zh, name_en) | {"radius_m": FACILITY_RADIUS_M, "geometry": point}
        for ref, name_zh, name_en, point in zip(*columns, register.geometry, strict=True)
    ]


def _row(kind: str, ref: str, name_zh: str, name_en: str) -> dict[str, Any]:
    return {
        "kind": kind, "source_ref": ref, "name": name_zh, "name_zh": name_zh, "name_en": name_en,
    }  # fmt: skip
