"""Use cases of coverage: as it is now, as it will be, its rules, its voids."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt

from dispatch.coverage import repository
from dispatch.coverage.ahead import FEWEST_TASKS, chance_back
from dispatch.coverage.errors import CoverageRulesInvalidError, VoidNotFoundError
from dispatch.coverage.hysteresis import Step, Watched, step
from dispatch.coverage.model import (
    FEWEST_UNIT_HOURS,
    LOWEST_LEVEL_RANK,
    BoolArray,
    Busy,
    CoverageCosts,
    Ground,
    Picture,
    Rules,
    Unknown,
    Void,
    marginal_losses,
    voids_opened,
)
from dispatch.coverage.reach import ReachBook
from dispatch.coverage.views import CoverageRulesView, CoveredCellsView, LiveCoverageView, VoidView
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.headings import STALE_AFTER_S
from dispatch.model import LEVEL_RANK
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE
from gis.access import EVERYWHERE
from gis.cities import CityUnknownError, require_city
from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.kernels.expected_coverage import Sets
from gis.rows import AnyRow, view_of
from gis.standards import PROFILES, Measure, Standard
from routing.live.kept import Kept
from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile

PROFILE = Profile.AMBULANCE_LIGHTS

STANDARDS: dict[str, Standard] = {
    one.code: one for profile in PROFILES.values() for one in profile.of(Measure.TRAVEL)
}
"""What coverage may be told by: seconds by road."""

MOST_SEARCHES = 64
"""Places whose cells are looked up while somebody waits; two to five milliseconds each."""

GROUND_KEPT_FOR = timedelta(seconds=60)
"""People, areas and stations that are loaded anew count after a minute at the latest."""

_GROUND, _STAMPS = Kept(), Kept()
_BOOKS = Kept()


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """What coverage is reckoned on now: people, who reaches whom, rules, how busy units are.

    station_ids, stations : (s,) and (s, 2) where they stand
    """

    ground: Ground
    book: ReachBook
    rules: Rules
    limit_s: float
    busy: Busy | None
    basis: str
    station_ids: npt.NDArray[np.int64]
    stations: npt.NDArray[np.float64]

    @property
    def unknown(self) -> Unknown | None:
        """Return why nothing can be said, None where it can."""
        if not len(self.ground.people):
            return Unknown.POPULATION
        if not len(self.stations):
            return Unknown.STATIONS
        return Unknown.BUSY if self.busy is None else None

    def picture(self, sets: Sets, busy: npt.ArrayLike | None = None) -> Picture:
        """Reckon coverage by these sets, at the measured share if no other is given."""
        share = busy if busy is not None else (np.nan if self.busy is None else self.busy.share)
        return Picture.of(
            self.ground, sets, share, known=self.book.known, reachable=self.book.reachable
        )


def live(uow: UnitOfWork, roads: PinnedRoads, city_id: int) -> Live:
    """Put together what coverage is reckoned on; the longest parts are kept for the process.

    Raises
    ------
    CityUnknownError
    """
    now = uow.clock.now()
    found = repository.rules_and_busy(uow.session, city_id, at=now)
    if found is None:
        raise CityUnknownError(city_id)
    rules, measured = found
    limit_s = float(STANDARDS[rules.standard].limit or 0.0)
    minute = int(now.timestamp() // GROUND_KEPT_FOR.total_seconds())
    stamp = _STAMPS.get(
        (uow.database_name, city_id, minute), lambda: repository.stamp(uow.session, city_id)
    )
    ground, stations = _GROUND.get(
        (uow.database_name, city_id, stamp),
        lambda: (
            repository.read_ground(uow.session, city_id),
            repository.stations(uow.session, city_id),
        ),
    )
    standing = np.array([(lon, lat) for _, lon, lat in stations], np.float64).reshape(-1, 2)

    def book() -> ReachBook:
        search = roads.reaching(ground.lonlat, profile=PROFILE, limit_s=limit_s)
        return ReachBook(search, n_cells=len(ground.people), limit_s=limit_s, stands_at=standing)

    by_road, key = roads.has(PROFILE), ("coverage", uow.database_name, city_id, stamp, limit_s)
    return Live(
        ground=ground,
        book=roads.kept(key, book) if by_road else _BOOKS.get(key, book),
        rules=rules,
        limit_s=limit_s,
        busy=_busy(rules, measured),
        basis="road" if by_road else "straight_line",
        station_ids=np.array([one for one, _, _ in stations], np.int64),
        stations=standing,
    )


def _busy(rules: Rules, measured: Busy | None) -> Busy | None:
    """Return how busy units are: measured where that rests on enough, else as stated, else None."""
    if measured is not None and (measured.unit_hours or 0.0) >= FEWEST_UNIT_HOURS:
        return measured
    return None if rules.assumed_busy is None else Busy(rules.assumed_busy, None, None)


def covering(units: npt.NDArray[np.void]) -> BoolArray:
    """Return which units of (n,) `UNIT_RECORD` cover now: free, on shift, in service, able."""
    able = units["level"] >= LOWEST_LEVEL_RANK
    return np.asarray(units["on_shift"] & units["in_service"] & ~units["assigned"] & able, np.bool_)


def costs_of(
    uow: UnitOfWork, roads: PinnedRoads, city_id: int, units: npt.NDArray[np.void]
) -> CoverageCosts:
    """Return what each of (n,) `UNIT_RECORD`s costs the rest of the city when it is sent.

    Units of the city that the viewer does not see cover too. At most `MOST_SEARCHES` places are
    looked up while the asker waits; where more are new the cost is not known yet (`preparing`).
    """
    now = live(uow, roads, city_id)
    nothing = np.full(len(units), np.nan)
    unknown = now.unknown
    if unknown is None:
        everyone = units
        if repository.unit_count(uow.session, city_id) != len(units):
            everyone = city_units(uow, city_id)
        free = np.flatnonzero(covering(everyone))
        reached = now.book.of_units(
            everyone["unit_id"][free].tolist(), standing(uow, city_id, everyone[free]),
            most_searches=MOST_SEARCHES,
        )  # fmt: skip
        unknown = Unknown.PREPARING if reached.missing else None
    if unknown is not None:
        return CoverageCosts(
            nothing, float("nan"), now.rules.standard, now.busy, unknown, now.basis
        )  # fmt: skip
    cells = [one for one in reached.cells if one is not None]
    picture = now.picture(Sets.of(cells, len(now.ground.people)))
    losses = marginal_losses(picture)
    opened = voids_opened(picture, least_people=now.rules.void_opens_people)
    row_of = {unit_id: row for row, unit_id in enumerate(everyone["unit_id"][free].tolist())}
    rows = [row_of.get(unit_id) for unit_id in units["unit_id"].tolist()]
    voids: list[Void | None] = [None if row is None else opened[row] for row in rows]
    lost = np.array([0.0 if row is None else losses[row] for row in rows], np.float64)
    return CoverageCosts(
        lost, picture.points, now.rules.standard, now.busy, None, now.basis, tuple(voids)
    )


def standing(uow: UnitOfWork, city_id: int, units: npt.NDArray[np.void]) -> npt.NDArray[np.float64]:
    """Return (n, 2) where units cover from: their place, or the post that they are moved up to."""
    lonlat = np.stack((units["lon"], units["lat"]), axis=1).astype(np.float64)
    posts = repository.posts_of(uow.session, city_id)
    for row, unit_id in enumerate(units["unit_id"].tolist() if posts else ()):
        if unit_id in posts:
            lonlat[row] = posts[unit_id]
    return lonlat


def city_units(uow: UnitOfWork, city_id: int) -> npt.NDArray[np.void]:
    """Return every unit of a city as (n,) `UNIT_RECORD`, whatever the viewer's areas."""
    return repository_fleet.unit_columns(
        uow.session, prefixes=(EVERYWHERE,), at=uow.clock.now(), city_id=city_id, wanted=(),
        incident_id=repository_fleet.NOBODY,
    )[0]  # fmt: skip


def coverage(uow: UnitOfWork, roads: PinnedRoads, city_id: int) -> LiveCoverageView:
    """Return coverage as it is now, with the voids in the viewer's areas.

    Raises
    ------
    CityUnknownError
    """
    now = live(uow, roads, city_id)
    units = city_units(uow, city_id)
    free = units[covering(units)]
    ages = free["position_age_s"]
    picture, unknown = _now(uow, now, city_id, free)
    prefixes = uow.identity.jurisdictions(INCIDENT_READ)
    return LiveCoverageView(
        city_id=city_id,
        computed_at=uow.clock.now(),
        standard=now.rules.standard,
        standard_words=STANDARDS[now.rules.standard].words,
        unknown=unknown,
        points=None if picture is None or now.busy is None else _finite(picture.points),
        reached_share=None if picture is None else _finite(picture.reached_share),
        busy=None if now.busy is None else now.busy.share,
        busy_unit_hours=None if now.busy is None else now.busy.unit_hours,
        units_free=len(free),
        units_without_position=int(np.isnan(ages).sum()),
        units_with_old_position=int((np.nan_to_num(ages) > STALE_AFTER_S).sum()),
        people=None if picture is None else round(picture.total),
        unknown_people=None if picture is None else round(picture.unknown_people),
        people_source=now.ground.source,
        counted_on=now.ground.counted_on,
        modelled=now.ground.modelled,
        basis=now.basis,
        voids=tuple(map(_void_view, repository.list_voids(uow.session, city_id, prefixes))),
    )


def cells(uow: UnitOfWork, roads: PinnedRoads, city_id: int, *, ahead_s: int) -> CoveredCellsView:
    """Return the coverage of every cell now, or as it will be `ahead_s` seconds from now.

    A unit at work counts by the chance that its task has ended by then, at its station; of a unit
    out of service what was said of its return counts; whose shift ends by then is gone. Calls to
    come are what the busy share stands for.

    Raises
    ------
    CityUnknownError
    """
    now, at = live(uow, roads, city_id), uow.clock.now()
    units = city_units(uow, city_id)
    free = units[covering(units) & (units["shift_remaining_s"] > ahead_s)]
    ids, places = free["unit_id"].tolist(), standing(uow, city_id, free).tolist()
    chances, lacking = [1.0] * len(ids), 0
    if ahead_s:
        stays = dict(zip(units["unit_id"].tolist(), units["shift_remaining_s"] > ahead_s,
                         strict=True))  # fmt: skip
        deciles = repository.remaining(uow.session, city_id, fewest=FEWEST_TASKS)
        for row in repository.away(uow.session, city_id, at=at):
            if LEVEL_RANK[row.level] < LOWEST_LEVEL_RANK or not stays[row.unit_id]:
                continue
            chance = _chance(row, deciles, at=at, ahead_s=ahead_s)
            if chance is None:
                lacking += 1
            elif chance > 0.0:
                ids.append(-row.unit_id)
                places.append([row.lon, row.lat])
                chances.append(chance)
    unknown, picture = now.unknown, None
    if unknown is None:
        reached = now.book.of_units(
            ids, np.array(places, np.float64).reshape(-1, 2), most_searches=MOST_SEARCHES
        )
        unknown = Unknown.PREPARING if reached.missing else None
    if unknown is None and now.busy is not None:
        there = [one for one in reached.cells if one is not None]
        # Free now with chance p and then busy with q: of use with p (1 - q).
        shares = 1.0 - np.array(chances) * (1.0 - now.busy.share)
        picture = now.picture(Sets.of(there, len(now.ground.people)), shares)
    known = now.book.known
    covered: list[float | None] = [None] * len(known)
    if picture is not None:
        for cell in np.flatnonzero(known).tolist():
            covered[cell] = round(float(1.0 - picture.nobody[cell]), 4)
    return CoveredCellsView(
        city_id=city_id, at=at + timedelta(seconds=ahead_s), ahead_s=ahead_s, unknown=unknown,
        points=None if picture is None else _finite(picture.points),
        units_free=round(sum(chances), 1), units_back_unknown=lacking,
        lon=tuple(now.ground.lonlat[:, 0].round(6).tolist()),
        lat=tuple(now.ground.lonlat[:, 1].round(6).tolist()), covered=tuple(covered),
    )  # fmt: skip


def acknowledge(uow: WritingUnitOfWork, void_id: UUID) -> VoidView:
    """Say that somebody has seen a void; the first who did stays.

    Raises
    ------
    VoidNotFoundError
    """
    prefixes = uow.identity.jurisdictions(INCIDENT_WRITE)
    row = repository.find_void(uow.session, void_id, prefixes)
    if row is not None and row.acknowledged_at is None:
        now = uow.clock.now()
        repository.acknowledge_void(uow.session, void_id, at=now, by=uow.identity.label)
        uow.emit(NewEvent(
            "coverage", str(void_id), "coverage.void_acknowledged", _told(row), now,
            city_id=row.city_id, area_code=row.area_code,
        ))  # fmt: skip
        row = repository.find_void(uow.session, void_id, prefixes)
    if row is None:
        raise VoidNotFoundError(void_id)
    return _void_view(row)


def rules_view(uow: UnitOfWork, city_id: int) -> CoverageRulesView:
    """Return a city's rules.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    return _rules_view(city_id, repository.rules(uow.session, city_id))


def set_rules(
    uow: WritingUnitOfWork, city_id: int, rules: Rules, *, expected_version: int
) -> CoverageRulesView:
    """Store a city's rules as the next version.

    Raises
    ------
    CityUnknownError, CoverageRulesInvalidError, StaleVersionError
    """
    require_city(uow, city_id)
    if rules.standard not in STANDARDS:
        raise CoverageRulesInvalidError.standard(rules.standard, STANDARDS)
    if rules.void_closes_people > rules.void_opens_people:
        raise CoverageRulesInvalidError.people()
    repository.lock_coverage(uow.session, city_id)
    current = repository.rules(uow.session, city_id)
    check_version(expected_version, current.version)
    now, stored = uow.clock.now(), replace(rules, version=current.version + 1)
    repository.add_rules(uow.session, city_id, stored, at=now, by=uow.identity.label)
    uow.emit(NewEvent(
        "coverage", f"rules-{city_id}", "coverage.rules_set", asdict(stored), now, city_id=city_id
    ))  # fmt: skip
    return _rules_view(city_id, stored)


def city_picture(
    uow: UnitOfWork, roads: PinnedRoads, city_id: int
) -> tuple[Picture | None, Rules, float | None]:
    """Return who is reached now, however long it takes, the rules, and expected coverage.

    None: not known.
    """
    now = live(uow, roads, city_id)
    units = city_units(uow, city_id)
    picture, unknown = _now(uow, now, city_id, units[covering(units)], most_searches=None)
    points = None if picture is None or unknown is not None else _finite(picture.points)
    return picture, now.rules, points


def note_voids(uow: WritingUnitOfWork, city_id: int, picture: Picture, rules: Rules) -> None:
    """Write down which voids opened and closed, each with an event; in one transaction."""
    repository.lock_coverage(uow.session, city_id)
    now = uow.clock.now()
    rows = {row.area_code: row for row in repository.voids_not_over(uow.session, city_id)}
    seen = {void.area.code: void for void in picture.voids(1.0)}
    for code in sorted(rows.keys() | seen.keys()):
        row, void = rows.get(code), seen.get(code)
        people = 0.0 if void is None else void.people
        watched = None if row is None else Watched(row.since, row.opened_at, row.below_since)
        done = step(watched, people, now=now, rules=rules)
        if row is None and done is Step.NOTHING:
            continue
        if row is not None and done is Step.FORGET:
            repository.delete_void(uow.session, row.void_id)
            continue
        values = _values(row, void, city_id=city_id, code=code, rules=rules, now=now)
        values |= _stamps(done, now)
        if row is not None and done is Step.NOTHING and abs(people - row.people) < 1.0:
            continue
        repository.put_void(uow.session, values)
        if done in {Step.OPEN, Step.CLOSE}:
            name = "void_opened" if done is Step.OPEN else "void_closed"
            area = next((one for one in picture.ground.areas if one.code == code), None)
            told = {
                "area_code": code, "people": round(values["most_people"]),
                "area": code if area is None else (area.name_zh or area.name),
                "standard": rules.standard, "lon": values["lon"], "lat": values["lat"],
            }  # fmt: skip
            uow.emit(NewEvent(
                "coverage", str(values["void_id"]), f"coverage.{name}", told, now,
                city_id=city_id, area_code=code,
            ))  # fmt: skip


def _stamps(done: Step, now: datetime) -> dict[str, datetime | None]:
    """Return the times that a step sets."""
    stamps: Mapping[Step, dict[str, datetime | None]] = {
        Step.OPEN: {"opened_at": now},
        Step.CLOSING: {"below_since": now},
        Step.STAY: {"below_since": None},
        Step.CLOSE: {"closed_at": now},
    }
    return stamps.get(done, {})


def _values(
    row: AnyRow | None,
    void: Void | None,
    *,
    city_id: int,
    code: str,
    rules: Rules,
    now: datetime,
) -> dict[str, Any]:
    """Return what is stored of a void as it is now."""
    people = 0.0 if void is None else void.people
    if row is None:
        assert void is not None
        return {
            "void_id": uuid4(), "city_id": city_id, "area_code": code, "standard": rules.standard,
            "people": people, "most_people": people, "lon": void.lon, "lat": void.lat,
            "since": now,
        }  # fmt: skip
    kept = {name: getattr(row, name) for name in row._fields}
    place = {} if void is None else {"lon": void.lon, "lat": void.lat}
    return {**kept, "people": people, "most_people": max(row.most_people, people), **place}


def _now(
    uow: UnitOfWork,
    now: Live,
    city_id: int,
    free: npt.NDArray[np.void],
    *,
    most_searches: int | None = MOST_SEARCHES,
) -> tuple[Picture | None, Unknown | None]:
    """Return coverage by the free units; without a busy share only who reaches whom is meant."""
    unknown = now.unknown
    if unknown not in {None, Unknown.BUSY}:
        return None, unknown
    reached = now.book.of_units(
        free["unit_id"].tolist(), standing(uow, city_id, free), most_searches=most_searches
    )
    if reached.missing:
        return None, Unknown.PREPARING
    there = [one for one in reached.cells if one is not None]
    return now.picture(Sets.of(there, len(now.ground.people))), unknown


def _chance(
    row: AnyRow, deciles: Mapping[str, Sequence[float]], *, at: datetime, ahead_s: int
) -> float | None:
    if row.out_of_service_reason:
        back = row.expected_back_at
        if back is None:
            return None
        return float(back <= at + timedelta(seconds=ahead_s)) if row.state is None else 0.0
    if row.state not in deciles or row.stamped_at is None:
        return None
    age_s = max((at - row.stamped_at).total_seconds(), 0.0)
    return chance_back(deciles[row.state], age_s=age_s, ahead_s=ahead_s)


def _rules_view(city_id: int, rules: Rules) -> CoverageRulesView:
    return CoverageRulesView(city_id=city_id, standards=tuple(STANDARDS), **asdict(rules))


def _void_view(row: AnyRow) -> VoidView:
    return view_of(VoidView, row, people=round(row.people), most_people=round(row.most_people))


def _told(row: AnyRow) -> dict[str, Any]:
    name = row.name or row.area_code
    return {
        "area_code": row.area_code, "people": round(row.people),
        "area": row.name_zh or name,
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
