"""The same rows come back from any table through every encoding, delimiter and format."""

import gzip
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.intake.read import ReadingOptions, read_table
from gis.intake.take import IntakeOptions, take_in
from tests.gis.intake.tables import TEXTS, as_csv, write_geojson, write_parquet, write_workbook

HEADER = ["alpha", "beta", "gamma"]
ASCII = [chr(code) for code in range(32, 127)] + ["\n"]
ALPHABETS = {
    "utf-8": [*ASCII, *"ñé深圳医院😀ß"],
    "utf-8-sig": [*ASCII, *"ñé深圳医院😀ß"],
    "utf-16": [*ASCII, *"ñé深圳医院😀ß"],
    "utf-32": [*ASCII, *"ñé深圳医院😀ß"],
    "gb18030": [*ASCII, *"深圳市第一人民医院急诊科"],
    "gbk": [*ASCII, *"深圳市第一人民医院急诊科"],
    "latin-1": [*ASCII, *"ñéüß¿"],
}
quick = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)


def tables(alphabet):
    """Tables without empty rows, cells without outer blanks."""
    cell = st.text(alphabet, max_size=12).map(str.strip)
    row = st.lists(cell, min_size=3, max_size=3).filter(any)
    return st.lists(row, min_size=1, max_size=12)


def read_back(path, *, encoding=None):
    table = take_in(path, TEXTS, IntakeOptions(reading=ReadingOptions(encoding=encoding))).table
    return [[cell or "" for cell in row] for row in table[HEADER].to_numpy().tolist()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ALPHABETS)
@quick
@given(data=st.data())
def test_text_files(tmp_path, encoding, delimiter, data):
    rows = data.draw(tables(ALPHABETS[encoding]))
    path = tmp_path / "table.csv"
    path.write_bytes(as_csv([HEADER, *rows], delimiter=delimiter, encoding=encoding))
    told = "latin-1" if encoding == "latin-1" else None
    assert read_back(path, encoding=told) == rows


@pytest.mark.parametrize(
    ("ending", "write"),
    [("xlsx", write_workbook), ("parquet", write_parquet), ("geojson", write_geojson)],
)
@quick
@given(rows=tables(ALPHABETS["utf-8"]))
def test_other_formats(tmp_path, ending, write, rows):
    path = tmp_path / f"table.{ending}"
    path.unlink(missing_ok=True)
    assert read_back(write(path, [HEADER, *rows])) == rows


@quick
@given(rows=tables(ALPHABETS["utf-8"]), seed=st.integers(0, 99))
def test_shuffled_columns_give_the_same_rows(tmp_path, rows, seed):
    order = random.Random(seed).sample(range(3), 3)
    path = tmp_path / "table.csv"
    path.write_bytes(as_csv([[row[at] for at in order] for row in [HEADER, *rows]]))
    assert read_back(path) == rows


@pytest.mark.parametrize(
    ("name", "write"), [("table.csv", write_workbook), ("table.txt", write_parquet)]
)
def test_content_goes_before_the_name(tmp_path, name, write):
    real = write(tmp_path / "real.bin", [HEADER, ["a", "b", "c"]])
    assert read_back(real.rename(tmp_path / name)) == [["a", "b", "c"]]


def test_a_gzipped_file_reads_the_same(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(as_csv([HEADER, ["a", "b", "c"]])))
    assert read_back(path) == [["a", "b", "c"]]
    assert read_table(path).notes.delimiter == ","
