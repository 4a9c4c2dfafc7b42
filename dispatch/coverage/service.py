"""Use cases of coverage as it is now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from dispatch.coverage import repository
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
from dispatch.fleet import repository as repository_fleet
from gis.access import EVERYWHERE
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.kernels.expected_coverage import Sets
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
    city = require_city(uow, city_id)
    rules = repository.rules(uow.session, city_id)
    limit_s = float(STANDARDS[rules.standard].limit or 0.0)
    minute = int(now.timestamp() // GROUND_KEPT_FOR.total_seconds())
    database = uow.session.get_bind().engine.url.render_as_string(hide_password=True)
    stamp = _STAMPS.get((database, city_id, minute), lambda: repository.stamp(uow.session, city_id))
    ground, stations = _GROUND.get(
        (database, city_id, stamp),
        lambda: (
            repository.read_ground(uow.session, city_id),
            repository.stations(uow.session, city_id),
        ),
    )
    standing = np.array([(lon, lat) for _, lon, lat in stations], np.float64).reshape(-1, 2)

    def book() -> ReachBook:
        search = roads.reaching(ground.lonlat, profile=PROFILE, limit_s=limit_s)
        return ReachBook(search, n_cells=len(ground.people), limit_s=limit_s, stands_at=standing)

    by_road, key = roads.has(PROFILE), ("coverage", database, city_id, stamp, limit_s)
    return Live(
        ground=ground,
        book=roads.kept(key, book) if by_road else _BOOKS.get(key, book),
        rules=rules,
        limit_s=limit_s,
        busy=busy_share(uow, city_id, rules, at=now.astimezone(ZoneInfo(city.time_zone))),
        basis="road" if by_road else "straight_line",
        station_ids=np.array([one for one, _, _ in stations], np.int64),
        stations=standing,
    )


def busy_share(uow: UnitOfWork, city_id: int, rules: Rules, *, at: datetime) -> Busy | None:
    """Return how busy units are at this hour: measured, else as stated, else None.

    at : in the city's time
    """
    measured = repository.busy_at(uow.session, city_id, hour=at.hour)
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
            everyone["unit_id"][free].tolist(),
            np.stack((everyone["lon"][free], everyone["lat"][free]), axis=1).astype(np.float64),
            most_searches=MOST_SEARCHES,
        )
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


def city_units(uow: UnitOfWork, city_id: int) -> npt.NDArray[np.void]:
    """Return every unit of a city as (n,) `UNIT_RECORD`, whatever the viewer's areas."""
    return repository_fleet.unit_columns(
        uow.session, prefixes=(EVERYWHERE,), at=uow.clock.now(), city_id=city_id, wanted=(),
        incident_id=repository_fleet.NOBODY,
    )[0]  # fmt: skip
