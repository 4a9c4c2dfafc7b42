"""What is compared with what: periods, spans that reports cover, changes and their base."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.disclosure.model import Rhythm
from gis.report_periods import (
    ReportPeriod,
    ReportPeriodUnreadableError,
    parse_period,
    period_with,
)
from gis.words import Words
from surveillance.bulletin.model import (
    Count,
    Missing,
    Of,
    Reported,
    change_percent,
    covered,
    spans_of,
    total,
)
from surveillance.bulletin.published import weeks_of
from surveillance.bulletin.reading import newest_whole

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))
COUNTS = st.one_of(
    st.builds(Count, st.integers(0, 10_000)),
    st.builds(lambda why: Count(None, why), st.sampled_from(Missing)),
)


@given(DAYS, st.sampled_from([Rhythm.WEEK, Rhythm.MONTH]))
def test_a_period_is_known_again_by_its_name_and_follows_the_one_before(
    day: date, rhythm: Rhythm
) -> None:
    period = period_with(day, rhythm)
    assert parse_period(period.name) == period
    assert period.first <= day < period.until
    assert period.before.until == period.first
    assert period.year_begins <= period.first
    earlier = period.year_before
    if earlier is None:
        assert (rhythm, period.number) == (Rhythm.WEEK, 53)
    else:
        assert (earlier.number, earlier.year) == (period.number, period.year - 1)


@pytest.mark.parametrize(
    ("name", "first", "until"),
    [
        ("2015-W30", date(2015, 7, 20), date(2015, 7, 27)),
        ("2020-w53", date(2020, 12, 28), date(2021, 1, 4)),
        ("2021-W01", date(2021, 1, 4), date(2021, 1, 11)),
        ("2016-02", date(2016, 2, 1), date(2016, 3, 1)),
    ],
)
def test_weeks_are_those_of_iso_8601(name: str, first: date, until: date) -> None:
    period = parse_period(name)
    assert (period.first, period.until) == (first, until)


@pytest.mark.parametrize("name", ["2021-W53", "2021-W00", "2021-13", "2021", "W30", "0001-W01", ""])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(ReportPeriodUnreadableError, match="2015-W30"):
        parse_period(name)


def test_the_week_53_of_2020_is_beside_no_week_of_2019() -> None:
    spans = spans_of(parse_period("2020-W53"), since=date(2010, 1, 1), before=date(2022, 1, 1))
    assert Of.YEAR_BEFORE not in spans
    assert Of.TO_DATE_BEFORE not in spans


def test_the_newest_whole_week_is_over_and_reported() -> None:
    assert newest_whole(date(2015, 7, 27), Rhythm.WEEK, now=date(2026, 1, 1)).name == "2015-W30"
    assert newest_whole(date(2015, 7, 26), Rhythm.WEEK, now=date(2026, 1, 1)).name == "2015-W29"
    assert newest_whole(date(2030, 1, 1), Rhythm.WEEK, now=date(2015, 7, 29)).name == "2015-W30"
    assert newest_whole(None, Rhythm.MONTH, now=date(2015, 7, 29)).name == "2015-06"


@given(DAYS, st.integers(1, 400), DAYS, st.integers(1, 400))
def test_reports_cover_a_span_by_its_days(
    first: date, days: int, since: date, reported: int
) -> None:
    until, before = first + timedelta(days=days), since + timedelta(days=reported)
    inside = sum(since <= first + timedelta(days=day) < before for day in range(days))
    told = covered(first, until, since=since, before=before)
    assert told is (
        Reported.NONE if inside == 0 else Reported.WHOLE if inside == days else Reported.PART
    )


@pytest.mark.parametrize(
    ("now", "base", "said"),
    [
        (Count(150), Count(100), 50.0),
        (Count(0), Count(8), -100.0),
        (Count(8), Count(0), "from 0"),
        (Count(0), Count(0), "both 0"),
        (Count(8), Count(None, Missing.NOT_REPORTED), "no report"),
        (Count(8), Count(None, Missing.NO_SUCH_PERIOD), "no such week"),
        (Count(None, Missing.HIDDEN), Count(8), "hidden"),
        (Count(None, Missing.PART_REPORTED, at_least=3), Count(8), "reported in part"),
    ],
)
def test_a_change_is_a_number_or_says_why_it_is_none(
    now: Count, base: Count, said: float | str
) -> None:
    found = change_percent(now, base)
    assert (found.en if isinstance(found, Words) else found) == said


@given(st.lists(COUNTS, max_size=8))
def test_a_sum_with_a_missing_part_tells_only_what_is_known(counts: list[Count]) -> None:
    found = total(counts)
    known = sum(one.value for one in counts if one.value is not None)
    if any(one.value is None for one in counts):
        assert found.value is None
        assert found.at_least == known
        assert isinstance(found.cell, Words)
    else:
        assert found.value == known


@given(DAYS, st.sampled_from([Rhythm.WEEK, Rhythm.MONTH]))
def test_published_weeks_make_months_that_share_no_week(day: date, rhythm: Rhythm) -> None:
    period = period_with(day, rhythm)
    own = weeks_of(period.first, period.until)
    assert len(own) in ({1} if rhythm is Rhythm.WEEK else {4, 5})
    before = weeks_of(period.before.first, period.before.until)
    assert before[-1] + timedelta(weeks=1) == own[0]
    if rhythm is Rhythm.WEEK:
        assert own == [period.first]


def test_the_weeks_of_a_year_are_those_from_its_first() -> None:
    period = ReportPeriod(Rhythm.WEEK, 2015, 3)
    assert weeks_of(period.year_begins, period.until) == [
        date(2014, 12, 29), date(2015, 1, 5), date(2015, 1, 12),
    ]  # fmt: skip
