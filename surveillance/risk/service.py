"""Use cases of disease maps: reckoned when asked for, of what the viewer may see.

Nothing of it is stored: rates of few cases would be counts by another name, and would outlive the
right to see them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.disclosure.service import cells_of_group, groups_told, newest_release
from gis.features import FeatureTable
from gis.words import Words, alike
from surveillance.counting.model import DATE_BASIS_WORDS, DateBasis
from surveillance.counting.published import CASES
from surveillance.counting.repository import area_codes, area_words
from surveillance.diseases.table import disease_table
from surveillance.permissions import CASES_READ
from surveillance.risk import repository
from surveillance.risk.layers import FIELDS
from surveillance.risk.model import Floats, People, Reckoned, Spans, Standing, Step
from surveillance.risk.periods import of_days, of_weeks
from surveillance.risk.residents import residents_of
from surveillance.risk.views import (
    DiseaseMapView,
    MapDisease,
    MapPeriod,
    MapRow,
    PeopleUsed,
)
from surveillance.series.keys import ALL_AGES
from surveillance.signals import repository as signals
from surveillance.smooth.areas import island_words

LATE_DAYS = 28
WITHOUT_NUMBER = {Standing.HIDDEN, Standing.MISSING}
MOST_PERIODS = {Step.WEEK: 104, Step.MONTH: 36}
PUBLISHED_BASIS = Words(en="by week of the report, as published", zh="按报告周（已发布口径）")
NO_RESIDENTS = Words(
    en="Of {count} of {all} areas no residents are known: there is no rate or risk.",
    zh="{all}个区域中有{count}个人口未知，无法计算率与风险。",
)
NO_CASE = Words(
    en="Risks are not compared: fewer than two areas have a count and residents, or none a case.",
    zh="无从比较风险：有数且人口已知的区域不足两个，或均无病例。",
)
HIDDEN = Words(
    en="Counts hidden (below {k}, or from which one could be told): {count}; rates and risks are "
    "reckoned without them.",
    zh="{count}个小于{k}或可被反推的数已隐藏；率与风险的计算均不含这些区域。",
)
MISSING = Words(
    en="Areas without a report in this period: {count}.", zh="{count}个区域本期无报告。"
)  # fmt: skip
MONTHS_OF_WEEKS = Words(
    en="A month is the weeks that have their Thursday in it: counts are published by week.",
    zh="月份由周四落在该月的各周合并而成（数据按周发布）。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Counts of a disease by area, from where the viewer may have them."""

    published: bool
    diseases: list[MapDisease]
    disease: str | None
    codes: list[str]
    spans: Spans
    basis: Words | None
    as_of: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseMap:
    """One period of a disease, reckoned."""

    source: _Source
    step: Step
    place: int
    people: People
    reckoned: Reckoned

    @property
    def cases(self) -> Floats:
        """Cases (n,) of the period, NaN where they are missing or hidden."""
        return np.asarray(self.source.spans.cases[:, self.place])


def disease_map_view(
    uow: UnitOfWork, city_id: int, *, disease: str | None, step: Step, at: datetime | None,
    published: bool,
) -> DiseaseMapView:  # fmt: skip
    """Return a disease by area in the period that holds `at` (None: the newest whole one).

    disease None: the one with the most cases. Who may not read cases gets what is published.

    Raises
    ------
    CityUnknownError, DiseaseUnknownError
    """
    source = _source(uow, city_id, disease=disease, step=step, published=published)
    made = _made(uow, city_id, source, step=step, at=at)
    spans = source.spans
    periods = [
        MapPeriod(first=one.first, until=one.until, cases=int(np.nansum(spans.cases[:, place])))
        for place, one in enumerate(spans.periods)
    ]
    return DiseaseMapView(
        city_id=city_id,
        published=source.published,
        smallest_told=CASES.k if source.published else None,
        diseases=source.diseases,
        disease=source.disease,
        words=None if source.disease is None else disease_table().get(source.disease).words,
        step=step,
        periods=periods,
        period=None if made is None else periods[made.place],
        rows=[] if made is None else _rows(uow, city_id, made),
        people=_people_used(made),
        basis=source.basis,
        as_of=source.as_of,
        notes=[] if made is None else _notes(made),
    )


def disease_map_table(
    uow: UnitOfWork, city_id: int, *, disease: str | None, step: Step, at: datetime | None,
    published: bool,
) -> FeatureTable:  # fmt: skip
    """Return the areas of `disease_map_view` with their outlines: the fields of its layers.

    Raises
    ------
    CityUnknownError, DiseaseUnknownError
    """
    source = _source(uow, city_id, disease=disease, step=step, published=published)
    made = _made(uow, city_id, source, step=step, at=at)
    if made is None:
        return FeatureTable({field.name: [] for field in FIELDS}, [])
    row_of = {row.area_code: row for row in _rows(uow, city_id, made)}
    period = source.spans.periods[made.place]
    days = f"{period.first} – {period.until - timedelta(days=1)}"
    areas = repository.shown_areas(uow.session, city_id, source.codes)
    rows = [row_of[area.code] for area in areas]
    return FeatureTable(
        {
            "code": [area.code for area in areas],
            "name": [area.name for area in areas],
            "name_zh": [area.name_zh for area in areas],
            "name_en": [area.name_en for area in areas],
            "disease": [source.disease] * len(areas),
            "period": [days] * len(areas),
            "standing": [
                row.standing.value if row.standing in WITHOUT_NUMBER else None for row in rows
            ],
            "cases": [row.cases for row in rows],
            "residents": [None if row.residents is None else round(row.residents) for row in rows],
            "rate": [_rounded(row.rate, 2) for row in rows],
            "smoothed_rate": [_rounded(row.smoothed_rate, 2) for row in rows],
            "relative_risk": [_rounded(row.relative_risk, 3) for row in rows],
            "exceedance": [_rounded(row.exceedance, 4) for row in rows],
            "modelled": [area.modelled for area in areas],
        },
        [area.shape for area in areas],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSeen:
    """A period of a disease, and the day that its cases count on."""

    disease: str
    date_basis: str
    period: MapPeriod


def period_seen(
    uow: UnitOfWork, city_id: int, *, disease: str | None, step: Step, at: datetime | None
) -> PeriodSeen | None:
    """Return the period of `disease_map_view` for who reads cases; None: there is nothing to see.

    Raises
    ------
    CityUnknownError, DiseaseUnknownError
    """
    source = _source(uow, city_id, disease=disease, step=step, published=False)
    run = signals.newest_run(uow.session, city_id)
    spans = source.spans
    if source.published or run is None or source.disease is None or not spans.periods:
        return None
    zone = ZoneInfo(require_city(uow, city_id).time_zone)
    place = len(spans.periods) - 1 if at is None else spans.place_of(at.astimezone(zone).date())
    one = spans.periods[place]
    return PeriodSeen(
        disease=source.disease, date_basis=run.date_basis,
        period=MapPeriod(
            first=one.first, until=one.until, cases=int(np.nansum(spans.cases[:, place]))
        ),
    )  # fmt: skip


def published_until(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the last day of the newest period that is published."""
    newest = newest_release(uow, CASES, city_id, begun_by=uow.clock.now().date())
    return None if newest is None else newest.period_until - timedelta(days=1)


def residents_counted(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the newest day on which residents of a city's areas were counted."""
    days = [one.counted_on for one in repository.counted_areas(uow.session, city_id)]
    return max((day for day in days if day is not None), default=None)


def _source(
    uow: UnitOfWork, city_id: int, *, disease: str | None, step: Step, published: bool
) -> _Source:
    require_city(uow, city_id)
    if disease is not None:
        disease_table().get(disease)
    of_cases = not published and uow.identity.holds_any([CASES_READ])
    return (_of_cases if of_cases else _of_published)(uow, city_id, disease, step)


def _of_cases(uow: UnitOfWork, city_id: int, disease: str | None, step: Step) -> _Source:
    run = signals.newest_run(uow.session, city_id)
    diseases = [] if run is None else _diseases_seen(uow, city_id, run.date_basis)
    chosen = disease or next((one.disease for one in diseases), None)
    found = [] if run is None or chosen is None else signals.find_series(
        uow.session, city_id, diseases=[chosen], date_basis=run.date_basis,
        age_groups=[ALL_AGES], last_days=31 * (MOST_PERIODS[Step.MONTH] + 1),
    )  # fmt: skip
    series = {one.area_code: one for one in found if one.area_code is not None}
    codes = sorted(series)
    days = max((len(one.cases) for one in series.values()), default=0)
    counts = np.full((len(codes), days), np.nan)
    for row, code in enumerate(codes):
        own = [np.nan if one is None else float(one) for one in series[code].cases]
        counts[row, days - len(own) :] = own
    # All series of a run end with its day.
    starts_on = uow.clock.now().date() if run is None else run.day - timedelta(days=days - 1)
    spans = of_days(counts, starts_on=starts_on, step=step)
    return _Source(
        published=False, diseases=diseases, disease=chosen, codes=codes,
        spans=_newest(spans, MOST_PERIODS[step]),
        basis=None if run is None else DATE_BASIS_WORDS[DateBasis(run.date_basis)],
        as_of=None if run is None else run.day,
    )  # fmt: skip


def _diseases_seen(uow: UnitOfWork, city_id: int, date_basis: str) -> list[MapDisease]:
    """Return the diseases of which the viewer may see an area, most cases of late first.

    A code that the table no longer has is none of them.
    """
    of_late: dict[str, int] = {}
    for one in signals.find_series(
        uow.session, city_id, date_basis=date_basis, age_groups=[ALL_AGES], last_days=LATE_DAYS
    ):
        if one.area_code is not None:
            seen = sum(count or 0 for count in one.cases)
            of_late[one.disease] = of_late.get(one.disease, 0) + seen
    table = disease_table()
    return [
        MapDisease(code, table.get(code).words)
        for code in sorted(of_late, key=lambda code: (-of_late[code], code))
        if code in table.diseases
    ]


def _of_published(uow: UnitOfWork, city_id: int, disease: str | None, step: Step) -> _Source:
    since = _reaches_back(uow, step)
    groups = {one.code: one.words for one in CASES.groups}
    told = [code for code in groups_told(uow, CASES, city_id, since=since) if code in groups]
    chosen = disease or next(iter(told), None)
    cells = [] if chosen is None else cells_of_group(
        uow, CASES, city_id, group=chosen, since=since
    )  # fmt: skip
    present = set(area_codes(uow.session, city_id, level=CASES.area_level).codes)
    codes = sorted({cell.area_code for _, cell in cells} & present)
    weeks = list(dict.fromkeys(period for period, _ in cells))
    row = {code: number for number, code in enumerate(codes)}
    column = {period: number for number, period in enumerate(weeks)}
    counts = np.full((len(codes), len(weeks)), np.nan)
    hidden = np.zeros(counts.shape, bool)
    for period, cell in cells:
        if cell.area_code in row:
            where = row[cell.area_code], column[period]
            hidden[where] = cell.people is None
            counts[where] = np.nan if cell.people is None else cell.people
    spans = of_weeks(counts, hidden, weeks=weeks, step=step)
    return _Source(
        published=True, diseases=[MapDisease(code, groups[code]) for code in told],
        disease=chosen, codes=codes, spans=_newest(spans, MOST_PERIODS[step]),
        basis=PUBLISHED_BASIS,
        as_of=max((one.until - timedelta(days=1) for one in weeks), default=None),
    )  # fmt: skip


def _reaches_back(uow: UnitOfWork, step: Step) -> date:
    days = MOST_PERIODS[step] * (7 if step is Step.WEEK else 31)
    return uow.clock.now().date() - timedelta(days=days)


def _newest(spans: Spans, most: int) -> Spans:
    return Spans(
        periods=spans.periods[-most:], cases=spans.cases[:, -most:], hidden=spans.hidden[:, -most:]
    )


def _made(
    uow: UnitOfWork, city_id: int, source: _Source, *, step: Step, at: datetime | None
) -> DiseaseMap | None:
    from surveillance.risk.reckon import reckon

    spans = source.spans
    if not spans.periods or not source.codes:
        return None
    zone = ZoneInfo(require_city(uow, city_id).time_zone)
    place = len(spans.periods) - 1 if at is None else spans.place_of(at.astimezone(zone).date())
    people = residents_of(source.codes, repository.counted_areas(uow.session, city_id))
    return DiseaseMap(
        source=source, step=step, place=place, people=people,
        reckoned=reckon(
            spans.cases[:, place], spans.hidden[:, place], people.residents,
            repository.borders(uow.session, city_id, source.codes),
        ),
    )  # fmt: skip


def _rows(uow: UnitOfWork, city_id: int, made: DiseaseMap) -> list[MapRow]:
    codes, its = made.source.codes, made.reckoned
    places = area_words(uow.session, city_id, codes)
    columns = (
        made.people.residents, its.rate, its.smoothed_rate, its.relative_risk, its.exceedance
    )  # fmt: skip
    return [
        MapRow(
            area_code=code, place=places.get(code, alike(code)), standing=its.standing[row],
            cases=None if np.isnan(made.cases[row]) else int(made.cases[row]),
            **dict(zip(
                ("residents", "rate", "smoothed_rate", "relative_risk", "exceedance"),
                (_number(column[row]) for column in columns), strict=True,
            )),
        )
        for row, code in enumerate(codes)
    ]  # fmt: skip


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _people_used(made: DiseaseMap | None) -> PeopleUsed:
    if made is None:
        return PeopleUsed(known_areas=0, first_year=None, last_year=None, sources=())
    return PeopleUsed(
        known_areas=int(np.isfinite(made.people.residents).sum()),
        first_year=made.people.first_year, last_year=made.people.last_year,
        sources=made.people.sources,
    )  # fmt: skip


def _notes(made: DiseaseMap) -> list[Words]:
    its, size = made.reckoned, len(made.source.codes)
    unknown = int((~(made.people.residents > 0)).sum())
    count_of: Callable[[Standing], int] = its.standing.count
    hidden, missing = count_of(Standing.HIDDEN), count_of(Standing.MISSING)
    said: Sequence[tuple[bool, Words]] = (
        (hidden > 0, HIDDEN.filled(count=hidden, k=CASES.k)),
        (missing > 0, MISSING.filled(count=missing)),
        (unknown > 0, NO_RESIDENTS.filled(count=unknown, all=size)),
        (unknown < size and bool(np.isnan(its.relative_risk).all()), NO_CASE),
        (its.apart > 0, island_words(its.apart)),
        (made.source.published and made.step is Step.MONTH, MONTHS_OF_WEEKS),
    )
    return [words for told, words in said if told]
