"""Sites that a study may choose from, read from a file that somebody hands in.

What reads tables is large: no server needs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis.intake.model import Field, Schema
from gis.intake.take import IntakeOptions, take_in
from planning.studies.errors import StudyParametersError

SITES = Schema(
    fields=(
        Field(name="key", synonyms=("id", "code", "编号", "序号"), required=True, max_length=100),
        Field(name="name", synonyms=("site", "名称", "站点", "地点"), max_length=200),
    ),
    placed=True,
    key=("key",),
)


@dataclass(frozen=True, slots=True)
class SitesRead:
    """Sites of a file in WGS-84, and a sentence for each of its rows that was left out."""

    sites: tuple[Mapping[str, Any], ...]
    left_out: tuple[str, ...]


def sites_of_file(path: Path, *, datum: str) -> SitesRead:
    """Return the sites of a table of any format that the house reads; a bad row costs itself.

    Raises
    ------
    DatumRequiredError, EmptyFileError, UnreadableFileError, UnsupportedFormatError,
    ColumnMissingError
        The file is refused as a whole; each says what to change.
    StudyParametersError
        No row is a site.
    """
    taken = take_in(path, SITES, IntakeOptions(datum=datum))
    left_out = tuple(
        f"Row {taken.raw.row_number[row]} of {path.name} is left out: {taken.reasons[row]}."
        for row in sorted(taken.reasons)
    )
    if not len(taken.table):
        raise StudyParametersError(
            f"{path.name} names no site that can be used. {left_out[0]}"
        )  # fmt: skip
    rows = zip(
        taken.table["key"].tolist(), taken.table["name"].fillna("").tolist(), taken.lon.tolist(),
        taken.lat.tolist(), strict=True,
    )  # fmt: skip
    sites = tuple(
        {"key": key, "name": name, "lon": lon, "lat": lat} for key, name, lon, lat in rows
    )
    return SitesRead(sites, left_out)
