"""Use cases of move-ups: what is worth moving, who decided what, what came of it.

A plan is a suggestion and is reckoned whenever it is asked for; a decision is a row. Of two who
decide about one unit the database lets one through.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt

from dispatch.coverage import repository as repository_coverage
from dispatch.coverage.model import FloatArray, Picture
from dispatch.coverage.service import (
    MOST_SEARCHES,
    PROFILE,
    Live,
    city_units,
    covering,
    live,
    standing,
)
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.headings import STALE_AFTER_S
from dispatch.fleet.records import load_unit
from dispatch.moveup import repository
from dispatch.moveup.errors import (
    MoveUpBudgetError,
    MoveUpEndedError,
    MoveUpNotFoundError,
    MoveUpOutdatedError,
    MoveUpTakenError,
)
from dispatch.moveup.plan import Limits, Plan, plan
from dispatch.moveup.views import MoveUpList, MoveUpPlanView, MoveUpView, SuggestedMoveView
from dispatch.permissions import DISPATCH, INCIDENT_READ
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.kernels.expected_coverage import Sets
from gis.rows import AnyRow, view_of
from routing.live.pinned import PinnedRoads
from routing.live.straight_line import straight_line_times

HOUR = timedelta(hours=1)
DECLINED_FOR = timedelta(minutes=30)
"""A move that was declined is not suggested again for so long."""

SHIFT_LEFT_S = 3_600.0
"""Whose shift ends within this is not moved: it would have to drive home."""

AT_POST_M = 150.0
AFTER_DAYS = timedelta(days=1)
NEVER_ARRIVED = timedelta(hours=2)
LEAST_BUSY, MOST_BUSY = 0.01, 0.99
"""Between these the marginals say something; a measured share beyond is taken as the nearest."""


@dataclass(frozen=True, slots=True, eq=False)
class Reckoned:
    """A plan with the rows it is about, and the coverage it begins from."""

    unknown: str | None
    live: Live
    units: npt.NDArray[np.void]
    plan: Plan | None
    picture: Picture | None
    moved: npt.NDArray[np.int64]
    protected: int
    moves_left: int


def reckon(uow: UnitOfWork, roads: PinnedRoads, city_id: int) -> Reckoned:
    """Plan the moves of a city as it is now.

    Raises
    ------
    CityUnknownError
    """
    now, at = live(uow, roads, city_id), uow.clock.now()
    accepted = repository.accepted_since(uow.session, city_id, at - HOUR)
    left = max(now.rules.moves_per_hour - accepted, 0)
    units = city_units(uow, city_id)
    units = units[covering(units)]
    lonlat = standing(uow, city_id, units)
    if now.unknown is not None or now.busy is None:
        nothing = np.zeros(len(units), np.int64)
        return Reckoned(
            None if now.unknown is None else now.unknown.value, now, units, None, None, nothing,
            0, left,
        )  # fmt: skip
    reached = now.book.of_units(units["unit_id"].tolist(), lonlat, most_searches=MOST_SEARCHES)
    history = repository.moved(uow.session, city_id, at=at)
    moved = np.array(
        [history[one].moves if one in history else 0 for one in units["unit_id"].tolist()],
        np.int64,
    )
    if reached.missing:
        return Reckoned("preparing", now, units, None, None, moved, 0, left)
    cells = [one for one in reached.cells if one is not None]
    busy = float(np.clip(now.busy.share, LEAST_BUSY, MOST_BUSY))
    picture = now.picture(Sets.of(cells, len(now.ground.people)), busy)
    movable = _movable(uow, now, city_id, units, moved=moved, history=history, at=at)
    posts = Sets.of(now.book.of_places(now.stations), len(now.ground.people))
    found = plan(
        picture, posts, busy=busy, movable=movable, at_post=_at_post(lonlat, now.stations),
        moved=moved,
        limits=Limits(
            left, max(now.rules.least_gain_points * picture.total / 100.0, 1e-6),
            now.rules.least_area_share,
        ),
        times=_times(roads, lonlat, now.stations),
    )  # fmt: skip
    return Reckoned(
        None, now, units, found, picture, moved, int((~movable).sum()), left
    )  # fmt: skip


def suggested(uow: UnitOfWork, roads: PinnedRoads, city_id: int) -> MoveUpPlanView:
    """Return the moves worth making now, without those that were declined a while ago.

    Raises
    ------
    CityUnknownError
    """
    found, at = reckon(uow, roads, city_id), uow.clock.now()
    moves: tuple[SuggestedMoveView, ...] = ()
    before = after = None
    if found.plan is not None and found.picture is not None and found.picture.total > 0.0:
        scale = 100.0 / found.picture.total
        before, after = found.plan.before * scale, found.plan.after * scale
        names = repository.names(uow.session, city_id)
        stations = repository.station_names(uow.session, city_id)
        moves = tuple(
            _suggested(found, names, stations, row, scale) for row in range(len(found.plan.moves))
        )
        declined = repository.declined_since(uow.session, city_id, at - DECLINED_FOR)
        kept = tuple(one for one in moves if (one.unit_id, one.station_id) not in declined)
        if len(kept) < len(moves):
            after, moves = before + sum(one.gain_points for one in kept), kept
    return MoveUpPlanView(
        city_id=city_id, computed_at=at, unknown=found.unknown, points_before=before,
        points_after=after, moves_left=found.moves_left, protected=found.protected, moves=moves,
    )  # fmt: skip


def moves(uow: UnitOfWork, city_id: int) -> MoveUpList:
    """Return the decisions of the last day in the viewer's areas, the newest first."""
    rows = repository.list_moves(
        uow.session, city_id, uow.identity.jurisdictions(INCIDENT_READ),
        since=uow.clock.now() - AFTER_DAYS,
    )  # fmt: skip
    return MoveUpList(moves=tuple(view_of(MoveUpView, row) for row in rows))


def decide(
    uow: WritingUnitOfWork,
    offered: MoveUpPlanView,
    *,
    unit_id: int,
    station_id: int,
    because: str | None,
) -> MoveUpView:
    """Store that a suggested move is made, or `because` of what it is not.

    offered : the plan as it was reckoned at the press

    Raises
    ------
    UnitUnknownError
        It is not the viewer's.
    MoveUpOutdatedError
        It is not suggested any more.
    MoveUpTakenError, MoveUpBudgetError
        The unit has a task or is being moved, or the hour's moves are made.
    """
    city_id, now = offered.city_id, uow.clock.now()
    repository_coverage.lock_coverage(uow.session, city_id)
    repository_fleet.lock_unit(uow.session, unit_id)
    move = next(
        (one for one in offered.moves if (one.unit_id, one.station_id) == (unit_id, station_id)),
        None,
    )
    call_sign = load_unit(uow, unit_id, DISPATCH).call_sign
    named = repository.names(uow.session, city_id).get(unit_id)
    if named is None or move is None or offered.points_before is None:
        raise MoveUpOutdatedError(call_sign)
    rules = repository_coverage.rules(uow.session, city_id)
    if because is None:
        if named.move_id is not None or repository.has_task(uow.session, unit_id):
            raise MoveUpTakenError(call_sign)
        if repository.accepted_since(uow.session, city_id, now - HOUR) >= rules.moves_per_hour:
            raise MoveUpBudgetError(rules.moves_per_hour)
    move_id = uuid4()
    stored = repository.insert_move(uow.session, {
        "move_id": move_id, "city_id": city_id, "unit_id": unit_id, "station_id": station_id,
        "state": "accepted" if because is None else "declined", "standard": rules.standard,
        "points_before": offered.points_before,
        "points_after": offered.points_before + move.gain_points,
        "gain_points": move.gain_points, "travel_time_s": move.travel_time_s,
        "decided_at": now, "decided_by": uow.identity.label, "declined_because": because,
        "ended_at": None if because is None else now,
    })  # fmt: skip
    if not stored:
        raise MoveUpTakenError(call_sign)
    name = "accepted" if because is None else "declined"
    _emit(uow, name, repository.find_move(uow.session, move_id, ("",)), because=because)
    return _read(uow, move_id)


def end(uow: WritingUnitOfWork, move_id: UUID) -> MoveUpView:
    """Call a unit back that is being moved.

    Raises
    ------
    MoveUpNotFoundError, MoveUpEndedError
    """
    prefixes = uow.identity.jurisdictions(DISPATCH)
    row = repository.find_move(uow.session, move_id, prefixes, lock=True)
    if row is None:
        raise MoveUpNotFoundError(move_id)
    if row.state not in repository.OPEN:
        raise MoveUpEndedError(row.call_sign)
    _end(uow, row, because="recalled")
    return _read(uow, move_id)


def follow(uow: WritingUnitOfWork, city_id: int, *, points: float | None) -> None:
    """Write down what became of open moves: arrived, called away, off shift, out of service.

    points : expected coverage as it is now, None where it is not known
    """
    now = uow.clock.now()
    for row in repository.open_moves(uow.session, city_id, at=now):
        if row.task_id is not None:
            _end(uow, row, because="called", assignment_id=row.task_id)
        elif row.shift_id is None:
            _end(uow, row, because="shift_ended")
        elif row.out_of_service_reason:
            _end(uow, row, because="out_of_service")
        elif row.state == "accepted" and row.apart_m is not None and row.apart_m <= AT_POST_M:
            repository.change(uow.session, row.move_id, {
                "state": "at_post", "arrived_at": now, "points_reached": points,
            })  # fmt: skip
            _emit(uow, "at_post", row)
        elif row.state == "accepted" and now - row.decided_at >= NEVER_ARRIVED:
            _end(uow, row, because="never_arrived")


def _end(
    uow: WritingUnitOfWork, row: AnyRow, *, because: str, assignment_id: UUID | None = None
) -> None:
    repository.change(uow.session, row.move_id, {
        "state": "ended", "ended_at": uow.clock.now(), "ended_because": because,
        "assignment_id": assignment_id,
    })  # fmt: skip
    _emit(uow, "ended", row, because=because)


def _emit(
    uow: WritingUnitOfWork, name: str, row: AnyRow | None, *, because: str | None = None
) -> None:
    assert row is not None
    told: dict[str, Any] = {
        "unit_id": row.unit_id, "call_sign": row.call_sign, "station_id": row.station_id,
        "station": row.station_name, "because": because, "gain_points": round(row.gain_points, 2),
    }  # fmt: skip
    uow.emit(NewEvent(
        "moveup", str(row.move_id), f"moveup.{name}", told, uow.clock.now(),
        city_id=row.city_id, area_code=row.area_code,
    ))  # fmt: skip


def _read(uow: UnitOfWork, move_id: UUID) -> MoveUpView:
    row = repository.find_move(uow.session, move_id, uow.identity.jurisdictions(DISPATCH))
    if row is None:
        raise MoveUpNotFoundError(move_id)
    return view_of(MoveUpView, row)


def _movable(
    uow: UnitOfWork,
    now: Live,
    city_id: int,
    units: npt.NDArray[np.void],
    *,
    moved: npt.NDArray[np.int64],
    history: Any,
    at: datetime,
) -> npt.NDArray[np.bool_]:
    """Return which free units may be moved: rested, not too often, known to be where they are."""
    names = repository.names(uow.session, city_id)
    rest = timedelta(seconds=now.rules.rest_s)
    rested = np.array([
        (one not in history or at - history[one].last >= rest) and names[one].move_id is None
        for one in units["unit_id"].tolist()
    ], np.bool_)  # fmt: skip
    fresh = ~(np.nan_to_num(units["position_age_s"]) > STALE_AFTER_S)
    stays = units["shift_remaining_s"] > SHIFT_LEFT_S
    return np.asarray(rested & fresh & stays & (moved < now.rules.moves_per_shift), np.bool_)


def _at_post(lonlat: FloatArray, stations: FloatArray) -> npt.NDArray[np.int64]:
    """Return the row of the station at which each unit stands, -1 at none."""
    at = np.full(len(lonlat), -1, np.int64)
    for row, place in enumerate(stations):
        lon_m = (lonlat[:, 0] - place[0]) * 111_320.0 * np.cos(np.radians(place[1]))
        lat_m = (lonlat[:, 1] - place[1]) * 111_320.0
        at[np.hypot(lon_m, lat_m) <= AT_POST_M] = row
    return at


def _times(roads: PinnedRoads, lonlat: FloatArray, stations: FloatArray) -> Any:
    def times(units: npt.NDArray[np.int64], posts: npt.NDArray[np.int64]) -> FloatArray:
        here, there = lonlat[units], stations[posts]
        if not roads.has(PROFILE):
            return np.stack([
                straight_line_times(one[np.newaxis], there, profile=PROFILE).time_s for one in here
            ])  # fmt: skip
        matrix = roads.matrix(here, there, profile=PROFILE)
        return np.concatenate(list(matrix.blocks)).astype(np.float64)

    return times


def _suggested(
    found: Reckoned, names: Any, stations: Any, row: int, scale: float
) -> SuggestedMoveView:
    assert found.plan is not None
    move = found.plan.moves[row]
    unit = found.units[move.unit]
    unit_id = int(unit["unit_id"])
    station_id = int(found.live.station_ids[move.post])
    lon, lat = found.live.stations[move.post].tolist()
    return SuggestedMoveView(
        unit_id=unit_id, call_sign=names[unit_id].call_sign,
        from_station=names[unit_id].station_name, station_id=station_id,
        station_name=stations[station_id], lon=lon, lat=lat, gain_points=move.gain * scale,
        travel_time_s=move.travel_time_s if np.isfinite(move.travel_time_s) else None,
        moved_in_shift=int(found.moved[move.unit]),
        position_assumed=bool(np.isnan(unit["position_age_s"])),
    )  # fmt: skip
