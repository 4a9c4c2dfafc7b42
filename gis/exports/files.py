"""The file of an export: rows with a watermark that says which export it is. Pure."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Format = Literal["csv", "json"]
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def file_of(
    rows: Sequence[Sequence[Any]], fields: Sequence[str], *, mark: Mapping[str, str], form: Format
) -> bytes:
    """Return the file as UTF-8.

    CSV begins with one line of comment and ends each row with the export's id, so that also a
    part of it says where it is from; JSON carries `export` beside `rows`.
    """
    plain = [[_plain(value) for value in row] for row in rows]
    if form == "json":
        content = {
            "export": dict(mark),
            "rows": [dict(zip(fields, row, strict=True)) for row in plain],
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["# " + "; ".join(f"{name}: {value}" for name, value in mark.items())])
    writer.writerow([*fields, "export_id"])
    for row in plain:
        writer.writerow([*(_unrun(value) for value in row), mark["export_id"]])
    # With the byte order mark spreadsheets read Chinese.
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
    return value


def _unrun(value: Any) -> Any:
    """Return a text that no spreadsheet takes for a formula: callers say what they like."""
    if isinstance(value, str) and value.startswith(_RUN_BY_SPREADSHEETS):
        return f"'{value}"
    return value
