"""The hypercube queueing model: who is how busy when every place prefers its own unit.

Calls arise at places at given rates; each is served by the first free unit of its place's list of
preference; all units serve equally fast. When all are busy calls wait in one line, or are lost.

Source: R. C. Larson, A hypercube queuing model for facility location and redistricting in urban
emergency services, Computers & Operations Research 1 (1974) 67-95; the approximation: R. C.
Larson, Operations Research 23 (1975) 845-868; both as in R. C. Larson and A. R. Odoni, Urban
Operations Research (1981), sections 5.4 and 5.5. Do not use it where service times differ a lot
between units.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gis.kernels.errors import OverloadedQueueError, TooManyServersError
from gis.kernels.queueing import state_shares

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MAX_EXACT_UNITS = 14
EXACT_WITHIN_A_SECOND = 12
"""More units than this are solved by the approximation unless the exact model is asked for."""
APPROXIMATION_ROUNDS = 1_000
TOLERANCE = 1e-12
NEVER = 1e-250
"""Loads and shares below it are nothing: what is divided by them is not to be told any more."""
MOST_SWEEPS, SWEEP_TOLERANCE = 10_000, 1e-15


@dataclass(frozen=True, slots=True)
class Hypercube:
    """Shares of time and of calls.

    `busy`: (n_units,) share of time each unit works. `dispatched`: (n_places, n_units) share of
    a place's calls that find a free unit and get this one; its rows sum to 1 less
    `all_busy`, the share of calls that wait or are lost.
    """

    busy: FloatArray
    dispatched: FloatArray
    all_busy: float


def solve(load: npt.ArrayLike, preference: npt.ArrayLike, *, waiting: bool) -> Hypercube:
    """Solve exactly up to `EXACT_WITHIN_A_SECOND` units, else by the approximation.

    Takes the same as `solve_exactly`.

    Raises
    ------
    OverloadedQueueError
        If calls wait and too many arrive.
    """
    few = np.asarray(preference).shape[1] <= EXACT_WITHIN_A_SECOND
    return (solve_exactly if few else solve_approximately)(load, preference, waiting=waiting)


def mean_travel(found: Hypercube, load: npt.ArrayLike, travel: npt.ArrayLike) -> float:
    """Return the mean travel of calls that find a unit free, in the unit of `travel`.

    load: (n_places,) as solved; travel: (n_places, n_units).
    """
    sent = np.asarray(load, dtype=np.float64)[:, np.newaxis] * found.dispatched
    return float((sent * np.asarray(travel, dtype=np.float64)).sum() / sent.sum())


def solve_exactly(load: npt.ArrayLike, preference: npt.ArrayLike, *, waiting: bool) -> Hypercube:
    """Solve the 2^n balance equations.

    load: (n_places,) offered load of each place, Erlang. preference: (n_places, n_units) unit
    numbers, the preferred first, each unit once in a row.

    Raises
    ------
    TooManyServersError, OverloadedQueueError
        Beyond `MAX_EXACT_UNITS` units, or if calls wait and too many arrive.
    """
    loads, order, total = _prepare(load, preference, waiting=waiting)
    units = order.shape[1]
    if units > MAX_EXACT_UNITS:
        raise TooManyServersError(units, MAX_EXACT_UNITS)
    if total <= NEVER:
        return _idle(order)
    states = np.arange(1 << units, dtype=np.int64)
    sent = np.full((len(loads), len(states)), -1, dtype=np.int64)
    for rank in reversed(range(units)):
        free = (states >> order[:, rank][:, None]) & 1 == 0
        sent = np.where(free, order[:, rank][:, None], sent)
    last = len(states) - 1
    up_from = np.broadcast_to(states[:last], (len(loads), last)).ravel()
    up_to = up_from | (1 << sent[:, :last].ravel())
    up_rate = np.repeat(loads, last)
    busy_state, busy_unit = np.nonzero((states[:, None] >> np.arange(units)) & 1)
    down_to = busy_state & ~(1 << busy_unit)
    sources = np.concatenate([up_from, busy_state])
    targets = np.concatenate([up_to, down_to])
    rates = np.concatenate([up_rate, np.ones(len(busy_state))])
    size = len(states)
    flow = scipy.sparse.csr_array((rates, (targets, sources)), shape=(size, size))
    out = np.asarray(np.bincount(sources, weights=rates, minlength=size), dtype=np.float64)
    level = np.bitwise_count(states).astype(np.int64)
    shares = _balanced(flow, out, level, state_shares(units, total, waiting=False))
    if waiting:
        # All queues are states in which all are busy: they only lengthen the last state.
        shares[last] /= 1.0 - total / units
        shares /= shares.sum()
    busy = ((states[:, None] >> np.arange(units)) & 1).T @ shares
    dispatched = np.stack(
        [((sent == unit)[:, :last] * shares[:last]).sum(axis=1) for unit in range(units)], axis=1
    )
    return Hypercube(busy, dispatched, float(shares[last]))


def _balanced(
    flow: scipy.sparse.csr_array, out: FloatArray, level: IntArray, level_shares: FloatArray
) -> FloatArray:
    """Return the shares of time of the states: what flows into each is what flows out.

    flow: (n_states, n_states) rates, target by source; out: (n_states,) rates out of each; level:
    (n_states,) how many units are busy, of which `level_shares` are known beforehand: after each
    sweep the states of a level are scaled to it, which is why few sweeps are needed (Larson 1974,
    section 5). Even and odd levels take turns, since flow goes only between neighbours.
    """
    shares = (level_shares / np.bincount(level))[level]
    halves = [np.flatnonzero(level % 2 == parity) for parity in (0, 1)]
    into = [scipy.sparse.csr_array(flow[rows]) for rows in halves]
    for _ in range(MOST_SWEEPS):
        before = shares.copy()
        for rows, rates in zip(halves, into, strict=True):
            shares[rows] = (rates @ shares) / out[rows]
        sums = np.bincount(level, weights=shares)
        scale = np.divide(level_shares, sums, out=np.zeros_like(sums), where=sums > 0.0)
        shares *= scale[level]
        if float(np.abs(shares - before).max()) < SWEEP_TOLERANCE:
            break
    return shares


def solve_approximately(
    load: npt.ArrayLike,
    preference: npt.ArrayLike,
    *,
    waiting: bool,
    rounds: int = APPROXIMATION_ROUNDS,
) -> Hypercube:
    """Solve n equations instead of 2^n.

    Takes the same as `solve_exactly`, any number of units. Of 3 to 12 units that places prefer by
    distance a busy share was off by 0.01 in the mean and 0.03 at most, the share of all calls
    that one unit gets by 0.011 at most (`tests/gis/kernels/test_hypercube.py`). At most `rounds`
    iterations are made; fewer when no busy share changes by more than 1e-12.

    Raises
    ------
    OverloadedQueueError
        If calls wait and too many arrive.
    """
    loads, order, total = _prepare(load, preference, waiting=waiting)
    units = order.shape[1]
    if total <= NEVER:
        return _idle(order)
    states = state_shares(units, total, waiting=waiting)
    all_busy = float(states[-1])
    mean_busy = total / units * (1.0 if waiting else 1.0 - all_busy)
    correction = correction_factors(units, total, waiting=waiting)
    busy = np.full(units, mean_busy)
    for _ in range(rounds):
        reach = _reached(busy, order, correction)
        preferred = np.zeros(units)
        np.add.at(preferred, order.ravel(), (loads[:, None] * reach).ravel())
        queued = mean_busy * all_busy if waiting else 0.0
        new = (preferred + queued) / (1.0 + preferred)
        new *= units * mean_busy / new.sum()
        done = float(np.abs(new - busy).max()) < TOLERANCE
        busy = new
        if done:
            break
    dispatched = np.zeros_like(order, dtype=np.float64)
    share = _reached(busy, order, correction) * (1.0 - busy[order])
    share *= (1.0 - all_busy) / share.sum(axis=1, keepdims=True)
    np.put_along_axis(dispatched, order, share, axis=1)
    return Hypercube(busy, dispatched, all_busy)


def correction_factors(units: int, offered_load: float, *, waiting: bool) -> FloatArray:
    """Return Larson's Q(n, ρ, j) for j = 0 … n-1: (n,).

    The probability that of units drawn one after another j are busy and the next is free, over
    what it would be were they independent.
    """
    states = state_shares(units, offered_load, waiting=waiting)
    share = offered_load / units * (1.0 if waiting else 1.0 - float(states[-1]))
    drawn = np.ones(units + 1)  # P(the first j drawn are busy | k busy), j = 0
    counts = np.arange(units + 1, dtype=np.float64)
    factors = np.empty(units)
    for j in range(units):
        left = units - j
        next_free = np.clip((units - counts) / left, 0.0, 1.0)
        joint = float((states * drawn * next_free).sum())
        alone = share**j * (1.0 - share)
        # So deep a rank is never asked: its factor is multiplied by what is next to nothing.
        factors[j] = joint / alone if alone > NEVER else (factors[j - 1] if j else 1.0)
        drawn = drawn * np.clip((counts - j) / left, 0.0, None)
    return factors


def _idle(order: IntArray) -> Hypercube:
    """Return what is where no calls come: everybody is free, and the preferred one would go."""
    places, units = order.shape
    dispatched = np.zeros((places, units))
    dispatched[np.arange(places), order[:, 0]] = 1.0
    return Hypercube(np.zeros(units), dispatched, 0.0)


def _reached(busy: FloatArray, order: IntArray, correction: FloatArray) -> FloatArray:
    """Return for each place and rank the corrected share of calls that find all before it busy."""
    before = np.cumprod(busy[order], axis=1)
    shifted = np.concatenate([np.ones((len(order), 1)), before[:, :-1]], axis=1)
    return np.asarray(shifted * correction, dtype=np.float64)


def _prepare(
    load: npt.ArrayLike, preference: npt.ArrayLike, *, waiting: bool
) -> tuple[FloatArray, IntArray, float]:
    loads = np.asarray(load, dtype=np.float64)
    order = np.asarray(preference, dtype=np.int64)
    total = float(loads.sum())
    if waiting and total >= order.shape[1]:
        raise OverloadedQueueError(order.shape[1], total)
    return loads, order, total
