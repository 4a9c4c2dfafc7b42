"""Make the extract of Tainan's dengue cases out of Taiwan's open data.

    python -m data.tainan.make dengue_daily.parquet

The table (CSV or Parquet, columns as Taiwan's Centers for Disease Control publish them; data CC0)
holds one row a case with the centroid of the smallest statistical area of the home. Kept are cases
living in Tainan with onset from 2008 to June 2016. Writes data/sample/tainan_dengue.npz; the same
input gives the same file.
"""

import sys
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from data.tainan.cases import AGES, FIRST_DAY, PATH

UNTIL = date(2016, 7, 1)
FURTHEST_DEG = 0.06
"""A statistical area farther than this from the middle of its village was placed by mistake."""
NO_UNIT = -1


def main(arguments: list[str]) -> None:
    """Read the table named in `arguments` and write the extract."""
    table = _read(arguments[0])
    np.savez_compressed(PATH, allow_pickle=False, **extract(table))


def _read(path: str) -> pd.DataFrame:
    rows = duckdb.read_csv(path) if path.endswith(".csv") else duckdb.read_parquet(path)
    table: pd.DataFrame = rows.df()
    return table


def extract(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the arrays of the extract; villages are told apart by district and name."""
    onset = pd.to_datetime(table["Date_Onset"])
    kept = (
        (table["County_living"] == "Tainan City")
        & (onset >= pd.Timestamp(FIRST_DAY)) & (onset < pd.Timestamp(UNTIL))
    )  # fmt: skip
    rows = table[kept].assign(onset=onset[kept]).sort_values(
        ["onset", "Date_Notification", "Village_Living_Code", "Enumeration_unit", "Age_Group",
         "Sex"],
        kind="stable",
    )  # fmt: skip
    villages = _villages(rows)
    name = rows["Township_living"].str.cat(rows["Village_Living"].fillna(""), sep="|")
    village = villages.index.get_indexer(pd.Index(name))
    units, unit = _units(rows, villages, village)
    districts = (
        rows.groupby("Township_living")["MOI_Township_living_Code"]
        .first()
        .astype(int)
        .sort_values()
    )
    return {
        "onset": _days(rows["onset"]).astype(np.int16),
        "notified_after": _after(rows, "Date_Notification"),
        "confirmed_after": _after(rows, "Date_Confirmation"),
        "female": (rows["Sex"] == "F").to_numpy(),
        "age": rows["Age_Group"].map({label: i for i, label in enumerate(AGES)}).to_numpy(np.uint8),
        "imported": (rows["Imported"] == "Y").to_numpy(),
        "cases": rows["Number_of_confirmed_cases"].to_numpy(np.uint8),
        "district": districts.index.get_indexer(pd.Index(rows["Township_living"])).astype(np.int8),
        "village": village.astype(np.int16),
        "unit": unit.astype(np.int16),
        "district_code": districts.astype(str).to_numpy(str),
        "district_name": districts.index.to_numpy(str),
        "village_code": villages["code"].to_numpy(str),
        "village_name": villages["name"].to_numpy(str),
        "village_district": districts.index.get_indexer(pd.Index(villages["district"])).astype(
            np.int8
        ),
        "village_at": _fixed(villages[["lon", "lat"]].to_numpy()),
        "unit_at": _fixed(units),
    }


def _villages(rows: pd.DataFrame) -> pd.DataFrame:
    """Return code, name, district and middle of each village; medians pass over misplaced areas."""
    placed = rows.dropna(subset=["Village_Living", "Enumeration_unit_long"])
    by_village = placed.groupby(["Township_living", "Village_Living"])
    found = by_village.agg(
        lon=("Enumeration_unit_long", "median"), lat=("Enumeration_unit_lat", "median"),
        code=("Village_Living_Code", lambda codes: codes.mode().iloc[0]),
    ).reset_index()  # fmt: skip
    found = found.rename(columns={"Township_living": "district", "Village_Living": "name"})
    found.index = pd.Index(found["district"].str.cat(found["name"], sep="|"))
    # A code was given to two villages one after the other: letters tell them apart.
    again = found.groupby("code").cumcount()
    found["code"] += again.map(lambda number: "" if number == 0 else chr(ord("a") + number))
    return found.sort_values("code")


def _units(
    rows: pd.DataFrame, villages: pd.DataFrame, village: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places (n, 2) of statistical areas, and which one (k,) each case has."""
    at = rows[["Enumeration_unit_long", "Enumeration_unit_lat"]].to_numpy()
    middle = villages[["lon", "lat"]].to_numpy()[np.maximum(village, 0)]
    near = (village >= 0) & (np.abs(at - middle).max(axis=1) <= FURTHEST_DEG)
    places, which = np.unique(at[near], axis=0, return_inverse=True)
    unit = np.full(len(rows), NO_UNIT)
    unit[near] = which.ravel()
    return places, unit


def _days(days: pd.Series) -> np.ndarray:
    since: np.ndarray = days.to_numpy("datetime64[D]") - np.datetime64(FIRST_DAY, "D")
    return since.astype(np.int64)


def _after(rows: pd.DataFrame, column: str) -> np.ndarray:
    after: np.ndarray = _days(pd.to_datetime(rows[column])) - _days(rows["onset"])
    return after.astype(np.int16)


def _fixed(degrees: np.ndarray) -> np.ndarray:
    fixed: np.ndarray = np.rint(degrees * 1e5).astype(np.int32)
    return fixed


if __name__ == "__main__":
    main(sys.argv[1:])
