"""Days and moments of a column: many shapes, one decision about day and month, a named zone."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.intake.cells import Parsed, as_texts, is_missing_word, present, shown
from gis.intake.errors import UnknownTimeZoneError
from gis.intake.model import Field, Kind, Objects

FAST_SHAPES: Mapping[str, str] = {
    "0000-00-00": "%Y-%m-%d",
    "0000/00/00": "%Y/%m/%d",
    "00000000": "%Y%m%d",
    "0000-00-00 00:00": "%Y-%m-%d %H:%M",
    "0000-00-00T00:00": "%Y-%m-%dT%H:%M",
    "0000/00/00 00:00": "%Y/%m/%d %H:%M",
    "0000-00-00 00:00:00": "%Y-%m-%d %H:%M:%S",
    "0000-00-00T00:00:00": "%Y-%m-%dT%H:%M:%S",
    "0000/00/00 00:00:00": "%Y/%m/%d %H:%M:%S",
    "0000-00-00 00:00:00.000": "%Y-%m-%d %H:%M:%S.%f",
    "0000-00-00T00:00:00.000": "%Y-%m-%dT%H:%M:%S.%f",
    "0000-00-00T00:00:00.000000": "%Y-%m-%dT%H:%M:%S.%f",
}
"""Shapes, each digit 0, that need no decision and are read all at once."""

FAST_ROUNDS = 3

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (local, as all of Excel's days)
EXCEL_SERIALS = (10_000.0, 73_051.0)
"""Days of Excel's 1900 system that are taken for dates: 1927-05-18 to the end of 2099."""

_MONTHS = {
    "jan": 1, "january": 1, "ene": 1, "enero": 1, "feb": 2, "february": 2, "febrero": 2,
    "mar": 3, "march": 3, "marzo": 3, "apr": 4, "april": 4, "abr": 4, "abril": 4, "may": 5,
    "mayo": 5, "jun": 6, "june": 6, "junio": 6, "jul": 7, "july": 7, "julio": 7, "aug": 8,
    "august": 8, "ago": 8, "agosto": 8, "sep": 9, "sept": 9, "september": 9, "septiembre": 9,
    "setiembre": 9, "oct": 10, "october": 10, "octubre": 10, "nov": 11, "november": 11,
    "noviembre": 11, "dec": 12, "december": 12, "dic": 12, "diciembre": 12,
}  # fmt: skip

_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " ", "号": " ", "時": ":", "时": ":",
                          "点": ":", "分": ":", "秒": " "})  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})[ -](?:de )?([a-z]{3,10})\.?[ ,-]+(?:de )?(\d{4})")
_MONTH_NAMED = re.compile(r"([a-z]{3,10})\.? (\d{1,2}),? (\d{4})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_TIME = re.compile(
    r"(?P<half>上午|下午|凌晨|早上|中午|晚上)? ?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?:? ?(?P<meridiem>[ap]\.? ?m\.?)?"
    r" ?(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?"
)


@dataclass(frozen=True, slots=True)
class TimeOptions:
    """What the person says about times. `time_zone`: IANA name that times without a zone have.

    `day_first`: whether 03/04/2024 is 3 April; None lets the column decide.
    """

    time_zone: str = "UTC"
    day_first: bool | None = None

    def zone(self) -> ZoneInfo:
        """Return the zone; raise `UnknownTimeZoneError` if there is none of that name."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UnknownTimeZoneError(self.time_zone) from None


def parse_moments(cells: npt.NDArray[Any], field: Field, options: TimeOptions) -> Parsed:
    """Return datetime64[us]: UTC for a MOMENT, without a zone at midnight for a DAY.

    What carries no zone is local in `options.time_zone`; local times that a clock change skips or
    repeats are refused. A day that may be a month is decided by the other values of the column,
    or refused. Numbers of five digits are Excel's days.
    """
    column = _Column(as_texts(cells), field, options)
    left = column.read_fast()
    if left.any():
        column.read_written(np.flatnonzero(left))
    column.check_range()
    values = column.days() if field.kind is Kind.DAY else column.utc()
    return Parsed(values, column.problems, column.remarks)


def _like(first: str, texts: Objects, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the rows whose texts are as long as the first one and ASCII like it."""
    some = texts[rows].tolist()
    same = np.fromiter(map(len, some), dtype=np.int64, count=len(some)) == len(first)
    if not "".join(some).isascii():
        same &= np.fromiter(map(str.isascii, some), dtype=bool, count=len(some))
    return np.asarray(rows[same], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Written:
    """A moment as written: `local`, with day and month swapped in `other` if it may be either.

    `utc` where it names its zone. `day_first`: what it shows about its column, None nothing.
    """

    local: datetime
    other: datetime | None = None
    utc: datetime | None = None
    day_first: bool | None = None
    serial: bool = False


class _Column:
    """A column being read. `local`: (n,) datetime64[us]; where `fixed` it is UTC already."""

    def __init__(self, texts: Objects, field: Field, options: TimeOptions) -> None:
        self.texts, self.field, self.options = texts, field, options
        self.local = np.full(len(texts), np.datetime64("NaT", "us"), dtype="datetime64[us]")
        self.fixed = np.zeros(len(texts), dtype=bool)
        self.problems: dict[int, str] = {}
        self.remarks: list[str] = []

    def read_fast(self) -> npt.NDArray[np.bool_]:
        """Fill in what has one of the common shapes; return which rows are left."""
        texts = self.texts
        left = present(texts)
        for _ in range(FAST_ROUNDS):
            rows = np.flatnonzero(left)
            if not len(rows):
                break
            first = texts[rows[0]]
            form = FAST_SHAPES.get(re.sub("[0-9]", "0", first)) if len(first) < 30 else None
            if form is None:
                break
            same = _like(first, texts, rows)
            series = pd.Series(texts[same], dtype=object)
            read = pd.to_datetime(series, format=form, errors="coerce")
            moments = read.to_numpy(dtype="datetime64[us]")
            fine = ~np.isnat(moments)
            if not fine.any():
                break
            self.local[same[fine]] = moments[fine]
            left[same[fine]] = False
        return left

    def read_written(self, rows: npt.NDArray[np.int64]) -> None:
        """Fill in the rest, once it is known whether the day comes first."""
        codes, distinct = pd.factorize(self.texts[rows])
        known = [_written(text) for text in distinct.tolist()]
        day_first = self._day_first([one for one in known if isinstance(one, _Written)])
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(known)))
        for one, same in zip(known, np.split(rows[order], ends[:-1]), strict=True):
            self._fill(same, one, day_first)

    def _day_first(self, moments: Sequence["_Written"]) -> bool | None:
        if any(one.serial for one in moments):
            self.remarks.append(
                f"{self.field.what}: numbers were read as days of Excel (1900 system)."
            )
        if self.options.day_first is not None:
            return self.options.day_first
        shows = {one.day_first for one in moments if one.day_first is not None}
        if len(shows) != 1:
            return None
        day_first = next(iter(shows))
        if any(one.other is not None for one in moments):
            comes = "day" if day_first else "month"
            self.remarks.append(f"{self.field.what}: the {comes} comes first, as other rows show.")
        return day_first

    def _fill(
        self, rows: npt.NDArray[np.int64], one: "_Written | str | None", day_first: bool | None
    ) -> None:
        """Fill in the rows that have one text."""
        if one is None:
            return
        if isinstance(one, str):
            self._refuse(rows, one)
        elif one.other is not None and day_first is None:
            self._refuse(
                rows,
                f"may be {one.local:%d %B} or {one.other:%d %B}; write it as YYYY-MM-DD, or say "
                "whether the day comes first",
            )
        elif one.utc is not None and self.field.kind is Kind.MOMENT:
            self.local[rows], self.fixed[rows] = np.datetime64(one.utc, "us"), True
        else:
            chosen = one.other if one.other is not None and not day_first else one.local
            self.local[rows] = np.datetime64(chosen, "us")

    def check_range(self) -> None:
        """Refuse days before or after those of the field."""
        field = self.field
        after = np.datetime64(field.latest, "D") + np.timedelta64(1, "D")
        outside = ~np.isnat(self.local) & (
            (self.local < np.datetime64(field.earliest, "D")) | (self.local >= after)
        )
        self._refuse(np.flatnonzero(outside), f"lies outside {field.earliest} to {field.latest}")

    def days(self) -> npt.NDArray[np.datetime64]:
        """Return midnights."""
        return self.local.astype("datetime64[D]").astype("datetime64[us]")

    def utc(self) -> pd.DatetimeIndex:
        """Return moments in UTC; refuse local times that do not exist once."""
        zone = self.options.zone()
        naive = pd.DatetimeIndex(np.where(self.fixed, np.datetime64("NaT", "us"), self.local))
        aware = naive.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").tz_convert("UTC")
        utc = np.array(aware.tz_localize(None).to_numpy(), dtype="datetime64[us]")
        utc[self.fixed] = self.local[self.fixed]
        self._refuse(
            np.flatnonzero(np.isnat(utc) & ~np.isnat(self.local)),
            f"does not exist or exists twice in {self.options.time_zone}, where the clocks "
            "change; write it with its offset from UTC",
        )
        return pd.DatetimeIndex(utc).tz_localize("UTC")

    def _refuse(self, rows: npt.NDArray[np.int64], why: str) -> None:
        self.local[rows] = np.datetime64("NaT")
        for row in rows.tolist():
            self.problems[row] = f"{self.field.what} “{shown(self.texts[row])}” {why}"


def _written(text: str) -> "_Written | str | None":
    """Return a moment as written (day first), None for a word that means missing, or why not."""
    if len(text) > 64:
        return "is too long for a date"
    if is_missing_word(text):
        return None
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"星期.|周[一二三四五六日天]", " ", plain)
    plain = re.sub(r"(?<=\d)t(?=\d)", " ", plain.translate(_CHINESE))
    plain = " ".join(plain.split())
    if _SERIAL.fullmatch(plain) is not None:
        return _from_serial(float(plain))
    day = _day(plain)
    if isinstance(day, str):
        return day
    first, other, rest = day
    try:
        return _with_time(first, other, rest.strip(" ,"))
    except (ValueError, OverflowError):
        return "is no day or time that exists"


def _from_serial(serial: float) -> "_Written | str":
    if not EXCEL_SERIALS[0] <= serial < EXCEL_SERIALS[1]:
        return NOT_A_DATE
    moment = EXCEL_EPOCH + timedelta(milliseconds=round(serial * 86_400_000.0))
    return _Written(moment, serial=True)


NOT_A_DATE = "is not a date; write YYYY-MM-DD"

Parts = tuple[int, int, int]


def _day(text: str) -> "tuple[Parts, Parts | None, str] | str":
    """Return (year, month, day), the same with the day as the month, and what follows."""
    if match := _YEAR_FIRST.match(text):
        return (int(match[1]), int(match[3]), int(match[4])), None, text[match.end() :]
    if (match := _COMPACT.fullmatch(text)) and match[0].isdigit():
        time = f"{match[4]}:{match[5]}:{match[6] or '00'}" if match[4] else ""
        return (int(match[1]), int(match[2]), int(match[3])), None, time
    if match := _YEAR_LAST.match(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        # Points stand between day and month in no country that puts the month first.
        both = None if match[2] == "." else (year, first, second)
        return (year, second, first), both, text[match.end() :]
    for pattern, order in ((_DAY_NAMED, (3, 2, 1)), (_MONTH_NAMED, (3, 1, 2))):
        if (match := pattern.match(text)) and (month := _MONTHS.get(match[order[1]])):
            return (int(match[order[0]]), month, int(match[order[2]])), None, text[match.end() :]
    if re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(?!\d)", text):
        return "has a year of two digits; write all four"
    return NOT_A_DATE


def _with_time(first: Parts, other: Parts | None, rest: str) -> "_Written | str":
    span, offset = timedelta(0), None
    if rest:
        match = _TIME.fullmatch(rest)
        if match is None:
            return NOT_A_DATE
        span, offset = _time_of_day(match), _offset(match["zone"])
    day = _existing(first)
    swapped = None if other is None else _existing(other)
    if day is None and swapped is None:
        return "is no day that exists"
    if day is None or swapped is None:
        shows = None if other is None else swapped is None
        moment = (day or swapped or EXCEL_EPOCH) + span
        return _Written(moment, utc=_utc(moment, offset), day_first=shows)
    if day == swapped:
        return _Written(day + span, utc=_utc(day + span, offset))
    if offset is not None:
        return "names its zone, but day and month may be swapped; write it as YYYY-MM-DD"
    return _Written(day + span, swapped + span)


def _existing(parts: Parts) -> datetime | None:
    try:
        return datetime(*parts)  # noqa: DTZ001 (local until its zone is known)
    except ValueError:
        return None


def _time_of_day(match: re.Match[str]) -> timedelta:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    half, meridiem = match["half"], match["meridiem"]
    if meridiem or half:
        if hour > 12:
            if meridiem:
                raise ValueError
        elif half in {"下午", "晚上"} or (meridiem or "").startswith("p"):
            hour = hour % 12 + 12
        elif half != "中午":
            hour %= 12
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError
    part = (match["part"] or "0").ljust(6, "0")[:6]
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int(part))


def _offset(written: str | None) -> timedelta | None:
    if written is None:
        return None
    if written in {"z", "utc", "gmt"}:
        return timedelta(0)
    digits = written[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if span >= timedelta(hours=24):
        raise ValueError
    return -span if written[0] == "-" else span


def _utc(moment: datetime, offset: timedelta | None) -> datetime | None:
    if offset is None:
        return None
    return moment.replace(tzinfo=timezone(offset)).astimezone(UTC).replace(tzinfo=None)
