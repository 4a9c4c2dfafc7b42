"""Trauma centres and helicopters at once: by road, or by air from a landing site near the scene.

C. C. Branas, E. J. MacKenzie, C. S. ReVelle, A trauma resource allocation model for ambulances and
hospitals, Health Services Research 35 (2000) 489-507 (TRAUMAH).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Answer, Ended, Limits, Sense, Watch
from planning.siting.covers import joined
from planning.siting.errors import SitingInputError, SitingKeysError, TooManySitesError, named
from planning.siting.instance import checked_weight
from planning.siting.maximal import check_reach
from planning.siting.programme import Programme, solve

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
MOST_WAYS = 2_000_000
"""Ways by air from a place over depot and centre that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """How a helicopter's minutes are counted.

    to_landing : (n, l) from each place to each landing site by road, inf where no way leads
    from_depot : (d, l) of flight from each depot; to_centre : (l, c) of flight to each centre
    start, load : before it flies, and at the landing site before it flies on
    """

    to_landing: FloatArray
    from_depot: FloatArray
    to_centre: FloatArray
    start: float = 0.0
    load: float = 0.0

    def reached(self, limit: float) -> BoolArray:
        """Return (n, d, c) whether a place gets to a centre within the limit, at it too.

        The patient is driven to the landing site while the helicopter flies there; whoever is first
        waits.
        """
        places, landings = self.to_landing.shape
        depots, centres = len(self.from_depot), self.to_centre.shape[1]
        found = np.zeros((places, depots, centres), np.bool_)
        for one in range(landings):
            meets = np.maximum(self.to_landing[:, one, None], self.start + self.from_depot[:, one])
            whole = meets[:, :, None] + self.load + self.to_centre[one]
            found |= whole <= limit
        return found


@dataclass(frozen=True, slots=True)
class TraumaPlan:
    """Centres and depots, and how many people reach a centre: by road, and only by air.

    answer : its sites are the centres, then the depots
    """

    answer: Answer
    centres: tuple[str, ...]
    depots: tuple[str, ...]
    by_road: float
    only_by_air: float


def flight_minutes(
    metres: npt.ArrayLike, *, speed_kmh: float, overhead_min: float = 0.0
) -> FloatArray:
    """Return the minutes of straight flights of so many metres, with take-off and landing.

    Raises
    ------
    SitingInputError
        The speed is not above 0.
    """
    if not (np.isfinite(speed_kmh) and speed_kmh > 0.0 and overhead_min >= 0.0):
        raise SitingInputError("A helicopter flies at a speed above 0, its overhead is 0 or more.")
    return np.asarray(metres, np.float64) / (speed_kmh / 0.06) + overhead_min


def trauma_centres(
    weight: Mapping[str, float],
    centres: Sequence[str],
    depots: Sequence[str],
    *,
    by_road: npt.ArrayLike,
    air: Air,
    limit: float,
    most_centres: int,
    most_depots: int,
    fixed: Sequence[str] = (),
    limits: Limits | None = None,
) -> TraumaPlan:
    """Choose centres and helicopter depots so that most people reach a centre within the limit.

    by_road : (n, c) minutes from each place of `weight`, in its order, to each centre, inf where no
    way leads; fixed : centres and depots that stand already, among the numbers. Raises
    `SitingKeysError`, `TooManySitesError`, `SitingDemandError`, `SitingInputError`.
    """
    check_reach(limit)
    road = np.asarray(by_road, np.float64)
    _check(weight, centres, depots, road=road, air=air, fixed=fixed)
    demand = tuple(weight)
    people = checked_weight(demand, list(weight.values()))
    for most, keys, what in (
        (most_centres, centres, "centres"), (most_depots, depots, "depots")
    ):  # fmt: skip
        stands = len(set(fixed) & set(keys))
        if most > len(keys) or most < stands or most < 0:
            raise TooManySitesError(
                f"{most} {what} cannot stand: there are places for {len(keys)}, {stands} are fixed."
            )
    near, flown = road <= limit, air.reached(limit)
    programme = _programme(
        people, near, flown, most=(most_centres, most_depots),
        stands=np.array([key in set(fixed) for key in (*centres, *depots)]),
    )  # fmt: skip
    watch = Watch(Sense.MOST, limits or Limits())
    found = solve(programme, watch)
    if found.x is None:
        raise SitingInputError(
            "No plan was found"
            + (" in the time given." if found.ended is Ended.TIME else " before it was stopped.")
        )
    chosen = np.rint(found.x[: len(centres) + len(depots)]).astype(np.bool_)
    open_, based = chosen[: len(centres)], chosen[len(centres) :]
    on_road = near[:, open_].any(axis=1)
    flies = flown[:, based].any(axis=1) & open_
    value = float(people @ (on_road | flies.any(axis=1)))
    watch.saw(value=value, bound=found.bound)
    names = tuple(key for key, yes in zip(centres, open_.tolist(), strict=True) if yes)
    bases = tuple(key for key, yes in zip(depots, based.tolist(), strict=True) if yes)
    served = np.where(on_road, np.where(open_, road, np.inf).argmin(axis=1), flies.argmax(axis=1))
    answer = Answer(
        "trauma", Sense.MOST, (*names, *bases), value, max(watch.bound, value), watch.seconds,
        "HiGHS", watch.limits.seed, found.ended,
        np.where(on_road | flies.any(axis=1), served, -1), tuple(watch.trace),
        _digest(weight, (*centres, *depots), road, air),
    )  # fmt: skip
    by_road_alone = float(people @ on_road)
    return TraumaPlan(answer, names, bases, by_road_alone, value - by_road_alone)


def _check(
    weight: Mapping[str, float], centres: Sequence[str], depots: Sequence[str], *,
    road: FloatArray, air: Air, fixed: Sequence[str],
) -> None:  # fmt: skip
    keys = [*centres, *depots]
    twice = sorted({one for one in keys if keys.count(one) > 1})
    if twice:
        raise SitingKeysError(f"Centres and depots are named once; more often: {named(twice)}.")
    strange = sorted(set(fixed) - set(keys))
    if strange:
        raise SitingKeysError(f"Neither a centre nor a depot, but fixed: {named(strange)}.")
    landings = air.to_landing.shape[1]
    wanted = {
        "by_road": (road, (len(weight), len(centres))),
        "to_landing": (air.to_landing, (len(weight), landings)),
        "from_depot": (air.from_depot, (len(depots), landings)),
        "to_centre": (air.to_centre, (landings, len(centres))),
    }
    for name, (minutes, shape) in wanted.items():
        if minutes.shape != shape:
            raise SitingInputError(
                f"{name} is {' × '.join(map(str, minutes.shape))}, not "
                f"{' × '.join(map(str, shape))}."
            )
        if np.isnan(minutes).any() or (minutes.size and minutes.min() < 0.0):
            raise SitingInputError(f"Minutes of {name} are negative or no number somewhere.")
    ways = len(weight) * len(depots) * len(centres)
    if ways > MOST_WAYS:
        raise SitingInputError(
            f"{ways:,} ways by air are too many; leave depots or centres out, to at most "
            f"{MOST_WAYS:,}."
        )


def _programme(
    people: FloatArray, near: BoolArray, flown: BoolArray, *, most: tuple[int, int],
    stands: BoolArray,
) -> Programme:  # fmt: skip
    """Return the programme: centres (c,), depots (d,), depot with centre (d × c), groups (g,)."""
    depots, centres = flown.shape[1:]
    pairs = depots * centres
    reached = np.concatenate([near, flown.reshape(len(people), pairs)], axis=1)
    cover = joined(scipy.sparse.csr_array(reached.astype(np.int8)), people)
    groups = cover.shape[0]
    ways = cover.matrix()
    array, one = scipy.sparse.csr_array, scipy.sparse.identity
    first, last = np.repeat(np.arange(depots), centres), np.tile(np.arange(centres), depots)
    ones, at = np.ones(pairs), np.arange(pairs)
    of_depot = array((ones, (at, first)), shape=(pairs, depots))
    of_centre = array((ones, (at, last)), shape=(pairs, centres))
    rows: list[list[Any]] = [
        [-ways[:, :centres], array((groups, depots)), -ways[:, centres:], one(groups)],
        [-of_centre, array((pairs, depots)), one(pairs), array((pairs, groups))],
        [array((pairs, centres)), -of_depot, one(pairs), array((pairs, groups))],
        [array(np.ones((1, centres))), array((1, depots)), array((1, pairs)), array((1, groups))],
        [array((1, centres)), array(np.ones((1, depots))), array((1, pairs)), array((1, groups))],
    ]
    sites = centres + depots
    high = np.concatenate([np.zeros(groups + 2 * pairs), np.array(most, np.float64)])
    return Programme(
        Sense.MOST, np.concatenate([np.zeros(sites + pairs), cover.weight]),
        array(scipy.sparse.vstack([scipy.sparse.hstack(parts) for parts in rows])),
        np.full(high.size, -np.inf), high,
        np.concatenate([stands, np.zeros(pairs + groups)]).astype(np.float64),
        np.ones(sites + pairs + groups),
        np.concatenate([np.ones(sites, dtype=bool), np.zeros(pairs + groups, dtype=bool)]),
    )  # fmt: skip


def _digest(
    weight: Mapping[str, float], sites: Sequence[str], road: FloatArray, air: Air
) -> str:  # fmt: skip
    made = blake2b(digest_size=16)
    made.update(repr((list(weight.items()), sites, air.start, air.load)).encode())
    for part in (road, air.to_landing, air.from_depot, air.to_centre):
        made.update(np.ascontiguousarray(part).tobytes())
    return made.hexdigest()
