"""Sites that somebody hands in: any table, any datum; a bad row costs itself."""

from pathlib import Path

import pytest

from gis.intake.errors import ColumnMissingError
from planning.studies.errors import StudyParametersError
from planning.studies.reading import sites_of_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sites.csv"


def test_columns_come_in_any_order_and_in_chinese_and_bad_rows_are_told(file: Path) -> None:
    file.write_text(
        "编号,纬度,经度,名称\n甲,22.5,114,A\n乙,22.5,x,B\n甲,22.6,114.1,C\n丙,95,114,D\n丁,,,E\n",
        encoding="gbk",
    )
    read = sites_of_file(file, datum="wgs84")
    assert read.sites == ({"key": "甲", "name": "A", "lon": 114.0, "lat": 22.5},)
    assert read.left_out == (
        "Row 3 of sites.csv is left out: longitude “x” is not a number.",
        "Row 4 of sites.csv is left out: the same entry stands in row 2.",
        "Row 5 of sites.csv is left out: longitude 114, latitude 95 are no place on Earth.",
        "Row 6 of sites.csv is left out: the coordinates are missing.",
    )


def test_another_datum_is_turned_into_wgs84(file: Path) -> None:
    file.write_text("id;lat;lon\na;22,5;114,1\n", encoding="utf-8")
    plain, shifted = (sites_of_file(file, datum=one).sites[0] for one in ("wgs84", "gcj02"))
    assert (plain["lon"], plain["lat"], plain["name"]) == (114.1, 22.5, "")
    assert 300 < abs(plain["lon"] - shifted["lon"]) * 102_800 < 800


def test_without_a_column_or_any_site_it_is_refused(file: Path) -> None:
    file.write_text("key,lon\na,1.5\n", encoding="utf-8")
    with pytest.raises(ColumnMissingError, match="latitude"):
        sites_of_file(file, datum="wgs84")
    file.write_text("key,lon,lat\n,1,2\n", encoding="utf-8")
    with pytest.raises(StudyParametersError, match=r"no site that can be used\. Row 2"):
        sites_of_file(file, datum="wgs84")
