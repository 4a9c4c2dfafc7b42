"""Weeks and months that reports are of, by their usual names: 2015-W30, 2015-07."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from gis.disclosure.model import Period, Rhythm
from gis.disclosure.periods import period_of
from gis.errors import InvalidInputError
from gis.words import Words

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_WEEK_WORDS = Words(en="week {number} of {year}", zh="{year}年第{number}周")
_MONTH_WORDS = Words(en="{month} {year}", zh="{year}年{month}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class ReportPeriodUnreadableError(InvalidInputError):
    """What a report is to be of is no week and no month."""

    code = "report_period_unreadable"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"“{given}” is no period. Name a week as 2015-W30 or a month as 2015-07; a year has "
            "52 or 53 weeks (ISO 8601)."
        )


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A week of ISO 8601, in the year that has its Thursday, or a calendar month."""

    rhythm: Rhythm
    year: int
    number: int

    @property
    def days(self) -> Period:
        """The days of it."""
        if self.rhythm is Rhythm.WEEK:
            return period_of(date.fromisocalendar(self.year, self.number, 1), Rhythm.WEEK)
        return period_of(date(self.year, self.number, 1), Rhythm.MONTH)

    @property
    def first(self) -> date:
        """The first day."""
        return self.days.first

    @property
    def until(self) -> date:
        """The day after the last."""
        return self.days.until

    @property
    def name(self) -> str:
        """The name by which it is asked for, such as 2015-W30."""
        sign = "W" if self.rhythm is Rhythm.WEEK else ""
        return f"{self.year:04}-{sign}{self.number:02}"

    @property
    def words(self) -> Words:
        """What it is called in a sentence."""
        if self.rhythm is Rhythm.WEEK:
            return _WEEK_WORDS.filled(year=self.year, number=self.number)
        month = Words(en=_MONTHS[self.number - 1], zh=f"{self.number}月")
        return _MONTH_WORDS.filled(year=self.year, month=month)

    @property
    def before(self) -> "ReportPeriod":
        """The period before it."""
        return period_with(self.first - timedelta(days=1), self.rhythm)

    @property
    def year_before(self) -> "ReportPeriod | None":
        """The same period of the year before; None: that year had no week 53."""
        if self.rhythm is Rhythm.MONTH:
            return ReportPeriod(self.rhythm, self.year - 1, self.number)
        return _week(self.year - 1, self.number)

    @property
    def year_begins(self) -> date:
        """The first day of its year: of weeks, the Monday of week 1."""
        if self.rhythm is Rhythm.WEEK:
            return date.fromisocalendar(self.year, 1, 1)
        return date(self.year, 1, 1)


def period_with(day: date, rhythm: Rhythm) -> ReportPeriod:
    """Return the week or month that holds a day."""
    if rhythm is Rhythm.WEEK:
        year, week, _ = day.isocalendar()
        return ReportPeriod(rhythm, year, week)
    return ReportPeriod(Rhythm.MONTH, day.year, day.month)


def parse_period(text: str) -> ReportPeriod:
    """Return the period of a name.

    Raises
    ------
    ReportPeriodUnreadableError
        It is none, such as week 53 of a year with 52, or of a year before the second or after 9998.
    """
    found: ReportPeriod | None = None
    if week := _WEEK.fullmatch(text.strip()):
        found = _week(int(week[1]), int(week[2]))
    elif month := _MONTH.fullmatch(text.strip()):
        number = int(month[2])
        found = ReportPeriod(Rhythm.MONTH, int(month[1]), number) if 1 <= number <= 12 else None
    if found is None or not 1 < found.year < 9999:
        raise ReportPeriodUnreadableError(text)
    return found


def _week(year: int, number: int) -> ReportPeriod | None:
    try:
        date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    return ReportPeriod(Rhythm.WEEK, year, number)
