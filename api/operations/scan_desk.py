"""What the command line does with scans: of files, and of a city's own cases on a day."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from api.operations.road_desk import road_desk
from api.operations.scan_files import (
    ShapeName,
    Unit,
    read_scan,
    rows_of,
    scan_data,
    write_clusters,
    zones_of,
)
from gis.access import SYSTEM
from gis.settings import Settings as HouseSettings
from gis.spreading import over_dask
from surveillance.cluster_runs.material import Scanned, known_by, read_material
from surveillance.cluster_runs.model import METHOD_WORDS, FoundCluster, Shape
from surveillance.cluster_runs.reasons import seldom
from surveillance.cluster_runs.service import ScannedDay, scanned_day
from surveillance.cluster_runs.work import rules_of
from surveillance.counting.repository import usual_basis
from surveillance.diseases.table import disease_table
from surveillance.scan.drawing import Spread
from surveillance.scan.model import Model, Rates, Settings, Span

SPANS = {
    "space": Span.WHOLE, "retrospective": Span.ANY, "prospective": Span.CURRENT,
}  # fmt: skip
_PLACES_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FileScan:
    """A scan of files, as it was asked for; `cap` is a share."""

    cases: Path
    coordinates: Path
    population: Path | None
    controls: Path | None
    model: str
    shape: ShapeName
    span: Literal["space", "retrospective", "prospective"]
    unit: Unit
    first: date | None
    last: date | None
    longest: int | None
    cap: float
    rates: str
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnScan:
    """A scan of a city's own cases, as it was asked for; `cap` is a share."""

    city: str
    day: date
    disease: str | None
    by_road: bool
    longest: int | None
    cap: float
    replicates: int
    seed: int


@contextmanager
def _shared(dask: str | None) -> Iterator[tuple[Spread, int]]:
    """Give who searches the null data sets, and in how many parts."""
    if dask is None:
        yield map, 1
        return
    with over_dask(dask) as given:
        yield given


def scan_files(asked: FileScan, *, dask: str | None, to: Path | None) -> list[str]:
    """Scan files; return a table of the clusters, and write them to a file.

    Raises
    ------
    ScanFileInvalidError, ScanInputError, DaskMissingError, DaskUnreachableError
    """
    model = Model(asked.model)
    data = read_scan(
        cases=asked.cases, coordinates=asked.coordinates, population=asked.population,
        controls=asked.controls, model=model, unit=asked.unit, first=asked.first, last=asked.last,
    )  # fmt: skip
    settings = Settings(
        model, SPANS[asked.span], Rates(asked.rates), longest=asked.longest,
        replicates=asked.replicates, seed=asked.seed,
    )  # fmt: skip
    zones = zones_of(data, shape=asked.shape, cap=asked.cap)
    with _shared(dask) as (spread, parts):
        found = scan_data(data, zones, settings, spread=spread, parts=parts)
    if to is not None:
        write_clusters(data, found, to)
    rows = list(rows_of(data, found))
    return [
        f"{int(data.cases.sum()):,} cases, {len(data.names):,} places, {zones.count():,} zones.",
        *_table([row | {"places": _some(row["places"].split())} for row in rows]),
    ]


def scan_own(
    settings: HouseSettings, asked: OwnScan, *, dask: str | None, to: Path | None
) -> list[str]:
    """Scan a city's own cases as known on the day after; return a table, store nothing.

    Raises
    ------
    CityKeyUnknownError, DiseaseUnknownError, DaskMissingError, DaskUnreachableError
    """
    rules = replace(
        rules_of(settings), largest_share=asked.cap, replicates=asked.replicates, seed=asked.seed
    )
    if asked.longest is not None:
        rules = replace(rules, longest_days=asked.longest)
    if asked.disease is not None:
        disease_table().get(asked.disease)
    with road_desk(settings, asked.city) as desk, desk.roads() as roads:
        as_of = known_by(asked.day, desk.time_zone, now=desk.now())
        with desk.database.read(SYSTEM) as uow:
            material = read_material(
                uow, desk.city_id, days=[asked.day], as_of=as_of,
                date_basis=usual_basis(uow.session, desk.city_id), rules=rules, roads=roads,
                diseases=None if asked.disease is None else [asked.disease],
                circles=not asked.by_road,
            )  # fmt: skip
    with _shared(dask) as (spread, parts):
        made = scanned_day(material, asked.day, as_of=as_of, rules=rules, spread=spread,
                           parts=parts)  # fmt: skip
    if to is not None:
        _write_own(made, to)
    told = [_own_row(made, one, scanned) for one, scanned in made.found]
    says = (
        f"{asked.city}, {asked.day}: {made.scanned} diseases scanned, {made.too_few} with too few "
        "cases; nothing stored."
    )
    return [says, *_table(told)]


def _own_row(made: ScannedDay, one: FoundCluster, scanned: Scanned) -> dict[str, Any]:
    first = made.day - timedelta(days=made.rules.window_days - 1)
    codes = [scanned.where.codes[place] for place in one.places]
    radius = one.radius_m if one.radius_s is None else one.radius_s
    return {
        "disease": one.disease,
        "method": METHOD_WORDS[one.method.model, one.method.shape].en,
        "centre": scanned.where.codes[one.centre],
        "places": _some(codes),
        "radius": f"{radius:.0f} {'m' if one.method.shape is Shape.CIRCLE else 's'}",
        "from": (first + timedelta(days=one.first)).isoformat(),
        "to": (first + timedelta(days=one.last)).isoformat(),
        "observed": one.observed,
        "expected": round(one.expected, 2),
        "relative_risk": None if one.relative_risk is None else round(one.relative_risk, 2),
        "p": one.p,
        "recurrence": seldom(one.recurrence_days)
        .en.removeprefix("By chance as strong ")
        .rstrip("."),
    }


def _write_own(made: ScannedDay, file: Path) -> None:
    """Write clusters as GeoJSON (a point an area) or as CSV."""
    rows = [_own_row(made, one, scanned) for one, scanned in made.found]
    if file.suffix.lower() not in {".geojson", ".json"}:
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]) if rows else ["disease"])
            writer.writeheader()
            for row, (one, scanned) in zip(rows, made.found, strict=True):
                codes = " ".join(scanned.where.codes[place] for place in one.places)
                writer.writerow(row | {"places": codes})
        return
    features = [
        {"type": "Feature",
         "geometry": {"type": "Point",
                      "coordinates": scanned.where.lonlat[place].tolist()},
         "properties": {**row, "places": len(one.places), "area_code": scanned.where.codes[place],
                        "area_observed": observed}}
        for row, (one, scanned) in zip(rows, made.found, strict=True)
        for place, observed in zip(one.places, one.place_observed, strict=True)
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    file.write_text(text, encoding="utf-8")


def _some(codes: Sequence[str]) -> str:
    more = len(codes) - _PLACES_SHOWN
    return " ".join(codes[:_PLACES_SHOWN]) + (f" +{more}" if more > 0 else "")


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return rows as lines of a table, numbers to the right."""
    if not rows:
        return ["No cluster."]
    columns = list(rows[0])
    cells = [[_cell(row[name]) for name in columns] for row in rows]
    widths = [max(len(name), *(len(row[k]) for row in cells)) for k, name in enumerate(columns)]
    right = [isinstance(rows[0][name], int | float | None) for name in columns]
    return [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in [columns, *cells]
    ]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) and value < 0.1 else str(value)
