"""Intervals and standards as rows of a file: CSV and Parquet, the same columns and values."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Literal

from dispatch.kpis.errors import KpiFormUnknownError
from dispatch.kpis.views import KpiView

Form = Literal["csv", "parquet"]

COLUMNS = (
    ("profile", "VARCHAR"), ("edition", "VARCHAR"), ("records", "VARCHAR"), ("begin", "VARCHAR"),
    ("until", "VARCHAR"), ("by", "VARCHAR"), ("group", "VARCHAR"), ("group_en", "VARCHAR"),
    ("group_zh", "VARCHAR"), ("interval", "VARCHAR"), ("categories", "VARCHAR"),
    ("statistic", "VARCHAR"), ("used", "BIGINT"), ("future", "BIGINT"), ("out_of_order", "BIGINT"),
    ("out_of_bounds", "BIGINT"), ("missing", "BIGINT"), ("value", "DOUBLE"),
    ("at_most_s", "DOUBLE"), ("share", "DOUBLE"), ("within", "BIGINT"), ("met", "BOOLEAN"),
)  # fmt: skip
"""Columns and their types; a value is seconds, of a share 0 to 1. Empty: not known, not judged."""

FIELDS = tuple(name for name, _ in COLUMNS)
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
Row = tuple[str | int | float | bool | None, ...]


def form_of(name: str) -> Form:
    """Return the form that a file's name asks for.

    Raises
    ------
    KpiFormUnknownError
    """
    if name.endswith(".csv"):
        return "csv"
    if name.endswith(".parquet"):
        return "parquet"
    raise KpiFormUnknownError(name)


def rows_of(view: KpiView) -> list[Row]:
    """Return one row a statistic of an interval and group, then one a standard and group."""
    head = (
        view.profile.name, view.profile.edition, view.records, view.begin.isoformat(),
        view.until.isoformat(), view.by,
    )  # fmt: skip
    rows: list[Row] = [
        (*head, one.group, one.group_words.en, one.group_words.zh, one.interval, "", statistic,
         one.used, one.future, one.out_of_order, one.out_of_bounds, one.missing, value,
         None, None, None, None)
        for one in view.intervals
        for statistic, value in (
            ("mean", one.mean_s), ("median", one.median_s), ("p90", one.p90_s),
        )
    ]  # fmt: skip
    return rows + [
        (*head, one.group, one.group_words.en, one.group_words.zh, one.interval,
         " ".join(one.categories), one.statistic, one.used, None, None, None, None, one.value,
         one.at_most_s, one.share, one.within, one.met)
        for one in view.standards
    ]  # fmt: skip


def file_of(view: KpiView, form: Form) -> bytes:
    """Return the rows as a file."""
    rows = rows_of(view)
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(FIELDS)
        writer.writerows([[_unrun(cell) for cell in row] for row in rows])
        # With the byte order mark spreadsheets read Chinese.
        return text.getvalue().encode("utf-8-sig")
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS)
        connection.execute(f"CREATE TABLE kpis ({columns})")
        if rows:
            marks = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"INSERT INTO kpis VALUES ({marks})", rows)  # noqa: S608
        path = Path(folder) / "kpis.parquet"
        connection.execute(f"COPY kpis TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def _unrun(cell: str | float | bool | None) -> str | float | bool | None:
    if isinstance(cell, str) and cell.startswith(_RUN_BY_SPREADSHEETS):
        return f"'{cell}"
    return cell
