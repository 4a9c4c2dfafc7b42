"""Reading a bulletin for everybody else: sums of published cells, and no case is read.

A month is the weeks whose Thursday lies in it, as weeks are what is published. What is hidden of a
week stays hidden in every sum; what is told of the others is told as "at least".
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gis.access import EVERYWHERE
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.disclosure.model import ALL, Cell, Rhythm
from gis.disclosure.service import read_periods
from gis.installation import installation_purpose
from gis.report_periods import ReportPeriod
from gis.words import listed
from surveillance.bulletin import repository
from surveillance.bulletin.areas import ToldAreas, residents_of, told_areas
from surveillance.bulletin.model import (
    AreaRow,
    Bulletin,
    ClusterRow,
    Clusters,
    Count,
    DiseaseRow,
    Missing,
    Of,
    Reported,
    SignalRow,
    Span,
    WeekRow,
    total,
)
from surveillance.bulletin.reading import (
    ALL_DISEASES,
    CURVE_WEEKS,
    city_residents,
    curve_rows,
    in_order,
    leading_of,
    newest_whole,
    population_words,
)
from surveillance.counting.model import DATE_BASIS_WORDS, DateBasis
from surveillance.counting.published import CASES, DEATHS
from surveillance.diseases.table import disease_table
from surveillance.permissions import SURVEILLANCE_READ
from surveillance.signals.model import IN_CITY
from surveillance.signals.naming import CLASS_WORDS
from surveillance.signals.today import outline_views

WEEK = timedelta(weeks=1)
TO_THURSDAY = timedelta(days=3)
_Cells = Mapping[tuple[str, str], Cell]


def weeks_of(first: date, until: date) -> list[date]:
    """Return the Mondays of the weeks whose Thursday lies from `first` up to before `until`."""
    monday = first - timedelta(days=first.weekday())
    found = []
    while monday + TO_THURSDAY < until:
        if monday + TO_THURSDAY >= first:
            found.append(monday)
        monday += WEEK
    return found


class Published:
    """What is published of a city, week by week, as sums over weeks and areas."""

    def __init__(self, weeks: Mapping[date, Sequence[Cell]], areas: Collection[str] | None) -> None:
        self._weeks: dict[date, _Cells] = {
            first: {(one.area_code, one.group): one for one in cells}
            for first, cells in weeks.items()
        }
        self.areas = areas

    @property
    def groups(self) -> frozenset[str]:
        """The groups of which anything is told, all of them together not among them."""
        found = {group for cells in self._weeks.values() for _, group in cells}
        return frozenset(found - {ALL})

    def count(self, mondays: Sequence[date], *, group: str, area: str | None = None) -> Count:
        """Return how many a group had in an area in some weeks; None: in all that is told.

        A week that is not published makes the sum unknown: there may have been no report.
        """
        if not mondays:
            return Count(None, Missing.NO_SUCH_PERIOD)
        areas = [area] if area is not None else list(self.areas or [ALL])
        return total(self._cell(monday, code, group) for monday in mondays for code in areas)

    def _cell(self, monday: date, area: str, group: str) -> Count:
        cells = self._weeks.get(monday)
        cell = None if cells is None else cells.get((area, group))
        if cell is None:
            return Count(None, Missing.NOT_PUBLISHED)
        return Count(None, Missing.HIDDEN) if cell.people is None else Count(cell.people)


def read_published(uow: UnitOfWork, city_id: int, period: ReportPeriod | None) -> Bulletin:
    """Return what is published of a period; None: of the newest whole week.

    Raises
    ------
    CityUnknownError, PublishedCountUnknownError
    """
    city = require_city(uow, city_id)
    if period is None:
        today = uow.clock.now().astimezone(ZoneInfo(city.time_zone)).date()
        over = today - timedelta(days=CASES.delay_days)
        period = newest_whole(over, Rhythm.WEEK, now=over)
    mondays = _mondays(period)
    earliest = min(
        *(one for weeks in mondays.values() for one in weeks),
        _last(period) - 2 * CURVE_WEEKS * WEEK,
    )
    weeks = read_periods(uow, CASES, city_id, since=earliest, before=period.until)
    of_deaths = read_periods(uow, DEATHS, city_id, since=earliest, before=period.until)
    reach = uow.identity.jurisdictions(SURVEILLANCE_READ)
    limited = EVERYWHERE not in reach
    nodes = repository.area_nodes(uow.session, city_id)
    told = told_areas(nodes, reach if limited else None)
    cells = Published(weeks, [one.code for one in told.nodes] if limited else None)
    # Without a week of deaths it is not known whether anybody tells them.
    deaths = Published(of_deaths, cells.areas) if of_deaths else None
    rows = _rows(cells, deaths, mondays, period)
    return Bulletin(
        city=city, period=period,
        spans={
            of: Span(
                first=its[0], until=its[-1] + WEEK,
                reported=Reported.WHOLE if all(one in weeks for one in its)
                else Reported.PART if any(one in weeks for one in its) else Reported.NONE,
            )
            for of, its in mondays.items()
            if its
        },
        reported_since=min(weeks, default=None),
        reported_until=max(weeks) + WEEK if weeks else None,
        basis=DATE_BASIS_WORDS[DateBasis.ENTRY], rows=rows,
        everything=_everything(cells, deaths, mondays),
        areas=_areas(cells, mondays, told, nodes),
        residents=city_residents(nodes, told, limited=limited),
        population_of=population_words(nodes), unplaced=0,
        curves={code: _curve(cells, code, period) for code in leading_of(rows)},
        signals=_signals(uow, city_id, period, reach if limited else None, nodes),
        clusters=_clusters(uow, city_id, period, reach if limited else None, nodes),
        judged_days=repository.judged_days(
            uow.session, city_id,
            Span(first=period.first, until=period.until, reported=Reported.WHOLE),
        ),
        quality=None, limited=limited, published=True,
        simulated=installation_purpose(uow.session) == "simulation", smallest_told=CASES.k,
    )  # fmt: skip


def _mondays(period: ReportPeriod) -> dict[Of, list[date]]:
    earlier = period.year_before
    found = {
        Of.PERIOD: weeks_of(period.first, period.until),
        Of.BEFORE: weeks_of(period.before.first, period.before.until),
        Of.TO_DATE: weeks_of(period.year_begins, period.until),
    }
    if earlier is not None:
        found[Of.YEAR_BEFORE] = weeks_of(earlier.first, earlier.until)
        found[Of.TO_DATE_BEFORE] = weeks_of(earlier.year_begins, earlier.until)
    return found


def _last(period: ReportPeriod) -> date:
    return weeks_of(period.first, period.until)[-1]


def _rows(
    cells: Published, deaths: Published | None, mondays: Mapping[Of, list[date]],
    period: ReportPeriod,
) -> list[DiseaseRow]:  # fmt: skip
    table = disease_table()
    rows = []
    for code in cells.groups | (frozenset() if deaths is None else deaths.groups):
        cases, dead = _counts(cells, mondays, code), _deaths(deaths, mondays, code)
        shown = [*cases.values(), *({} if dead is None else dead).values()]
        if any(one.value != 0 and one.why is not Missing.NOT_PUBLISHED for one in shown):
            term = table.get(code).term_on(period.until - timedelta(days=1))
            rows.append(
                DiseaseRow(
                    code=code, words=table.get(code).words,
                    legal_class=None if term is None else term.legal_class, cases=cases,
                    deaths=dead,
                )
            )  # fmt: skip
    return sorted(rows, key=in_order)


def _everything(
    cells: Published, deaths: Published | None, mondays: Mapping[Of, list[date]]
) -> DiseaseRow:
    return DiseaseRow(
        code=ALL, words=ALL_DISEASES, legal_class=None, cases=_counts(cells, mondays, ALL),
        deaths=_deaths(deaths, mondays, ALL),
    )  # fmt: skip


def _counts(cells: Published, mondays: Mapping[Of, list[date]], group: str) -> dict[Of, Count]:
    return {of: cells.count(mondays.get(of, []), group=group) for of in Of}


def _deaths(
    deaths: Published | None, mondays: Mapping[Of, list[date]], group: str
) -> dict[Of, Count] | None:
    return None if deaths is None else _counts(deaths, mondays, group)


def _areas(
    cells: Published,
    mondays: Mapping[Of, list[date]],
    told: ToldAreas,
    nodes: Sequence[repository.AreaNode],
) -> list[AreaRow]:
    return [
        AreaRow(
            code=one.code, words=one.words, residents=residents_of(nodes, one.code),
            cases={
                of: cells.count(mondays.get(of, []), group=ALL, area=one.code) for of in Of
            },
            by_disease={
                code: cells.count(mondays[Of.PERIOD], group=code, area=one.code)
                for code in cells.groups
            },
        )
        for one in told.nodes
    ]  # fmt: skip


def _curve(cells: Published, code: str, period: ReportPeriod) -> list[WeekRow]:
    return curve_rows(lambda monday: cells.count([monday], group=code), _last(period))


def _signals(
    uow: UnitOfWork,
    city_id: int,
    period: ReportPeriod,
    reach: Collection[str] | None,
    nodes: Sequence[repository.AreaNode],
) -> list[SignalRow]:
    path_of = {one.code: one.path for one in nodes}
    return [
        SignalRow(
            disease=one.disease_words, place=one.place, raised_on=one.raised_on, cases_7=None,
            expected=None, state=None,
        )
        for one in outline_views(uow, city_id, period.until - timedelta(days=1))
        if one.raised_on < period.until and one.last_on >= period.first
        and (reach is None or not set(path_of.get(one.area_code or "", ())).isdisjoint(reach))
    ]  # fmt: skip


def _clusters(
    uow: UnitOfWork,
    city_id: int,
    period: ReportPeriod,
    reach: Collection[str] | None,
    nodes: Sequence[repository.AreaNode],
) -> Clusters | None:
    """Return group and districts of each cluster, once; how many diseases it is is not told."""
    span = Span(first=period.first, until=period.until, reported=Reported.WHOLE)
    run = repository.newest_scan(uow.session, city_id, span)
    if run is None:
        return None
    node = {one.code: one for one in nodes}
    rows: dict[tuple[str, tuple[str, ...]], ClusterRow] = {}
    for row in repository.cluster_outlines(uow.session, run.run_id):
        its = [node[code] for code in row.districts if code in node]
        if reach is not None and any(set(one.path).isdisjoint(reach) for one in its):
            continue
        term = disease_table().get(row.disease).term_on(run.day)
        group = CLASS_WORDS[None if term is None else term.legal_class]
        rows.setdefault(
            (group.en, tuple(row.districts)),
            ClusterRow(
                disease=group, place=listed([one.words for one in its]) if its else IN_CITY,
                starts_on=None, ends_on=None, observed=None, expected=None, recurrence_days=None,
            ),
        )  # fmt: skip
    return Clusters(day=run.day, rows=list(rows.values()))
