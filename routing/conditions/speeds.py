"""Use cases of live and learned speeds: whole batches, all of a batch or nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.week import HOURS_OF_WEEK
from routing.conditions import repository, repository_speeds
from routing.conditions.check import MAX_SPEED_KMH, MIN_SPEED_KMH, speed_faults
from routing.conditions.cities import require_city
from routing.conditions.errors import (
    RoadAuthorityError,
    SpeedBatchShapeError,
    SpeedsRejectedError,
)
from routing.conditions.snapshot import to_us
from routing.permissions import ROAD_CONDITIONS_WRITE
from routing.wanted import want_metrics

MAX_BATCH_ROWS = 1_000_000
SWEEP_AFTER = timedelta(hours=1)
_MINUTE_US = 60_000_000
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_READ_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class SpeedBatch:
    """Live speeds of one source; columns of equal length, or one value for all rows.

    segment_id : (k,) int; direction : (k,) 0 along the segment's geometry, 1 against it
    speed_kmh : (k,) 1 to 200; confidence : (k,) above 0, up to 1
    observed_us, expires_us : (k,) microseconds since 1970; expiry is rounded up to the minute
    """

    segment_id: ArrayLike
    direction: ArrayLike
    speed_kmh: ArrayLike
    observed_us: ArrayLike
    expires_us: ArrayLike
    confidence: ArrayLike = 1.0


@dataclass(frozen=True, slots=True)
class LearnedBatch:
    """Learned speeds; columns of equal length (k,), or one value for all rows.

    `hour` 0-167 from Monday 00:00 local time; `siren` bool; `n` drives behind the speed.
    `drives`, `drives_square`, `pace_s_per_m`, `pace_square`: what was seen, as in
    `routing.learning.leg_cells.LegCells`, weighed at `weighed_at`, to which later drives are added;
    NaN and None where the speed comes from elsewhere.
    """

    segment_id: ArrayLike
    direction: ArrayLike
    hour: ArrayLike
    siren: ArrayLike
    n: ArrayLike
    speed_kmh: ArrayLike
    spread_kmh: ArrayLike = 0.0
    drives: ArrayLike = np.nan
    drives_square: ArrayLike = np.nan
    pace_s_per_m: ArrayLike = np.nan
    pace_square: ArrayLike = np.nan
    weighed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SpeedsStored:
    """How many rows came, how many replaced or joined what was stored, and the new counter."""

    received: int
    stored: int
    change: int


def set_speeds(
    uow: WritingUnitOfWork, city_id: int, batch: SpeedBatch, *, source: str
) -> SpeedsStored:
    """Store a batch of live speeds: all of it or nothing.

    Sources stand side by side; of one source a newer observation replaces an older one of the
    same edge, and an older one arriving late replaces nothing.

    Raises
    ------
    RoadCityUnknownError, RoadAuthorityError
        There is no such city, or the viewer may not write its conditions.
    SpeedBatchShapeError
        Columns differ in length, or there are more than `MAX_BATCH_ROWS`.
    SpeedsRejectedError
        Rows are impossible or name unknown segments; all of them are listed.
    """
    check_city(uow, city_id, write=True)
    now = uow.clock.now()
    columns = _columns(
        {
            "segment_id": (batch.segment_id, np.int64), "direction": (batch.direction, np.int16),
            "speed_kmh": (batch.speed_kmh, np.float64),
            "observed_us": (batch.observed_us, np.int64),
            "expires_us": (batch.expires_us, np.int64),
            "confidence": (batch.confidence, np.float64),
        }
    )  # fmt: skip
    rejected = speed_faults(
        now_us=to_us(now), **{name: one for name, one in columns.items() if name != "segment_id"}
    )
    if rejected:
        raise SpeedsRejectedError(rejected)
    expires_us = -(-columns["expires_us"] // _MINUTE_US) * _MINUTE_US
    session = uow.session
    repository_speeds.one_load_at_a_time(session, city_id)
    repository_speeds.stage_speeds(
        session,
        {
            "segment_id": columns["segment_id"], "direction": columns["direction"],
            "speed_kmh": columns["speed_kmh"].astype(np.float32),
            "observed_at": repository_speeds.to_pg_us(columns["observed_us"]),
            "expires_at": repository_speeds.to_pg_us(expires_us),
            "confidence": columns["confidence"].astype(np.float32),
        },
    )  # fmt: skip
    _refuse_unknown(uow, city_id, columns["segment_id"])
    # Nobody else loads speeds of this city: these rows may be numbered before the city is locked,
    # and closures of roads need not wait while they go in.
    stored = repository_speeds.upsert_speeds(
        session, city_id, source=source, change=repository.next_change(session)
    )
    change = repository.number_change(session, city_id, "speeds_change", now=now)
    _emit(uow, city_id, "road.speeds_updated", change=change, source=source, count=stored)
    return SpeedsStored(columns["segment_id"].size, stored, change)


def store_profiles(uow: WritingUnitOfWork, city_id: int, batch: LearnedBatch) -> SpeedsStored:
    """Store learned speeds, in place of those of the same edge, hour and siren.

    Raises
    ------
    RoadCityUnknownError, RoadAuthorityError, SpeedBatchShapeError, SpeedsRejectedError
        As in `set_speeds`.
    """
    stored = put_profiles(uow, city_id, batch)
    change = announce_profiles(uow, city_id, count=stored)
    return SpeedsStored(np.size(batch.segment_id), stored, change)


def put_profiles(uow: WritingUnitOfWork, city_id: int, batch: LearnedBatch) -> int:
    """Store learned speeds of which nobody hears until `announce_profiles`; returns how many.

    The change is not numbered yet, so that closures of roads need not wait while more goes in.

    Raises
    ------
    RoadCityUnknownError, RoadAuthorityError, SpeedBatchShapeError, SpeedsRejectedError
        As in `set_speeds`.
    """
    check_city(uow, city_id, write=True)
    columns = _columns(
        {
            "segment_id": (batch.segment_id, np.int64), "direction": (batch.direction, np.int16),
            "hour": (batch.hour, np.int16), "siren": (batch.siren, np.bool_),
            "n": (batch.n, np.int64), "speed_kmh": (batch.speed_kmh, np.float32),
            "spread_kmh": (batch.spread_kmh, np.float32),
            "drives": (batch.drives, np.float64),
            "drives_square": (batch.drives_square, np.float64),
            "pace_s_per_m": (batch.pace_s_per_m, np.float64),
            "pace_square": (batch.pace_square, np.float64),
        }
    )  # fmt: skip
    speed, hour = columns["speed_kmh"], columns["hour"]
    right = (speed >= MIN_SPEED_KMH) & (speed <= MAX_SPEED_KMH)
    right &= (hour >= 0) & (hour < HOURS_OF_WEEK)
    right &= (columns["direction"] >= 0) & (columns["direction"] <= 1)
    right &= (columns["n"] >= 0) & (columns["spread_kmh"] >= 0)
    if not right.all():
        sentence = "Speeds are 1 to 200 km/h, hours 0 to 167, directions 0 or 1, counts not below 0"
        raise SpeedsRejectedError([(int(row), f"{sentence}.") for row in np.flatnonzero(~right)])
    repository_speeds.one_load_at_a_time(uow.session, city_id)
    repository_speeds.stage_profiles(uow.session, columns)
    _refuse_unknown(uow, city_id, columns["segment_id"])
    return repository_speeds.upsert_profiles(
        uow.session, city_id, learned_at=uow.clock.now(), weighed_at=batch.weighed_at
    )


def announce_profiles(uow: WritingUnitOfWork, city_id: int, *, count: int) -> int:
    """Number the change and tell of learned speeds, last in a transaction; returns the number."""
    change = repository.number_change(uow.session, city_id, "profiles_change", now=uow.clock.now())
    _emit(uow, city_id, "road.profiles_learned", change=change, count=count)
    return change


def sweep_speeds(uow: WritingUnitOfWork, city_id: int) -> int:
    """Delete live speeds that expired an hour ago; the conditions and their name stay the same."""
    repository_speeds.one_load_at_a_time(uow.session, city_id)
    changed_at = repository.counters(uow.session, city_id).changed_at or _FIRST
    before = min(uow.clock.now() - SWEEP_AFTER, changed_at)
    return repository_speeds.delete_expired_speeds(uow.session, city_id, before=before)


def _columns(given: dict[str, tuple[ArrayLike, type]]) -> dict[str, NDArray[Any]]:
    """Return columns of one length, or raise `SpeedBatchShapeError`."""
    try:
        arrays: dict[str, NDArray[Any]] = {
            name: np.asarray(values, kind) for name, (values, kind) in given.items()
        }
        count = arrays["segment_id"].size
        shaped = {name: np.broadcast_to(array, (count,)) for name, array in arrays.items()}
    except (ValueError, TypeError, OverflowError) as error:
        raise SpeedBatchShapeError(
            "The columns of a batch must be numbers and of one length. Send one row for each edge."
        ) from error
    if not 0 < count <= MAX_BATCH_ROWS:
        raise SpeedBatchShapeError(
            f"The batch has {count} rows. Send 1 to {MAX_BATCH_ROWS}, larger ones in parts."
        )
    return shaped


def _refuse_unknown(uow: UnitOfWork, city_id: int, segment_id: NDArray[np.int64]) -> None:
    unknown = repository_speeds.unknown_segments(uow.session, city_id)
    if unknown:
        rows = np.flatnonzero(np.isin(segment_id, unknown))
        raise SpeedsRejectedError(
            [
                (int(row), f"Road {segment_id[row]} is not in this city's network; read it again.")
                for row in rows
            ]
        )


def check_city(
    uow: UnitOfWork, city_id: int, *, write: bool = False
) -> repository.CityRoads:  # fmt: skip
    """Return a city as it is stored now.

    Raises
    ------
    RoadCityUnknownError, RoadAuthorityError
        There is no such city, or the viewer may not write its conditions.
    """
    city = require_city(uow, city_id)
    if write and not uow.identity.allows(ROAD_CONDITIONS_WRITE):
        raise RoadAuthorityError(ROAD_CONDITIONS_WRITE, [city.name])
    return city


def _emit(uow: WritingUnitOfWork, city_id: int, type_: str, **payload: object) -> None:
    """Emit an event of the whole network; the city's lock, taken before, guards its chain."""
    want_metrics(uow, city_id)
    uow.emit(
        NewEvent("road_network", str(city_id), type_, payload, uow.clock.now(), city_id=city_id)
    )
