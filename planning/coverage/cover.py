"""How many people units reach within a limit: once, twice, surely enough, as the fleet is worked.

Limits are closed. People whose time nobody knows are counted apart, never as uncovered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.kernels.hypercube import solve
from planning.coverage.errors import CoverageInputError
from planning.coverage.model import Fleet, FloatArray, Ground, StationTimes


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """People covered within one limit by units of one class.

    covered : (h, d + 1, g) people, or expected people; known, unknown : (d + 1, g) people whose
    times are known, and the others. The last of d + 1 are people outside all districts.
    by_cell : (n, h) the share or chance of each cell
    """

    ground: Ground
    covered: FloatArray
    known: FloatArray
    unknown: FloatArray
    by_cell: FloatArray

    @property
    def share(self) -> FloatArray:
        """Return covered over known, (h, d + 1, g); NaN where nobody is known."""
        return _over(self.covered, self.known)

    @property
    def total(self) -> FloatArray:
        """Return covered over known of the whole city, (h, g); NaN where nobody is known."""
        return _over(self.covered.sum(axis=1), self.known.sum(axis=0))


def units_reaching(
    times: StationTimes, fleet: Fleet, *, limit_s: float, unit_class: str | None = None
) -> FloatArray:
    """Return how many units reach each cell within the limit, by hour: (n, h).

    Raises
    ------
    CoverageInputError
        The limit is not above 0.
    """
    reach = _within(times, limit_s)
    return _summed(reach, fleet.at_stations(times.stations, unit_class))


def k_fold(
    ground: Ground,
    times: StationTimes,
    fleet: Fleet,
    *,
    limit_s: float,
    k: int = 1,
    unit_class: str | None = None,
) -> Cover:
    """Return the people whom at least k units reach within the limit."""
    return k_folds(ground, times, fleet, limit_s=limit_s, folds=(k,), unit_class=unit_class)[0]


def k_folds(
    ground: Ground,
    times: StationTimes,
    fleet: Fleet,
    *,
    limit_s: float,
    folds: Sequence[int],
    unit_class: str | None = None,
) -> tuple[Cover, ...]:
    """Return `k_fold` of several k, units counted once."""
    for k in folds:
        if k < 1:
            raise CoverageInputError(f"Covered {k} times means nothing: ask for 1 or more.")
    ordered = times.for_cells(ground.cells)
    counts = units_reaching(ordered, fleet, limit_s=limit_s, unit_class=unit_class)
    return tuple(_told(ground, ordered, (counts >= k).astype(np.float64)) for k in folds)


def expected(
    ground: Ground,
    times: StationTimes,
    fleet: Fleet,
    *,
    limit_s: float,
    busy: npt.ArrayLike,
    unit_class: str | None = None,
) -> Cover:
    """Return the people whom some free unit reaches within the limit, units busy by themselves.

    busy : one share for all units (Daskin's MEXCLP), or (u,) or (u, h) of each, measured or given;
    with one share the sum is Daskin's objective.

    Raises
    ------
    CoverageInputError
        A share of time is not between 0 and 1, or there are not as many as units.
    """
    shares = np.asarray(busy, dtype=np.float64)
    if not ((shares >= 0.0) & (shares <= 1.0)).all():
        raise CoverageInputError("A unit is busy for a share of its time: between 0 and 1.")
    if shares.ndim == 1:
        shares = shares[:, np.newaxis]
    try:
        each = np.broadcast_to(shares, fleet.on_duty.shape)
    except ValueError as error:
        raise CoverageInputError(
            f"{len(shares)} busy shares for {len(fleet.station)} units."
        ) from error
    ordered = times.for_cells(ground.cells)
    reach = _within(ordered, limit_s)
    # Products of shares are sums of logarithms; one below the least number is nothing.
    logs = np.log(np.maximum(each, np.finfo(np.float64).tiny))
    at_station = fleet.at_stations(ordered.stations, unit_class, logs)
    return _told(ground, ordered, 1.0 - np.exp(_summed(reach, at_station)))


@dataclass(frozen=True, slots=True, eq=False)
class WorkedCover:
    """Coverage with the fleet at work, at one hour.

    cover : people times the chance that a call from them gets a free unit within the limit
    busy : (u,) share of time each unit of the hour works, `station` where it stands
    all_busy : share of calls that find nobody free
    """

    cover: Cover
    station: tuple[object, ...]
    busy: FloatArray
    all_busy: float


def by_hypercube(
    ground: Ground,
    times: StationTimes,
    fleet: Fleet,
    *,
    limit_s: float,
    load: npt.ArrayLike,
    hour: int = 0,
    unit_class: str | None = None,
) -> WorkedCover:
    """Return coverage when each call gets the nearest free unit, and units help one another out.

    load : (n,) calls of each cell times the mean time a call takes, Erlang; hour : column of the
    fleet's hours. Calls wait while all are busy; who waits is not covered.

    Raises
    ------
    CoverageInputError
        Nobody is on duty, or loads are no numbers.
    OverloadedQueueError
        More work than all units together can do.
    """
    ordered = times.for_cells(ground.cells)
    row, fit = fleet.rows(ordered.stations, unit_class)
    on = fit & fleet.on_duty[:, hour]
    if not on.any():
        raise CoverageInputError("No unit is on duty at this hour, so nobody is covered.")
    loads = np.asarray(load, dtype=np.float64)
    if loads.shape != (len(ground.cells),) or not (np.isfinite(loads) & (loads >= 0.0)).all():
        raise CoverageInputError("Each cell needs a load of 0 or more, in Erlang.")
    seconds = ordered.seconds[:, row[on]]
    order = np.argsort(seconds, axis=1, kind="stable")
    lists, of_cell = np.unique(order, axis=0, return_inverse=True)
    of_list = np.bincount(of_cell.ravel(), weights=loads, minlength=len(lists))
    found = solve(of_list, lists, waiting=True)
    served = found.dispatched[of_cell.ravel()] * (seconds <= np.float32(limit_s))
    cover = _told(ground, ordered, served.sum(axis=1)[:, np.newaxis])
    stations = tuple(key for key, here in zip(fleet.station, on.tolist(), strict=True) if here)
    return WorkedCover(cover, stations, found.busy, found.all_busy)


def _within(times: StationTimes, limit_s: float) -> npt.NDArray[np.float32]:
    if not (np.isfinite(limit_s) and limit_s > 0.0):
        raise CoverageInputError(f"A limit must be above 0 seconds, not {limit_s:g}.")
    return (times.seconds <= np.float32(limit_s)).astype(np.float32)


def _summed(reach: npt.NDArray[np.float32], at_station: FloatArray) -> FloatArray:
    """Multiply in 32 bits: whole counts stay exact, and it takes half the time."""
    return np.asarray(reach @ at_station.astype(np.float32), dtype=np.float64)


def _told(ground: Ground, times: StationTimes, by_cell: FloatArray) -> Cover:
    known = times.known.astype(np.float64)
    covered = ground.summed_by_hour(by_cell * known[:, np.newaxis])
    return Cover(ground, covered, ground.summed(known), ground.summed(1.0 - known), by_cell)


def _over(covered: FloatArray, known: FloatArray) -> FloatArray:
    of = np.broadcast_to(known, covered.shape)
    share = np.full(covered.shape, np.nan)
    np.divide(covered, of, out=share, where=of > 0.0)
    return share
