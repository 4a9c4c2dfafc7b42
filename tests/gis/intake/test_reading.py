"""Encodings, delimiters, headers and torn lines: recognised, guessed and told, or refused."""

import gzip

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import GoldenHourError
from gis.intake import read, workbooks
from gis.intake.columns import header_score
from gis.intake.delimited import TOO_MANY_FIELDS, UNCLOSED_QUOTE
from gis.intake.errors import EmptyFileError, UnreadableFileError, UnsupportedFormatError
from gis.intake.read import ReadingOptions, read_table
from tests.gis.intake.tables import PEOPLE, as_csv, write_workbook


def table(tmp_path, content, *, name="a.csv", score=None, **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, options=ReadingOptions(**options), score=score)


def cells(raw):
    return {name: column.tolist() for name, column in raw.columns.items()}


@pytest.mark.parametrize(
    ("text", "encoding", "known_as"),
    [
        ("id,名称\n1,深圳市人民医院\n", "gb18030", "gb18030"),
        ("id,nombre\n1,Peñalolén Ñuñoa y Cañete\n", "latin-1", "cp1252"),
        ("id,name\n1,“Müller” – Straße\n", "cp1252", "cp1252"),
        ("id,name\n1,plain text of a register\n", "utf-16-le", "utf-16-le"),
        ("id,name\n1,plain text of a register\n", "utf-16-be", "utf-16-be"),
    ],
)
def test_a_guessed_encoding_is_right_and_told(tmp_path, text, encoding, known_as):
    raw = table(tmp_path, text.encode(encoding))
    assert raw.notes.encoding == known_as
    assert raw.notes.encoding_guessed
    assert [column[0] for column in cells(raw).values()] == text.splitlines()[1].split(",")
    if known_as == "cp1252":
        assert "check the accents" in raw.notes.remarks[0]


def test_valid_utf8_and_marks_are_no_guess(tmp_path):
    for content in ("id,名称\n1,甲\n".encode(), "id,名称\n1,甲\n".encode("utf-16")):
        assert not table(tmp_path, content).notes.encoding_guessed


def test_a_broken_byte_costs_its_field_and_not_the_file(tmp_path):
    good = "".join(f"{row},深圳市人民医院\n" for row in range(20)).encode()
    raw = table(tmp_path, "id,名称\n".encode() + good + b"99,\xe6\xb7\n")
    assert raw.columns["名称"][:20].tolist() == ["深圳市人民医院"] * 20
    assert any("\ud800" <= char <= "\udfff" for char in raw.columns["名称"][20])


def test_an_encoding_that_is_told_must_be_right(tmp_path):
    with pytest.raises(UnreadableFileError, match="not in ascii"):
        table(tmp_path, "id,name\n1,ñ", encoding="ascii")
    with pytest.raises(UnreadableFileError, match="is no encoding"):
        table(tmp_path, "id,name\n1,n", encoding="utf-99")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_splits_all_rows_alike(tmp_path, delimiter):
    rows = [["id", "note", "size"], ["1", "a, b; c", "1,5"], ["2", "x|y\tz", "2,5"]]
    raw = table(tmp_path, as_csv(rows, delimiter=delimiter))
    assert raw.notes.delimiter == delimiter
    assert cells(raw)["size"] == ["1,5", "2,5"]


def test_excels_own_mark_of_the_delimiter(tmp_path):
    raw = table(tmp_path, "sep=;\r\nid;a,b\r\n1;2,5\r\n")
    assert cells(raw) == {"id": ["1"], "a,b": ["2,5"]}
    assert raw.row_number.tolist() == [3]


def test_a_header_below_a_title_is_found(tmp_path):
    score = header_score(PEOPLE)
    rows = [["深圳市登记表", "", ""], ["", "", ""], ["编号", "名称", "床位(张)"], ["1", "甲", "5"]]
    raw = table(tmp_path, as_csv(rows), score=score)
    assert list(raw.columns) == ["编号", "名称", "床位(张)"]
    assert (raw.notes.header_row, raw.row_number.tolist()) == (3, [4])
    raw = read_table(write_workbook(tmp_path / "b.xlsx", rows), score=score)
    assert list(raw.columns) == ["编号", "名称", "床位(张)"]
    assert (raw.notes.header_row, raw.row_number.tolist()) == (3, [4])


def test_equal_headers_become_distinct(tmp_path):
    raw = table(tmp_path, "a,a,a.2,a\n1,2,3,4\n")
    assert len(raw.columns) == 4
    assert [column[0] for column in raw.columns.values()] == ["1", "2", "3", "4"]


def test_an_unclosed_quote_costs_one_line(tmp_path):
    raw = table(tmp_path, 'id,name\n1,A\n2,"B\n3,C\n4,D\n5,F\n')
    assert raw.problems == {1: UNCLOSED_QUOTE}
    assert cells(raw)["id"] == ["1", "2", "3", "4", "5"]
    assert raw.row_number.tolist() == [2, 3, 4, 5, 6]


def test_an_unclosed_quote_in_a_large_file(tmp_path):
    rows = [f"{row},name {row}" for row in range(40_000)]
    rows[20_000] = '20000,"name'
    raw = table(tmp_path, "\n".join(["id,name", *rows]))
    assert len(raw) == 40_000
    assert list(raw.problems) == [20_000]
    assert raw.columns["id"].tolist() == [str(row) for row in range(40_000)]


def test_rows_of_other_widths(tmp_path):
    raw = table(tmp_path, "id,name\n1\n2,B,\n3,C,x\n,,\n4,D\n")
    assert cells(raw) == {"id": ["1", "2", "3", "4"], "name": [None, "B", "C", "D"]}
    assert raw.problems == {2: TOO_MANY_FIELDS}
    assert raw.row_number.tolist() == [2, 3, 4, 6]


def test_the_first_filled_sheet_is_read_and_the_others_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "empty"
    book.create_sheet("hidden").append(["x"])
    book["hidden"].sheet_state = "hidden"
    for name in ("data", "more"):
        book.create_sheet(name).append(["id", name])
        book[name].append([1, name])
    path = tmp_path / "a.xlsx"
    book.save(path)
    raw = read_table(path)
    assert raw.notes.sheet == "data"
    assert "not empty, more" in raw.notes.remarks[0]
    raw = read_table(path, options=ReadingOptions(sheet="more"))
    assert raw.columns["more"].tolist() == ["more"]
    with pytest.raises(UnreadableFileError, match="no sheet “none”"):
        read_table(path, options=ReadingOptions(sheet="none"))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.csv", b"", EmptyFileError),
        ("a.csv", b"id,name\n", EmptyFileError),
        ("a.csv", b"\n\n,,\n", EmptyFileError),
        ("a.csv", bytes(range(256)) * 50, UnreadableFileError),
        ("a.csv", b"\x00" * 5_000, UnreadableFileError),
        ("a.xlsx", b"PK\x03\x04nothing", UnreadableFileError),
        ("a.xlsx", b"id,name\n1,A", UnreadableFileError),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, UnreadableFileError),
        ("a.parquet", b"PAR1 but no more", UnreadableFileError),
        ("a.gpkg", b"SQLite format 3\x00" * 4, UnreadableFileError),
        ("a.csv.gz", b"\x1f\x8b\x08 torn", UnreadableFileError),
        ("a.geojson", b"[" * 200_000, UnreadableFileError),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', EmptyFileError),
        ("a.pdf", b"%PDF-1.4", UnsupportedFormatError),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, name, content, error):
    with pytest.raises(error) as told:
        table(tmp_path, content, name=name)
    assert str(told.value).startswith(name)


def test_what_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MAX_BYTES", 1_000)
    with pytest.raises(UnreadableFileError, match="unpacks to more"):
        table(tmp_path, gzip.compress(b"id,name\n" + b"1,A\n" * 1_000), name="a.csv.gz")
    monkeypatch.undo()
    path = write_workbook(tmp_path / "a.xlsx", [["id"], ["1"]])
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(UnreadableFileError, match="unpacks to more"):
        read_table(path)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150
)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text('ab1,;|"\t\n\r\x00é深', max_size=200).map(str.encode),
        st.text('ab1,;|"\n', max_size=200).map(lambda text: b"id,name\n" + text.encode()),
    ),
    name=st.sampled_from(["a.csv", "a.geojson", "a.xlsx", "a.parquet", "a.gpkg", "a.csv.gz"]),
)
def test_junk_is_read_or_refused_and_nothing_else(tmp_path, content, name):
    try:
        raw = table(tmp_path, content, name=name)
    except GoldenHourError:
        return
    assert len(raw) > 0
    assert {len(column) for column in raw.columns.values()} == {len(raw)}
    assert (raw.row_number[1:] > raw.row_number[:-1]).all()


def test_a_word_that_stands_in_many_rows_is_in_memory_once(tmp_path):
    rows = "".join(f"{row}, 市立医院 ,\n" for row in range(2_000))
    raw = table(tmp_path, "id,单位,空\n" + rows)
    assert set(raw.columns["单位"].tolist()) == {"市立医院"}
    assert len({id(cell) for cell in raw.columns["单位"].tolist()}) == 1
    assert raw.columns["id"].tolist() == [str(row) for row in range(2_000)]
    assert set(raw.columns["空"].tolist()) == {None}
