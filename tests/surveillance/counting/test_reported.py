"""Aggregate reports as series: nothing is counted twice, and what is missing is no zero."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.counting.frame import FrameRow, missing_reports
from surveillance.counting.merged import with_reports
from surveillance.counting.model import AreaCodes, Counted
from surveillance.counting.reported import CountCells, reported_series
from surveillance.series.keys import ALL_AGES, WHOLE_CITY, SeriesKey
from tests.surveillance.cases.reports import moments, objects

MONDAY = date(2026, 1, 5)
KNOWN = datetime(2026, 2, 1, tzinfo=UTC)
AREAS = AreaCodes(codes=["A", "B"], of_code={"A": "A", "A1": "A", "A2": "A", "B": "B"})


def cells(*rows, ended=None):
    """rows: (area, week, cases, more)."""
    more = [row[3] if len(row) > 3 else {} for row in rows]
    days = np.array([one.get("days", 7) for one in more], np.int64)
    return CountCells(
        line=np.array([one.get("line", 0) for one in more], np.int64),
        disease=objects([one.get("disease", "mumps") for one in more]),
        area=objects([row[0] for row in rows]),
        first=np.array(
            [MONDAY + timedelta(days=int(row[1] * d)) for row, d in zip(rows, days, strict=True)],
            "datetime64[D]",
        ),
        days=days,
        age_from=np.array([one.get("ages", (0, np.nan))[0] for one in more], float),
        age_below=np.array([one.get("ages", (0, np.nan))[1] for one in more], float),
        sex=objects([one.get("sex", "all") for one in more]),
        classification=objects([one.get("classification", "all") for one in more]),
        cases=np.array([row[2] for row in rows], float),
        known_from=moments([one.get("known", KNOWN) for one in more]),
        known_until=moments([one.get("until") for one in more]),
        lines={0: "sentinels", 1: "laboratory"},
        ended=ended or {},
    )


def series(made, area=WHOLE_CITY, group=ALL_AGES, disease="mumps"):
    return made.counts[made.keys.index(SeriesKey(disease, area, group))].tolist()


def reported(*rows, days=7, last=date(2026, 1, 25), listed_from=None, as_of=KNOWN, ended=None):
    return reported_series(
        cells(*rows, ended=ended), days=days, areas=AREAS, as_of=as_of, first=date(2021, 1, 1),
        last=last, listed_from=listed_from or {},
    )  # fmt: skip


NAN = pytest.approx(np.nan, nan_ok=True)


def test_areas_are_sums_and_the_city_is_all_or_its_own_row():
    made = reported(
        ("A1", 0, 2), ("A2", 0, 3), ("B", 0, 0), ("A1", 1, 1), ("A2", 1, 1), ("B", 1, 4)
    )
    assert series(made, "A")[:2] == [5, 2]
    assert series(made, "B")[:2] == [0, 4]
    assert series(made)[:2] == [5, 6]
    made = reported(("A", 0, 2), ("B", 0, 3), (None, 0, 9))
    assert series(made)[0] == 9


def test_a_missing_report_is_no_zero_in_its_area_nor_in_the_city():
    made = reported(("A1", 0, 2), ("A2", 0, 3), ("B", 0, 1), ("A1", 1, 2), ("B", 1, 1))
    assert series(made, "A")[:2] == [5, NAN]
    assert series(made)[:2] == [6, NAN]
    assert series(made, "B")[:2] == [1, 1]
    # Who never had reported is not missed; who ended adds nothing.
    made = reported(("A1", 0, 2), ("A1", 1, 2), ("A2", 1, 1))
    assert series(made, "A")[:2] == [2, 3]
    made = reported(
        ("A1", 0, 2), ("A2", 0, 3), ("A1", 1, 2), ended={(0, "A2"): MONDAY + timedelta(days=7)}
    )
    assert series(made, "A")[:2] == [5, 2]


def test_what_is_due_and_has_not_come_is_missing_at_the_end():
    made = reported(("A", 0, 2), ("A", 1, 2), last=date(2026, 2, 10))
    assert series(made, "A") == [2, 2, NAN, NAN]
    # The week that ended two days ago may still come.
    assert len(series(reported(("A", 0, 2), ("A", 1, 2), last=date(2026, 1, 27)), "A")) == 2


def test_sexes_classifications_and_ages_are_not_added_to_their_totals():
    male, female = {"sex": "male"}, {"sex": "female"}
    made = reported(("A", 0, 2, male), ("A", 0, 3, female), ("A", 1, 5), ("A", 1, 2, male))
    assert series(made, "A")[:2] == [5, 5]
    suspect, confirmed = {"classification": "suspect"}, {"classification": "confirmed"}
    assert series(reported(("A", 0, 7, suspect), ("A", 0, 3, confirmed)), "A")[0] == 3
    young, old, wide = {"ages": (0, 5)}, {"ages": (85, np.nan)}, {"ages": (0, 60)}
    made = reported(("A", 0, 2, young), ("A", 0, 3, old), ("A", 1, 9), ("A", 1, 1, young))
    assert series(made, "A")[:2] == [5, 9]
    assert series(made, "A", "0-4")[:2] == [2, 1]
    assert series(made, "A", "65+")[:2] == [3, NAN]
    # Ages that lie in several groups count in the total only.
    made = reported(("A", 0, 4, wide), ("A", 0, 1, old))
    assert series(made, "A")[0] == 5


def test_one_source_speaks_for_a_disease_and_line_lists_take_over():
    laboratory = {"line": 1}
    made = reported(("A", 0, 2), ("A", 1, 2), ("A", 0, 50, laboratory))
    assert series(made, "A")[:2] == [2, 2]
    assert [one.source for one in made.covered] == ["sentinels"]
    made = reported(("A", 0, 2), ("A", 1, 2), listed_from={"mumps": MONDAY + timedelta(days=10)})
    assert series(made, "A")[0] == 2
    assert made.covered[0].until == MONDAY + timedelta(days=10)
    assert reported(("A", 0, 2), listed_from={"mumps": date.min}) is None


def test_a_correction_counts_from_when_it_was_known():
    later = datetime(2026, 2, 3, tzinfo=UTC)
    rows = [("A", 0, 2, {"until": later}), ("A", 0, 7, {"known": later})]
    assert series(reported(*rows), "A")[0] == 2
    assert series(reported(*rows, as_of=later), "A")[0] == 7


AREA_WEEK_CASES = st.tuples(
    st.sampled_from(["A1", "A2", "B"]), st.integers(0, 5), st.integers(0, 9)
)  # fmt: skip


@given(st.lists(AREA_WEEK_CASES, unique_by=lambda row: row[:2], min_size=1))
def test_the_city_is_never_more_than_what_was_reported_and_never_a_part_of_it(rows):
    made = reported(*rows, last=date(2026, 3, 1))
    told = {row[:2]: row[2] for row in rows}
    first = min(week for _, week in told)
    for week, count in enumerate(series(made), start=first):
        if not np.isnan(count):
            assert count == sum(cases for (_, at), cases in told.items() if at == week)
            began = {area for area, at in told if at <= week}
            assert all((area, week) in told for area in began)


def test_daily_reports_fill_what_line_lists_do_not_cover_and_nothing_else():
    daily = {"days": 1}
    made = reported(*(("A", day, 3, daily) for day in range(5)), days=1, last=date(2026, 1, 9),
                    listed_from={"mumps": date(2026, 1, 8)})  # fmt: skip
    key, other = SeriesKey("mumps", "A", ALL_AGES), SeriesKey("dengue", "A", ALL_AGES)
    listed = Counted(
        keys=(key, other), counts=np.array([[0.0] * 7 + [1, 1], [2.0] * 9]), unplaced=0, undated=0
    )
    merged = with_reports(listed, made, last=date(2026, 1, 9))
    assert merged.counts[0].tolist() == [0, 0, 0, 0, 3, 3, 3, 1, 1]
    assert merged.counts[1].tolist() == [2] * 9
    assert merged.counts[merged.keys.index(SeriesKey("mumps", WHOLE_CITY, ALL_AGES))][4] == 3


def row(**more):
    return FrameRow(**({
        "frame_id": 1, "source": "s", "disease": None, "area_code": "A", "rhythm": "week",
        "since": MONDAY, "until": None, "reported_until": MONDAY + timedelta(days=7),
    } | more))  # fmt: skip


def missing(day, **more):
    return [one.periods for one in missing_reports([row(**more)], day=day)]


def test_who_has_not_reported_is_missed_after_a_grace_until_nobody_waits():
    assert missing(MONDAY + timedelta(days=15)) == []
    assert missing(MONDAY + timedelta(days=16)) == [1]
    assert missing(MONDAY + timedelta(days=23)) == [2]
    assert missing(MONDAY + timedelta(days=60), until=MONDAY + timedelta(days=7)) == []
    assert missing(MONDAY + timedelta(days=20), reported_until=None) == [2]
    assert missing(MONDAY + timedelta(days=9), rhythm="day") == [2]
