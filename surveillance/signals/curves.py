"""One disease, looked at: its curve with what was expected, its seasons, areas and ages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.words import Words
from surveillance.counting.late import LONGEST_DAYS
from surveillance.counting.model import DATE_BASIS_WORDS, DateBasis
from surveillance.counting.months import by_month
from surveillance.counting.repository import area_words
from surveillance.counting.weeks import by_week
from surveillance.detect.farrington.method import FLEXIBLE
from surveillance.diseases.table import disease_table
from surveillance.reproduction.estimate import estimate
from surveillance.reproduction.table import SERIAL_INTERVALS
from surveillance.series.keys import AGE_GROUPS, ALL_AGES
from surveillance.series.model import Panel, Step
from surveillance.series.weeks import SYSTEMS
from surveillance.signals import repository
from surveillance.signals.model import IN_CITY
from surveillance.signals.opinions import sevens
from surveillance.signals.views import RunView, SeriesView

MONTHS, MONTHS_A_YEAR = 24, 12
WEEKS = 53
ONSET_DAYS = 84
SEASONS = 6
AREAS_SHOWN = 12
AREA_WEEKS = 26
AGE_DAYS = 28

REPRODUCTION_DAYS = 365
NO_INTERVAL = Words(
    en="No serial interval of this disease is at hand.", zh="没有该病种可用的代间隔参数。"
)
NO_ONSETS = Words(en="Days of onset are not counted here.", zh="此处没有按发病日期的统计。")
TOO_FEW = Words(
    en="Not known: no seven days with eleven cases or more.",
    zh="未知：没有任何连续7日达到11例。",
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """Seven days that end with `last_day`. expected and threshold: None where not judged."""

    last_day: date
    cases: int | None
    expected: float | None
    threshold: float | None
    alarm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetView:
    """A day of onset: cases known, and what they will be (None: complete, or no nowcast)."""

    day: date
    cases: int | None
    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproductionDayView:
    """How many each case infects, over the seven days of onset that end with `day`.

    None: fewer than eleven cases in them, or too early. low, high: 95 %.
    """

    day: date
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReproductionView:
    """The reproduction number of a disease and what it assumes.

    interval_days, spread_days: mean and standard deviation of the serial interval. nowcast: whether
    the newest days are as a nowcast expects them; else they are left out. weekly: days were made of
    weeks. why_not: why there is none; then `days` is empty.
    """

    days: list[ReproductionDayView]
    interval_days: float | None
    spread_days: float | None
    spread_assumed: bool
    source: Words | None
    nowcast: bool
    weekly: bool
    why_not: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonView:
    """Cases of one year by ISO week, from 1 on; None: no report, or not whole yet."""

    year: int
    cases: list[int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """Cases of a calendar month, and of the same month a year before.

    cases: None where a day is missing; of the newest month what there is of it, where it is not
    `whole`. year_before: None as well where it lies before the series.
    """

    first_day: date
    cases: int | None
    whole: bool
    year_before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCurveView:
    """One area: cases of the last seven days each ending, the newest last."""

    area_code: str
    place: Words
    cases: list[int | None]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeView:
    """Cases of an age group in the last four weeks, and in the four before."""

    age_group: str
    cases: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseView:
    """A disease in a city or one of its areas, as of the newest run.

    months: of two years, the newest last. onsets: of the whole city, else without a nowcast. areas:
    those with the most cases, how many more there are is `further_areas`.
    """

    city_id: int
    disease: str
    words: Words
    area_code: str | None
    place: Words
    day: date
    basis: Words
    weeks: list[WeekView]
    months: list[MonthView]
    onsets: list[OnsetView]
    reproduction: ReproductionView
    seasons: list[SeasonView]
    areas: list[AreaCurveView]
    further_areas: int
    ages: list[AgeView]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDisease:
    """A disease with cases in the last year, and how many in the last four weeks."""

    disease: str
    words: Words
    cases_28: int
    cases_365: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDiseases:
    """The diseases of a city that the viewer may see, most cases in four weeks first."""

    diseases: list[SeenDisease]


def diseases_seen(uow: UnitOfWork, city_id: int) -> SeenDiseases:
    """Return the diseases of which there is a series."""
    require_city(uow, city_id)
    run = repository.newest_run(uow.session, city_id)
    if run is None:
        return SeenDiseases(diseases=[])
    rows = repository.find_series(
        uow.session, city_id, date_basis=run.date_basis, age_groups=[ALL_AGES], in_whole_city=True,
        last_days=365,
    )  # fmt: skip
    seen = [
        SeenDisease(
            disease=row.disease, words=disease_table().get(row.disease).words,
            cases_28=_sum(row.cases[-28:]), cases_365=_sum(row.cases),
        )
        for row in rows
    ]  # fmt: skip
    return SeenDiseases(diseases=sorted(seen, key=lambda one: (-one.cases_28, one.disease)))


def disease_view(
    uow: UnitOfWork, city_id: int, disease: str, *, area_code: str | None
) -> DiseaseView | None:
    """Return a disease as the newest run saw it; None: nothing of it that the viewer may see.

    Raises
    ------
    CityUnknownError, DiseaseUnknownError
    """
    require_city(uow, city_id)
    words = disease_table().get(disease).words
    run = repository.newest_run(uow.session, city_id)
    if run is None:
        return None
    series = repository.find_series(uow.session, city_id, diseases=[disease])
    own = _find(series, run.date_basis, area_code, ALL_AGES)
    if own is None:
        return None
    onset = _find(series, DateBasis.ONSET.value, area_code, ALL_AGES)
    codes = [one.area_code for one in series if one.area_code is not None]
    places = area_words(uow.session, city_id, set(codes))
    curves = _areas(series, run, places)
    return DiseaseView(
        city_id=city_id,
        disease=disease,
        words=words,
        area_code=area_code,
        place=IN_CITY if area_code is None else places[area_code],
        day=run.day,
        basis=DATE_BASIS_WORDS[DateBasis(run.date_basis)],
        weeks=_weeks(own),
        months=_months(own),
        onsets=_onsets(onset),
        reproduction=_reproduction(disease, onset),
        seasons=_seasons(own),
        areas=curves[:AREAS_SHOWN],
        further_areas=max(len(curves) - AREAS_SHOWN, 0),
        ages=_ages(series, run, area_code),
    )


def _find(
    series: Sequence[SeriesView], basis: str, area_code: str | None, age_group: str
) -> SeriesView | None:
    return next(
        (
            one
            for one in series
            if (one.date_basis, one.area_code, one.age_group) == (basis, area_code, age_group)
        ),
        None,
    )


def _sum(cases: Sequence[int | None]) -> int:
    return sum(one for one in cases if one is not None)


def _counts(one: SeriesView) -> Floats:
    return np.array([[np.nan if case is None else case for case in one.cases]], dtype=np.float64)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _weeks(one: SeriesView) -> list[WeekView]:
    """Return the last year by sevens, each beside what the five years before led to expect."""
    panel = sevens(Panel(counts=_counts(one), starts_on=one.starts_on, step=Step.DAY))
    first = max(panel.n_periods - WEEKS, 0)
    made = FLEXIBLE.judge(panel, first=first)
    return [
        WeekView(
            last_day=(panel.days[first + number] + 6).astype(object),
            cases=_whole(made.observed[0, number]),
            expected=_number(made.expected[0, number]),
            threshold=_number(made.threshold[0, number]),
            alarm=bool(made.alarm[0, number]),
        )
        for number in range(panel.n_periods - first)
    ]


def _months(one: SeriesView) -> list[MonthView]:
    made = by_month(_counts(one), starts_on=one.starts_on)
    counts, last = made.counts[0], made.counts.shape[1] - 1
    views = []
    for number in range(max(last + 1 - MONTHS, 0), last + 1):
        begun = number == last and bool(np.isnan(counts[number]))
        before = np.nan if number < MONTHS_A_YEAR else counts[number - MONTHS_A_YEAR]
        views.append(
            MonthView(
                first_day=made.first_day[number].astype(object),
                cases=_whole(made.so_far[0] if begun else counts[number]),
                whole=not begun, year_before=_whole(before),
            )
        )  # fmt: skip
    return views


def _onsets(one: SeriesView | None) -> list[OnsetView]:
    if one is None:
        return []
    first = max(len(one.cases) - ONSET_DAYS, 0)
    nowcast = _by_day(one)
    views = []
    for place in range(first, len(one.cases)):
        day = one.starts_on + timedelta(days=place)
        median, low, high = nowcast.get(day, (None, None, None))
        views.append(OnsetView(day=day, cases=one.cases[place], median=median, low=low, high=high))
    return views


def _reproduction(disease: str, one: SeriesView | None) -> ReproductionView:
    """Return the number of the days that are shown by onset, reckoned from a year of them."""
    interval = SERIAL_INTERVALS.get(disease)
    none = partial(
        ReproductionView, days=[], interval_days=None, spread_days=None, spread_assumed=False,
        source=None, nowcast=False, weekly=False,
    )  # fmt: skip
    if interval is None:
        return none(why_not=NO_INTERVAL)
    if one is None:
        return none(why_not=NO_ONSETS)
    cases = _counts(one)[0, -REPRODUCTION_DAYS:]
    first = one.starts_on + timedelta(days=len(one.cases) - cases.size)
    low, high = cases.copy(), cases.copy()
    if one.nowcast is None:
        # What late reports will add is not known: the newest days would seem to fall.
        for curve in (cases, low, high):
            curve[-LONGEST_DAYS:] = np.nan
    for day, (median, least, most) in _by_day(one).items():
        place = (day - first).days
        if 0 <= place < cases.size:
            for curve, value in ((cases, median), (low, least), (high, most)):
                curve[place] = np.nan if value is None else value
    made = estimate(cases, low, high, interval=interval)
    days = [
        ReproductionDayView(
            day=first + timedelta(days=place), mean=_number(made.mean[place]),
            low=_number(made.low[place]), high=_number(made.high[place]),
        )
        for place in range(max(cases.size - ONSET_DAYS, 0), cases.size)
    ]  # fmt: skip
    known = any(day.mean is not None for day in days)
    return ReproductionView(
        days=days if known else [], interval_days=interval.mean_days,
        spread_days=interval.sd_days, spread_assumed=interval.spread_assumed,
        source=interval.source, nowcast=one.nowcast is not None, weekly=made.weekly,
        why_not=None if known else TOO_FEW,
    )  # fmt: skip


def _by_day(
    one: SeriesView,
) -> dict[date, tuple[float | None, float | None, float | None]]:
    if one.nowcast is None:
        return {}
    made = one.nowcast
    first = date.fromisoformat(made.starts_on)
    return {
        first + timedelta(days=place): its
        for place, its in enumerate(zip(made.median, made.low, made.high, strict=True))
    }


def _seasons(one: SeriesView) -> list[SeasonView]:
    weeks = by_week(_counts(one), starts_on=one.starts_on, system=SYSTEMS["iso"])
    views = []
    for year in sorted(set(weeks.year.tolist()))[-SEASONS:]:
        its = weeks.year == year
        cases: list[int | None] = [None] * int(weeks.week[its].max())
        for week, count in zip(weeks.week[its], weeks.counts[0, its], strict=True):
            cases[int(week) - 1] = _whole(count)
        views.append(SeasonView(year=year, cases=cases))
    return views


def _areas(
    series: Sequence[SeriesView], run: RunView, places: dict[str, Words]
) -> list[AreaCurveView]:
    views = []
    for one in series:
        if one.area_code is None or one.age_group != ALL_AGES or one.date_basis != run.date_basis:
            continue
        weeks = sevens(Panel(counts=_counts(one), starts_on=one.starts_on, step=Step.DAY))
        cases = [_whole(count) for count in weeks.counts[0, -AREA_WEEKS:]]
        views.append(
            AreaCurveView(
                area_code=one.area_code, place=places[one.area_code], cases=cases,
                total=_sum(cases),
            )
        )  # fmt: skip
    return sorted(views, key=lambda view: (-view.total, view.area_code))


def _ages(series: Sequence[SeriesView], run: RunView, area_code: str | None) -> list[AgeView]:
    views = []
    for group in AGE_GROUPS:
        one = _find(series, run.date_basis, area_code, group)
        if one is not None:
            views.append(
                AgeView(
                    age_group=group, cases=_sum(one.cases[-AGE_DAYS:]),
                    before=_sum(one.cases[-2 * AGE_DAYS : -AGE_DAYS]),
                )
            )  # fmt: skip
    return views
