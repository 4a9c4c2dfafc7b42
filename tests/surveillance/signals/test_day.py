"""A day's run: what is put in is told, what is usual is not, and a budget is a budget."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from gis.words import alike
from surveillance.detect.cidars import MovingPercentile
from surveillance.detect.model import Outcome
from surveillance.detect.registry import DETECTORS
from surveillance.series.keys import AGE_GROUPS, ALL_AGES, WHOLE_CITY, SeriesKey
from surveillance.series.model import Panel, Step
from surveillance.signals.day import BUDGET_WEEKS, budget_of, judge
from surveillance.signals.model import Rules, Watched
from surveillance.signals.opinions import judge_day, newest, settings_of, sevens
from surveillance.signals.weighing import weight

DAYS = 7 * 280
LAST = date(2026, 6, 30)
AREAS = ("A", "B", "C")


def watched(diseases=("mumps", "dengue"), *, level=0.6, seed=1, days=DAYS):
    """Return quiet series of diseases × areas × ages, with those of all ages and of the city."""
    chance = np.random.default_rng(seed)
    keys, rows = [], []
    for disease in diseases:
        by_age = chance.poisson(level, (len(AREAS), len(AGE_GROUPS), days)).astype(float)
        for place, area in enumerate(AREAS):
            keys += [SeriesKey(disease, area, age) for age in (*AGE_GROUPS, ALL_AGES)]
            rows += [*by_age[place], by_age[place].sum(axis=0)]
        keys += [SeriesKey(disease, WHOLE_CITY, age) for age in (*AGE_GROUPS, ALL_AGES)]
        rows += [*by_age.sum(axis=0), by_age.sum(axis=(0, 1))]
    return Watched(
        keys=tuple(keys),
        panel=Panel(counts=np.array(rows), starts_on=LAST - timedelta(days=days - 1),
                    step=Step.DAY),
        names={disease: alike(disease) for disease in diseases},
        places={area: alike(f"District {area}") for area in AREAS},
        fixed={},
        counties=frozenset(AREAS),
    )  # fmt: skip


def with_cases(made, cases, *, disease, area, age="5-14", last_days=7):
    """Return the same with more cases in an age group of an area, and in all that hold it."""
    counts = made.panel.counts.copy()
    for row, key in enumerate(made.keys):
        if (
            key.disease == disease
            and key.area_code in {area, WHOLE_CITY}
            and key.age_group in {age, ALL_AGES}
        ):
            counts[row, -last_days:] += cases / last_days
    return replace(made, panel=replace(made.panel, counts=np.round(counts)))


def test_an_outbreak_is_told_where_it_is_and_nowhere_else():
    run = judge(with_cases(watched(), 70, disease="mumps", area="B"), Rules())
    assert [signal.key for signal in run.signals] == [SeriesKey("mumps", "B", ALL_AGES)]
    (signal,) = run.signals
    assert signal.told
    assert signal.lead == "farrington_flexible"
    assert signal.observed > signal.threshold > signal.expected
    assert signal.false_rate <= Rules().false_share
    assert run.day == LAST
    assert run.judged == run.series == 2 * 4 * 6


def test_its_reason_names_disease_place_and_numbers_in_every_language():
    run = judge(with_cases(watched(), 70, disease="mumps", area="B"), Rules())
    says = run.signals[0].reason
    assert says.en.startswith("mumps, District B: Farrington flexible: ")
    assert says.en.endswith(").")
    assert says.zh.startswith("mumps，District B：改进Farrington法：报告")
    assert f"{run.signals[0].observed:g}" in says.en


def test_every_detector_of_the_registry_is_asked():
    made = watched(("mumps",))
    run = judge(with_cases(made, 70, disease="mumps", area="B", last_days=2), Rules())
    opinions = {one.detector: one for one in run.signals[0].opinions}
    assert run.alarms.keys() == DETECTORS.keys()
    # Mumps has no fixed value, and nobody said who was at risk.
    assert opinions.keys() == DETECTORS.keys() - {"fixed_value", "cusum_risk_adjusted"}
    assert opinions["ears_c2"].alarm
    assert opinions["moving_percentile"].alarm
    assert not opinions["data_drop"].alarm


def test_an_age_group_alone_is_told_as_such():
    made = watched(level=4.0)
    run = judge(with_cases(made, 40, disease="dengue", area="C", age="65+"), Rules())
    assert SeriesKey("dengue", "C", "65+") in {one.key for one in run.signals} or (
        SeriesKey("dengue", "C", ALL_AGES) in {one.key for one in run.signals}
    )
    aged = [one for one in run.signals if one.key.age_group != ALL_AGES]
    for one in aged:
        assert f"ages {one.key.age_group}" in one.reason.en
        assert f"{one.key.age_group}岁" in one.reason.zh


def test_quiet_days_tell_few_false_alarms():
    told = [len(judge(watched(seed=seed), Rules()).signals) for seed in range(12)]
    assert sum(told) <= 6


def test_the_budget_keeps_the_weightiest_and_what_a_rule_raises():
    made = watched(("mumps", "dengue", "cholera"))
    for area, cases in zip(AREAS, (60, 90, 120), strict=True):
        made = with_cases(made, cases, disease="mumps", area=area)
    made = replace(made, fixed={"cholera": 1})
    made.panel.counts[[k == SeriesKey("cholera", "A", ALL_AGES) for k in made.keys], -1] = 1
    run = judge(made, Rules(alarms_a_day=1))
    told = {one.key for one in run.signals if one.told}
    assert SeriesKey("cholera", "A", ALL_AGES) in told
    assert len([one for one in run.signals if not one.told]) >= 2
    weights = [one.weight for one in run.signals]
    assert weights == sorted(weights, reverse=True)
    assert judge(made, Rules(alarms_a_day=50)).signals[-1].told


def test_the_first_case_in_five_years_is_told_though_it_is_one():
    made = watched(("dengue",), level=0.0)
    rows = [key == SeriesKey("dengue", "B", ALL_AGES) for key in made.keys]
    made.panel.counts[rows, -1] = 1
    run = judge(made, Rules())
    assert [(one.key.area_code, one.lead, one.obliged) for one in run.signals] == [
        ("B", "first_case", True)
    ]
    assert run.signals[0].newest_case_on == LAST


def test_a_day_without_a_report_is_not_judged_and_nothing_is_said():
    made = with_cases(watched(), 70, disease="mumps", area="B")
    made.panel.counts[:, -1] = np.nan
    run = judge(made, Rules())
    assert run.signals == ()
    assert run.judged == 0
    assert run.unjudged == {Outcome.NO_REPORT: run.series}


def test_expected_false_alarms_are_at_most_the_share_of_those_told():
    made = with_cases(watched(), 70, disease="mumps", area="B")
    run = judge(made, Rules(false_share=0.2))
    assert 0 <= run.expected_false <= 0.2 * len(run.signals)


def test_batches_change_nothing(monkeypatch):
    seen = watched(("mumps", "dengue", "cholera"))
    made, own = seen.panel, settings_of(seen.keys, {"cholera": 1})
    whole = judge_day(made, own)
    monkeypatch.setattr("surveillance.signals.opinions.SERIES_AT_ONCE", 7)
    parts = judge_day(made, own)
    for name, judgement in whole.items():
        np.testing.assert_array_equal(judgement.alarm, parts[name].alarm)
        np.testing.assert_array_equal(judgement.threshold, parts[name].threshold)


def test_each_disease_is_judged_by_its_own_percentile_and_fixed_value():
    seen = watched(("mumps", "dengue"))
    judged = judge_day(seen.panel, settings_of(seen.keys, {"mumps": 4}))
    for disease, rank, cases in (("mumps", 80.0, 4.0), ("dengue", 90.0, None)):
        rows = [row for row, key in enumerate(seen.keys) if key.disease == disease]
        panel = Panel(counts=seen.panel.counts[rows], starts_on=seen.panel.starts_on, step=Step.DAY)
        alone = MovingPercentile(percentile=rank).judge(panel, first=panel.n_periods - 1)
        np.testing.assert_array_equal(judged["moving_percentile"].threshold[rows], alone.threshold)
        fixed = judged["fixed_value"]
        assert (fixed.outcome[rows] == (Outcome.NOT_FITTED if cases is None else 0)).all()
        if cases is not None:
            assert (fixed.threshold[rows] == cases).all()
            assert (fixed.alarm[rows] == (panel.counts[:, -1:] >= cases)).all()


def test_what_lies_before_the_part_a_detector_remembers_changes_nothing():
    made = watched(("mumps",)).panel
    other = replace(made, counts=made.counts.copy())
    other.counts[:, : DAYS - 7 * 160] += 5
    for name in ("ears_c1", "ewma", "cusum", "glr_negative_binomial"):
        np.testing.assert_array_equal(judge_day(made)[name].alarm, judge_day(other)[name].alarm)


def test_sevens_end_with_the_last_day_and_a_missing_day_makes_one_missing():
    counts = np.arange(16.0)[None]
    counts[0, 3] = np.nan
    weeks = sevens(Panel(counts=counts, starts_on=date(2026, 1, 1), step=Step.DAY))
    assert weeks.starts_on == date(2026, 1, 3)
    np.testing.assert_array_equal(weeks.counts, [[np.nan, 9 + 10 + 11 + 12 + 13 + 14 + 15]])
    assert newest(weeks, 1).starts_on == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("p_value", "excess", "expected"), [(0.01, 0, 2), (0.001, 0, 3), (0.01, 3, 4), (None, 1, 101)]
)
def test_weight_grows_by_one_with_each_ten_and_each_doubling(p_value, excess, expected):
    assert weight(p_value, excess) == pytest.approx(expected)


def test_the_threshold_meets_the_alarms_a_day_on_the_last_weeks():
    made = watched(("mumps", "dengue"), level=2.0, seed=3)
    few, many = (budget_of(made.panel, Rules(alarms_a_day=n)) for n in (1, 5))
    assert few.cut < many.cut
    assert few.alarms_a_day <= 1
    assert many.alarms_a_day <= 5
    assert few.days == 7 * BUDGET_WEEKS
    assert few.false_a_day == pytest.approx(few.cut * few.tests_a_day)
    # The newest week does not bear on its own threshold.
    risen = with_cases(made, 300, disease="mumps", area="B")
    assert budget_of(risen.panel, Rules(alarms_a_day=1)) == few


def test_what_is_less_unlikely_than_the_threshold_is_not_raised():
    made = with_cases(watched(seed=5), 25, disease="mumps", area="B")
    run = judge(made, Rules(false_share=0.9, alarms_a_day=1))
    assert run.budget is not None
    assert all(one.p_value is None or one.p_value <= run.budget.cut for one in run.signals)
    loose = judge(made, Rules(false_share=0.9, alarms_a_day=50))
    assert len(loose.signals) >= len(run.signals)


def test_a_series_without_history_has_no_threshold():
    assert budget_of(watched(days=60).panel, Rules()) is None
