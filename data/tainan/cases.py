"""The dengue cases of Tainan, 2008 to June 2016, as Taiwan's open data have them (CC0)."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PATH = Path(__file__).parents[1] / "sample" / "tainan_dengue.npz"
FIRST_DAY = date(2008, 1, 1)
UNITS_PER_DEGREE = 1e5

AGES = (
    "0", "1", "2", "3", "4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44",
    "45-49", "50-54", "55-59", "60-64", "65-69", "70+",
)  # fmt: skip
"""Age groups of the source, by their number in the extract."""

Arrays = dict[str, NDArray[Any]]


def stored() -> Arrays:
    """Return the arrays of the extract, places in degrees (WGS-84) as (n, 2) lon, lat."""
    with np.load(PATH, allow_pickle=False) as found:
        arrays = dict(found)
    for name in ("village_at", "unit_at"):
        arrays[name] = np.round(arrays[name] / UNITS_PER_DEGREE, 5)
    return arrays


def dengue_cases() -> pd.DataFrame:
    """Return one row a case, by onset.

    Columns: key (str, unique), onset, notified, confirmed (datetime64[D] in pandas' own form), sex
    (`female`, `male`), age_from, age_below (years; below None where the group has no end), district
    and village (area codes; village None where it is not known), lon, lat (centroid of the smallest
    statistical area, WGS-84; NaN where it is not known or was misplaced), imported (bool).
    """
    arrays = stored()
    each = np.repeat(np.arange(arrays["onset"].size), arrays["cases"])
    first = np.datetime64(FIRST_DAY, "D")
    onset = first + arrays["onset"][each].astype("timedelta64[D]")
    lower, upper = _bounds()
    age = arrays["age"][each]
    village, unit = arrays["village"][each], arrays["unit"][each]
    at = np.vstack([arrays["unit_at"], [[np.nan, np.nan]]])[unit]
    codes = np.array([*arrays["village_code"].tolist(), None], dtype=object)
    return pd.DataFrame({
        "key": [f"TN-{number:05d}" for number in range(each.size)],
        "onset": onset.astype("datetime64[s]"),
        "notified": _later(onset, arrays["notified_after"][each]),
        "confirmed": _later(onset, arrays["confirmed_after"][each]),
        "sex": np.where(arrays["female"][each], "female", "male").astype(object),
        "age_from": lower[age],
        "age_below": pd.Series([upper[one] for one in age], dtype=object),
        "district": arrays["district_code"][arrays["district"][each]].astype(object),
        "village": codes[village],
        "lon": at[:, 0],
        "lat": at[:, 1],
        "imported": arrays["imported"][each],
    })  # fmt: skip


def _later(onset: NDArray[np.datetime64], days: NDArray[np.int16]) -> NDArray[np.datetime64]:
    return np.asarray((onset + days.astype("timedelta64[D]")).astype("datetime64[s]"))


def _bounds() -> tuple[NDArray[np.int64], list[int | None]]:
    """Return the first age of each group, and the age it ends below."""
    lower = np.array([int(label.rstrip("+").split("-", maxsplit=1)[0]) for label in AGES])
    return lower, [*(int(one) for one in lower[1:]), None]
