"""Rules for one institution within a week."""

from datetime import date

import numpy as np
import pytest

from surveillance.detect.institutions import RULES, Cases, Counted, institution_alarms


def cases(*groups: tuple[int, str, str, int], admitted: bool = False) -> Cases:
    """Return so many cases of (institution, disease, day, cases)."""
    rows = [group[:3] for group in groups for _ in range(group[3])]
    return Cases(
        institution=np.array([row[0] for row in rows], np.int64),
        disease=np.array([row[1] for row in rows], np.str_),
        day=np.array([row[2] for row in rows], "datetime64[D]"),
        admitted=np.full(len(rows), admitted),
    )


@pytest.mark.parametrize(
    ("disease", "limit"),
    [("chickenpox", 10), ("mumps", 10), ("scarlet_fever", 10), ("infectious_diarrhoea", 20),
     ("hepatitis_a", 5), ("hepatitis_e", 5), ("typhoid", 5), ("influenza_like_illness", 10),
     ("measles", 10), ("rubella", 10), ("dysentery", 10), ("paratyphoid", 5)],
)  # fmt: skip
def test_from_the_limit_on(disease: str, limit: int) -> None:
    assert institution_alarms(cases((1, disease, "2026-03-02", limit - 1))) == []
    (alarm,) = institution_alarms(cases((1, disease, "2026-03-02", limit)))
    assert (alarm.cases, alarm.rule.cases) == (limit, limit)
    assert str(limit) in alarm.reason.zh
    assert "{" not in alarm.reason.en + alarm.reason.zh


def test_seven_days_and_no_eighth() -> None:
    week = cases((1, "mumps", "2026-03-02", 5), (1, "mumps", "2026-03-08", 5))
    (alarm,) = institution_alarms(week)
    assert (alarm.first_on, alarm.last_on) == (date(2026, 3, 2), date(2026, 3, 8))
    assert alarm.reached_on == date(2026, 3, 8)
    longer = cases((1, "mumps", "2026-03-02", 5), (1, "mumps", "2026-03-09", 5))
    assert institution_alarms(longer) == []


def test_dysentery_is_counted_over_three_days() -> None:
    (alarm,) = institution_alarms(
        cases((1, "dysentery", "2026-03-02", 5), (1, "dysentery_bacillary", "2026-03-04", 5))
    )
    assert alarm.rule.code == "dysentery_10"
    late = cases((1, "dysentery", "2026-03-02", 5), (1, "dysentery", "2026-03-05", 5))
    assert institution_alarms(late) == []


def test_two_schools_are_two_schools_and_both_hepatitides_are_one_rule() -> None:
    apart = cases((1, "typhoid", "2026-03-02", 4), (2, "typhoid", "2026-03-02", 4))
    assert institution_alarms(apart) == []
    together = cases((1, "hepatitis_a", "2026-03-02", 2), (1, "hepatitis_e", "2026-03-04", 3))
    assert [alarm.rule.code for alarm in institution_alarms(together)] == ["hepatitis_5"]


def test_those_admitted_have_a_rule_of_their_own() -> None:
    ill = (3, "influenza_like_illness", "2026-01-05", 5)
    assert institution_alarms(cases(ill)) == []
    (alarm,) = institution_alarms(cases(ill, admitted=True))
    assert alarm.rule.counted is Counted.ADMITTED


def test_an_old_year_is_judged_by_its_own_rules() -> None:
    before = cases((1, "influenza_like_illness", "2017-12-20", 12))
    assert institution_alarms(before) == []
    assert institution_alarms(cases((1, "influenza_like_illness", "2018-12-20", 12))) != []
    assert institution_alarms(cases((1, "mumps", "2004-12-20", 12))) == []


def test_an_unknown_day_is_in_no_window() -> None:
    known = cases((1, "mumps", "2026-03-02", 9), (1, "mumps", "NaT", 5))
    assert institution_alarms(known) == []


def test_every_rule_says_where_it_stands() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.holds(date(2026, 1, 1)) for rule in RULES)
