"""Scans of files: SaTScan's numbers from its own files, headers, dates, and what is refused."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from api.operations.scan_desk import FileScan, scan_files
from api.operations.scan_files import ScanFileInvalidError, read_scan, scan_data, zones_of
from surveillance.scan.model import Model, Settings, Span
from tests.surveillance.scans import counties


@pytest.fixture
def sids(tmp_path: Path) -> dict[str, Path]:
    """Sudden infant deaths in North Carolina, 1974 to 1978, as files with headers."""
    table = counties()
    made = {name: tmp_path / f"{name}.csv" for name in ("cases", "population", "coordinates")}
    for name, columns in (
        ("cases", {"location": "county", "cases": "cases"}),
        ("population", {"location": "county", "population": "population"}),
        ("coordinates", {"place": "county", "x": "x_km", "y": "y_km"}),
    ):
        table[list(columns.values())].to_csv(made[name], index=False, header=list(columns))
    return made


def asked(files: dict[str, Path], **more: object) -> FileScan:
    usual: dict[str, object] = {
        "controls": None, "model": "poisson", "shape": "circle", "span": "space", "unit": "day",
        "first": None, "last": None, "longest": None, "cap": 0.5, "rates": "high",
        "replicates": 99, "seed": 1, "population": None,
    }  # fmt: skip
    return FileScan(**usual | files | more)  # type: ignore[arg-type]


def test_the_published_cluster_of_a_file_with_headers(
    sids: dict[str, Path], tmp_path: Path
) -> None:
    to = tmp_path / "found.csv"
    lines = scan_files(asked(sids), dask=None, to=to)
    assert lines[0].startswith("667 cases, 100 places, ")
    assert "cluster" in lines[1]
    with to.open(encoding="utf-8") as opened:
        first = next(csv.DictReader(opened))
    # SaTScan 10.3.2, tests/golden/scan/nc_sids_clusters.json.
    assert float(first["log_likelihood_ratio"]) == pytest.approx(15.757765, abs=1e-6)
    assert len(first["places"].split()) == 46
    assert float(first["p"]) == pytest.approx(0.01)
    lines = scan_files(asked(sids, cap=0.15), dask=None, to=to)
    with to.open(encoding="utf-8") as opened:
        first = next(csv.DictReader(opened))
    assert float(first["log_likelihood_ratio"]) == pytest.approx(14.929611, abs=1e-6)


def test_new_mexico_as_satscan_s_own_files_say_it(shared_data: Path) -> None:
    given = shared_data / "scan" / "NM_brain_cancer_satscan" / "input"
    data = read_scan(
        cases=given / "nm.cas", population=given / "nm.pop",
        coordinates=given / "nm.geo", model=Model.POISSON, unit="year",
        first=date(1973, 1, 1), last=date(1991, 12, 31),
    )  # fmt: skip
    assert data.cases.shape == (32, 19)
    zones = zones_of(data, shape="circle", cap=0.5)
    first = scan_data(data, zones, Settings(span=Span.ANY, longest=9, replicates=0))[0]
    # SaTScan User Guide's data, 10.3.2: retrospective, age and sex adjusted.
    assert first.log_likelihood_ratio == pytest.approx(10.979758, abs=1e-6)
    assert first.observed == 236
    days = data.starts[first.first], data.starts[first.last + 1]
    assert days == (date(1985, 1, 1), date(1990, 1, 1))


def test_dates_and_groups_of_a_permutation_scan_and_geojson(tmp_path: Path) -> None:
    cases, places = tmp_path / "a.cas", tmp_path / "a.geo"
    rows = [f"p{n % 5} 1 2026/5/{1 + n % 20} {n % 2}" for n in range(100)]
    cases.write_text("\n".join([*rows, "p3 9 2026/5/20 1"]), encoding="utf-8")
    places.write_text("\n".join(f"p{n} {22.5 + n / 100}\t114.{n}" for n in range(5)), "utf-8")
    to = tmp_path / "a.geojson"
    files = {"cases": cases, "coordinates": places}
    scan_files(asked(files, model="permutation", span="prospective", longest=3), dask=None, to=to)
    first = json.loads(to.read_text(encoding="utf-8"))["features"][0]
    assert first["properties"]["place"] == "p3"
    assert first["properties"]["to"] == "2026-05-20"
    assert first["geometry"]["coordinates"] == [114.3, 22.53]
    data = read_scan(cases=cases, coordinates=places, model=Model.PERMUTATION, unit="week")
    assert data.cases.shape == (5, 3, 2)
    assert data.cases.sum() == 109


@pytest.mark.parametrize(
    ("cases", "wanted"),
    [
        ("", "no row"),
        ("location,cases\nAshe,many\n", "must be a number"),
        ("location,cases\nAshe,1.5\n", "whole numbers"),
        ("location,cases\nNowhere,1\n", "no coordinates"),
        ("location,cases,date\nAshe,1,someday\n", "no date"),
        ("location,cases\nAshe,1,2\n", "2 cells"),
        ("location,dead\nAshe,1\n", "lacks a column cases"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_a_sentence(
    sids: dict[str, Path], cases: str, wanted: str
) -> None:
    sids["cases"].write_text(cases, encoding="utf-8")
    with pytest.raises(ScanFileInvalidError, match=wanted):
        scan_files(asked(sids), dask=None, to=None)


def test_a_model_says_which_file_it_lacks(sids: dict[str, Path]) -> None:
    del sids["population"]
    with pytest.raises(ScanFileInvalidError, match="populations"):
        scan_files(asked(sids), dask=None, to=None)
    with pytest.raises(ScanFileInvalidError, match="controls"):
        scan_files(asked(sids, model="bernoulli"), dask=None, to=None)
