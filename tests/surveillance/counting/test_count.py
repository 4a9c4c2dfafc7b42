"""Counting: totals hold what they hold, missing is no zero, and the past is as it was known."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.counting.count import age_group, count_days, rolling
from surveillance.counting.late import nowcast_days
from surveillance.counting.model import AreaCodes, CaseColumns
from surveillance.counting.weeks import by_week
from surveillance.series.keys import AGE_GROUPS, ALL_AGES, WHOLE_CITY, SeriesKey
from surveillance.series.weeks import SYSTEMS

FIRST, UNTIL = date(2026, 1, 1), date(2026, 1, 11)
AREAS = AreaCodes(codes=["A", "B"], of_code={"A": "A", "A1": "A", "B": "B"})
NOW = datetime(2026, 2, 1, tzinfo=UTC)


def columns(rows):
    """Return columns of (disease, area, age, day, known_from, known_until, deleted_at)."""
    disease, area, age, day, since, until, gone = zip(*rows, strict=True) if rows else [()] * 7
    objects = [np.array(list(values) or [], dtype=object) for values in (disease, area)]
    days = np.array(day, dtype="datetime64[D]")
    moments = [np.array(values, dtype="datetime64[us]") for values in (since, until, gone)]
    return CaseColumns(
        disease=objects[0], area=objects[1], sex=np.full(len(rows), None, object),
        age=np.array(age, float), day=days, onset=days, entry=days,
        known_from=moments[0], known_until=moments[1], deleted_at=moments[2],
        counted_from=moments[0],
    )  # fmt: skip


def case(
    disease="mumps", area="A1", age=7.0, *, day="2026-01-03", since="2026-01-04", until="NaT",
    gone="NaT",
):  # fmt: skip
    return (disease, area, age, day, since, until, gone)


def count(rows, *, as_of=NOW, since=FIRST, until=UNTIL, diseases=("mumps", "dengue")):
    return count_days(
        columns(rows), diseases=diseases, areas=AREAS, as_of=as_of, first=FIRST, until=UNTIL,
        reported_from=since, reported_until=until,
    )  # fmt: skip


def of(counted, *key):
    return counted.counts[counted.keys.index(SeriesKey(*key))]


def test_a_case_counts_in_its_area_its_age_and_every_total():
    counted = count([case(), case(area="B", age=70.0)])
    assert of(counted, "mumps", "A", "5-14").sum() == 1
    assert of(counted, "mumps", "A", ALL_AGES)[2] == 1
    assert of(counted, "mumps", "B", "65+").sum() == 1
    assert of(counted, "mumps", WHOLE_CITY, ALL_AGES).sum() == 2
    assert of(counted, "dengue", WHOLE_CITY, ALL_AGES).sum() == 0


def test_unknown_places_and_ages_count_in_totals_only_and_are_told():
    counted = count([case(area=None), case(area="elsewhere", age=np.nan), case(day="NaT")])
    assert of(counted, "mumps", WHOLE_CITY, ALL_AGES).sum() == 2
    assert of(counted, "mumps", WHOLE_CITY, "5-14").sum() == 1
    assert of(counted, "mumps", "A", ALL_AGES).sum() == 0
    assert (counted.unplaced, counted.undated) == (2, 1)


def test_missing_is_not_zero():
    counted = count([case()], since=date(2026, 1, 2), until=date(2026, 1, 9))
    row = of(counted, "mumps", "B", ALL_AGES)
    np.testing.assert_array_equal(np.isnan(row), [True] + [False] * 7 + [True] * 2)
    assert np.isnan(count([], since=None, until=None).counts).all()


def test_a_case_on_a_day_without_a_report_is_seen_all_the_same():
    counted = count([case(day="2026-01-10")], until=date(2026, 1, 9))
    assert of(counted, "mumps", "A", ALL_AGES)[9] == 1


@pytest.mark.parametrize(
    ("as_of", "mumps", "dengue"),
    [("2026-01-03", 0, 0), ("2026-01-04", 1, 0), ("2026-01-06", 0, 1), ("2026-01-08", 0, 0)],
)
def test_a_curve_is_as_it_was_known(as_of, mumps, dengue):
    # Reported as mumps on the 4th, corrected to dengue on the 5th, deleted on the 7th.
    rows = [
        case(until="2026-01-05"),
        case(disease="dengue", since="2026-01-05", until="2026-01-07"),
        case(disease="dengue", since="2026-01-07", gone="2026-01-07"),
    ]
    counted = count(rows, as_of=datetime.fromisoformat(as_of).replace(tzinfo=UTC))
    assert of(counted, "mumps", WHOLE_CITY, ALL_AGES).sum() == mumps
    assert of(counted, "dengue", WHOLE_CITY, ALL_AGES).sum() == dengue


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["mumps", "dengue"]), st.sampled_from(["A", "A1", "B", None]),
            st.one_of(st.just(np.nan), st.floats(0, 110)), st.integers(0, 9),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_totals_are_the_sums_of_their_parts(drawn):
    rows = [
        case(disease, area, age, day=str(np.datetime64(FIRST) + day))
        for disease, area, age, day in drawn
    ]
    counted = count(rows)
    assert of(counted, "mumps", WHOLE_CITY, ALL_AGES).sum() + of(
        counted, "dengue", WHOLE_CITY, ALL_AGES
    ).sum() == len(rows)
    for disease in ("mumps", "dengue"):
        known = [row for row in rows if row[0] == disease and row[1] and not np.isnan(row[2])]
        parts = sum(
            of(counted, disease, area, group).sum() for area in AREAS.codes for group in AGE_GROUPS
        )
        assert parts == len(known)


def test_ages_belong_to_completed_years():
    ages = np.array([0, 4.99, 5, 14.9, 15, 39, 40, 64.9, 65, 101, np.nan])
    np.testing.assert_array_equal(age_group(ages), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, -1])


def test_rolling_days_need_every_day():
    counts = np.array([[1.0, 2, np.nan, 4, 5, 6]])
    np.testing.assert_array_equal(rolling(counts, 2), [[np.nan, 3, np.nan, np.nan, 9, 11]])


@pytest.mark.parametrize("name", list(SYSTEMS))
def test_weeks_sum_their_days_and_part_weeks_are_missing(name):
    days = np.ones((1, 30))
    weeks = by_week(days, starts_on=date(2025, 12, 25), system=SYSTEMS[name])
    whole = ~np.isnan(weeks.counts[0])
    assert (weeks.counts[0, whole] == 7).all()
    assert whole.sum() >= 3
    assert (np.diff(weeks.first_day).astype(int) == 7).all()
    assert ((weeks.first_day.astype(int) + 3) % 7 == SYSTEMS[name].first_weekday).all()


def test_the_newest_days_are_filled_by_what_late_reports_will_add():
    chance = np.random.default_rng(3)
    last = np.datetime64("2026-03-31")
    onset = last - chance.integers(0, 90, 3000)
    entry = onset + chance.geometric(0.3, 3000) - 1
    rows = [case(day=str(o), since=str(e)) for o, e in zip(onset, entry, strict=True)]
    made = columns(rows)
    cases = CaseColumns(**{**{f: getattr(made, f) for f in made.__slots__}, "entry": entry})
    now = nowcast_days(cases, disease="mumps", as_of=datetime(2026, 3, 31, 23, tzinfo=UTC),
                       last=date(2026, 3, 31))  # fmt: skip
    assert now.so_far[-1] < now.median[-1]
    truth = (onset == last).sum()
    assert now.low[-3] <= (onset == last - 2).sum() <= now.high[-3]
    assert now.share[-1] < 0.6 < now.share[-15]
    assert truth > 0
    assert nowcast_days(cases, disease="dengue", as_of=NOW, last=date(2026, 3, 31)) is None
