"""Importers: what loads, what is rejected and why, and what is refused as a whole."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.registers.errors import UnknownRegisterKindError
from data.registers.importers import KIND_COLUMNS, read_register
from data.registers.schemas import SCHEMAS, find_age_bands
from gis.datum import Datum, DatumMismatchError, DatumRequiredError, from_wgs84
from gis.intake.columns import fields_of
from gis.intake.errors import (
    ColumnMissingError,
    EmptyFileError,
    UnknownFieldError,
    UnreadableFileError,
    UnsupportedFormatError,
)
from gis.intake.header import key_of
from gis.intake.take import IntakeOptions, write_rejects

REAL = Path(__file__).resolve().parents[4] / "shared" / "data"
CITY = shapely.box(113.9, 22.4, 114.2, 22.7)
DISTRICTS = gpd.GeoDataFrame(
    {
        "code": ["440305", "440304"],
        "name": ["Nanshan", "Futian"],
        "name_zh": ["南山区", "福田区"],
        "geometry": [shapely.box(113.9, 22.4, 114.0, 22.7), shapely.box(114.0, 22.4, 114.2, 22.7)],
    },
    crs=4326,
)
HEADER = "id,name,lon,lat,opening_hours"


def write(path, *lines, encoding="utf-8"):
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def read(path, *, kind="aeds", datum="wgs84", city_extent=CITY, mapping=None, **more):
    return read_register(
        path, kind=kind, datum=datum, city_extent=city_extent, source="test",
        options=IntakeOptions(mapping=mapping or {}), **more,
    )  # fmt: skip


def reasons(result):
    return dict(zip(result.rejects["row_number"], result.rejects["reason"], strict=True))


def test_good_rows_load_in_the_columns_of_the_table(tmp_path):
    result = read(write(tmp_path / "a.csv", HEADER, "7,Library,114.05,22.54,24/7"))
    assert tuple(result.good.columns) == (*KIND_COLUMNS["aeds"], "geometry")
    row = result.good.iloc[0]
    assert (row["source"], row["source_ref"], row["opening_hours"]) == ("test", "7", "24/7")
    assert row.geometry.equals(shapely.Point(114.05, 22.54))
    assert row["modelled"] is False or not row["modelled"]
    assert result.good.crs.to_epsg() == 4326
    assert result.rejects.empty


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,A,,22.5,", "coordinates are missing"),
        ("1,A,nan,22.5,", "coordinates are missing"),
        ("1,A,east,22.5,", "longitude “east” is not a number"),
        ("1,A,22.54,114.05,", "are swapped"),
        ("1,A,514.05,22.54,", "no place on Earth"),
        ("1,A,121.47,31.23,", "outside the city"),
        ("9,A,114.06,22.54,", "the same entry stands in row 2"),
    ],
)
def test_a_bad_row_is_rejected_with_its_number_and_reason(tmp_path, row, reason):
    result = read(write(tmp_path / "a.csv", HEADER, "9,Good,114.05,22.54,24/7", row))
    assert list(result.good["source_ref"]) == ["9"]
    assert list(reasons(result)) == [3]
    assert reason in reasons(result)[3]
    assert list(result.rejects.columns) == ["row_number", "reason", *HEADER.split(",")]


def test_a_bad_field_costs_the_field_and_is_told(tmp_path):
    result = read(write(tmp_path / "a.csv", HEADER, "1,A,114.05,22.54,Mo-Fr 9 to 5"))
    assert result.good["opening_hours"].tolist() == [None]
    assert result.rejects.empty
    (lost,) = result.lost_fields.to_dict("records")
    assert (lost["row_number"], lost["field"]) == (2, "opening_hours")
    assert lost["value"] == "Mo-Fr 9 to 5"
    assert "opening-hours syntax" in lost["reason"]


def test_chinese_columns_and_words_in_gb18030(tmp_path):
    path = write(
        tmp_path / "aed.csv",
        "编号,名称,经度,纬度,行政区,开放时间,具体位置,是否室内,楼层,开放对象,检查日期",
        "S1,深圳图书馆,114.0560,22.5440,福田区,24小时,一楼大厅,是,1,公共,2024年3月5日",
        encoding="gb18030",
    )
    row = read(path, districts=DISTRICTS).good.iloc[0]
    assert row["name"] == row["name_zh"] == "深圳图书馆"
    assert row["opening_hours"] == "24/7"
    assert (row["location"], row["location_zh"]) == ("一楼大厅", "一楼大厅")
    assert (row["indoor"], row["floor"], row["access"]) == (True, "1", "public")
    assert row["last_checked_at"] == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path, encoding, separator):
    lines = [HEADER, "1,深圳市医院,114.05,22.54,"]
    path = write(tmp_path / "a.csv", *(s.replace(",", separator) for s in lines), encoding=encoding)
    assert read(path).good["name"].tolist() == ["深圳市医院"]


def test_row_numbers_count_blank_lines_and_torn_rows_are_told(tmp_path):
    path = write(
        tmp_path / "a.csv", "", HEADER, "", '1,"Two\nlines",114.05,22.54,', "2,A,114.05,22.54,,x",
        "3,B,114.06", "4,C,114.05,22.54,",
    )  # fmt: skip
    result = read(path)
    assert list(result.good["source_ref"]) == ["1", "4"]
    assert "more fields than the header" in reasons(result)[5]
    assert "coordinates are missing" in reasons(result)[6]


def test_a_decimal_comma_is_understood(tmp_path):
    path = write(tmp_path / "a.csv", "id;lon;lat", "1;114,05;22,54")
    assert read(path).good.geometry.iloc[0].equals(shapely.Point(114.05, 22.54))


@pytest.mark.parametrize("datum", list(Datum))
def test_every_datum_is_brought_to_wgs84(tmp_path, datum):
    lon, lat = from_wgs84(114.05, 22.54, datum)
    path = write(tmp_path / "a.csv", HEADER, f"1,A,{float(lon)!r},{float(lat)!r},")
    point = read(path, datum=datum).good.geometry.iloc[0]
    assert point.distance(shapely.Point(114.05, 22.54)) < 1e-7


def test_columns_named_after_a_datum_serve_only_that_datum(tmp_path):
    path = write(tmp_path / "a.csv", "id,lon_gcj02,lat_gcj02,lng,lat", "1,114.1,22.6,114.05,22.54")
    assert read(path).good.geometry.iloc[0].equals(shapely.Point(114.05, 22.54))
    shifted = read(path, datum="gcj02").good.geometry.iloc[0]
    assert shifted.distance(shapely.Point(114.095, 22.603)) < 0.001


@pytest.mark.parametrize("datum", [None, "", "wgs72"])
def test_no_datum_no_import(tmp_path, datum):
    with pytest.raises(DatumRequiredError, match="say which datum"):
        read(write(tmp_path / "a.csv", HEADER, "1,A,114.05,22.54,"), datum=datum)


def border_rows(datum, *, count=100):
    """Points within 300 m of the border of Nanshan and Futian, told to lie on their side."""
    rng = np.random.default_rng(3)
    offset = rng.uniform(0.0002, 0.003, count) * np.where(np.arange(count) % 2, 1, -1)
    lon, lat = from_wgs84(114.0 + offset, rng.uniform(22.45, 22.65, count), datum)
    names = ["福田" if side > 0 else "Nanshan District" for side in offset]
    return [f"{i},A,{lon[i]},{lat[i]},{names[i]}" for i in range(count)]


@pytest.mark.parametrize("true_datum", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
def test_a_file_in_another_datum_is_refused_whole(tmp_path, true_datum):
    path = write(tmp_path / "a.csv", "id,name,lon,lat,district", *border_rows(true_datum))
    assert len(read(path, datum=true_datum, districts=DISTRICTS).good) == 100
    other = Datum.GCJ02 if true_datum is Datum.WGS84 else Datum.WGS84
    with pytest.raises(DatumMismatchError, match=f"declare {true_datum}"):
        read(path, datum=other, districts=DISTRICTS)


def test_swapped_rows_do_not_count_against_the_datum(tmp_path):
    path = write(
        tmp_path / "a.csv", "id,lon,lat,district", *(f"{i},22.54,114.05,福田区" for i in range(9))
    )
    assert all("swapped" in why for why in reasons(read(path, districts=DISTRICTS)).values())


@pytest.mark.parametrize("content", ["", HEADER, HEADER + "\n\n\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path, content):
    with pytest.raises(EmptyFileError, match="holds no rows"):
        read(write(tmp_path / "a.csv", content))


def test_an_empty_collection_is_refused(tmp_path):
    path = write(tmp_path / "a.geojson", '{"type": "FeatureCollection", "features": []}')
    with pytest.raises(EmptyFileError):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.geojson", b"{not json", UnreadableFileError),
        ("a.geojson", b'{"type": "Point"}', UnreadableFileError),
        ("a.gpkg", b"not a database", UnreadableFileError),
        ("a.csv.gz", b"not gzip", UnreadableFileError),
        ("a.csv", b"id,lon,lat\n1,\xff\xff\xff,2", UnreadableFileError),
        ("a.xlsx", b"PK", UnreadableFileError),
        ("a.docx", b"text", UnsupportedFormatError),
        ("a.tif", b"II*", UnsupportedFormatError),
        ("a.csv", b"id,street\n1,Main", ColumnMissingError),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name, content, error):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error):
        read(path)


def test_an_absent_file_and_an_unknown_kind_are_refused(tmp_path):
    with pytest.raises(UnreadableFileError, match="no such file"):
        read(tmp_path / "absent.csv")
    with pytest.raises(UnknownRegisterKindError, match="aeds, facilities"):
        read(tmp_path / "absent.csv", kind="pharmacies")


def test_a_mapping_names_columns_and_constants(tmp_path):
    path = write(tmp_path / "a.csv", "o,n,what,who", "114.05,22.54,hall,Fire house")
    mapping = {"lon": "o", "lat": "n", "location": "what", "name": "who", "access": "=public"}
    row = read(path, mapping=mapping).good.iloc[0]
    assert (row["location"], row["access"], row["name"]) == ("hall", "public", "Fire house")
    with pytest.raises(ColumnMissingError, match="height"):
        read(path, mapping=mapping | {"floor": "height"})
    with pytest.raises(UnknownFieldError, match="“storey” is no field"):
        read(path, mapping=mapping | {"storey": "what"})


def geojson(path, *features, **more):
    document = {"type": "FeatureCollection", "features": list(features), **more}
    return write(path, json.dumps(document))


def test_geojson_with_broken_geometry(tmp_path):
    bow_tie = [[[114, 22.5], [114.1, 22.6], [114.1, 22.5], [114, 22.6], [114, 22.5]]]
    square = [[[114, 22.5], [114.1, 22.5], [114.1, 22.6], [114, 22.6], [114, 22.5]]]
    shapes = [
        {"type": "Point", "coordinates": [114.05, 22.54]},
        None,
        {"type": "Point", "coordinates": []},
        {"type": "Polygon", "coordinates": bow_tie},
        {"type": "Polygon", "coordinates": square},
        {"type": "LineString", "coordinates": [[114, 22.5], [114.1, 22.6]]},
        {"type": "Nonsense"},
    ]
    features = [
        {"type": "Feature", "id": f"n{i}", "geometry": shape, "properties": {"tags/name": f"H{i}"}}
        for i, shape in enumerate(shapes)
    ]
    result = read(geojson(tmp_path / "a.geojson", *features, "rubbish"))
    assert list(result.good["source_ref"]) == ["n0", "n4"]
    assert list(result.good["name"]) == ["H0", "H4"]
    assert set(result.good.geometry.geom_type) == {"Point"}
    assert list(reasons(result)) == [2, 3, 4, 6, 7, 8]
    assert set(reasons(result).values()) == {"the geometry is broken or empty"}


def test_geopackage_in_metres(tmp_path):
    frame = gpd.GeoDataFrame(
        {"ref": ["a", "b"], "name": ["One", "Two"]},
        geometry=gpd.points_from_xy([114.05, 120.0], [22.54, 30.0], crs=4326),
    ).to_crs(32650)
    frame.to_file(tmp_path / "a.gpkg")
    result = read(tmp_path / "a.gpkg")
    assert list(result.good["source_ref"]) == ["a"]
    assert result.good.geometry.iloc[0].distance(shapely.Point(114.05, 22.54)) < 1e-7
    assert "outside the city" in reasons(result)[2]


def test_facilities_with_capabilities(tmp_path):
    path = write(
        tmp_path / "h.csv",
        "id,name,类型,lon,lat,床位数,急诊,capabilities,等级,opening_hours",
        "1,第一人民医院,综合医院,114.05,22.54,1200,有,trauma:1; PCI;stroke_primary,三级甲等,",
        "2,莲花社康,社康中心,114.06,22.54,,,,,Mo-Fr 08:00-18:00",
        "3,南山诊所,,113.95,22.54,,,,,",
        "4,某地,书店,113.95,22.55,,,,,",
        "5,,医院,113.95,22.56,,,,,",
        "6,大医院,医院,113.95,22.57,-5,,,,",
    )
    result = read(path, kind="facilities")
    good = result.good.set_index("source_ref")
    assert list(good["kind"]) == ["hospital", "community_health_centre", "clinic", "hospital"]
    assert good.loc["1", "capabilities"] == [("trauma", 1), ("pci", None), ("stroke_primary", None)]
    assert (good.loc["1", "bed_count"], good.loc["1", "has_emergency_department"]) == (1200, True)
    assert good.loc["1", "tags"] == {"grade": "三级甲等"}
    assert good.loc["2", "tags"] == {"opening_hours": "Mo-Fr 08:00-18:00"}
    assert list(reasons(result)) == [5, 6]
    assert "the kind “书店” is not known; known are hospital, " in reasons(result)[5]
    assert reasons(result)[6] == "the name is missing"
    assert good.loc["6", "bed_count"] is None
    assert "beds “-5”" in result.lost_fields["reason"].tolist()[0]


def test_facilities_of_every_kind_with_the_entry_of_another_register(tmp_path):
    path = write(
        tmp_path / "h.csv",
        "id,name,kind,lon,lat,急诊,same_as",
        "1,深圳市血液中心,blood_bank,114.05,22.54,,osm:node/7",
        "2,福田区发热门诊,Fever clinic,114.06,22.54,无,nothing",
        "3,罗湖区妇幼保健院,妇幼保健院,114.07,22.54,有,",
    )
    result = read(path, kind="facilities")
    good = result.good
    assert list(good["kind"]) == ["blood_bank", "fever_clinic", "maternity_hospital"]
    assert list(good["has_emergency_department"]) == [None, False, True]
    assert list(good["same_as"]) == [("osm", "node/7"), None, None]
    assert "names no entry of another register" in result.lost_fields["reason"].tolist()[0]


def test_stations(tmp_path):
    path = write(tmp_path / "s.csv", "id,name,lng,lat,车辆数", "1,罗湖急救站,114.1,22.55,4")
    row = read(path, kind="stations").good.iloc[0]
    assert (row["kind"], row["unit_count_planned"]) == ("ambulance", 4)


def test_population_from_points_polygons_and_age_columns(tmp_path):
    path = write(
        tmp_path / "p.csv",
        "cell_id,lon,lat,人口,cell_size_m,age_0_14,15-64,65+",
        "1,114.05,22.54,100,500,20,70,10",
        "2,114.06,22.54,-1,500,,,",
        "3,114.07,22.54,,500,,,",
        "4,114.08,22.54,10,500,1,-1,",
    )
    result = read(path, kind="population")
    cell = result.good.iloc[0]
    assert cell["age_bands"] == {"0-14": 20.0, "15-64": 70.0, "65+": 10.0}
    area = gpd.GeoSeries([cell.geometry], crs=4326).to_crs(32650).area.iloc[0]
    assert area == pytest.approx(500.0**2, rel=0.01)
    assert reasons(result) == {
        3: "a population is negative",
        4: "the population is missing",
        5: "a population is negative",
    }


def test_a_cell_counted_by_day_and_by_night_and_again_later_is_no_repetition(tmp_path):
    path = write(
        tmp_path / "p.csv",
        "id,lon,lat,population,counted_on,time_of_day",
        "c1,114.05,22.54,100,2020-11-01,day",
        "c1,114.05,22.54,40,2020-11-01,night",
        "c1,114.05,22.54,90,2010-11-01,day",
        "c1,114.05,22.54,7,2020-11-01,day",
        "c1,114.05,22.54,5,,",
        "c1,114.05,22.54,6,,all",
        "c2,114.06,22.54,-1,,",
        "c2,114.06,22.54,8,,",
    )
    result = read(path, kind="population")
    assert result.good["population"].tolist() == [100, 40, 90, 5, 8]
    assert reasons(result) == {
        5: "the same entry stands in row 2",
        7: "the same entry stands in row 6",
        8: "a population is negative",
    }


@pytest.mark.parametrize("crs", [4326, 32650])
def test_population_raster(tmp_path, crs):
    values = np.array([[5.0, -9999.0, 0.0], [7.5, -3.0, np.nan]], dtype=np.float32)
    corner = gpd.GeoSeries(gpd.points_from_xy([114.05], [22.55]), crs=4326).to_crs(crs).iloc[0]
    size = 0.01 if crs == 4326 else 1000.0
    with rasterio.open(
        tmp_path / "p.tif", "w", driver="GTiff", width=3, height=2, count=1, dtype="float32",
        crs=crs, transform=Affine(size, 0, corner.x, 0, -size, corner.y), nodata=-9999.0,
    ) as raster:  # fmt: skip
        raster.write(values, 1)
    result = read(tmp_path / "p.tif", kind="population")
    assert sorted(result.good["population"]) == [5.0, 7.5]
    assert set(result.good.geometry.geom_type) == {"Polygon"}
    assert result.good["source_ref"].is_unique
    assert reasons(result) == {5: "a population is negative"}
    west_cell = result.good.geometry.iloc[0]
    assert west_cell.contains(shapely.Point(114.051, 22.549))
    with pytest.raises(EmptyFileError):
        read(tmp_path / "p.tif", kind="population", city_extent=shapely.box(10, 50, 11, 51))


def test_a_row_without_id_keeps_its_reference_when_loaded_again(tmp_path):
    lines = ["name,lon,lat,phone", "Library,114.05,22.54,1", "Museum,114.06,22.55,2"]
    first = read(write(tmp_path / "a.csv", *lines)).good
    lines = [lines[0], "Museum,114.06,22.55,3", "Library,114.0500001,22.54,1"]
    second = read(write(tmp_path / "b.csv", *lines)).good
    assert set(first["source_ref"]) == set(second["source_ref"])
    assert len(set(first["source_ref"])) == 2


def test_rejects_are_written_for_a_spreadsheet(tmp_path):
    result = read(write(tmp_path / "a.csv", HEADER, "1,甲；“乙”,0,0,24/7", "2,B,114.05,22.54,"))
    write_rejects(result.rejects, tmp_path / "rejects.csv")
    content = (tmp_path / "rejects.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert rows[0]["row_number"] == "2"
    assert "outside the city" in rows[0]["reason"]
    assert rows[0]["name"] == "甲；“乙”"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_header_means_two_things(kind):
    keys = [
        {key_of(name) for name in (field.name, *field.synonyms)}
        for field in fields_of(SCHEMAS[kind])
    ]
    for number, ours in enumerate(keys):
        assert not any(ours & others for others in keys[number + 1 :])


def test_age_columns():
    columns = [
        "age_0_4",
        "5-9",
        "10–14岁",
        "85+",
        "65岁以上",
        "AGES_70-74",
        "band 85 plus",
        "name",
        "3",
    ]
    assert list(find_age_bands(columns)) == ["0-4", "5-9", "10-14", "85+", "65+", "70-74"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.floats(-400, 400), st.floats(113.9, 114.2), st.just(""), st.text("ab1.-")),
            st.one_of(st.floats(-400, 400), st.floats(22.4, 22.7), st.just(float("nan"))),
            st.sampled_from(["24/7", "", "whenever"]),
            st.integers(0, 5),
        ),
        min_size=1,
        max_size=30,
    ),
    datum=st.sampled_from(list(Datum)),
)
def test_every_row_is_loaded_or_rejected_once(tmp_path, rows, datum):
    lines = [f"{ref},A,{lon},{lat},{hours}" for lon, lat, hours, ref in rows]
    result = read(write(tmp_path / "a.csv", HEADER, *lines), datum=datum)
    assert len(result.good) + len(result.rejects) == len(rows)
    numbers = result.rejects["row_number"]
    assert numbers.is_unique
    assert numbers.between(2, len(rows) + 1).all()
    assert all(result.rejects["reason"])
    assert result.good["source_ref"].is_unique
    assert result.good.geometry.within(CITY.buffer(1e-9)).all()
    again = read(tmp_path / "a.csv", datum=datum)
    assert list(again.good["source_ref"]) == list(result.good["source_ref"])


@pytest.mark.skipif(not (REAL / "cologne_aed").is_dir(), reason="shared registers are not here")
def test_the_register_of_cologne():
    districts = gpd.read_file(REAL / "cologne_aed" / "stadtbezirke.geojson")
    districts = districts.rename(columns={"STB_NAME": "name"})
    city = shapely.union_all(districts.geometry.to_numpy()).buffer(0.01)
    result = read(REAL / "cologne_aed" / "aed_koeln.csv", city_extent=city, districts=districts)
    # 145 AEDs, 121 of them located, 27 with hours in German shorthand (register's own notes).
    assert len(result.good) + len(result.rejects) == 145
    assert result.rejects["reason"].str.contains("coordinates are missing").sum() == 24
    assert result.lost_fields["reason"].str.contains("opening-hours syntax").sum() == 17
    assert len(result.good) == 121


@pytest.mark.skipif(not (REAL / "swiss_aed_osm").is_dir(), reason="shared registers are not here")
def test_the_swiss_register():
    result = read(
        REAL / "swiss_aed_osm" / "aed_swiss_247_2021.csv.gz",
        city_extent=shapely.box(5.9, 45.8, 10.5, 47.9),
    )
    assert (len(result.good), len(result.rejects)) == (1550, 0)
    assert set(result.good["opening_hours"]) == {"24/7"}
    assert isinstance(result.rejects, pd.DataFrame)
