"""Minutes by road to the nearest target for every cell, on the roads as they are."""

from datetime import date

import numpy as np

from gis.database import ReadingUnitOfWork, UnitOfWork
from gis.jurisdiction import outlines, reach_of
from planning.access import repository
from planning.access.limited import within_outlines
from planning.access.model import (
    SEARCHES,
    Access,
    Cells,
    District,
    Question,
    Standing,
    Target,
    TimeOfDay,
    Times,
)
from planning.permissions import ACCESS_READ
from routing.areas.nearest import NONE_NEAR, NearestTimes
from routing.live.kept import Kept
from routing.live.pinned import DISPATCH_SNAP_LIMIT_M, PinnedRoads
from routing.roads.model import BoolArray

_GROUND = Kept()
"""Cells and districts, which stay when roads close; named by the city and their stamp."""


def question(
    uow: UnitOfWork, city_id: int, target: Target, time_of_day: TimeOfDay = TimeOfDay.ALL
) -> Question:
    """Return what is to be answered: the targets, and which cells."""
    unknown: tuple[tuple[float, float], ...] = ()
    if target is Target.STATION:
        places = repository.stations(uow.session, city_id)
    else:
        places, unknown = repository.hospitals(
            uow.session, city_id, target, capabilities=SEARCHES[target].capabilities
        )
    stamp = repository.stamp(uow.session, city_id, time_of_day)
    return Question(city_id, target, time_of_day, places, unknown, stamp)


def access(uow: UnitOfWork, roads: PinnedRoads, asked: Question) -> Access:
    """Return the times of every cell, worked out once for these roads, targets and cells."""
    if not roads.has(SEARCHES[asked.target].profile):
        return _without_roads(uow, asked)
    return roads.kept(("access", asked), lambda: _by_road(uow, roads, asked))


def seen_of(uow: UnitOfWork, found: Access) -> Access:
    """Return what the viewer may see of `found`: the cells in the areas that the right is held for.

    A cell is of the areas around its point. Of the targets those remain that lie in these areas or
    are the nearest of one of these cells.
    """
    reach = reach_of(uow.identity, ACCESS_READ)
    if reach is None:
        return found
    return within_outlines(found, outlines(uow.session, found.question.city_id, reach))


def people_counted(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the day on which the people of the cells were counted."""
    return repository.counted_on(uow.session, city_id)


def _by_road(uow: UnitOfWork, roads: PinnedRoads, asked: Question) -> Access:
    search = SEARCHES[asked.target]
    profile = search.profile
    cells, districts = _ground(uow, asked)
    lonlat = np.array([(one.lon, one.lat) for one in asked.places], np.float64).reshape(-1, 2)
    here, versions = roads.snap(cells.lonlat, profile=profile, max_distance_m=DISPATCH_SNAP_LIMIT_M)
    there, _ = roads.snap(lonlat, profile=profile, max_distance_m=DISPATCH_SNAP_LIMIT_M)
    closed_legs = roads.closed_legs(profile)

    def times(*, ignoring_closures: bool) -> Times:
        found = roads.times_of_nearest(
            there, here, profile=profile, towards=search.towards,
            ignoring_closures=ignoring_closures,
        )  # fmt: skip
        return _times(found, has_road=here.found, has_target=bool(there.found.any()))

    now = times(ignoring_closures=False)
    return Access(
        question=asked,
        cells=cells,
        districts=districts,
        now=now,
        open_roads=times(ignoring_closures=True) if closed_legs else now,
        versions=versions,
        closed_legs=closed_legs,
        off_road=~there.found,
    )


def _ground(uow: UnitOfWork, asked: Question) -> tuple[Cells, tuple[District, ...]]:
    """Return the cells and districts; kept for the process as a reading transaction saw them."""

    def read() -> tuple[Cells, tuple[District, ...]]:
        return repository.read_cells(uow.session, asked.city_id, asked.time_of_day)

    if not isinstance(uow, ReadingUnitOfWork):
        return read()
    return _GROUND.get((uow.database_name, asked.city_id, asked.time_of_day, asked.stamp), read)


def _without_roads(uow: UnitOfWork, asked: Question) -> Access:
    cells, districts = _ground(uow, asked)
    n = len(cells.cell)
    nothing = Times(
        np.full(n, np.inf),
        np.full(n, Standing.NO_ROADS.value),
        np.full(n, NONE_NEAR, np.int32),
    )
    return Access(
        question=asked, cells=cells, districts=districts, now=nothing, open_roads=nothing,
        versions=None, closed_legs=0, off_road=np.zeros(len(asked.places), np.bool_),
    )  # fmt: skip


def _times(found: NearestTimes, *, has_road: BoolArray, has_target: bool) -> Times:
    none_left = Standing.UNREACHABLE if has_target else Standing.NO_TARGET
    standing = np.where(
        np.isfinite(found.time_s),
        Standing.REACHED.value,
        np.where(has_road, none_left.value, Standing.NO_ROAD.value),
    )
    return Times(found.time_s, standing, found.nearest)
