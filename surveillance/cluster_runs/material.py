"""What a scan of a day needs of a city: cases by place and day, and how far places are apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from gis.cities import CityRow, require_city
from gis.database import UnitOfWork
from gis.disclosure.periods import start_of
from gis.words import Words
from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile
from routing.roads.plane import LocalPlane
from surveillance.cluster_runs import repository
from surveillance.cluster_runs.model import ClusterRules, CountArray, FloatArray, Geography
from surveillance.counting import repository as counting
from surveillance.counting.model import AreaCodes, CaseColumns, Counting, DateBasis
from surveillance.diseases.model import Sensitive
from surveillance.diseases.table import disease_table
from surveillance.signals.material import in_series

LEVELS = ("zone", "street", "district")
"""From the finest."""
MOST_PLACES = 2_500
PLACED = 0.8
"""A level is scanned if at least so many of the cases lie in its areas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The places of a level, and what is scanned in them.

    areas: which place each code lies in. diseases: their codes. words: names of the places.
    """

    areas: AreaCodes
    where: Geography
    diseases: Sequence[str]
    words: Mapping[str, Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A city's cases of a window before each of some days, with its places.

    levels: ordinary diseases at the finest level that holds them, sensitive ones by district (none
    where a level has fewer than two places). topology_id: the roads of zones by road.
    """

    city: CityRow
    date_basis: DateBasis
    cases: CaseColumns
    levels: Sequence[Scanned]
    topology_id: str | None

    def counts(
        self, scanned: Scanned, day: date, *, as_of: datetime, rules: ClusterRules
    ) -> dict[str, CountArray]:
        """Return cases (places, days) of each disease in the window that ends with `day`."""
        cases = in_series(self.cases, day)
        place, offset, kept = _placed(cases, scanned.areas, day, as_of=as_of, rules=rules)
        made = {}
        for disease in scanned.diseases:
            its = kept & (place >= 0) & (cases.disease == disease)
            counts = np.zeros((len(scanned.where.codes), rules.window_days), dtype=np.int64)
            np.add.at(counts, (place[its], offset[its]), 1)
            made[disease] = counts
        return made

    def unplaced(self, day: date, *, as_of: datetime, rules: ClusterRules) -> int:
        """Return how many cases of ordinary diseases in the window lie in no place."""
        if not self.levels:
            return 0
        scanned = self.levels[0]
        cases = in_series(self.cases, day)
        place, _, kept = _placed(cases, scanned.areas, day, as_of=as_of, rules=rules)
        return int((kept & (place < 0) & np.isin(cases.disease, list(scanned.diseases))).sum())


def known_by(day: date, time_zone: str, *, now: datetime) -> datetime:
    """Return as known when a day is scanned: now within the day after it, else as it ended."""
    ended = start_of(day + timedelta(days=1), ZoneInfo(time_zone))
    return now if ended <= now < ended + timedelta(days=1) else ended


def _placed(
    cases: CaseColumns, areas: AreaCodes, day: date, *, as_of: datetime, rules: ClusterRules
) -> tuple[CountArray, CountArray, np.ndarray]:
    """Return place (k,) of each case, -1 = none, its day in the window, and whether it counts."""
    index = {code: number for number, code in enumerate(areas.codes)}
    of_code = {code: index[its] for code, its in areas.of_code.items()}
    place = np.fromiter((of_code.get(code, -1) for code in cases.area), np.int64, cases.area.size)
    first = np.datetime64(day - timedelta(days=rules.window_days - 1), "D")
    dated = cases.known_at(as_of) & ~np.isnat(cases.day)
    offset = np.where(dated, (cases.day - first).astype(np.int64), -1)
    return place, offset, dated & (offset >= 0) & (offset < rules.window_days)


def read_material(
    uow: UnitOfWork,
    city_id: int,
    *,
    days: Sequence[date],
    as_of: datetime,
    date_basis: DateBasis,
    rules: ClusterRules,
    roads: PinnedRoads | None,
    diseases: Sequence[str] | None = None,
    circles: bool = True,
) -> Material:
    """Return what scans of `days` need, as known by `as_of` at the latest.

    roads: None where the city has none; zones are then circles alone. diseases: codes, None = all.
    circles: False where zones by road are wanted alone.

    Raises
    ------
    CityUnknownError
    """
    city = require_city(uow, city_id)
    cases = counting.case_columns(
        uow.session, Counting(city_id=city_id, as_of=as_of, date_basis=date_basis),
        first=min(days) - timedelta(days=rules.window_days - 1),
    )  # fmt: skip
    table = disease_table()
    seen = sorted({table.series_of(code, max(days)) for code in set(cases.disease)})
    if diseases is not None:
        seen = [one for one in seen if one in diseases]
    ordinary = [one for one in seen if table.get(one).sensitive is Sensitive.ORDINARY]
    groups = [
        (_level(uow, city_id, cases), ordinary),
        ("district", [one for one in seen if one not in ordinary]),
    ]
    levels = []
    for level, wanted in groups:
        made = (
            _scanned(uow, city_id, level, wanted, roads=roads, circles=circles) if wanted else None
        )
        if made is not None:
            levels.append(made)
    by_road = any(one.where.times_s is not None for one in levels)
    versions = roads.versions(Profile.CAR) if roads is not None and by_road else None
    return Material(
        city=city, date_basis=date_basis, cases=cases, levels=levels,
        topology_id=None if versions is None else versions.topology_id,
    )  # fmt: skip


def _level(uow: UnitOfWork, city_id: int, cases: CaseColumns) -> str:
    """Return the finest level that holds most of the cases, else the coarsest."""
    for level in LEVELS[:-1]:
        areas = counting.area_codes(uow.session, city_id, level=level)
        if not 2 <= len(areas.codes) <= MOST_PLACES:
            continue
        held = np.fromiter((code in areas.of_code for code in cases.area), bool, cases.area.size)
        if held.size and held.mean() >= PLACED:
            return level
    return LEVELS[-1]


def _scanned(
    uow: UnitOfWork, city_id: int, level: str, diseases: Sequence[str], *,
    roads: PinnedRoads | None, circles: bool,
) -> Scanned | None:  # fmt: skip
    areas = counting.area_codes(uow.session, city_id, level=level)
    if len(areas.codes) < 2:
        return None
    lonlat = repository.area_points(uow.session, city_id, areas.codes)
    xy = LocalPlane.around(lonlat).to_xy(lonlat)
    where = Geography(
        level=level,
        codes=areas.codes,
        lonlat=lonlat,
        far_m=np.hypot(*(xy[:, np.newaxis] - xy).transpose(2, 0, 1)),
        times_s=_times_s(roads, lonlat),
        residents=_residents(counting.area_residents(uow.session, city_id), areas),
        circles=circles,
    )
    return Scanned(
        areas=areas, where=where, diseases=diseases,
        words=counting.area_words(uow.session, city_id, areas.codes),
    )  # fmt: skip


def _times_s(roads: PinnedRoads | None, lonlat: FloatArray) -> FloatArray | None:
    """Return seconds by car on empty, open roads, from each place to each."""
    if roads is None or not roads.has(Profile.CAR):
        return None
    table = roads.matrix(lonlat, lonlat, profile=Profile.CAR, free_flow=True)
    times_s = np.concatenate(list(table.blocks)).astype(np.float64)
    np.fill_diagonal(times_s, 0.0)
    return times_s


def _residents(of_code: Mapping[str, float], areas: AreaCodes) -> FloatArray | None:
    """Return residents (n,) of each place; None where they are not known of most places."""
    index = {code: number for number, code in enumerate(areas.codes)}
    residents = np.zeros(len(areas.codes))
    for code, persons in of_code.items():
        own = areas.of_code.get(code)
        if own is not None:
            residents[index[own]] += persons
    return residents if (residents > 0).mean() >= PLACED else None
