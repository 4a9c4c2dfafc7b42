"""Unit responses as arrays, and the spans between their stamps."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from planning.recorded.schema import ORDER

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SPANS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "call_to_dispatch": ("received_at", "dispatched_at"),
        "turnout": ("dispatched_at", "moving_at"),
        "travel": ("moving_at", "arrived_at"),
        "response": ("received_at", "arrived_at"),
        "on_scene": ("arrived_at", "left_at"),
        "transport": ("left_at", "hospital_at"),
        "handover": ("hospital_at", "available_at"),
    }
)
"""Span → the stamps it lies between."""

LONGEST_S = 12 * 3600.0
"""A span longer than this is a stamp of another day or none."""


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """r responses of units to calls.

    call, unit, district, unit_class, priority : (r,) text, None unknown
    hour : (r,) hour of the day of the call, local; stamp_s : name → (r,) seconds, NaN missing
    in_order : (r,) whether the stamps that are there follow one another
    """

    call: npt.NDArray[np.object_]
    unit: npt.NDArray[np.object_]
    district: npt.NDArray[np.object_]
    unit_class: npt.NDArray[np.object_]
    priority: npt.NDArray[np.object_]
    hour: npt.NDArray[np.int64]
    stamp_s: Mapping[str, FloatArray]
    in_order: BoolArray

    @classmethod
    def of(cls, table: "pd.DataFrame", *, time_zone: str) -> "Responses":
        """Return the rows of a table taken in by `planning.recorded.schema.RESPONSES`."""
        import pandas as pd

        stamps = {name: _seconds(table[name]) for name in ORDER}
        received = pd.to_datetime(table["received_at"], utc=True)
        hour = received.dt.tz_convert(ZoneInfo(time_zone)).dt.hour
        call, unit, district, unit_class, priority = (
            table[name].to_numpy(object)
            for name in ("call", "unit", "district", "unit_class", "priority")
        )
        return cls(
            call, unit, district, unit_class, priority, np.asarray(hour, dtype=np.int64), stamps,
            _in_order(stamps),
        )  # fmt: skip

    def __len__(self) -> int:
        """Return how many responses there are."""
        return len(self.call)

    def span_s(self, span: str) -> FloatArray:
        """Return the seconds of a span of `SPANS`: (r,), NaN where it is not known or not so.

        Responses whose stamps are out of order have none, nor has a span over half a day.
        """
        start, end = SPANS[span]
        found = self.stamp_s[end] - self.stamp_s[start]
        fine = self.in_order & (found >= 0.0) & (found <= LONGEST_S)
        return np.where(fine, found, np.nan)

    def first_arrivals(self) -> npt.NDArray[np.int64]:
        """Return the rows of the units that arrived first at each call, in order of the calls."""
        import pandas as pd

        arrived = np.where(np.isnan(self.span_s("response")), np.inf, self.stamp_s["arrived_at"])
        rows = np.flatnonzero(np.isfinite(arrived))
        calls, _ = pd.factorize(self.call[rows])
        order = np.lexsort((arrived[rows], calls))
        _, first = np.unique(calls[order], return_index=True)
        return np.asarray(rows[order[first]], dtype=np.int64)


def _seconds(moments: "pd.Series[Any]") -> FloatArray:
    import pandas as pd

    found = pd.to_datetime(moments, utc=True).to_numpy("datetime64[ns]")
    seconds = found.astype(np.int64) / 1e9
    return np.where(np.isnat(found), np.nan, seconds)


def _in_order(stamps: Mapping[str, FloatArray]) -> BoolArray:
    latest = np.full(len(stamps[ORDER[0]]), -np.inf)
    fine = np.ones(len(latest), np.bool_)
    for name in ORDER:
        at = stamps[name]
        fine &= np.isnan(at) | (at >= latest)
        latest = np.fmax(latest, at)
    return fine
