"""Which moves are worth making: DMEXCLP's marginals, one move after the other, then an assignment.

Of every free unit and every post the move is taken that adds most to expected coverage, as long as
it adds enough, the budget lasts and no area is bared; then units and posts are put together anew so
that the least is driven (`dispatch.moveup.assignment`). Source: C. J. Jagtenberg, S. Bhulai, R. D.
van der Mei, An efficient heuristic for real-time ambulance redeployment, Operations Research for
Health Care 4 (2015) 27-35. Arrays only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from dispatch.coverage.model import FloatArray, IndexArray, Picture
from dispatch.moveup.assignment import by_assignment
from gis.kernels.expected_coverage import Sets, cover_gained_of, nobody_free_of

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

MOST_LOOKED_AT = 200
"""Moves that are tried, best first, against the areas' least cover before a round ends."""

FAIRNESS_S = 300.0
"""Driving that one move more in this shift outweighs when crews are chosen. A stated rule."""

Times = Callable[[IntArray, IntArray], FloatArray]
"""Seconds (units, posts) by road, of rows of the free units and of the posts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """moves : at most; least_gain : people expected to be covered more, by each move; least_area :
    share of an area's people that are reached, below which no move takes it"""

    moves: int
    least_gain: float
    least_area: float


@dataclass(frozen=True, slots=True)
class Move:
    """unit, post : rows of free units and posts; gain : people; travel_time_s : NaN if not asked"""

    unit: int
    post: int
    gain: float
    travel_time_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Moves, the greatest gain first; before, after : people expected to be covered."""

    moves: tuple[Move, ...]
    before: float
    after: float


def plan(
    picture: Picture,
    posts: Sets,
    *,
    busy: float,
    movable: BoolArray,
    at_post: IntArray,
    moved: IntArray,
    limits: Limits,
    times: Times | None = None,
) -> Plan:
    """Return the moves worth making now.

    posts : of s posts, each with the cells it reaches; movable : (m,) which free units may move
    at_post : (m,) row of the post where each stands, -1 at none; moved : (m,) moves in its shift
    times : asked once, for the units and posts of the moves; without it units stay as first chosen
    """
    cells = [_row(picture.sets, row) for row in range(len(picture.sets.start) - 1)]
    at_posts = [_row(posts, row) for row in range(len(posts.start) - 1)]
    before = picture.expected
    chosen: list[tuple[int, int]] = []
    may, held = movable.copy(), at_post.copy()
    while len(chosen) < limits.moves and may.any():
        sets = Sets.of(cells, picture.sets.n_places)
        best = _best(picture, sets, posts, busy=busy, may=may, held=held, limits=limits)
        if best is None:
            break
        unit, post = best
        cells[unit], held[unit], may[unit] = at_posts[post], post, False
        chosen.append(best)
    chosen = _reassigned(chosen, movable, at_post, moved, times)
    return _told(picture, at_posts, chosen, busy=busy, before=before, times=times)


def gains(
    people: FloatArray, sets: Sets, posts: Sets, rows: IntArray, *, busy: float
) -> FloatArray:
    """Return (k, s) people expected to be covered more when the units `rows` go to each post.

    What the post adds to what is left without the unit, less what the unit's leaving takes. busy
    : share of every unit, 0 < q < 1
    """
    nobody = nobody_free_of(sets, np.full(len(sets.start) - 1, busy))
    some = Sets.of([_row(sets, int(row)) for row in rows], sets.n_places)
    # A like unit's loss, Σ d (1 - q) q^(k - 1), is what one more there would add, over q.
    lost = (1.0 - busy) / busy * some.summed(people * nobody)
    added = cover_gained_of(people, posts, nobody, busy=busy)
    # Where both reach, the unit's own share is taken out again before the post's comes in.
    both = people * (1.0 - busy) * nobody * (1.0 / busy - 1.0)
    overlap = (_matrix(some, both) @ _matrix(posts, None).T).toarray()
    return np.asarray(added[np.newaxis, :] + overlap - lost[:, np.newaxis], np.float64)


def _best(
    picture: Picture,
    sets: Sets,
    posts: Sets,
    *,
    busy: float,
    may: BoolArray,
    held: IntArray,
    limits: Limits,
) -> tuple[int, int] | None:
    """Return unit and post of the move with the greatest gain that bares no area."""
    rows = np.flatnonzero(may)
    # Like units, those with the same cells, gain alike: the first stands for all.
    first = _firsts(sets, rows, held)
    gain = gains(picture.people, sets, posts, first, busy=busy)
    stands = held[first]
    there = np.flatnonzero(stands >= 0)
    gain[there, stands[there]] = -np.inf
    order = np.argsort(-gain, axis=None, kind="stable")[:MOST_LOOKED_AT]
    count = sets.counted()
    for flat in order.tolist():
        row, post = divmod(flat, gain.shape[1])
        if gain[row, post] < limits.least_gain:
            return None
        unit = int(first[row])
        if not _bares(picture, sets, posts, unit, post, count=count, least=limits.least_area):
            return unit, post
    return None


def _bares(
    picture: Picture,
    sets: Sets,
    posts: Sets,
    unit: int,
    post: int,
    *,
    count: FloatArray,
    least: float,
) -> bool:
    """Return whether a move takes an area below the least share, or one that is below further."""
    then = count.copy()
    then[_row(sets, unit)] -= 1.0
    then[_row(posts, post)] += 1.0
    people = picture.by_area(picture.people)
    now_reached = picture.by_area(np.where(count > 0.0, picture.people, 0.0))
    reached = picture.by_area(np.where(then > 0.0, picture.people, 0.0))
    # Rounding of sums is no loss.
    return bool(((reached < now_reached - 1e-6) & (reached < least * people)).any())


def _reassigned(
    chosen: list[tuple[int, int]],
    movable: BoolArray,
    at_post: IntArray,
    moved: IntArray,
    times: Times | None,
) -> list[tuple[int, int]]:
    """Return as many moves between the same places with the least driving, shared among crews.

    Of units that stand at the same posts as those chosen, any may go in their stead.
    """
    if not chosen or times is None:
        return chosen
    units = np.array([unit for unit, _ in chosen])
    posts = np.array([post for _, post in chosen])
    left = at_post[units]
    alike = np.flatnonzero(movable & np.isin(at_post, left[left >= 0]))
    pool = np.union1d(units, alike)
    cost = times(pool, posts) + FAIRNESS_S * moved[pool][:, np.newaxis]
    cost[at_post[pool][:, np.newaxis] == posts[np.newaxis, :]] = np.inf
    cost = np.where(np.isnan(cost), np.inf, cost)
    # Whoever stands nowhere was chosen for itself and has to go; of a post so many as were chosen.
    ordered: list[tuple[int, int]] = []
    leaving = {post: int((left == post).sum()) for post in set(left[left >= 0].tolist())}
    candidates = [
        row for row, unit in enumerate(pool.tolist())
        if at_post[unit] >= 0 or unit in set(units.tolist())
    ]  # fmt: skip
    quick = sorted(candidates, key=lambda row: (float(cost[row].min()), int(pool[row])))
    taken: list[int] = []
    for row in quick:
        post = int(at_post[pool[row]])
        if post < 0:
            taken.append(row)
        elif leaving.get(post, 0) > 0:
            leaving[post] -= 1
            taken.append(row)
    table = cost[taken]
    if len(taken) != len(posts) or not np.isfinite(table).any(axis=1).all():
        return chosen
    found = by_assignment(
        np.arange(len(posts)), np.zeros(len(posts)), movable_cost=table, hospital_cost=[]
    )
    if not np.isfinite(found.value):
        return chosen
    for row, post in zip(taken, found.movable.tolist(), strict=True):
        ordered.append((int(pool[row]), int(posts[post])))
    return ordered


def _told(
    picture: Picture,
    at_posts: list[IndexArray],
    chosen: list[tuple[int, int]],
    *,
    busy: float,
    before: float,
    times: Times | None,
) -> Plan:
    """Return the moves with what each adds, made one after the other."""
    cells = [_row(picture.sets, row) for row in range(len(picture.sets.start) - 1)]
    left, moves, now = list(chosen), [], before
    while left:
        values = []
        for unit, post in left:
            then = [*cells]
            then[unit] = at_posts[post]
            values.append(_expected(picture, then, busy))
        best = int(np.argmax(values))
        unit, post = left.pop(best)
        cells[unit] = at_posts[post]
        time_s = float("nan") if times is None else float(
            times(np.array([unit]), np.array([post]))[0, 0]
        )  # fmt: skip
        moves.append(Move(unit, post, values[best] - now, time_s))
        now = values[best]
    return Plan(tuple(moves), before, now)


def _expected(picture: Picture, cells: list[IndexArray], busy: float) -> float:
    sets = Sets.of(cells, picture.sets.n_places)
    return float(picture.people @ (1.0 - nobody_free_of(sets, np.full(len(cells), busy))))


def _row(sets: Sets, row: int) -> IndexArray:
    return sets.place[sets.start[row] : sets.start[row + 1]]


def _matrix(sets: Sets, weight: FloatArray | None) -> scipy.sparse.csr_array:
    data = np.ones(len(sets.place)) if weight is None else weight[sets.place]
    shape = (len(sets.start) - 1, sets.n_places)
    return scipy.sparse.csr_array((data, sets.place, sets.start), shape=shape)


def _firsts(sets: Sets, rows: IntArray, held: IntArray) -> IntArray:
    """Return of these rows the first of each post, and every one that stands at none."""
    seen: set[tuple[int, bytes]] = set()
    first = []
    for row in rows.tolist():
        key = (int(held[row]), _row(sets, row).tobytes())
        if key not in seen:
            seen.add(key)
            first.append(row)
    return np.array(first, np.int64)
