"""Use cases of indicators: a file is taken in, areas are ranked by how vulnerable they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.indicators import Indication, latest_indications, put_indications
from gis.intake.take import IntakeOptions, take_in
from gis.words import Words
from surveillance.counting.repository import area_codes, area_words
from surveillance.indicators import repository
from surveillance.indicators.catalogue import INDICATORS
from surveillance.indicators.compose import SUBJECT, Around, Composed, compose
from surveillance.indicators.schema import SCHEMA
from surveillance.indicators.vulnerability import Vulnerability, vulnerability
from surveillance.intake.repository import areas_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The areas of a level, ranked: their codes, names and `Vulnerability` in this order."""

    codes: list[str]
    places: Mapping[str, Words]
    found: Vulnerability


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


def ranked(
    uow: UnitOfWork, city_id: int, *, weights: Mapping[str, float], level: str
) -> Ranked:  # fmt: skip
    """Return the areas of a level by vulnerability: the newest values of indicators, weighed.

    weights : indicator → weight above 0
    """
    require_city(uow, city_id)
    codes = list(area_codes(uow.session, city_id, level=level).codes)
    row = {code: number for number, code in enumerate(codes)}
    parts = np.full((len(codes), len(weights)), np.nan)
    for column, code in enumerate(weights):
        newest: dict[str, Indication] = {}
        for one in latest_indications(
            uow.session, code, subject_kind=SUBJECT, subject_ids=codes
        ):  # fmt: skip
            before = newest.get(one.subject_id)
            if before is None or one.period_until > before.period_until:
                newest[one.subject_id] = one
        for subject, its in newest.items():
            parts[row[subject], column] = its.value
    return Ranked(
        codes=codes,
        places=area_words(uow.session, city_id, codes),
        found=vulnerability(parts, np.array(list(weights.values()), np.float64)),
    )
