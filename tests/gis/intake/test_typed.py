"""Formats that have types of their own: workbooks, Parquet, GeoParquet, GeoPackage."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import geopandas as gpd
import openpyxl
import pytest
import shapely

from gis.intake.model import Field, Kind, Schema
from gis.intake.moments import TimeOptions
from gis.intake.read import read_table
from gis.intake.take import IntakeOptions, take_in
from tests.gis.intake.tables import PEOPLE

PLACES = Schema(fields=(Field(name="ref", required=True), Field(name="seen_at", kind=Kind.MOMENT)),
                placed=True)  # fmt: skip
SEEN = datetime.fromisoformat("2024-03-05T10:30:00")


def first(table):
    row = table.iloc[0]
    return {name: None if row[name] is None else row[name] for name in table.columns}


def test_a_workbook_with_dates_numbers_and_flags(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Staff of the house", None, None, None, None, None, None])
    sheet.append(["编号", "名称", "床位", "体重(kg)", "出生日期", "时间", "开放"])
    sheet.append([7, "甲", 1200, 70.5, date(1990, 1, 2), SEEN, True])
    sheet.append([8.0, None, "=1/0", "n/a", 45356, None, "否"])
    book.save(tmp_path / "a.xlsx")
    intake = take_in(tmp_path / "a.xlsx", PEOPLE, IntakeOptions(time=TimeOptions("Asia/Shanghai")))
    assert intake.report.notes.header_row == 2
    assert intake.table["ref"].tolist() == ["7", "8"]
    assert intake.table["beds"].tolist()[0] == 1200
    assert intake.table["weight_kg"].tolist()[0] == 70.5
    assert intake.table["born"].dt.date.tolist() == [date(1990, 1, 2), date(2024, 3, 5)]
    assert intake.table["seen_at"][0] == datetime(2024, 3, 5, 2, 30, tzinfo=UTC)
    assert intake.table["open"].tolist() == [True, False]
    assert intake.report.fields_lost == 0


def test_parquet_with_types(tmp_path):
    path = tmp_path / "a.parquet"
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "COPY (SELECT 7 AS ref, 'A' AS name, 12::SMALLINT AS beds,"
            " 70.50::DECIMAL(9, 2) AS weight_kg, DATE '1990-01-02' AS born,"
            " TIMESTAMPTZ '2024-03-05 10:30:00+08' AS seen_at, true AS open,"
            " {'a': [1, 2]} AS nested UNION ALL SELECT 8, NULL, NULL, NULL, NULL, NULL, NULL,"
            f" NULL) TO '{path}' (FORMAT parquet)"
        )
    intake = take_in(path, PEOPLE, IntakeOptions())
    assert intake.table["ref"].tolist() == ["7", "8"]
    assert intake.table["beds"].isna().tolist() == [False, True]
    assert intake.table["weight_kg"][0] == float(Decimal("70.50"))
    assert intake.table["born"][0].date() == date(1990, 1, 2)
    assert intake.table["seen_at"][0] == datetime(2024, 3, 5, 2, 30, tzinfo=UTC)
    assert bool(intake.table["open"][0]) is True
    assert json.loads(read_table(path).columns["nested"][0]) == {"a": [1, 2]}
    assert intake.report.fields_lost == 0


@pytest.mark.parametrize("crs", [None, 32650])
def test_geoparquet_in_degrees_and_in_metres(tmp_path, crs):
    point = gpd.GeoSeries([shapely.Point(114.05, 22.54)], crs=4326)
    stored = point if crs is None else point.to_crs(crs)
    column = {"encoding": "WKB", "geometry_types": ["Point"]}
    if crs is not None:
        column["crs"] = json.loads(stored.crs.to_json())
    geo = {"version": "1.0.0", "primary_column": "shape", "columns": {"shape": column}}
    path = tmp_path / "a.parquet"
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (ref VARCHAR, shape BLOB)")
        connection.execute("INSERT INTO t VALUES ('a', ?)", [shapely.to_wkb(stored.iloc[0])])
        told = json.dumps(geo).replace("'", "''")
        connection.execute(
            f"COPY t TO '{path}' (FORMAT parquet, KV_METADATA {{geo: '{told}'}})"
        )  # fmt: skip
    intake = take_in(path, PLACES, IntakeOptions(datum="wgs84"))
    assert intake.lon[0] == pytest.approx(114.05, abs=1e-7)
    assert intake.lat[0] == pytest.approx(22.54, abs=1e-7)


def test_geopackage_with_times_and_gaps(tmp_path):
    frame = gpd.GeoDataFrame(
        {"ref": ["a", "b"], "seen_at": [SEEN, None]},
        geometry=[shapely.Point(114.05, 22.54), None], crs=4326,
    )  # fmt: skip
    frame.to_file(tmp_path / "a.gpkg")
    intake = take_in(tmp_path / "a.gpkg", PLACES, IntakeOptions(datum="wgs84"))
    assert intake.table["ref"].tolist() == ["a"]
    assert intake.table["seen_at"][0] == SEEN.replace(tzinfo=UTC)
    assert intake.rejects["reason"].tolist() == ["the geometry is broken or empty"]
