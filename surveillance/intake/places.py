"""Which area a report means: by code, by name, by a point, or by a place of the gazetteer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gis.datum import Datum, check_datum, to_wgs84
from gis.text_fold import fold

Objects = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

FINEST_FIRST = ("zone", "street", "district", "city", "province", "country")
_SUFFIX = re.compile(r"(?:市辖区|新区|区|县|市|街道办事处|街道|镇|乡| district| county)$")
_CODE = re.compile(r"\d{6,12}")
TOLERANCE_M = 500.0
"""How far outside its named area a point may lie: outlines are drawn coarser than homes."""
_DEGREES_PER_M = 1.0 / 111_320.0
SHORTEST_NAME, LONGEST_NAME = 3, 24
"""Signs of a gazetteer's name that is looked for within an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area in force; `names` as people write it, `path` the codes above and its own."""

    code: str
    level: str
    names: tuple[str, ...]
    path: tuple[str, ...]
    outline: shapely.Geometry


class Areas:
    """The areas of a city, found by code, name or point."""

    def __init__(self, rows: Sequence[AreaRow]) -> None:
        self.by_code: Mapping[str, AreaRow] = {row.code: row for row in rows}
        named: dict[str, set[str]] = {}
        for row in rows:
            for name in row.names:
                for key in {fold(name), _bare(name)} - {""}:
                    named.setdefault(key, set()).add(row.code)
        self._by_name = {key: next(iter(codes)) for key, codes in named.items() if len(codes) == 1}
        self._ambiguous = {key for key, codes in named.items() if len(codes) > 1}
        # The finest last, so that it stays of all that contain a point.
        self._coarse_to_fine = sorted(
            rows, key=lambda row: (-FINEST_FIRST.index(row.level), row.code)
        )
        for row in rows:
            shapely.prepare(row.outline)

    def written(self, text: str) -> tuple[str | None, str | None, str | None]:
        """Return (code, how, why not) of an area as a report writes it.

        A code of GB/T 2260 that is none of ours is kept: the case lives elsewhere.
        """
        plain = text.strip()
        if plain in self.by_code:
            return plain, "code", None
        if _CODE.fullmatch(plain):
            return self._of_code(plain), "code", None
        for key in (fold(plain), _bare(plain)):
            if key in self._by_name:
                return self._by_name[key], "name", None
            if key in self._ambiguous:
                return None, None, f"several areas are called “{plain[:40]}”; write the code"
        return None, None, f"the area “{plain[:40]}” is not known here; write its code"

    def _of_code(self, code: str) -> str:
        """Return our code of a written one: 44030501 is the street 440305001, else 440305."""
        shorter = [code[:9], f"{code[:6]}0{code[6:8]}", code[:6]]
        return next((known for known in shorter if known in self.by_code), code)

    def at(self, lon: Floats, lat: Floats) -> Objects:
        """Return the code of the finest area that contains each point, None outside of all."""
        found = np.full(len(lon), None, dtype=object)
        there = np.isfinite(lon) & np.isfinite(lat)
        for area in self._coarse_to_fine:
            west, south, east, north = shapely.bounds(area.outline).tolist()
            near = np.flatnonzero(
                there & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
            )
            inside = shapely.contains_xy(area.outline, lon[near], lat[near])
            found[near[inside]] = area.code
        return found

    def district_of(self, code: str | None) -> str | None:
        """Return the code of the district that an area is or lies in; None for a larger one."""
        area = self.by_code.get(code or "")
        if area is None:
            return None
        above = (self.by_code.get(one) for one in area.path)
        return next((one.code for one in above if one and one.level == "district"), None)

    def contains(self, outer: str | None, inner: str | None) -> bool:
        """Return whether `inner` is `outer` or lies within it."""
        area = self.by_code.get(inner or "")
        return area is not None and outer in area.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where n reports lie. `area` (n,) code or None, `how` (n,) code, name, point or gazetteer.

    lon, lat: (n,) WGS-84, NaN without a point. lost: position → (field, why).
    """

    area: Objects
    how: Objects
    lon: Floats
    lat: Floats
    lost: Mapping[int, tuple[str, str]]


def place(
    written: Objects,
    *,
    lon: Floats,
    lat: Floats,
    row_datum: Objects,
    datum: Datum | None,
    address: Objects,
    areas: Areas,
    gazetteer: Mapping[str, tuple[float, float]],
) -> Placed:
    """Return where n reports lie.

    The named area decides; a point within it says which part of it. A point that lies outside the
    named area, or whose datum nobody names, is left out. Without a named area and a point, a place
    of the gazetteer that the address names says the area, and gives no point.

    Raises
    ------
    DatumMismatchError
        At least 20 % of the points that name a district lie outside it.
    """
    area, how, why = areas_written(written, areas)
    lost: dict[int, tuple[str, str]] = {row: ("residence_area", told) for row, told in why.items()}
    east, north = _points(lon, lat, row_datum, datum, area=area, areas=areas, lost=lost)
    located = areas.at(east, north)
    there = np.isfinite(east)
    for row in np.flatnonzero(there).tolist():
        named = area[row]
        if named is None and located[row] is not None:
            area[row], how[row] = located[row], "point"
        elif named is None:
            east[row] = north[row] = np.nan
            lost[row] = ("lon", "the point lies outside the city")
        elif areas.contains(named, located[row]):
            if area[row] != located[row]:
                area[row], how[row] = located[row], "point"
        elif named in areas.by_code and not _near(areas.by_code[named], east[row], north[row]):
            east[row] = north[row] = np.nan
            lost[row] = ("lon", f"the point lies outside the area {named}, which the row names")
    nowhere = np.array([one is None for one in area.tolist()], dtype=bool)
    rows = np.flatnonzero(nowhere & pd.notna(address))
    if len(rows) and gazetteer:
        found = _by_gazetteer(address[rows], gazetteer)
        codes = areas.at(found[:, 0], found[:, 1])
        for row, code in zip(rows.tolist(), codes.tolist(), strict=True):
            if code is not None:
                area[row], how[row] = code, "gazetteer"
                lost.pop(row, None)
    return Placed(area=area, how=how, lon=east, lat=north, lost=lost)


def areas_written(written: Objects, areas: Areas) -> tuple[Objects, Objects, dict[int, str]]:
    """Return (code, how) of areas as written, (n,) each, and position → why one is not known."""
    codes, distinct = pd.factorize(written)
    found = [areas.written(str(text)) for text in distinct.tolist()]
    area = _taken([code for code, _, _ in found], codes)
    how = _taken([way for _, way, _ in found], codes)
    refused = np.array([why is not None for _, _, why in found] + [False], dtype=bool)[codes]
    return area, how, {
        row: found[codes[row]][2] or "" for row in np.flatnonzero(refused).tolist()
    }  # fmt: skip


def _taken(values: list[Any], codes: npt.NDArray[np.int64]) -> Objects:
    taken = np.empty(len(values) + 1, dtype=object)
    taken[:-1] = values
    taken[-1] = None
    return np.asarray(taken[codes], dtype=object)


def _points(
    lon: Floats,
    lat: Floats,
    row_datum: Objects,
    datum: Datum | None,
    *,
    area: Objects,
    areas: Areas,
    lost: dict[int, tuple[str, str]],
) -> tuple[Floats, Floats]:
    """Return the points in WGS-84, NaN where there is none."""
    east, north = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    there = np.isfinite(lon) & np.isfinite(lat)
    named = np.array([one or datum for one in row_datum.tolist()], dtype=object)
    for row in np.flatnonzero(there & pd.isna(named)).tolist():
        lost[row] = ("datum", "the datum of the point is not said")
    outlines = {row.code: row.outline for row in areas.by_code.values() if row.level == "district"}
    for one in Datum:
        rows = np.flatnonzero(there & (named == one.value))
        if len(rows):
            stated = [areas.district_of(code) for code in area[rows].tolist()]
            check_datum(lon[rows], lat[rows], declared=one, stated=stated, districts=outlines)
            east[rows], north[rows] = to_wgs84(lon[rows], lat[rows], one)
    return east, north


def _near(area: AreaRow, lon: float, lat: float) -> bool:
    return bool(
        shapely.dwithin(area.outline, shapely.Point(lon, lat), TOLERANCE_M * _DEGREES_PER_M)
    )


def _by_gazetteer(
    addresses: Objects, gazetteer: Mapping[str, tuple[float, float]]
) -> npt.NDArray[np.float64]:
    """Return (n, 2) degrees of the longest name of the gazetteer in each address, NaN without."""
    codes, distinct = pd.factorize(addresses)
    lengths = sorted({len(name) for name in gazetteer}, reverse=True)
    found = np.array([_longest(str(text), gazetteer, lengths) for text in distinct.tolist()])
    return np.asarray(found[codes])


def _longest(
    address: str, gazetteer: Mapping[str, tuple[float, float]], lengths: Sequence[int]
) -> tuple[float, float]:
    plain = fold(address)
    for length in lengths:
        for begin in range(len(plain) - length + 1):
            if (point := gazetteer.get(plain[begin : begin + length])) is not None:
                return point
    return (np.nan, np.nan)


def _bare(name: str) -> str:
    return _SUFFIX.sub("", fold(name))
