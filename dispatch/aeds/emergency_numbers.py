"""The medical emergency number of a place: by the country a position lies in, never by a guess.

A wrong number costs more than none: whoever's circle of uncertainty leaves the areas we hold, or
stands in a country that is not in the table, is told to call the number of the place.

The rows are what is generally known, not read off an official list: whoever runs an installation
confirms those of its countries before the page is made public. A country whose number differs from
region to region or for which the police answers first stands here only if every caller of the
number reaches an ambulance by it; others are left out, since neutral is right then.

An installation lays its own rows over these by a file (`read_numbers`): each names its source.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import yaml

from dispatch.aeds.errors import InvalidEmergencyNumbersError
from gis.kernels.opening_hours import COUNTRY_OF_TIME_ZONE
from gis.words import Words

_COUNTRY = re.compile(r"[A-Z]{2}")
_NUMBER = re.compile(r"[0-9]{2,6}")
_FIELDS = {"country", "number", "name", "time_zones", "source"}


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """Whom to call for a medical emergency in one country or area (ISO 3166-1 alpha-2).

    number : None: not to be said, callers are told to call the number of the place
    time_zones : more of them whose cities lie in the country
    source : where an installation read it; None: a row of the table below
    """

    country: str
    number: str | None
    name: Words
    name_es: str
    time_zones: tuple[str, ...] = ()
    source: str | None = None

    def name_in(self, language: str) -> str:
        """Return the country's name in a language of the pages for anybody."""
        return {"es": self.name_es, "zh": self.name.zh}.get(language, self.name.en)


_TABLE = (
    EmergencyNumber("CN", "120", Words(en="mainland China", zh="中国内地"), "China continental"),
    EmergencyNumber("HK", "999", Words(en="Hong Kong", zh="香港"), "Hong Kong"),
    EmergencyNumber("MO", "999", Words(en="Macao", zh="澳门"), "Macao"),
    EmergencyNumber("TW", "119", Words(en="Taiwan", zh="台湾"), "Taiwán"),
    EmergencyNumber("CL", "131", Words(en="Chile", zh="智利"), "Chile"),
    EmergencyNumber("AU", "000", Words(en="Australia", zh="澳大利亚"), "Australia"),
    EmergencyNumber("CA", "911", Words(en="Canada", zh="加拿大"), "Canadá"),
    EmergencyNumber("CH", "144", Words(en="Switzerland", zh="瑞士"), "Suiza"),
    EmergencyNumber("DE", "112", Words(en="Germany", zh="德国"), "Alemania"),
    EmergencyNumber("ES", "112", Words(en="Spain", zh="西班牙"), "España"),
    EmergencyNumber("FI", "112", Words(en="Finland", zh="芬兰"), "Finlandia"),
    EmergencyNumber("GB", "999", Words(en="United Kingdom", zh="英国"), "Reino Unido"),
    EmergencyNumber("JP", "119", Words(en="Japan", zh="日本"), "Japón"),
    EmergencyNumber("KR", "119", Words(en="South Korea", zh="韩国"), "Corea del Sur"),
    EmergencyNumber("LI", "144", Words(en="Liechtenstein", zh="列支敦士登"), "Liechtenstein"),
    EmergencyNumber("NZ", "111", Words(en="New Zealand", zh="新西兰"), "Nueva Zelanda"),
    EmergencyNumber("US", "911", Words(en="United States", zh="美国"), "Estados Unidos"),
)


@dataclass(frozen=True, slots=True)
class EmergencyNumbers:
    """The numbers an installation says, by country, in the order in which a page lists them."""

    rows: Mapping[str, EmergencyNumber]

    def of_time_zone(self, time_zone: str) -> str | None:
        """Return the number where a city keeps a time zone; None: not known for sure."""
        named = (row.country for row in self.rows.values() if time_zone in row.time_zones)
        row = self.rows.get(next(named, COUNTRY_OF_TIME_ZONE.get(time_zone, "")))
        return row.number if row else None

    def said(self) -> tuple[EmergencyNumber, ...]:
        """Return the rows that have a number."""
        return tuple(row for row in self.rows.values() if row.number is not None)


BUILT_IN = EmergencyNumbers({row.country: row for row in _TABLE})


def load_numbers(path: Path | None) -> EmergencyNumbers:
    """Return the built-in numbers with those of a file laid over them.

    Raises
    ------
    InvalidEmergencyNumbersError
        If the file cannot be read, or a row of it cannot be used.
    """
    if path is None:
        return BUILT_IN
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidEmergencyNumbersError(f"{path} cannot be read ({error}).") from error
    return read_numbers(content)


def read_numbers(content: object) -> EmergencyNumbers:
    """Return the built-in numbers with the rows of a document laid over them.

    content : a list of rows: `country`, `number` (in quotes; null: neutral), `source`; `name`
        ({en, zh, es}) for a country that is not built in; `time_zones`, of which no two countries
        may have the same

    Raises
    ------
    InvalidEmergencyNumbersError
        If a row lacks what it needs, or says something that cannot be.
    """
    if not isinstance(content, list):
        raise InvalidEmergencyNumbersError("The file must hold a list of rows, one a country.")
    rows = dict(BUILT_IN.rows)
    own: set[str] = set()
    zones: dict[str, str] = {}
    for given in content:
        row = _row(given)
        if row.country in own:
            raise InvalidEmergencyNumbersError(f"{row.country} stands there twice. Leave one out.")
        own.add(row.country)
        for zone in row.time_zones:
            other = zones.setdefault(zone, row.country)
            if other != row.country:
                raise InvalidEmergencyNumbersError(
                    f"{zone} is named for {other} and for {row.country}. Leave one out."
                )
        rows[row.country] = row
    return EmergencyNumbers(rows)


def _row(given: object) -> EmergencyNumber:
    if not isinstance(given, dict) or not _COUNTRY.fullmatch(str(given.get("country", ""))):
        raise InvalidEmergencyNumbersError(
            f"{given!r}: a row needs `country`, two capital letters (ISO 3166-1)."
        )
    country = given["country"]

    def refuse(what: str) -> InvalidEmergencyNumbersError:
        return InvalidEmergencyNumbersError(f"{country}: {what}")

    if unknown := given.keys() - _FIELDS:
        raise refuse(f"{', '.join(map(str, unknown))} is not known; one may say {sorted(_FIELDS)}.")
    number = given.get("number", 0)
    if number is not None and not (isinstance(number, str) and _NUMBER.fullmatch(number)):
        raise refuse("`number` must be 2 to 6 digits in quotes, or null for neutral words.")
    source = given.get("source")
    if not isinstance(source, str) or not source.strip():
        raise refuse("`source` must say where the number was read, and when.")
    zones = given.get("time_zones", [])
    if not isinstance(zones, list) or not set(map(str, zones)) <= available_timezones():
        raise refuse("`time_zones` must be a list of names such as America/Santiago.")
    built_in = BUILT_IN.rows.get(country)
    name = given.get("name")
    if built_in is not None and name is None:
        return replace(built_in, number=number, time_zones=tuple(zones), source=source)
    named = _named(name)
    if named is None:
        raise refuse("`name` must have the texts en, zh and es.")
    words, name_es = named
    return EmergencyNumber(country, number, words, name_es, tuple(zones), source)


def _named(name: Any) -> tuple[Words, str] | None:
    if not isinstance(name, dict):
        return None
    en, zh, es = (str(name.get(language) or "").strip() for language in ("en", "zh", "es"))
    return (Words(en=en, zh=zh), es) if en and zh and es else None
