"""Reading a file of calls and unit responses: what reads tables is large, no server needs it."""

from dataclasses import replace
from pathlib import Path

import shapely

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.intake.model import Intake
from gis.intake.places import Bounds
from gis.intake.take import IntakeOptions, take_in
from planning.recorded.schema import RESPONSES


def understand(
    uow: UnitOfWork, path: Path, *, city_id: int, options: IntakeOptions
) -> Intake:  # fmt: skip
    """Return the responses of a file; nothing is stored, so this is its own dry run.

    Places outside the city are refused.

    Raises
    ------
    CityUnknownError, DatumRequiredError, EmptyFileError, UnreadableFileError,
    UnsupportedFormatError, ColumnMissingError
        The file is refused as a whole; each says what to change.
    """
    city = require_city(uow, city_id)
    extent = shapely.box(city.west, city.south, city.east, city.north)
    return take_in(path, RESPONSES, replace(options, bounds=Bounds(extent)))
