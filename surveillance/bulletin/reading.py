"""Reading a bulletin for those who read cases: counts of ordinary diseases from the cases."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.disclosure.model import Rhythm
from gis.installation import installation_purpose
from gis.jurisdiction import reach_of
from gis.report_periods import ReportPeriod, period_with
from gis.rows import AnyRow
from gis.words import Words, alike, listed
from surveillance.bulletin import repository
from surveillance.bulletin.areas import LEVEL, ToldAreas, residents_of, told_areas
from surveillance.bulletin.model import (
    AreaRow,
    Bulletin,
    ClusterRow,
    Clusters,
    Count,
    Counts,
    DiseaseRow,
    Missing,
    Of,
    Quality,
    Reported,
    SignalRow,
    Span,
    WeekRow,
    covered,
    spans_of,
)
from surveillance.bulletin.repository import FIELDS, AreaNode
from surveillance.cases.review import law_terms
from surveillance.counting.model import DATE_BASIS_WORDS
from surveillance.counting.repository import deaths_are_told, reporting_span, usual_basis
from surveillance.diseases.model import Sensitive
from surveillance.diseases.table import disease_table
from surveillance.permissions import CASES_READ
from surveillance.signals.model import IN_CITY

CURVE_WEEKS = 53
CURVES = 3
"""Of so many diseases, those with the most cases of the period, the curve is drawn."""

_Counted = dict[tuple[str, str | None, Of], tuple[int, int]]
"""Disease as its series is called, area told apart (None: in none) and span → cases, deaths."""


def newest_whole(last: date | None, rhythm: Rhythm, *, now: date) -> ReportPeriod:
    """Return the newest period that was over by the last day with reports, and by now."""
    known = now if last is None else min(last, now)
    period = period_with(known, rhythm)
    return period if period.until <= known else period.before


def ordinary_diseases() -> list[str]:
    """Return the codes of the diseases that bulletins tell of."""
    return [one.code for one in disease_table() if one.sensitive is Sensitive.ORDINARY]


def read_bulletin(uow: UnitOfWork, city_id: int, period: ReportPeriod | None) -> Bulletin:
    """Return what was reported of a period, as known now; None: of the newest whole week.

    Of a reader whose right is for some areas it tells of cases of residents of these alone.

    Raises
    ------
    CityUnknownError
    """
    city = require_city(uow, city_id)
    zone = ZoneInfo(city.time_zone)
    reporting = reporting_span(uow.session, city_id)
    since, before = None, None
    if reporting is not None:
        since, before = reporting[0], reporting[1].astimezone(zone).date() + timedelta(days=1)
    if period is None:
        now = uow.clock.now().astimezone(zone).date()
        period = newest_whole(before, Rhythm.WEEK, now=now)
    spans = spans_of(period, since=since, before=before)
    basis = usual_basis(uow.session, city_id)
    diseases = ordinary_diseases()
    nodes = repository.area_nodes(uow.session, city_id)
    reach = reach_of(uow.identity, CASES_READ)
    told = told_areas(nodes, reach)
    counted = _counted(
        repository.count_spans(uow.session, city_id, spans, basis=basis, diseases=diseases),
        told, limited=reach is not None, day=period.first,
    )  # fmt: skip
    rows = _disease_rows(
        counted, spans, period.until - timedelta(days=1),
        deaths_told=deaths_are_told(uow.session, city_id),
    )  # fmt: skip
    leading = leading_of(rows)
    weeks = repository.count_weeks(
        uow.session, city_id, first=_monday(period) - 2 * timedelta(weeks=CURVE_WEEKS),
        until=period.until, basis=basis, diseases=diseases,
    )  # fmt: skip
    return Bulletin(
        city=city, period=period, spans=spans, reported_since=since, reported_until=before,
        basis=DATE_BASIS_WORDS[basis], rows=rows,
        everything=_everything(rows, spans),
        areas=_area_rows(counted, spans, told, nodes),
        residents=city_residents(nodes, told, limited=reach is not None),
        population_of=population_words(nodes), unplaced=_unplaced(counted),
        curves={
            code: _curve(weeks, code, told, period, since=since, before=before,
                         limited=reach is not None)
            for code in leading
        },
        signals=_signals(uow, city_id, spans[Of.PERIOD], nodes, reach),
        clusters=_clusters(uow, city_id, spans[Of.PERIOD], nodes, reach),
        judged_days=repository.judged_days(uow.session, city_id, spans[Of.PERIOD]),
        quality=_quality(uow, city_id, spans[Of.PERIOD], told, limited=reach is not None,
                         zone=city.time_zone),
        limited=reach is not None, published=False,
        simulated=installation_purpose(uow.session) == "simulation",
    )  # fmt: skip


def leading_of(rows: Sequence[DiseaseRow]) -> list[str]:
    """Return the codes of the few diseases with the most cases told of the period."""
    known = [
        (count, row.code)
        for row in rows
        if (count := row.cases[Of.PERIOD].value) is not None and count > 0
    ]
    return [code for _, code in sorted(known, key=lambda one: (-one[0], one[1]))[:CURVES]]


def city_residents(nodes: Sequence[AreaNode], told: ToldAreas, *, limited: bool) -> int | None:
    """Return the residents of all that is told: of the city, or of the told areas together."""
    if not limited:
        whole = [one.residents for one in nodes if one.level == "city" and one.residents]
        if whole:
            return whole[0]
    known = [residents_of(nodes, one.code) for one in told.nodes]
    counted = [one for one in known if one is not None]
    return sum(counted) if counted and len(counted) == len(known) else None


def population_words(nodes: Sequence[AreaNode]) -> Words | None:
    """Return who was counted for the rates, when and by whom; None: nobody was."""
    known = [one for one in nodes if one.residents is not None]
    if not known:
        return None
    years = sorted({one.counted_on.year for one in known if one.counted_on is not None})
    told = [alike(str(year)) for year in years]
    if any(one.counted_on is None for one in known):
        told.append(Words(en="year not stated", zh="年份未注明"))
    return Words(
        en="residents of all ages, {years}; source: {sources}",
        zh="常住人口（全年龄），{years}；来源：{sources}",
    ).filled(
        years=listed(told),
        sources=listed([alike(one) for one in sorted({one.source or "–" for one in known})]),
    )


def _counted(
    rows: Sequence[AnyRow], told: ToldAreas, *, limited: bool, day: date
) -> _Counted:  # fmt: skip
    table = disease_table()
    counted: dict[tuple[str, str | None, Of], list[int]] = {}
    for row in rows:
        area = told.of_code.get(row.area)
        if limited and area is None:
            continue
        its = counted.setdefault((table.series_of(row.disease, day), area, Of(row.name)), [0, 0])
        its[0] += row.cases
        its[1] += row.deaths
    return {key: (cases, deaths) for key, (cases, deaths) in counted.items()}


def _told(number: int, span: Span) -> Count:
    """Return a count of a span: a zero only where reports came."""
    if span.reported is Reported.NONE:
        return Count(None, Missing.NOT_REPORTED)
    if span.reported is Reported.PART:
        return Count(None, Missing.PART_REPORTED, at_least=number)
    return Count(number)


def _counts(numbers: Mapping[Of, int], spans: Mapping[Of, Span]) -> Counts:
    return {
        of: _told(numbers.get(of, 0), spans[of])
        if of in spans
        else Count(None, Missing.NO_SUCH_PERIOD)
        for of in Of
    }


def _disease_rows(
    counted: _Counted, spans: Mapping[Of, Span], day: date, *, deaths_told: bool
) -> list[DiseaseRow]:
    cases: dict[str, Counter[Of]] = {}
    deaths: dict[str, Counter[Of]] = {}
    for (disease, _, of), (one, dead) in counted.items():
        cases.setdefault(disease, Counter())[of] += one
        deaths.setdefault(disease, Counter())[of] += dead
    table = disease_table()
    rows = []
    for code, numbers in cases.items():
        term = table.get(code).term_on(day)
        rows.append(
            DiseaseRow(
                code=code, words=table.get(code).words,
                legal_class=None if term is None else term.legal_class,
                cases=_counts(numbers, spans),
                deaths=_counts(deaths[code], spans) if deaths_told else None,
            )
        )  # fmt: skip
    return sorted(rows, key=in_order)


def in_order(row: DiseaseRow) -> tuple[str, int, str]:
    """Return the place of a disease: by class of the law, then by cases of the period."""
    now = row.cases[Of.PERIOD]
    return row.legal_class or "~", -(now.at_least if now.value is None else now.value), row.code


def _everything(rows: Sequence[DiseaseRow], spans: Mapping[Of, Span]) -> DiseaseRow:
    def together(of: Of, each: Sequence[Counts]) -> Count:
        if of not in spans:
            return Count(None, Missing.NO_SUCH_PERIOD)
        known = [one[of] for one in each]
        number = sum(one.at_least if one.value is None else one.value for one in known)
        return _told(number, spans[of])

    cases = [row.cases for row in rows]
    deaths = [row.deaths for row in rows if row.deaths is not None]
    told = bool(deaths) or not rows
    return DiseaseRow(
        code="*", words=ALL_DISEASES, legal_class=None,
        cases={of: together(of, cases) for of in Of},
        deaths={of: together(of, deaths) for of in Of} if told else None,
    )  # fmt: skip


ALL_DISEASES = Words(en="All diseases", zh="合计")


def _area_rows(
    counted: _Counted, spans: Mapping[Of, Span], told: ToldAreas, nodes: Sequence[AreaNode]
) -> list[AreaRow]:
    cases: dict[str, Counter[Of]] = {one.code: Counter() for one in told.nodes}
    by_disease: dict[str, Counter[str]] = {one.code: Counter() for one in told.nodes}
    for (disease, area, of), (number, _) in counted.items():
        if area is not None:
            cases[area][of] += number
            if of is Of.PERIOD:
                by_disease[area][disease] += number
    diseases = {disease for disease, _, of in counted if of is Of.PERIOD}
    return [
        AreaRow(
            code=one.code, words=one.words, residents=residents_of(nodes, one.code),
            cases=_counts(cases[one.code], spans),
            by_disease={
                code: _told(by_disease[one.code][code], spans[Of.PERIOD]) for code in diseases
            },
        )
        for one in told.nodes
    ]  # fmt: skip


def _unplaced(counted: _Counted) -> int:
    return sum(
        number for (_, area, of), (number, _) in counted.items() if area is None and of is Of.PERIOD
    )


def _monday(period: ReportPeriod) -> date:
    """Return the Monday of the week that holds the period's last day."""
    last = period.until - timedelta(days=1)
    return last - timedelta(days=last.weekday())


def _curve(
    weeks: Sequence[AnyRow],
    code: str,
    told: ToldAreas,
    period: ReportPeriod,
    *,
    since: date | None,
    before: date | None,
    limited: bool,
) -> list[WeekRow]:
    table = disease_table()
    cases: Counter[date] = Counter()
    for row in weeks:
        if table.series_of(row.disease, period.first) == code and (
            not limited or row.area in told.of_code
        ):
            cases[row.week] += row.cases

    def known(monday: date) -> Count:
        # What reaches beyond the period's end is not whole in it.
        until = min(monday + timedelta(weeks=1), period.until)
        return _told(
            cases[monday],
            Span(
                first=monday, until=until,
                reported=covered(monday, monday + timedelta(weeks=1), since=since,
                                 before=min(before or until, until)),
            ),
        )  # fmt: skip

    return curve_rows(known, _monday(period))


def curve_rows(known: Callable[[date], Count], last: date) -> list[WeekRow]:
    """Return the weeks of a curve that ends with the week from `last` on."""
    mondays = [last - timedelta(weeks=CURVE_WEEKS - 1 - number) for number in range(CURVE_WEEKS)]
    return [
        WeekRow(first=one, cases=known(one), year_before=known(one - timedelta(weeks=52)))
        for one in mondays
    ]


def _signals(
    uow: UnitOfWork,
    city_id: int,
    span: Span,
    nodes: Sequence[AreaNode],
    reach: Collection[str] | None,
) -> list[SignalRow]:
    node = {one.code: one for one in nodes}
    rows = []
    for row in repository.signals_within(uow.session, city_id, span):
        its = node.get(row.area_code)
        if reach is not None and (its is None or set(its.path).isdisjoint(reach)):
            continue
        place = IN_CITY if row.area_code is None else alike(row.area_code)
        if its is not None:
            above = [node[code].words for code in its.path[:-1]
                     if code in node and node[code].level == "district"]  # fmt: skip
            place = Words(
                en=", ".join([its.words.en, *(one.en for one in above)]),
                zh="".join([*(one.zh for one in above), its.words.zh]),
            )
        rows.append(
            SignalRow(
                disease=disease_table().get(row.disease).words, place=place,
                raised_on=row.raised_on, cases_7=row.cases_7, expected=row.expected,
                state=row.state,
            )
        )  # fmt: skip
    return rows


def _clusters(
    uow: UnitOfWork,
    city_id: int,
    span: Span,
    nodes: Sequence[AreaNode],
    reach: Collection[str] | None,
) -> Clusters | None:
    """Return the clusters of a span's newest scan that lie wholly within `reach`."""
    run = repository.newest_scan(uow.session, city_id, span)
    if run is None:
        return None
    node = {one.code: one for one in nodes}
    rows = []
    for row in repository.told_clusters(uow.session, run.run_id):
        its = [node[code] for code in row.places if code in node]
        if reach is not None and (
            len(its) < len(row.places) or any(set(one.path).isdisjoint(reach) for one in its)
        ):
            continue
        districts = dict.fromkeys(code for one in its for code in one.path
                                  if node.get(code) and node[code].level == LEVEL)  # fmt: skip
        rows.append(
            ClusterRow(
                disease=disease_table().get(row.disease).words,
                place=_PLACES.filled(
                    n=len(row.places), districts=listed([node[code].words for code in districts])
                ) if districts else IN_CITY,
                starts_on=row.starts_on, ends_on=row.ends_on, observed=row.observed,
                expected=row.expected, recurrence_days=row.recurrence_days,
            )
        )  # fmt: skip
    return Clusters(day=run.day, rows=rows)


_PLACES = Words(en="{n} areas in {districts}", zh="{districts}的{n}个区域")


def _quality(
    uow: UnitOfWork, city_id: int, span: Span, told: ToldAreas, *, limited: bool, zone: str
) -> Quality | None:
    if span.reported is Reported.NONE:
        return None
    basis, diseases = usual_basis(uow.session, city_id), ordinary_diseases()
    row = repository.quality(
        uow.session, city_id, span, basis=basis, diseases=diseases, terms=law_terms(),
        areas=told.of_code if limited else None, zone=zone,
    )  # fmt: skip
    files = repository.files_of(uow.session, city_id, span, zone=zone)
    waiting = (
        None if limited
        else repository.waiting(uow.session, city_id, basis=basis, diseases=diseases)
    )  # fmt: skip
    return Quality(
        cases=row.cases,
        filled={name: getattr(row, name) for name in (*FIELDS, "final_review")},
        due=row.due, late=row.late, after_end=row.after_end, median_h=_number(row.median_h),
        p90_h=_number(row.p90_h), files=files.files, rejected=int(files.rejected),
        open_doubles=None if waiting is None else waiting.doubles,
        undated=None if waiting is None else waiting.undated,
    )  # fmt: skip


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
