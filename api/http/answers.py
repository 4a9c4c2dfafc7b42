"""JSON as it leaves the house: times in UTC with Z, ids as text, infinity as null."""

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import numpy as np
from starlette.responses import JSONResponse


def plain(value: Any) -> Any:  # noqa: PLR0911 (one line per kind of value)
    """Return `value` made of dicts, lists, text, numbers, booleans and None only."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case np.generic():
            return plain(value.item())
        case np.ndarray():
            return plain(value.tolist())
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return {name: plain(getattr(value, name)) for name in names}
    return [plain(item) for item in value]


def json_text(value: Any) -> str:
    """Return compact JSON of `value`."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Answer(JSONResponse):
    """A JSON answer; `version`, where given, becomes its ETag."""

    def __init__(
        self,
        content: Any = None,
        status_code: int = 200,
        *,
        version: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(content, status_code, dict(headers or {}))
        if version is not None:
            self.headers["ETag"] = f'"{version}"'

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return json_text(content).encode()


def line_string(lonlat: Any) -> dict[str, Any]:
    """Return (m, 2) degrees as a GeoJSON LineString, to 6 decimals (0.1 m)."""
    return {"type": "LineString", "coordinates": np.round(np.asarray(lonlat), 6).tolist()}
