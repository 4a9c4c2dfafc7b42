"""What a run needs of a city, read once; days of it, as they were known, made from that."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gis.cities import CityRow, require_city
from gis.database import UnitOfWork
from gis.disclosure.periods import start_of
from gis.words import Words
from surveillance.counting import repository as counting
from surveillance.counting import repository_counts as counts
from surveillance.counting.count import count_days
from surveillance.counting.late import LONGEST_DAYS, ROWS_DAYS, known_shares, nowcast_days
from surveillance.counting.merged import with_reports
from surveillance.counting.model import AreaCodes, CaseColumns, Counted, Counting, DateBasis
from surveillance.counting.reported import (
    DAY,
    WEEK,
    CountCells,
    Covered,
    Reported,
    reported_series,
)
from surveillance.detect.cidars import FIXED_VALUES
from surveillance.diseases.table import disease_table
from surveillance.institutions.model import InstitutionCases
from surveillance.institutions.repository import institution_cases
from surveillance.nowcast.estimate import Nowcast
from surveillance.series.model import Panel, Step
from surveillance.signals.drops import LOOK_BACK_DAYS, UnitReports, silent_units
from surveillance.signals.errors import NothingReportedError
from surveillance.signals.institutions import first_day_looked_at, institution_signals
from surveillance.signals.model import Rules, Watched

HISTORY_DAYS = 7 * 273
"""Five years of the same weeks, three weeks on either side, and the half year left out."""
LEVELS = ("district", "street", "zone")
FEWEST_AREAS = 5
"""A level with fewer areas says too little of where; the next finer one is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A city's cases, by the day they are counted on and by onset, with their areas.

    counties: areas for which a first case in years is a rule; span: first day of any report, and
    as of when the newest file is.
    """

    city: CityRow
    level: str
    areas: AreaCodes
    places: Mapping[str, Words]
    counties: frozenset[str]
    span: tuple[date, datetime]
    date_basis: DateBasis
    cases: CaseColumns
    onsets: CaseColumns
    institutions: InstitutionCases
    arrivals: UnitReports
    reports: CountCells
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.city.time_zone)

    def end_of(self, day: date) -> datetime:
        """Return the moment a day of the city is over."""
        return start_of(day + timedelta(days=1), self.zone)

    def as_of(self, day: date) -> datetime:
        """Return as known when a day is judged: now within the day after it, else as it ended.

        So a file that is handed in on the next morning counts, and an earlier day is as it was.
        """
        ended = self.end_of(day)
        return self.now if ended <= self.now < ended + timedelta(days=1) else ended

    def diseases_on(self, day: date) -> list[str]:
        """Return the diseases with a report, under the codes that their series bear on a day."""
        table = disease_table()
        return sorted({table.series_of(code, day) for code in set(self.cases.disease)})

    def counted(self, cases: CaseColumns, day: date, *, days: int = HISTORY_DAYS) -> Counted:
        """Return the counts of the days that end with `day`, as known then (`as_of`)."""
        since, newest = self.span
        listed = count_days(
            in_series(cases, day),
            diseases=self.diseases_on(day),
            areas=self.areas,
            as_of=self.as_of(day),
            first=day - timedelta(days=days - 1),
            until=day + timedelta(days=1),
            reported_from=since,
            reported_until=newest.astimezone(self.zone).date() + timedelta(days=1),
        )
        daily = self.reported(day, days=DAY)
        return listed if daily is None else with_reports(listed, daily, last=day)

    def listed_from(self, day: date) -> dict[str, date]:
        """Return from when on line lists cover each disease: the first day of a case in them."""
        cases = in_series(self.cases, day)
        days = cases.day[~np.isnat(cases.day)]
        named = cases.disease[~np.isnat(cases.day)]
        return {code: days[named == code].min().astype(object) for code in set(named)}

    def reported(self, day: date, *, days: int) -> Reported | None:
        """Return the aggregate reports by periods of so many days, as known when a day is judged.

        By day they fill what line lists do not cover; by week they are judged where no line list
        has the disease at all.
        """
        listed = self.listed_from(day)
        if days == WEEK:
            listed = dict.fromkeys(listed, date.min)
        return reported_series(
            self.reports, days=days, areas=self.areas, as_of=self.as_of(day),
            first=day - timedelta(days=HISTORY_DAYS - 1), last=day, listed_from=listed,
        )  # fmt: skip

    def looked_at(self, counted: Counted, day: date, *, rules: Rules) -> list[Watched]:
        """Return what detectors look at: series by day, and those that are reported by week."""
        parts = [self.watched(counted, day, rules=rules)] if counted.keys else []
        weekly = self.reported(day, days=WEEK)
        if weekly is not None:
            parts.append(
                Watched(
                    keys=weekly.keys,
                    panel=Panel(
                        counts=weekly.counts, starts_on=weekly.starts_on, step=Step.WEEK
                    ),
                    names={one.disease: _words(one.disease) for one in weekly.covered},
                    places=self.places, fixed=FIXED_VALUES, counties=self.counties,
                    sources={one.disease: one.source for one in weekly.covered},
                )
            )  # fmt: skip
        return parts

    def covered(self, day: date) -> list[Covered]:
        """Return which reports count for which disease, by day and by week."""
        found = [self.reported(day, days=days) for days in (DAY, WEEK)]
        return [one for made in found if made is not None for one in made.covered]

    def watched(self, counted: Counted, day: date, *, rules: Rules) -> Watched:
        """Return what detectors look at by day."""
        table = disease_table()
        return Watched(
            keys=counted.keys,
            panel=Panel(
                counts=counted.counts,
                starts_on=day - timedelta(days=counted.counts.shape[1] - 1),
                step=Step.DAY,
                known=self._known(counted, day),
            ),
            names={key.disease: table.get(key.disease).words for key in counted.keys},
            places=self.places,
            fixed=FIXED_VALUES,
            counties=self.counties,
            ruled=institution_signals(
                self.institutions, day=day, as_of=self.as_of(day),
                names={code: table.get(code).words for code in set(self.institutions.disease)},
                places=self.places, area_of=self.areas.of_code,
            ),
            silent=silent_units(
                self.arrivals, day=day, ended=self.end_of(day), reported_from=self.span[0],
                rules=rules, places=self.places, area_of=self.areas.of_code,
            ),
        )  # fmt: skip

    def _known(self, counted: Counted, day: date) -> NDArray[np.float64] | None:
        """Return the share (n, t) of each day's cases that is known; None: all of all."""
        shares = known_shares(
            in_series(self.cases, day), self.diseases_on(day), as_of=self.as_of(day), last=day
        )
        if all((share == 1).all() for share in shares.values()):
            return None
        known = np.ones(counted.counts.shape)
        for row, key in enumerate(counted.keys):
            if key.disease in shares:
                known[row, -LONGEST_DAYS:] = shares[key.disease]
        return known

    def nowcast(self, disease: str, day: date) -> Nowcast | None:
        """Return how many cases of a disease the newest days of onset will have."""
        return nowcast_days(
            in_series(self.onsets, day), disease=disease, as_of=self.as_of(day), last=day
        )


def read_material(
    uow: UnitOfWork,
    city_id: int,
    *,
    first_day: date,
    last_day: date,
    date_basis: DateBasis | None = None,
    level: str | None = None,
) -> Material:
    """Return what runs of the days from `first_day` to `last_day` need.

    date_basis None: the usual one of the city. level None: the coarsest that says where.

    Raises
    ------
    CityUnknownError
    NothingReportedError
        No line list of the city was taken in, or nothing of it was known by then.
    """
    city = require_city(uow, city_id)
    session = uow.session
    listed = counting.reporting_span(session, city_id)
    span = listed or counts.counts_span(session, city_id)
    if span is None:
        raise NothingReportedError
    chosen = level or _level(uow, city_id)
    areas = counting.area_codes(session, city_id, level=chosen)
    # A day more than the last: what came in by the morning after it may count.
    as_of = start_of(last_day + timedelta(days=2), ZoneInfo(city.time_zone))
    basis = date_basis or counting.usual_basis(session, city_id)
    asked = Counting(city_id=city_id, as_of=as_of, date_basis=basis)
    history = first_day - timedelta(days=HISTORY_DAYS)
    cases = counting.case_columns(session, asked, first=history)
    if listed is not None and not cases.disease.size:
        raise NothingReportedError
    return Material(
        city=city,
        level=chosen,
        areas=areas,
        places=counting.area_words(session, city_id, areas.codes),
        counties=frozenset(areas.codes) if chosen == "district" else frozenset(),
        span=span,
        date_basis=basis,
        cases=cases,
        onsets=counting.case_columns(
            session, replace(asked, date_basis=DateBasis.ONSET),
            first=first_day - timedelta(days=max(ROWS_DAYS, HISTORY_DAYS)),
        ),
        reports=counts.count_cells(session, city_id, as_of=as_of, first=history),
        arrivals=UnitReports(
            *counting.first_reports(
                session, city_id, until=as_of,
                first=start_of(
                    first_day - timedelta(days=LOOK_BACK_DAYS), ZoneInfo(city.time_zone)
                ),
            )
        ),
        institutions=institution_cases(
            session, city_id, as_of=as_of, first=first_day_looked_at(first_day)
        ),
        now=uow.clock.now(),
    )  # fmt: skip


def _words(code: str) -> Words:
    return disease_table().get(code).words


def _level(uow: UnitOfWork, city_id: int) -> str:
    """Return the coarsest level that says where, else the finest there is."""
    found = {
        level: len(counting.area_codes(uow.session, city_id, level=level).codes) for level in LEVELS
    }
    enough = [level for level in LEVELS if found[level] >= FEWEST_AREAS]
    there = [level for level in LEVELS if found[level]]
    return next(iter(enough), there[-1] if there else LEVELS[0])


def in_series(cases: CaseColumns, day: date) -> CaseColumns:
    """Return cases under the codes that their series bear on a day, across renames."""
    table = disease_table()
    code_of = {code: table.series_of(code, day) for code in set(cases.disease)}
    if all(code == its for code, its in code_of.items()):
        return cases
    renamed = np.array([code_of[code] for code in cases.disease], dtype=object)
    return replace(cases, disease=renamed)
