"""A scan of files of cases, populations and coordinates, as SaTScan takes them, or with headers."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np

from gis.errors import InvalidInputError
from routing.roads.plane import LocalPlane
from surveillance.scan.drawing import Spread
from surveillance.scan.expected import indirectly_standardised, person_time
from surveillance.scan.model import Cluster, CountArray, FloatArray, Model, Settings
from surveillance.scan.statistic import scan
from surveillance.scan.zones import Zones, circles, circles_on_earth, ellipses

Unit = Literal["day", "week", "month", "year"]
ShapeName = Literal["circle", "ellipse"]

_CASES = ("location", "cases", "date")
_PEOPLE = ("location", "date", "population")
_PLACES = ("location", "latitude", "longitude")
_PLANE = ("location", "x", "y")
_KNOWN = {"location", "cases", "controls", "date", "population", "latitude", "longitude", "x", "y"}
_SAME = {"lat": "latitude", "lon": "longitude", "lng": "longitude", "count": "cases",
         "time": "date", "year": "date", "id": "location", "pop": "population",
         "place": "location"}  # fmt: skip


class ScanFileInvalidError(InvalidInputError):
    """A file for a scan is not of the shape it wants."""

    code = "scan_file_invalid"

    def __init__(self, file: Path, wanted: str) -> None:
        super().__init__(f"{file.name} cannot be used: {wanted}. Correct the file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanData:
    """Cases ready to be scanned.

    names: of the n places. points: (n, 2), longitude and latitude if `on_earth`, else x and y.
    starts: (t + 1,) first day of each interval, and the day after the last. cases, expected,
    people: as `surveillance.scan.statistic.scan` takes them; weights: (n,) by which zones are cut.
    """

    names: Sequence[str]
    points: FloatArray
    on_earth: bool
    starts: Sequence[date]
    cases: CountArray
    expected: FloatArray | None
    people: CountArray | None
    weights: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Rows of a file by column name; `groups` are the columns that are covariates."""

    file: Path
    rows: list[dict[str, str]]
    groups: tuple[str, ...]

    def numbers(self, name: str) -> list[float]:
        try:
            return [float(row[name]) for row in self.rows]
        except (KeyError, ValueError):
            raise ScanFileInvalidError(
                self.file, f"“{name}” must be a number in each row"
            ) from None

    def group(self, row: dict[str, str]) -> tuple[str, ...]:
        return tuple(row[name] for name in self.groups)


def read_scan(
    *,
    cases: Path,
    coordinates: Path,
    model: Model,
    population: Path | None = None,
    controls: Path | None = None,
    unit: Unit = "day",
    first: date | None = None,
    last: date | None = None,
) -> ScanData:
    """Read the files of a scan.

    Columns by header, separated by commas, semicolons or tabs; without one as SaTScan has them,
    separated by blanks: place, cases, date, covariates (cases; controls alike); place, date,
    population, covariates; place, latitude, longitude. Dates are days, months or years; a
    population of a year is that of 1 July. The study goes from `first` to `last`, else from the
    first case to the last, in whole units. Expected cases are indirectly standardised by the
    covariates that cases and population share (Poisson); the permutation model exchanges times
    within them.

    Raises
    ------
    ScanFileInvalidError
        A file lacks a column, has no row, a number is none, or a place is unknown.
    """
    places = _table(coordinates, _PLACES)
    names = list(dict.fromkeys(row["location"] for row in places.rows))
    on_earth = "x" not in places.rows[0]
    columns = ("longitude", "latitude") if on_earth else ("x", "y")
    of_name = dict(zip((row["location"] for row in places.rows),
                       zip(*(places.numbers(name) for name in columns), strict=True),
                       strict=True))  # fmt: skip
    index = {name: number for number, name in enumerate(names)}
    found = _table(cases, _CASES)
    starts = _intervals(found, unit, first, last)
    counted = _counted(found, index, starts)
    groups = sorted({group for _, _, group, _ in counted}) or [()]
    points = np.array([of_name[name] for name in names], dtype=np.float64)
    grouped = _array(counted, len(names), len(starts) - 1, groups)
    expected = people = None
    if model is Model.POISSON:
        if population is None:
            raise ScanFileInvalidError(cases, "the Poisson model needs a file of populations too")
        there = _table(population, _PEOPLE)
        weights, expected = _expected(there, found, index, starts, counted)
    elif model is Model.BERNOULLI:
        if controls is None:
            raise ScanFileInvalidError(cases, "the Bernoulli model needs a file of controls too")
        others = _counted(_table(controls, _CASES), index, starts)
        their = sorted({group for _, _, group, _ in others}) or [()]
        people = grouped.sum(axis=2) + _array(others, len(names), len(starts) - 1, their).sum(
            axis=2
        )
        weights = people.sum(axis=1).astype(np.float64)
    else:
        weights = grouped.sum(axis=(1, 2)).astype(np.float64)
    return ScanData(
        names=names, points=points, on_earth=on_earth, starts=starts,
        cases=grouped if model is Model.PERMUTATION else grouped.sum(axis=2),
        expected=expected, people=people, weights=weights,
    )  # fmt: skip


def zones_of(data: ScanData, *, shape: ShapeName, cap: float) -> Zones:
    """Return the zones of a shape that hold at most the share `cap` of the weights."""
    if shape == "ellipse":
        return ellipses(_plane(data), data.weights, cap)
    if data.on_earth:
        return circles_on_earth(data.points[:, 1], data.points[:, 0], data.weights, cap)
    return circles(data.points, data.weights, cap)


def scan_data(
    data: ScanData, zones: Zones, settings: Settings, *, spread: Spread = map, parts: int = 1
) -> tuple[Cluster, ...]:
    """Return the clusters."""
    return scan(
        zones, data.cases, settings, expected=data.expected, people=data.people, spread=spread,
        parts=parts,
    ).clusters  # fmt: skip


def rows_of(data: ScanData, clusters: Iterable[Cluster]) -> Iterator[dict[str, Any]]:
    """Yield a row a cluster: centre, places, days, numbers."""
    for number, one in enumerate(clusters, 1):
        risk = one.relative_risk()
        yield {
            "cluster": number, "centre": data.names[one.centre],
            "places": " ".join(data.names[place] for place in one.places),
            "from": data.starts[one.first].isoformat(),
            "to": (data.starts[one.last + 1] - timedelta(days=1)).isoformat(),
            "observed": one.observed, "expected": round(one.expected, 4),
            "relative_risk": None if risk is None else round(risk, 4),
            "log_likelihood_ratio": round(one.log_likelihood_ratio, 6), "p": one.p,
            "gumbel_p": one.gumbel_p,
        }  # fmt: skip


def write_clusters(data: ScanData, clusters: Sequence[Cluster], file: Path) -> None:
    """Write clusters as GeoJSON (`.geojson`, `.json`: a point a place) or as CSV.

    Raises
    ------
    ScanFileInvalidError
        GeoJSON is asked for places that have no longitude and latitude.
    """
    rows = list(rows_of(data, clusters))
    if file.suffix.lower() not in {".geojson", ".json"}:
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]) if rows else ["cluster"])
            writer.writeheader()
            writer.writerows(rows)
        return
    if not data.on_earth:
        raise ScanFileInvalidError(file, "GeoJSON needs longitudes and latitudes, not x and y")
    features = [
        {"type": "Feature",
         "geometry": {"type": "Point", "coordinates": data.points[place].tolist()},
         "properties": {**row, "places": len(one.places), "place": data.names[place]}}
        for one, row in zip(clusters, rows, strict=True)
        for place in one.places
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    file.write_text(text, encoding="utf-8")


def _plane(data: ScanData) -> FloatArray:
    if not data.on_earth:
        return data.points
    return LocalPlane.around(data.points).to_xy(data.points)


def _table(file: Path, order: tuple[str, ...]) -> _Table:
    """Read a file with a header, or in the order of SaTScan's columns."""
    lines = [line for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    if not lines:
        raise ScanFileInvalidError(file, "it holds no row")
    headed = any(name in lines[0].lower() for name in ("location", "place"))
    separator = next((one for one in (",;\t" if headed else ",;") if one in lines[0]), None)
    cells = (
        [line.split() for line in lines]
        if separator is None
        else list(csv.reader(lines, delimiter=separator))
    )
    head = [_SAME.get(name, name) for name in (cell.strip().lower() for cell in cells[0])]
    if "location" in head:
        columns, body = head, cells[1:]
    else:
        columns = [*order, *(f"group {n}" for n in range(1, len(cells[0]) - len(order) + 1))]
        columns, body = columns[: len(cells[0])], cells
    if any(len(row) != len(columns) for row in body) or not body:
        raise ScanFileInvalidError(file, f"each row must have {len(columns)} cells, as the first")
    needed = _PLANE if order is _PLACES and "x" in columns else order
    lacks = [name for name in needed if name not in {*columns, "date"}]
    if lacks == ["cases"] and "controls" in columns:
        lacks = []
    if lacks:
        raise ScanFileInvalidError(file, f"it lacks a column {', '.join(lacks)}")
    rows = [dict(zip(columns, (cell.strip() for cell in row), strict=True)) for row in body]
    return _Table(file=file, rows=rows, groups=tuple(c for c in columns if c not in _KNOWN))


def _day(text: str, file: Path, *, middle: bool = False) -> date:
    """Return a day; of a month or a year its first, or for `middle` of a year 1 July."""
    parts = [int(one) for one in re.findall(r"\d+", text)]
    try:
        match parts:
            case [year] if middle:
                return date(_full(year), 7, 1)
            case [year]:
                return date(_full(year), 1, 1)
            case [year, month]:
                return date(_full(year), month, 1)
            case [year, month, day]:
                return date(_full(year), month, day)
    except ValueError:
        pass
    raise ScanFileInvalidError(file, f"“{text}” is no date: write YYYY-MM-DD, YYYY-MM or YYYY")


def _full(year: int) -> int:
    """Return a year of two digits as one of the last century, as SaTScan's old files mean it."""
    return year + 1900 if year < 100 else year


def _intervals(table: _Table, unit: Unit, first: date | None, last: date | None) -> list[date]:
    """Return the first day of each interval, and the day after the last."""
    if "date" not in table.rows[0]:
        return [first or date(2000, 1, 1), (last or date(2000, 12, 31)) + timedelta(days=1)]
    days = [_day(row["date"], table.file) for row in table.rows]
    begins, end = first or min(days), last or max(days)
    if unit == "year":
        begins = begins if first else date(begins.year, 1, 1)
    if unit == "month":
        begins = begins if first else begins.replace(day=1)
    starts = [begins]
    while starts[-1] <= end:
        starts.append(_next(starts[-1], unit))
    return starts


def _next(day: date, unit: Unit) -> date:
    if unit == "year":
        return day.replace(year=day.year + 1)
    if unit == "month":
        return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    return day + timedelta(days=7 if unit == "week" else 1)


_Counted = list[tuple[int, int, tuple[str, ...], int]]


def _counted(table: _Table, index: dict[str, int], starts: Sequence[date]) -> _Counted:
    """Return place, interval, group and number of each row within the study."""
    bounds = np.array([day.toordinal() for day in starts])
    name = "cases" if "cases" in table.rows[0] else "controls"
    counted = []
    for row, number in zip(table.rows, table.numbers(name), strict=True):
        if row["location"] not in index:
            raise ScanFileInvalidError(table.file, f"“{row['location']}” has no coordinates")
        if number != int(number) or number < 0:
            raise ScanFileInvalidError(table.file, "cases must be whole numbers from 0 on")
        at = _day(row["date"], table.file).toordinal() if "date" in row else int(bounds[0])
        interval = int(np.searchsorted(bounds, at, side="right")) - 1
        if 0 <= interval < len(starts) - 1:
            counted.append((index[row["location"]], interval, table.group(row), int(number)))
    return counted


def _array(
    counted: _Counted, places: int, intervals: int, groups: Sequence[tuple[str, ...]]
) -> CountArray:
    of_group = {group: number for number, group in enumerate(groups)}
    cases = np.zeros((places, intervals, len(groups)), dtype=np.int64)
    for place, interval, group, number in counted:
        cases[place, interval, of_group[group]] += number
    return cases


def _expected(
    people: _Table, cases: _Table, index: dict[str, int], starts: Sequence[date], counted: _Counted
) -> tuple[FloatArray, FloatArray]:
    """Return people (n,) by which zones are cut, and expected cases (n, t)."""
    same = len(people.groups) == len(cases.groups)
    groups = sorted({people.group(row) if same else () for row in people.rows})
    known = {group: number for number, group in enumerate(groups)}
    dated = "date" in people.rows[0]
    days = sorted(
        {_day(row["date"], people.file, middle=True) for row in people.rows} if dated
        else {starts[0]}
    )  # fmt: skip
    there = np.zeros((len(index), len(days), len(groups)))
    for row, number in zip(people.rows, people.numbers("population"), strict=True):
        if row["location"] not in index:
            raise ScanFileInvalidError(people.file, f"“{row['location']}” has no coordinates")
        at = days.index(_day(row["date"], people.file, middle=True)) if dated else 0
        there[index[row["location"]], at, known[people.group(row) if same else ()]] += number
    at_risk = person_time(
        np.array([day.toordinal() for day in days], dtype=np.float64), there,
        np.array([day.toordinal() for day in starts], dtype=np.float64),
    )  # fmt: skip
    found = np.zeros(at_risk.shape, dtype=np.int64)
    for place, interval, group, number in counted:
        kept = group if same else ()
        if kept not in known:
            raise ScanFileInvalidError(
                people.file, f"nobody of the group “{' '.join(kept)}” lives anywhere"
            )
        found[place, interval, known[kept]] += number
    expected = indirectly_standardised(found, at_risk)
    return expected.sum(axis=1), expected
