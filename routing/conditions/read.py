"""Reading all conditions of a city as arrays, and carrying them over to a new map."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from gis.database import ReadingUnitOfWork, UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.week import hour_of_week
from routing.conditions import repository, repository_speeds
from routing.conditions.cities import require_city
from routing.conditions.model import ConditionKind, Legs, ProfileRows, SpeedRows, VehicleClass
from routing.conditions.resolve import resolve_legs
from routing.conditions.sketch import against_one_way, stored_drawing
from routing.conditions.snapshot import Condition, ConditionsSnapshot, ConditionTable
from routing.roads.model import Segments
from routing.wanted import want_metrics

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_READ_ATTEMPTS = 20


def refresh_network(uow: WritingUnitOfWork, city_id: int) -> int:
    """Carry all conditions of a city over to the road network that is stored now.

    Drawings are laid over the new roads, chosen edges and speeds found by OSM way and share.
    Call it in the transaction that stores new roads. Until it is done processes lay the drawings
    over the roads they have themselves, so that no closure is lost.

    Returns
    -------
    int
        Number of conditions carried over.
    """
    city = require_city(uow, city_id)
    now = uow.clock.now()
    repository_speeds.one_load_at_a_time(uow.session, city_id)
    change = repository.number_change(
        uow.session, city_id, "drawn_change", "speeds_change", "speeds_reset", "profiles_change",
        now=now,
    )  # fmt: skip
    rows = [
        row
        for row in repository.running_conditions(uow.session, city_id, after=now)
        if row.network_version != city.network_version
    ]
    for row in rows:
        drawing = stored_drawing(row)
        ways = {edge.osm_way_id for edge in drawing.edges if edge.osm_way_id is not None}
        segments = repository.read_roads_near(
            uow.session, city_id, drawing.geometry, margin_m=100.0, way_ids=ways
        )
        legs = _legs_of(row, segments)
        if len(legs):
            repository.insert_edges(
                uow.session, row.condition_id, network_version=city.network_version,
                segments=segments, legs=legs,
            )  # fmt: skip
        repository.set_network_version(uow.session, row.condition_id, city.network_version)
    # Processes that still hold the map before this one find its edges until they have the new.
    repository.delete_old_edges(uow.session, city_id, before_version=city.network_version - 1)
    repository_speeds.carry_over(uow.session, city_id)
    want_metrics(uow, city_id)
    uow.emit(
        NewEvent(
            "road_network", str(city_id), "road.conditions_remapped",
            {"count": len(rows), "change": change}, now, city_id=city_id,
        )
    )  # fmt: skip
    return len(rows)


def read_snapshot(
    uow: UnitOfWork,
    city_id: int,
    *,
    segments: Segments,
    network_version: int,
    at: datetime,
    previous: ConditionsSnapshot | None = None,
) -> ConditionsSnapshot:
    """Return the conditions of a city as arrays over the rows of `segments`.

    Parameters
    ----------
    segments : Segments
        All roads of the city in the order of their ids, as this process holds them.
    network_version : int
        The version that `segments` are of; it may be older than the stored one.
    at : datetime
        For which hour learned speeds are needed; those of the next hour are read as well.
    previous : ConditionsSnapshot, optional
        An earlier answer over the same `segments`: only what changed since is read. The very
        same object is returned where nothing did.
    """
    counters = repository.counters(uow.session, city_id)
    if previous is not None and (previous.network_version, previous.epoch) == (
        network_version, counters.epoch,
    ):  # fmt: skip
        if previous.change == counters.change and previous.covers(at):
            return previous
        known = previous
    else:
        city = require_city(uow, city_id)
        known = ConditionsSnapshot(
            city.key, network_version, city.time_zone, _FIRST, epoch=counters.epoch
        )
    for _ in range(_READ_ATTEMPTS):
        snapshot = _read(uow, city_id, counters, segments=segments, at=at, known=known)
        if isinstance(uow, ReadingUnitOfWork):
            break
        # Outside of a repeatable read somebody may have committed between two statements.
        before, counters = counters, repository.counters(uow.session, city_id)
        if counters == before:
            break
    return snapshot


def read_hours(
    uow: UnitOfWork,
    city_id: int,
    snapshot: ConditionsSnapshot,
    *,
    segments: Segments,
    hours: Iterable[int],
) -> ConditionsSnapshot:
    """Return the snapshot with the learned speeds of further hours of the week."""
    read = _read_profiles(uow, city_id, segments, hours=hours, known=snapshot.profiles)
    return replace(snapshot, profiles={**snapshot.profiles, **read})


def _read(
    uow: UnitOfWork,
    city_id: int,
    counters: repository.Counters,
    *,
    segments: Segments,
    at: datetime,
    known: ConditionsSnapshot,
) -> ConditionsSnapshot:
    """Read what the counters say is different from what is known."""
    changed_at = counters.changed_at or _FIRST
    table = known.table
    if counters.drawn_change != known.drawn_change:
        table = _read_table(
            uow, city_id, segments, network_version=known.network_version, after=changed_at,
            known={one.condition_id: one.legs for one in known.table.conditions},
        )  # fmt: skip
    speeds, from_change = known.speeds, known.speeds_change
    if counters.speeds_reset != known.speeds_reset:
        speeds, from_change = SpeedRows.none(), 0
    if counters.speeds_change != known.speeds_change:
        newer = _read_speeds(
            uow, city_id, segments, after_change=from_change, expires_after=changed_at
        )
        speeds = speeds.updated(newer)
    profiles = known.profiles if counters.profiles_change == known.profiles_change else {}
    if counters.profiles_change:
        hours = {
            hour_of_week(at + timedelta(hours=ahead), time_zone=known.time_zone) for ahead in (0, 1)
        }
        profiles = _read_profiles(uow, city_id, segments, hours=hours, known=profiles)
    return replace(
        known, changed_at=changed_at, change=counters.change, drawn_change=counters.drawn_change,
        speeds_change=counters.speeds_change, speeds_reset=counters.speeds_reset,
        profiles_change=counters.profiles_change, table=table, speeds=speeds, profiles=profiles,
    )  # fmt: skip


def _read_table(
    uow: UnitOfWork,
    city_id: int,
    segments: Segments,
    *,
    network_version: int,
    after: datetime,
    known: dict[UUID, Legs],
) -> ConditionTable:
    """Read drawn conditions; where one holds on one map never changes, so that is read once."""
    rows = repository.running_conditions(uow.session, city_id, after=after)
    stored = repository.read_edges(
        uow.session, [row.condition_id for row in rows if row.condition_id not in known],
        network_version=network_version,
    )  # fmt: skip
    conditions = []
    for row in rows:
        legs = known.get(row.condition_id)
        if legs is None and row.condition_id in stored:
            legs = _legs_from(segments, *stored[row.condition_id])
        elif legs is None and row.network_version == network_version:
            legs = Legs.of(np.empty(0, np.int32), np.empty(0), np.empty(0))
        elif legs is None:
            legs = _legs_of(row, segments)
        conditions.append(
            Condition(
                row.condition_id, row.version, ConditionKind(row.kind), row.starts_at,
                row.expires_at, frozenset(VehicleClass(one) for one in row.vehicle_classes), legs,
                row.depth_m, row.speed_kmh, row.speed_factor,
            )
        )  # fmt: skip
    return ConditionTable.of(conditions)


def _read_speeds(
    uow: UnitOfWork, city_id: int, segments: Segments, *, after_change: int, expires_after: datetime
) -> SpeedRows:
    segment_id, direction, *rest = repository_speeds.read_speeds(
        uow.session, city_id, after_change=after_change, expires_after=expires_after
    )
    row, found = _rows_of(segments, segment_id)
    leg = (2 * row + direction).astype(np.int32)
    source, *others = rest
    return SpeedRows.of(*(one[found] for one in (leg, source, *others)))


def _read_profiles(
    uow: UnitOfWork,
    city_id: int,
    segments: Segments,
    *,
    hours: Iterable[int],
    known: Mapping[tuple[int, bool], ProfileRows],
) -> dict[tuple[int, bool], ProfileRows]:
    profiles = {}
    for key in ((hour, siren) for hour in sorted(hours) for siren in (False, True)):
        if key in known:
            profiles[key] = known[key]
            continue
        segment_id, direction, speed_kmh = repository_speeds.read_profile(
            uow.session, city_id, hour=key[0], siren=key[1]
        )
        row, found = _rows_of(segments, segment_id)
        leg = (2 * row + direction).astype(np.int32)[found]
        profiles[key] = ProfileRows(leg, speed_kmh[found])
    return profiles


def _rows_of(
    segments: Segments, segment_id: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the row of each segment, and whether this map has it."""
    row = np.searchsorted(segments.segment_id, segment_id)
    row = np.minimum(row, max(len(segments) - 1, 0))
    return row, segments.segment_id[row] == segment_id


def _legs_from(
    segments: Segments,
    segment_id: NDArray[np.int64],
    direction: NDArray[np.int64],
    from_share: NDArray[np.float64],
    to_share: NDArray[np.float64],
) -> Legs:
    row, found = _rows_of(segments, segment_id)
    return Legs.of((2 * row + direction)[found], from_share[found], to_share[found])


def _legs_of(row: Any, segments: Segments) -> Legs:
    """Lay a stored drawing over a map."""
    legs = resolve_legs(segments, stored_drawing(row))
    permit = row.kind == ConditionKind.CONTRAFLOW_PERMIT
    return against_one_way(segments, legs) if permit else legs
