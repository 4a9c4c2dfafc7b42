"""Use case of learning: what the vehicles drove becomes the speeds of the hours to come.

Learned anew from all positions of the period each time, so that learning twice counts nothing
twice; what was learned of streets that nobody drove in the period stays as it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

import numpy as np

from gis.database import UnitOfWork
from routing import repository_traces
from routing.city_roads import CityRoads
from routing.errors import InvalidTraceError, StraightLineOnlyError
from routing.learn import LearnedSpeeds, LegDrives, Uplift, learn_speeds, siren_uplift
from routing.match import Matcher
from routing.match_model import MatchedTrace, Trace
from routing.model import FloatArray, IdArray, Profile
from routing.repository_traces import Positions
from routing.service import Routing
from routing.service_conditions import LearnedBatch, SpeedsStored, store_profiles

_FEWEST_POSITIONS = 5
MAX_LEARNED_KMH = 200.0


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a period: reports read, traces matched and refused, legs driven, cells."""

    positions: int
    traces: int
    refused: int
    drives: int
    cells: int
    uplift: Uplift | None
    stored: SpeedsStored | None


def learn(
    uow: UnitOfWork,
    routing: Routing,
    city_id: int,
    *,
    from_at: datetime,
    to_at: datetime,
    store: bool = True,
    progress: Callable[[str, float], None] = lambda _step, _share: None,
    stop: Event | None = None,
) -> Learned | None:
    """Learn the speeds of a city from the positions received in a period.

    Drives to a scene with lights are learned apart from all others. None if `stop` was set: then
    nothing is stored.

    Raises
    ------
    StraightLineOnlyError
        The city has no usable road graph.
    RoadAuthorityError
        The identity may not write road conditions.
    """
    city = routing.city(city_id)
    if city is None:
        raise StraightLineOnlyError(city_id)
    counts = {"positions": 0, "traces": 0, "refused": 0}
    found: dict[bool, list[MatchedTrace]] = {False: [], True: []}
    matchers = {
        siren: _matcher(city, profile)
        for siren, profile in ((False, Profile.AMBULANCE), (True, Profile.AMBULANCE_LIGHTS))
    }
    sirens = repository_traces.read_siren_drives(uow.session, city_id, from_at=from_at, to_at=to_at)
    whole_s = max((to_at - from_at).total_seconds(), 1.0)
    for day in repository_traces.read_positions(uow.session, city_id, from_at=from_at, to_at=to_at):
        counts["positions"] += day.at_s.size
        for siren, trace in _traces(day, sirens):
            if stop is not None and stop.is_set():
                return None
            try:
                found[siren].append(matchers[siren].match(trace))
                counts["traces"] += 1
            except InvalidTraceError:
                counts["refused"] += 1
        progress("match", min((float(day.at_s[-1]) - from_at.timestamp()) / whole_s, 1.0))
    segments = city.network.segments
    zone = ZoneInfo(city.snapshot.time_zone)
    drives = {siren: LegDrives.of(one, segments, zone=zone) for siren, one in found.items()}
    learned = {siren: learn_speeds(one, segments) for siren, one in drives.items() if one.leg.size}
    stored = None
    if store and learned:
        stored = store_profiles(uow, city_id, _batch(learned, segments.segment_id))
    return Learned(
        **counts,
        drives=sum(one.leg.size for one in drives.values()),
        cells=sum(one.leg.size for one in learned.values()),
        uplift=siren_uplift(drives[True], learned[False])
        if {True, False} <= learned.keys()
        else None,
        stored=stored,
    )


def _matcher(city: CityRoads, profile: Profile) -> Matcher:
    layer = city.network.layers.get(profile)
    if layer is None:
        raise StraightLineOnlyError(city.network.version.city_id)
    return Matcher(layer.graph, snapper=layer.snapper)


def _traces(day: Positions, sirens: FloatArray) -> Iterator[tuple[bool, Trace]]:
    """Cut a day's reports by unit and by lights on or off."""
    siren = np.zeros(day.at_s.size, dtype=np.bool_)
    drive = np.zeros(day.at_s.size, dtype=np.int64)
    for number, (unit_id, start_s, end_s) in enumerate(sirens, start=1):
        rows = (day.unit_id == unit_id) & (day.at_s >= start_s) & (day.at_s <= end_s)
        siren[rows] = True
        drive[rows] = number
    change = (np.diff(day.unit_id) != 0) | (np.diff(drive) != 0)
    for rows in np.split(np.arange(day.at_s.size), np.flatnonzero(change) + 1):
        if rows.size >= _FEWEST_POSITIONS:
            yield (
                bool(siren[rows[0]]),
                Trace.of(
                    day.lonlat[rows],
                    day.at_s[rows],
                    heading_deg=day.heading_deg[rows],
                    accuracy_m=day.accuracy_m[rows],
                ),
            )


def _batch(learned: dict[bool, LearnedSpeeds], segment_id: IdArray) -> LearnedBatch:
    """Put what was learned with and without lights into one batch."""
    every = list(learned.items())
    leg = np.concatenate([one.leg for _, one in every])
    speed_kmh = np.concatenate([one.speed_kmh for _, one in every])
    return LearnedBatch(
        segment_id=segment_id[leg // 2],
        direction=leg % 2,
        hour=np.concatenate([one.hour for _, one in every]),
        siren=np.concatenate([np.full(one.leg.size, siren) for siren, one in every]),
        n=np.concatenate([one.n for _, one in every]),
        speed_kmh=np.clip(speed_kmh, 1.0, MAX_LEARNED_KMH),
        spread_kmh=np.sqrt(np.nan_to_num(np.concatenate([one.variance for _, one in every]))),
    )
