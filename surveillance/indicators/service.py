"""Use cases of indicators: a file is taken in."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.indicators import put_indications
from gis.intake.take import IntakeOptions, take_in
from surveillance.indicators import repository
from surveillance.indicators.catalogue import INDICATORS
from surveillance.indicators.compose import Around, Composed, compose
from surveillance.indicators.schema import SCHEMA
from surveillance.intake.repository import areas_of


def understand(
    uow: UnitOfWork, path: Path, *, city_id: int, source: str, as_of: datetime | None
) -> Composed:
    """Return the values of a file; nothing is stored, so this is its own dry run.

    as_of None: now. Where values of the source are known as of that moment or a later one, these
    are known just after: of two files the one that is taken in later is believed.

    Raises
    ------
    CityUnknownError, EmptyFileError, UnreadableFileError, UnsupportedFormatError,
    ColumnMissingError
        The file is refused as a whole; each says what to change.
    """
    city = require_city(uow, city_id)
    said = as_of or uow.clock.now()
    known = repository.taken_in_at(uow.session, city_id, source=source)
    moment = said if known is None else max(said, known + timedelta(microseconds=1))
    counting = [one.code for one in INDICATORS.values() if one.counts_people]
    around = Around(
        areas=areas_of(uow.session, city_id), source=source, as_of=moment,
        last_day=said.astimezone(ZoneInfo(city.time_zone)).date(),
        levels=repository.levels_of(uow.session, city_id, counting),
    )  # fmt: skip
    return compose(take_in(path, SCHEMA, IntakeOptions()), around)


def store(uow: WritingUnitOfWork, composed: Composed) -> int:
    """Append the values of a file whole; return how many."""
    put_indications(uow.session, composed.values)
    return len(composed.values)
