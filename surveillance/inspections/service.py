"""Use cases of inspections: a file of points is taken in, and indices of areas follow."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import shapely

from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.datum import Datum
from gis.indicators import put_indications
from gis.intake.places import Bounds
from gis.intake.take import IntakeOptions, take_in
from surveillance.indicators import repository as known
from surveillance.inspections import repository
from surveillance.inspections.areas import indications, month_of, reckoned
from surveillance.inspections.compose import compose
from surveillance.inspections.model import SOURCE, Composed, Taken
from surveillance.inspections.schema import SCHEMA
from surveillance.intake.repository import areas_of
from surveillance.signals.repository import lock_city

_INDICES = ("breteau_index", "house_index", "container_index", "inspection_failed")


def understand(
    uow: UnitOfWork, path: Path, *, city_id: int, datum: Datum | str | None
) -> Composed:  # fmt: skip
    """Return the inspections of a file; nothing is stored, so this is its own dry run.

    Raises
    ------
    CityUnknownError, DatumRequiredError, EmptyFileError, UnreadableFileError,
    UnsupportedFormatError, ColumnMissingError
        The file is refused as a whole; each says what to change.
    """
    city = require_city(uow, city_id)
    extent = shapely.box(city.west, city.south, city.east, city.north)
    options = IntakeOptions(datum=datum, bounds=Bounds(extent))
    intake = take_in(path, SCHEMA, options)
    return compose(
        intake, areas=areas_of(uow.session, city_id), datum=Datum(str(datum)),
        last_day=uow.clock.now().astimezone(ZoneInfo(city.time_zone)).date(),
    )  # fmt: skip


def store(uow: WritingUnitOfWork, composed: Composed, *, city_id: int, source: str) -> Taken:
    """Store the inspections of a file whole, and reckon the indices of their months anew.

    Those of every area, of every level, that holds some of an affected month; calendar months.
    """
    given = composed.inspections
    if not given:
        return Taken(stored=0, values=0)
    lock_city(uow.session, city_id)
    months = {month_of(one.inspected_on) for one in given} | repository.months_of(
        uow.session, city_id, source=source, refs=[one.source_ref for one in given]
    )
    now = uow.clock.now()
    repository.put(
        uow.session, city_id, given, source=source, at=now, by=uow.identity.label
    )  # fmt: skip
    said = known.taken_in_at(uow.session, city_id, source=SOURCE)
    made = indications(
        reckoned(repository.sums(uow.session, city_id, months)),
        repository.said_before(
            uow.session, _INDICES, months, list(areas_of(uow.session, city_id).by_code)
        ),
        as_of=now if said is None else max(now, said + timedelta(microseconds=1)),
    )
    put_indications(uow.session, made)
    return Taken(stored=len(given), values=len(made))
