"""One way to the best cover: search from below, relaxation from above, HiGHS between if asked."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Ended, Limits, Sense, Watch
from planning.siting.cover_bound import CoverBound
from planning.siting.cover_search import CoverSearch
from planning.siting.covers import Cover
from planning.siting.instance import Room
from planning.siting.programme import Programme, solve

FloatArray = npt.NDArray[np.float64]
CountArray = npt.NDArray[np.int64]
TURN = 3e7
"""What the relaxation does at a turn: its pairs of place and site, times steps."""
LEAST_STEPS, MOST_STEPS = 80, 300
TURN_ROUNDS = 20
QUIET_TURNS = 3
STALLED = 0.004
"""A turn that brings the bound nearer by less than this share of the gap is among the last."""
ROUNDS = 5_000
"""Of the search, where none are asked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Units by site (m,), and how it ended."""

    units: CountArray
    ended: Ended
    solver: str


def covered(cover: Cover, units: CountArray, table: FloatArray) -> float:
    """Return what `units` (m,) cover by the table."""
    count = cover.matrix() @ units
    return float(cover.weight @ table[np.minimum(count.astype(np.int64), table.size - 1)])


def most_covered(
    cover: Cover, among: Room, table: FloatArray, watch: Watch, *, exact: bool = False
) -> Plan:
    """Return the plan that covers most by the table: what 0, 1, 2, … units within reach are worth.

    The table is non-decreasing and concave. Plain: greedy, swaps and iterated local search, and the
    bound of the relaxation. `exact`: then HiGHS, on the sites that the relaxation does not rule
    out, begun with the plan found.
    """
    limits = watch.limits
    whole = _whole(cover.weight, table)
    search = CoverSearch(cover, among, table, seed=limits.seed)
    watch.saw(value=search.value, units=search.units)
    relaxation = CoverBound(cover, among, table)
    watch.saw(bound=_floor(relaxation.bound, whole=whole))
    ended = _both(search, relaxation, watch, whole=whole)
    solver = "local search, dual bound"
    if exact and ended is Ended.DONE:
        solver += ", HiGHS"
        ended = _prove(cover, among, table, watch=watch, search=search, relaxation=relaxation)
    return Plan(search.units.copy(), ended, solver)


def _both(search: CoverSearch, relaxation: CoverBound, watch: Watch, *, whole: bool) -> Ended:
    """Search and tighten in turn until the bound stands, then search on.

    Turns have a size that does not depend on the clock, so that the same seed goes the same way.
    """
    rounds = ROUNDS if watch.limits.rounds is None else watch.limits.rounds
    steps = int(np.clip(TURN / max(relaxation.size, 1), LEAST_STEPS, MOST_STEPS))
    quiet = 0
    while True:
        ended = watch.ended()
        if ended is not None:
            return ended
        if quiet < QUIET_TURNS:
            bound, apart = relaxation.bound, relaxation.bound - search.value
            relaxation.more(steps)
            watch.saw(bound=_floor(relaxation.bound, whole=whole))
            quiet = quiet + 1 if bound - relaxation.bound < STALLED * apart else 0
            search.start_from(relaxation.taken)
        elif rounds <= 0:
            return Ended.DONE
        turn = min(TURN_ROUNDS, rounds)
        if turn:
            search.more(turn)
            rounds -= turn
        watch.saw(value=search.value, units=search.units)


def _prove(
    cover: Cover, among: Room, table: FloatArray, *, watch: Watch, search: CoverSearch,
    relaxation: CoverBound,
) -> Ended:  # fmt: skip
    whole = _whole(cover.weight, table)
    rooms = _still_open(cover, among, watch, relaxation, whole=whole)
    programme = cover_programme(cover, rooms, table)
    start = _start(cover, search.units, table)
    found = solve(programme, watch, start=start)
    if not found.feasible:
        # No other plan was left: what was found is the best.
        watch.saw(bound=watch.value)
        return Ended.PROVEN
    if found.x is not None:
        search.start_from(np.rint(found.x[: among.price.size]))
        watch.saw(value=search.value, units=search.units)
    # Sites that were ruled out lead to no better plan: the value stands for them.
    watch.saw(bound=max(_floor(found.bound, whole=whole), watch.value))
    return watch.ended() or found.ended


def _still_open(
    cover: Cover, among: Room, watch: Watch, relaxation: CoverBound, *, whole: bool
) -> Room:
    """Return the room without sites that no better plan takes, by their reduced worth."""
    worth = cover.matrix().T @ relaxation.price_of_place
    reduced = worth - relaxation.price_of_budget * among.price
    needed = watch.value + (1.0 - 1e-6 if whole else 0.0)
    spare = relaxation.bound - needed
    free = among.upper > among.lower
    out = free & (reduced < 0) & (-reduced > spare + 1e-6 * abs(watch.value))
    stays = free & (among.upper == 1) & (reduced > spare + 1e-6 * abs(watch.value))
    upper = np.where(out, among.lower, among.upper)
    return Room(among.price, among.budget, np.where(stays, among.upper, among.lower), upper)


def cover_programme(cover: Cover, among: Room, table: FloatArray) -> Programme:
    """Return the programme: units by site (m,), then by level of the table the groups reached."""
    groups, sites = cover.shape
    levels = table.size - 1
    reach = scipy.sparse.hstack(
        [-cover.matrix(), *[scipy.sparse.identity(groups)] * levels]
    )  # fmt: skip
    spent = scipy.sparse.csr_array(np.concatenate([among.price, np.zeros(levels * groups)])[None])
    gains = [cover.weight * step for step in np.diff(table)]
    return Programme(
        Sense.MOST, np.concatenate([np.zeros(sites), *gains]),
        scipy.sparse.csr_array(scipy.sparse.vstack([reach, spent])),
        np.full(groups + 1, -np.inf), np.concatenate([np.zeros(groups), [among.budget]]),
        np.concatenate([among.lower, np.zeros(levels * groups)]).astype(np.float64),
        np.concatenate([among.upper, np.ones(levels * groups)]).astype(np.float64),
        np.concatenate([np.ones(sites, dtype=bool), np.zeros(levels * groups, dtype=bool)]),
    )  # fmt: skip


def _start(cover: Cover, units: CountArray, table: FloatArray) -> FloatArray:
    count = cover.matrix() @ units
    levels = [(count > level).astype(np.float64) for level in range(table.size - 1)]
    return np.concatenate([units.astype(np.float64), *levels])


def _whole(weight: FloatArray, table: FloatArray) -> bool:
    """Whether every value is a whole number, so that a bound may be rounded down."""
    steps = np.diff(table)
    return bool((weight == np.rint(weight)).all() and (steps == np.rint(steps)).all())


def _floor(bound: float, *, whole: bool) -> float:
    return float(np.floor(bound + 1e-6 * max(1.0, abs(bound) * 1e-6))) if whole else bound


def cover_watch(limits: Limits) -> Watch:
    """Return the clock of a covering model."""
    return Watch(Sense.MOST, limits)
