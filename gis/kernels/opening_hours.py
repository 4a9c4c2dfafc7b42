"""Opening hours in OSM syntax: open, closed or not known at a moment.

A thin, pure layer over the `opening_hours` library. "Not known" is an answer of its own (None):
no expression, one that cannot be read, or one that says `unknown`. It is never taken as open.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State
from opening_hours import ParserError as _ParserError  # type: ignore[attr-defined]
from opening_hours import UnknownCountryError as _UnknownCountryError  # type: ignore[attr-defined]

from gis.errors import InvalidInputError

COUNTRY_OF_TIME_ZONE = {
    "Asia/Shanghai": "CN",
    "Asia/Urumqi": "CN",
    "America/Santiago": "CL",
    "Europe/Vaduz": "LI",
    "Europe/Zurich": "CH",
    "Europe/Berlin": "DE",
    "Europe/Helsinki": "FI",
    "Pacific/Auckland": "NZ",
}
"""Whose public holidays `PH` means when no country is given."""

MOST_PERIODS = 60
"""So many changes of state are told of one expression."""

_OPEN_BY_STATE = {State.OPEN: True, State.CLOSED: False, State.UNKNOWN: None}


class InvalidOpeningHoursError(InvalidInputError):
    """An expression that is not in OSM's opening_hours syntax."""

    code = "invalid_opening_hours"

    def __init__(self, expression: str) -> None:
        self.expression = expression
        super().__init__(
            f"“{expression}” is not in the opening-hours syntax of OpenStreetMap; write for "
            "example “24/7” or “Mo-Fr 08:00-18:00; Sa 09:00-12:00; PH off”."
        )


def validate(expression: str) -> str:
    """Return `expression` without outer blanks, or raise `InvalidOpeningHoursError`."""
    stripped = expression.strip()
    if _parse(stripped, "UTC", None) is None:
        raise InvalidOpeningHoursError(expression)
    return stripped


def is_open(
    expression: str | None, at: datetime, *, time_zone: str, country: str | None = None
) -> bool | None:
    """Return whether the place is open at `at` (aware), or None if that is not known.

    `time_zone` is the IANA zone of the place. `PH` follows the public holidays of `country`
    (ISO 3166-1 alpha-2; by default the one `time_zone` implies); a country without a calendar has
    no public holidays.
    """
    if expression is None:
        return None
    hours = _parse(expression.strip(), time_zone, country or COUNTRY_OF_TIME_ZONE.get(time_zone))
    if hours is None:
        return None
    state, _comment = hours.state(_local(at, time_zone))
    return _OPEN_BY_STATE[state]


def open_states(
    expressions: Iterable[str | None],
    at: datetime,
    *,
    time_zone: str,
    country: str | None = None,
) -> list[bool | None]:
    """Return `is_open` of every expression, in order; each distinct one is evaluated once."""
    known: dict[str | None, bool | None] = {}
    states = []
    for expression in expressions:
        if expression not in known:
            known[expression] = is_open(expression, at, time_zone=time_zone, country=country)
        states.append(known[expression])
    return states


def next_change(
    expression: str | None, at: datetime, *, time_zone: str, country: str | None = None
) -> datetime | None:
    """Return when the state at `at` (aware) next changes, in the place's zone.

    None means never, or not known.
    """
    if expression is None:
        return None
    hours = _parse(expression.strip(), time_zone, country or COUNTRY_OF_TIME_ZONE.get(time_zone))
    if hours is None:
        return None
    change: datetime | None = hours.next_change(_local(at, time_zone))
    return change


def _local(at: datetime, time_zone: str) -> datetime:
    # The library reads the zone's IANA name, which `datetime.timezone.utc` does not carry.
    return at.astimezone(_zone(time_zone))


_zone = lru_cache(maxsize=64)(ZoneInfo)


@lru_cache(maxsize=8192)
def _parse(expression: str, time_zone: str, country: str | None) -> OpeningHours | None:
    try:
        return OpeningHours(expression, timezone=_zone(time_zone), country=country)
    except _ParserError:
        return None
    except _UnknownCountryError:
        return _parse(expression, time_zone, None)


def periods(
    expression: str | None,
    start_at: datetime,
    *,
    end_at: datetime,
    time_zone: str,
    country: str | None = None,
) -> tuple[tuple[datetime, bool | None], ...]:
    """Return from when on which state holds, between two aware moments; the first at `start_at`.

    Somebody without this library may so tell the state at any moment before `end_at`; None is not
    known. Neighbours differ. An expression with more than `MOST_PERIODS` changes ends as not known.
    """
    at = start_at
    found = [(at, is_open(expression, at, time_zone=time_zone, country=country))]
    while len(found) < MOST_PERIODS:
        change = next_change(expression, at, time_zone=time_zone, country=country)
        if change is None or change >= end_at or change <= at:
            return tuple(found)
        at = change
        state = is_open(expression, at, time_zone=time_zone, country=country)
        if state is not found[-1][1]:
            found.append((at, state))
    return (*found[:-1], (found[-1][0], None))
