"""Tables for the tests of the intake: a schema, and writers of every format."""

import csv
import io
import json
from datetime import date

import duckdb
import openpyxl
from openpyxl.cell import WriteOnlyCell

from gis.intake.model import Field, Kind, Schema

PEOPLE = Schema(
    fields=(
        Field(name="ref", required=True, synonyms=("id", "编号", "código")),
        Field(name="name", synonyms=("名称", "nombre")),
        Field(name="beds", kind=Kind.WHOLE, lowest=0, highest=20_000, synonyms=("床位", "camas")),
        Field(name="weight_kg", kind=Kind.NUMBER, unit="kg", synonyms=("体重", "peso", "weight")),
        Field(name="born", kind=Kind.DAY, synonyms=("出生日期", "nacimiento")),
        Field(name="seen_at", kind=Kind.MOMENT, earliest=date(2000, 1, 1), synonyms=("时间",)),
        Field(name="open", kind=Kind.FLAG, synonyms=("开放", "abierto")),
        Field(name="kind", kind=Kind.CHOICE, choices={"hospital": "hospital", "医院": "hospital",
                                                      "clinic": "clinic"}, synonyms=("类型",)),
    ),
    key=("ref",),
)  # fmt: skip
"""One field of each kind."""

TEXTS = Schema(fields=tuple(Field(name=name) for name in ("alpha", "beta", "gamma")))


def as_csv(rows, *, delimiter=",", encoding="utf-8"):
    """Return rows as the bytes of a text file."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def write_workbook(path, rows):
    """Write rows, the first one the header, as .xlsx."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    for row in rows:
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            cell.data_type = "s"  # text, though it may look like a formula
        sheet.append(cells)
    book.save(path)
    return path


def write_parquet(path, rows):
    """Write rows of text, the first one the header, as Parquet."""
    header, *body = rows
    with duckdb.connect(":memory:") as connection:
        columns = ", ".join(f'"{name}" VARCHAR' for name in header)
        connection.execute(f"CREATE TABLE t ({columns})")
        marks = ", ".join("?" for _ in header)
        connection.executemany(f"INSERT INTO t VALUES ({marks})", body)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


def write_geojson(path, rows):
    """Write rows, the first one the header, as GeoJSON without places."""
    header, *body = rows
    features = [
        {"type": "Feature", "geometry": None, "properties": dict(zip(header, row, strict=True))}
        for row in body
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path
