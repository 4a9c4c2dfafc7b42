"""What reading a register gives."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

REJECT_COLUMNS = ("row_number", "reason")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Rows to store and rows refused.

    `good`: a frame with the columns of its kind (`data.model`), WGS-84. `rejects`: `row_number`
    (as in a spreadsheet for text files, header = 1; else the feature's number from 1), `reason`,
    then the original columns as they stood.
    """

    good: gpd.GeoDataFrame
    rejects: pd.DataFrame
