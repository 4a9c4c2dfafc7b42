"""Several cases in one school or worksite: signals by rule, and what names make of them."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.words import alike
from surveillance.institutions.model import InstitutionCases, Names
from surveillance.signals.institutions import LOOK_BACK_DAYS, institution_signals
from surveillance.signals.model import Kind
from tests.surveillance.cases.reports import moments, objects

DAY = date(2026, 6, 10)
AS_OF = datetime(2026, 6, 10, 16, tzinfo=UTC)
NO_NAMES = Names(same_as={}, named={})


def signals(*rows, names=NO_NAMES):
    """rows: (disease, institution, day, more)."""
    more = [row[3] if len(row) > 3 else {} for row in rows]
    made = InstitutionCases(
        disease=objects([row[0] for row in rows]),
        institution=objects([names.root(row[1]) for row in rows]),
        written=objects([one.get("written", row[1]) for row, one in zip(rows, more, strict=True)]),
        area=objects([one.get("area", "11") for one in more]),
        day=np.array([row[2] for row in rows], dtype="datetime64[D]"),
        admitted=np.array([one.get("admitted", False) for one in more], dtype=bool),
        known_from=moments([one.get("known", AS_OF) for one in more]),
        known_until=moments([None] * len(rows)),
        deleted_at=moments([one.get("deleted") for one in more]),
        names=names,
    )
    return institution_signals(
        made, day=DAY, as_of=AS_OF, names={row[0]: alike(row[0]) for row in rows},
        places={"1": alike("District 1"), "2": alike("District 2")},
        area_of={"11": "1", "21": "2", "1": "1"},
    )  # fmt: skip


def cases(number, *, days=7, disease="chickenpox", key="school", until=DAY, **more):
    return [(disease, key, until - timedelta(days=one % days), more) for one in range(number)]


def test_ten_of_chickenpox_in_a_week_are_told_with_school_place_and_rule():
    assert signals(*cases(9)) == ()
    (one,) = signals(*cases(12, written="First School"))
    assert (one.kind, one.obliged, one.told, one.observed, one.threshold) == (
        Kind.INSTITUTION, True, True, 12, 10,
    )  # fmt: skip
    assert one.institution.name == "First School"
    assert one.key.area_code == "1"
    assert one.cases_7 == 12
    assert one.newest_case_on == DAY
    assert one.recent[-7:] == (1, 1, 2, 2, 2, 2, 2)
    assert one.reason.en.startswith("chickenpox, First School (District 1): 12 cases")
    assert "2005" in one.reason.zh


def test_spellings_that_were_merged_count_as_one_and_under_its_name():
    rows = [*cases(6), *cases(6, key="school east")]
    assert signals(*rows) == ()
    names = Names(same_as={"school east": "school"}, named={"school": "实验小学"})
    (one,) = signals(*rows, names=names)
    assert (one.observed, one.institution.key, one.institution.name) == (12, "school", "实验小学")


def test_it_is_where_most_of_its_cases_live_and_of_no_area_where_that_is_not_known():
    (one,) = signals(*cases(7, area="21"), *cases(5, area="11"))
    assert one.key.area_code == "2"
    (one,) = signals(*cases(10, area=None))
    assert one.key.area_code == "*"


def test_the_rule_that_asks_for_most_speaks():
    (one,) = signals(*cases(33, disease="influenza_like_illness"))
    assert one.threshold == 30
    (one,) = signals(*cases(6, disease="influenza_like_illness", admitted=True))
    assert one.threshold == 5


def test_what_was_not_known_yet_or_is_deleted_or_long_past_raises_nothing():
    later = AS_OF + timedelta(hours=1)
    assert signals(*cases(12, known=later)) == ()
    assert signals(*cases(12, deleted=AS_OF - timedelta(hours=1))) == ()
    assert signals(*cases(12, until=DAY - timedelta(days=LOOK_BACK_DAYS))) == ()
    # Its last reports came late: the week before the newest still counts.
    assert len(signals(*cases(12, until=DAY - timedelta(days=5)))) == 1


@given(st.permutations(cases(10) + cases(11, key="other", disease="mumps")))
def test_the_order_of_reports_changes_nothing(rows):
    assert signals(*rows) == signals(*(cases(10) + cases(11, key="other", disease="mumps")))


@pytest.mark.parametrize("start", ["a", "b", "c"])
def test_merges_lead_to_one_root_and_a_circle_ends(start):
    assert Names(same_as={"a": "b", "b": "c"}, named={}).root(start) == "c"
    assert Names(same_as={"a": "b", "b": "c", "c": "a"}, named={}).root(start) in {"a", "b", "c"}
