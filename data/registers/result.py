"""What reading a register gives."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from gis.intake.take import LOST_COLUMNS


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Rows to store, rows refused, and single values left out of the rows to store.

    `good`: a frame with the columns of its kind (`data.model`), WGS-84. `rejects`: `row_number`
    (as in a spreadsheet for text files and workbooks, first row = 1; else the row's number from
    1), `reason`, then the original columns as they stood. `lost_fields`: `row_number`, `field`,
    `value`, `reason`. `told`: sentences about how the file was read, guesses among them.
    """

    good: gpd.GeoDataFrame
    rejects: pd.DataFrame
    lost_fields: pd.DataFrame
    told: tuple[str, ...]


def no_lost_fields() -> pd.DataFrame:
    """Return a table of lost values without rows."""
    return pd.DataFrame(columns=list(LOST_COLUMNS), dtype=object)
