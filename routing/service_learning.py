"""Use case of learning: what the vehicles drove becomes the speeds of the hours to come.

Every position is counted once: the city remembers up to when it has learned, and what came since is
added to what was seen before, which by then weighs less (`routing.leg_cells`). So knowledge
outlives the positions, which are kept for some weeks only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gis.access import SYSTEM, Identity
from gis.database import Database, UnitOfWork
from routing import repository_speeds, repository_traces
from routing.city_roads import CityRoads
from routing.errors import LearnedMeanwhileError, StraightLineOnlyError
from routing.learn import LegDrives, Uplift, cells_of, learn_cells, siren_uplift
from routing.leg_cells import LegCells
from routing.loading import Layer
from routing.match import Matcher
from routing.model import FloatArray, IdArray, Profile
from routing.repository_traces import Stamps
from routing.service import Routing
from routing.service_conditions import LearnedBatch, SpeedsStored, store_profiles
from routing.service_speeds import MAX_BATCH_ROWS
from routing.trips import LONGEST_LIGHTS_S, trips

MIN_LEARNED_KMH, MAX_LEARNED_KMH = 1.0, 200.0
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a period.

    since : up to when was learned before, None = never; positions : reports read; trips of them
    matched; refused : trips whose reports contradict themselves; drives : legs driven whole
    cells : speeds by leg and hour; uplift : of the period, None without trips of both kinds
    stored : None if nothing new was driven, or nothing was to be stored
    """

    since: datetime | None
    positions: int
    trips: int
    refused: int
    drives: int
    cells: int
    uplift: Uplift | None
    stored: SpeedsStored | None


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
    stop: Event | None = None,
) -> Learned | None:
    """Learn the speeds of a city from the positions received in a period.

    What was learned from before is left out of the period, so that doing it twice changes nothing;
    the next time begins at `to_at`. Drives to a scene with lights are learned apart from all
    others. None if `stop` was set: then nothing is stored.

    Raises
    ------
    StraightLineOnlyError
        The city has no usable road graph.
    RoadAuthorityError
        The identity may not write road conditions.
    LearnedMeanwhileError
        Somebody else learned the same positions while this was at work.
    """
    city = routing.city(city_id)
    if city is None:
        raise StraightLineOnlyError(city_id)
    with database.read(identity) as uow:
        since = repository_speeds.read_learned_until(uow.session, city_id)
        units = repository_traces.list_units(uow.session, city_id)
        days = 0.0 if since is None else (to_at - since).total_seconds() / 86_400
        seen = {siren: _seen(uow, city, city_id, siren=siren).aged(days) for siren in (False, True)}
        begin = max((at for at in (from_at, since) if at is not None), default=None)
        first = to_at - timedelta(days=3650) if begin is None else begin
        stamps = repository_traces.read_stamps(
            uow.session, city_id, from_at=first - timedelta(seconds=LONGEST_LIGHTS_S), to_at=to_at
        )
    collector = _Collector(database, identity, city, stamps, stop)
    for number, unit_id in enumerate(units):
        if not collector.collect(unit_id, begin, to_at):
            return None
        progress("trips", (number + 1) / len(units))
    drives = {siren: LegDrives.joined(parts) for siren, parts in collector.parts.items()}
    segments = city.network.segments
    cells = {siren: seen[siren].with_more(cells_of(one, segments)) for siren, one in drives.items()}
    learned = {siren: learn_cells(one, segments) for siren, one in cells.items()}
    driven = sum(one.leg.size for one in drives.values())
    stored = None
    if store and driven:
        rows = [_rows(cells[siren], learned[siren].speed_kmh, learned[siren].variance,
                      siren=siren, segment_id=segments.segment_id)
                for siren in (False, True)]  # fmt: skip
        with database.unit_of_work(identity) as uow:
            stored = _store(uow, city_id, rows, since=since, until=to_at)
    both = all(one.leg.size for one in drives.values())
    return Learned(
        since=since,
        positions=collector.positions,
        trips=collector.trips,
        refused=collector.refused,
        drives=driven,
        cells=sum(one.leg.size for one in cells.values()),
        uplift=siren_uplift(drives[True], learned[False]) if both else None,
        stored=stored,
    )


class _Collector:
    """Matches the trips of one unit after another, a day at a time."""

    def __init__(
        self,
        database: Database,
        identity: Identity,
        city: CityRoads,
        stamps: Stamps,
        stop: Event | None,
    ) -> None:
        self._database, self._identity, self._stop = database, identity, stop
        self._segments = city.network.segments
        self._zone = ZoneInfo(city.snapshot.time_zone)
        self._stamps = stamps
        plain, lights = _layer(city, Profile.AMBULANCE), _layer(city, Profile.AMBULANCE_LIGHTS)
        self._plane = plain.snapper.plane
        self._matchers = {
            siren: Matcher(layer.graph, snapper=layer.snapper)
            for siren, layer in ((False, plain), (True, lights))
        }
        nothing = LegDrives.of([], self._segments, zone=self._zone)
        self.parts = {False: [nothing], True: [nothing]}
        self.positions = self.trips = self.refused = 0

    def collect(self, unit_id: int, begin: datetime | None, end: datetime) -> bool:
        """Collect a unit's drives; False if it was stopped."""
        with self._database.read(self._identity) as uow:
            period = repository_traces.first_and_last_report(
                uow.session, unit_id, from_at=begin, to_at=end
            )
        at, last = period or (end, end)
        while at < end and at <= last:
            if self._stop is not None and self._stop.is_set():
                return False
            self._day(unit_id, at, min(at + _DAY, end))
            at += _DAY
        return self._stop is None or not self._stop.is_set()

    def _day(self, unit_id: int, begin: datetime, end: datetime) -> None:
        with self._database.read(self._identity) as uow:
            day = repository_traces.read_positions(uow.session, unit_id, from_at=begin, to_at=end)
        self.positions += day.at_s.size
        for siren, trace in trips(day, self._stamps, unit_id=unit_id, plane=self._plane):
            if trace is None:
                self.refused += 1
                continue
            matched = self._matchers[siren].match(trace)
            self.trips += 1
            self.parts[siren].append(LegDrives.of([matched], self._segments, zone=self._zone))


def _layer(city: CityRoads, profile: Profile) -> Layer:
    layer = city.network.layers.get(profile)
    if layer is None:
        raise StraightLineOnlyError(city.network.version.city_id)
    return layer


def _seen(uow: UnitOfWork, city: CityRoads, city_id: int, *, siren: bool) -> LegCells:
    """Return what was seen when speeds were last learned: all of it was stored then."""
    segment_id, direction, hour, drives, pace, square = repository_speeds.read_seen(
        uow.session, city_id, siren=siren
    )
    known = city.network.segments.segment_id
    row = np.minimum(np.searchsorted(known, segment_id), known.size - 1)
    use = known[row] == segment_id
    return LegCells.of(
        (2 * row[use] + direction[use]).astype(np.int32), hour[use], drives[use], pace[use],
        square[use],
    )  # fmt: skip


Columns = dict[str, NDArray[np.generic]]


def _rows(
    cells: LegCells, speed_kmh: FloatArray, variance: FloatArray, *, siren: bool,
    segment_id: IdArray,
) -> Columns:  # fmt: skip
    return {
        "segment_id": segment_id[cells.leg // 2],
        "direction": cells.leg % 2,
        "hour": cells.hour,
        "siren": np.full(cells.leg.size, siren),
        "n": np.maximum(np.rint(cells.drives), 1.0).astype(np.int64),
        "speed_kmh": np.clip(speed_kmh, MIN_LEARNED_KMH, MAX_LEARNED_KMH),
        "spread_kmh": np.sqrt(np.nan_to_num(variance)),
        "drives": cells.drives,
        "pace_s_per_m": cells.pace_s_per_m,
        "pace_square": cells.pace_square,
    }


def _store(
    uow: UnitOfWork, city_id: int, parts: list[Columns], *, since: datetime | None, until: datetime
) -> SpeedsStored:
    """Store everything in one transaction, unless somebody else has learned since."""
    repository_speeds.one_load_at_a_time(uow.session, city_id)
    if repository_speeds.read_learned_until(uow.session, city_id) != since:
        raise LearnedMeanwhileError
    columns = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    count = columns["segment_id"].size
    total = 0
    for first in range(0, count, MAX_BATCH_ROWS):
        piece = {name: one[first : first + MAX_BATCH_ROWS] for name, one in columns.items()}
        stored = store_profiles(uow, city_id, LearnedBatch(**piece))
        total += stored.stored
    repository_speeds.set_learned_until(uow.session, city_id, until)
    return SpeedsStored(count, total, stored.change)
