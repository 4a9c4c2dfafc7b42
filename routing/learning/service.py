"""Use case of learning: what the vehicles drove becomes the speeds of the hours to come.

Every position is counted once: the city remembers up to when it has learned, and what came since is
added to what was seen before, which by then weighs less (`routing.learning.leg_cells`). So
knowledge outlives the positions, which are kept for some weeks only. A long period is learned day
by day, as if it had been done every night: that bounds the memory, and what was learned of a day
stays whatever becomes of the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.access import SYSTEM, Identity
from gis.database import Database, UnitOfWork, WritingUnitOfWork
from gis.jobs.running import Stop
from routing.conditions import repository_speeds
from routing.conditions.errors import SpeedsRejectedError
from routing.conditions.speeds import (
    MAX_BATCH_ROWS,
    LearnedBatch,
    SpeedsStored,
    announce_profiles,
    check_city,
    put_profiles,
)
from routing.learning import repository_traces
from routing.learning.errors import LearnedMeanwhileError, LearnedOnOldMapError, LearningPeriodError
from routing.learning.learn import (
    LearnedSpeeds,
    LegDrives,
    Uplift,
    cells_of,
    learn_cells,
    siren_times,
    uplift_of,
)
from routing.learning.leg_cells import FORGOTTEN_DRIVES, HALF_LIFE_DAYS, LegCells
from routing.learning.traces import Collector, Window
from routing.live.city_roads import CityRoads
from routing.live.errors import StraightLineOnlyError
from routing.live.routing import Routing
from routing.roads.model import BoolArray, FloatArray, IdArray

MIN_LEARNED_KMH, MAX_LEARNED_KMH = 1.0, 200.0
SETTLED = timedelta(minutes=5)
"""Positions received so long ago are all stored: none comes later with an earlier time."""
WRITTEN_FROM = 0.02
"""Where nothing new was driven a speed is written again only if it changed by this share."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a period.

    since : up to when was learned before, None = never; positions : reports read; trips of them
    matched; refused : trips that could not be, by code in `reasons`; drives : legs driven whole
    cells : speeds by leg and hour that are known now; uplift : of the period, None without trips of
    both kinds
    stored : all that was, None if nothing new was driven, or nothing was to be stored
    untimely : reports left out because their device time cannot be; vanished : rows of what was
    learned before, of roads that are no longer there
    """

    since: datetime | None
    positions: int
    trips: int
    refused: int
    drives: int
    cells: int
    uplift: Uplift | None
    stored: SpeedsStored | None
    untimely: int = 0
    vanished: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


def learn(
    database: Database,
    routing: Routing,
    city_id: int,
    *,
    to_at: datetime,
    from_at: datetime | None = None,
    store: bool = True,
    identity: Identity = SYSTEM,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
    stop: Stop | None = None,
) -> Learned | None:
    """Learn the speeds of a city from the positions received in a period.

    What was learned from before is left out of the period, so that doing it twice changes nothing;
    the next time begins at `to_at`. Drives to a scene with lights are learned apart from all
    others. Each day is stored when it is done. None if `stop` was set: the day under way is not
    stored, and learned the next time.

    Raises
    ------
    LearningPeriodError
        `to_at` is less than 5 minutes ago, or not after `from_at`.
    StraightLineOnlyError
        The city has no usable road graph.
    RoadCityUnknownError, RoadAuthorityError
        There is no such city, or the identity may not write road conditions.
    LearnedOnOldMapError
        The city has a newer road map than `routing`.
    LearnedMeanwhileError
        Somebody else learned the same positions while this was at work.
    TracesRefusedError
        Too many trips of a day cannot be matched.
    """
    latest_at = database.clock.now() - SETTLED
    if to_at > latest_at or (from_at is not None and from_at >= to_at):
        raise LearningPeriodError(from_at=from_at, to_at=to_at, latest_at=latest_at)
    with database.read(identity) as uow, routing.at(uow, city_id) as roads:
        city = roads.city
        if city is None:
            raise StraightLineOnlyError(city_id)
        _check_map(uow, city, write=store)
        since = repository_speeds.read_learned_until(uow.session, city_id)
        units = repository_traces.list_units(uow.session, city_id)
        begin = max((at for at in (from_at, since) if at is not None), default=None)
        known = {siren: _Known.read(uow, city, siren=siren, at=begin) for siren in (False, True)}
    collector = Collector(database, city, units, identity=identity, stop=stop)
    result = _Result(until=since)

    def first_report(at: datetime | None) -> datetime | None:
        with database.read(identity) as uow:
            return repository_traces.first_report(uow.session, units, from_at=at, to_at=to_at)

    at = start = first_report(begin)
    while at is not None and start is not None and at < to_at:
        window = Window(at, min(at + _DAY, to_at), final=at + _DAY >= to_at)
        whole = to_at - start
        driven = collector.collect(
            window, _part_of(progress, (at - start) / whole, (window.end - at) / whole)
        )
        if driven is None or collector.is_stopped():
            return None
        _learn_day(known, driven, city, at=window.end, result=result)
        if store and result.changed:
            with database.unit_of_work(identity) as writing:
                _store(writing, city, known, result, until=window.end)
        at = window.end if collector.is_waiting() else first_report(window.end)
    if collector.is_stopped():
        return None
    progress("trips", 1.0)
    if store and (result.until is None or result.until < to_at):
        with database.unit_of_work(identity) as writing:
            _note(writing, city, result.until, until=to_at)
    both = result.drives[False] and result.drives[True]
    return Learned(
        since=since,
        positions=collector.positions,
        trips=collector.trips,
        refused=collector.reasons.total(),
        drives=sum(result.drives.values()),
        cells=sum(one.cells.leg.size for one in known.values()),
        uplift=uplift_of(*result.siren_times()) if both else None,
        stored=result.stored,
        untimely=collector.untimely,
        vanished=sum(one.vanished for one in known.values()),
        reasons=dict(collector.reasons),
    )


class _Known:
    """What is known of drives with or without lights: `cells` as they weigh `at` some time.

    speed_kmh : (c,) float64 as stored, NaN = not yet; written : (c,) bool what the last day
    changed; vanished : rows of roads that are no longer there
    """

    def __init__(
        self, cells: LegCells, speed_kmh: FloatArray, *, siren: bool, at: datetime | None
    ) -> None:
        self.cells, self.speed_kmh, self.siren, self.at = cells, speed_kmh, siren, at
        self.written: BoolArray = np.zeros(cells.leg.size, dtype=np.bool_)
        self.spread_kmh: FloatArray = np.zeros(cells.leg.size)
        self.vanished = 0

    @classmethod
    def read(
        cls, uow: UnitOfWork, city: CityRoads, *, siren: bool, at: datetime | None
    ) -> "_Known":
        """Read what was stored when speeds were last learned; all of it weighs as of `at`."""
        segment_id, direction, hour, drives, square, pace, apart, weighed_s, speed_kmh = (
            repository_speeds.read_seen(uow.session, _id_of(city), siren=siren)
        )
        ids = city.network.segments.segment_id
        row = np.minimum(np.searchsorted(ids, segment_id), ids.size - 1)
        use = ids[row] == segment_id
        cells = LegCells.of(
            (2 * row[use] + direction[use]).astype(np.int32), hour[use], drives=drives[use],
            drives_square=square[use], pace_s_per_m=pace[use], pace_square=apart[use],
        )  # fmt: skip
        # Each leg and hour has one row, so that sorted they are the cells.
        order = np.lexsort((hour[use], 2 * row[use] + direction[use]))
        if at is not None:
            cells = cells.aged((at.timestamp() - weighed_s[use][order]) / _DAY.total_seconds())
        known = cls(cells, speed_kmh[use][order].astype(np.float64), siren=siren, at=at)
        known.vanished = int((~use).sum())
        return known

    def add(self, drives: LegDrives, city: CityRoads, *, at: datetime) -> LearnedSpeeds:
        """Add the drives of a day that ended `at`; return all speeds as they are then."""
        segments = city.network.segments
        days = 0.0 if self.at is None else (at - self.at) / _DAY
        old = self.cells.aged(days)
        kept = old.drives >= FORGOTTEN_DRIVES
        old = old.take(kept)
        new = cells_of(drives, segments, old)
        self.cells, self.at = old.with_more(new), at
        learned = learn_cells(self.cells, segments)
        speed_kmh = np.clip(learned.speed_kmh, MIN_LEARNED_KMH, MAX_LEARNED_KMH)
        before = np.full(speed_kmh.size, np.nan)
        before[np.searchsorted(self.cells.key, old.key)] = self.speed_kmh[kept]
        same = np.abs(speed_kmh / before - 1.0) <= WRITTEN_FROM
        self.written = ~same | np.isin(self.cells.key, new.key)
        self.speed_kmh = np.where(self.written, speed_kmh, before)
        self.spread_kmh = np.sqrt(np.nan_to_num(learned.variance))
        return learned

    def rows(self, segment_id: IdArray) -> dict[str, NDArray[np.generic]]:
        """Return the columns of a `LearnedBatch` with what the last day changed."""
        cells = self.cells.take(self.written)
        return {
            "segment_id": segment_id[cells.leg // 2],
            "direction": cells.leg % 2,
            "hour": cells.hour,
            "siren": np.full(cells.leg.size, self.siren),
            "n": np.maximum(np.rint(cells.drives), 1.0).astype(np.int64),
            "speed_kmh": self.speed_kmh[self.written],
            "spread_kmh": self.spread_kmh[self.written],
            "drives": cells.drives,
            "drives_square": cells.drives_square,
            "pace_s_per_m": cells.pace_s_per_m,
            "pace_square": cells.pace_square,
        }


@dataclass(slots=True)
class _Result:
    """What came of the days so far; `until` is up to when the city's speeds are stored."""

    until: datetime | None
    changed: bool = False
    stored: SpeedsStored | None = None
    drives: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})
    expected_s: list[FloatArray] = field(default_factory=list)
    actual_s: list[FloatArray] = field(default_factory=list)

    def siren_times(self) -> tuple[FloatArray, FloatArray]:
        """Return the times of all trips with siren, as `learn.siren_times` does."""
        return np.concatenate(self.expected_s), np.concatenate(self.actual_s)


def _learn_day(
    known: Mapping[bool, _Known], driven: Mapping[bool, LegDrives], city: CityRoads, *,
    at: datetime, result: _Result,
) -> None:  # fmt: skip
    result.changed = any(one.leg.size for one in driven.values())
    if not result.changed:
        return
    ordinary = known[False].add(driven[False], city, at=at)
    known[True].add(driven[True], city, at=at)
    for siren, one in driven.items():
        result.drives[siren] += one.leg.size
    expected_s, actual_s = siren_times(driven[True], ordinary)
    result.expected_s.append(expected_s)
    result.actual_s.append(actual_s)


def _part_of(
    progress: Callable[[str, float], None], done: float, share: float
) -> Callable[[float], None]:  # fmt: skip
    def part(of: float) -> None:
        progress("trips", done + of * share)

    return part


def _id_of(city: CityRoads) -> int:
    return city.network.version.city_id


def _check_map(uow: UnitOfWork, city: CityRoads, *, write: bool) -> None:
    stored = check_city(uow, _id_of(city), write=write)
    if stored.network_version != city.network.version.network_version:
        raise LearnedOnOldMapError(_id_of(city))


def _alone(uow: UnitOfWork, city: CityRoads, until: datetime | None) -> None:
    """Let nobody else load speeds; see that nothing changed that was read before."""
    repository_speeds.one_load_at_a_time(uow.session, _id_of(city))
    _check_map(uow, city, write=True)
    if repository_speeds.read_learned_until(uow.session, _id_of(city)) != until:
        raise LearnedMeanwhileError


def _store(
    uow: WritingUnitOfWork, city: CityRoads, known: Mapping[bool, _Known], result: _Result, *,
    until: datetime,
) -> None:  # fmt: skip
    """Store a day: all rows first, then what others wait for."""
    _alone(uow, city, result.until)
    city_id = _id_of(city)
    parts = [one.rows(city.network.segments.segment_id) for one in known.values()]
    columns = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    count = columns["segment_id"].size
    total = 0
    for first in range(0, count, MAX_BATCH_ROWS):
        piece = {name: one[first : first + MAX_BATCH_ROWS] for name, one in columns.items()}
        try:
            total += put_profiles(uow, city_id, LearnedBatch(**piece, weighed_at=until))
        except SpeedsRejectedError:
            # A map that came since the look at its version.
            _check_map(uow, city, write=True)
            raise
    repository_speeds.delete_forgotten(
        uow.session, city_id, at=until, below_drives=FORGOTTEN_DRIVES,
        half_life_days=HALF_LIFE_DAYS,
    )  # fmt: skip
    change = announce_profiles(uow, city_id, count=total)
    repository_speeds.set_learned_until(uow.session, city_id, until, now=uow.clock.now())
    before = result.stored or SpeedsStored(0, 0, 0)
    result.stored = SpeedsStored(before.received + count, before.stored + total, change)
    result.until = until


def _note(uow: UnitOfWork, city: CityRoads, before: datetime | None, *, until: datetime) -> None:
    """Note that the positions up to `until` are done, though nothing came of the last of them."""
    _alone(uow, city, before)
    repository_speeds.set_learned_until(uow.session, _id_of(city), until, now=uow.clock.now())
