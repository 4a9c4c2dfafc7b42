"""Who of a wave walks straight to the patient, and who brings which AED: solved exactly.

Each volunteer is used at most once, and each AED. Minimised is what the helpers of the wave lose of
the patient's chance, added up, by Larsen's slopes: 2.3 points a minute until one is at the patient,
1.1 points a minute until one is there with an AED. At least one always goes straight: nobody is
sent round by an AED while no other is on the way to the patient.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.arrest.survival import CPR_LOSS_PERCENT_PER_MIN, SHOCK_LOSS_PERCENT_PER_MIN
from gis.kernels.assignment import least_cost

FloatArray = npt.NDArray[np.floating]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class WavePlan:
    """`direct`: volunteers that go straight, nearest first; `fetches`: (volunteer, AED), soonest
    first; lost_percent: what is minimised, points added up over all helpers."""

    direct: tuple[int, ...]
    fetches: tuple[tuple[int, int], ...]
    lost_percent: float


def delivery_times_s(
    to_aed_s: FloatArray, pick_up_s: FloatArray, to_patient_s: FloatArray
) -> npt.NDArray[np.float32]:
    """Return seconds until each volunteer is at the patient with each AED, (v, a) float32.

    to_aed_s : (v, a) seconds on foot; pick_up_s : (a,) seconds for floors and taking it off the
    wall; to_patient_s : (a,) seconds on foot. inf = no way; NaN (not known) becomes inf.
    """
    second = np.asarray(pick_up_s, dtype=np.float32) + np.asarray(to_patient_s, dtype=np.float32)
    times = np.asarray(to_aed_s, dtype=np.float32) + second
    times[np.isnan(times)] = np.inf
    return times


def plan_wave(
    direct_s: FloatArray,
    delivery_s: FloatArray,
    *,
    size: int,
    fetches: int,
    useful_within_s: float = np.inf,
    others_direct: int = 0,
) -> WavePlan:
    """Choose at most `size` volunteers, up to `fetches` of them with an AED each.

    direct_s : (v,) seconds from each volunteer to the patient, inf or NaN = no way
    delivery_s : (v, a) seconds until the patient has this AED by this volunteer
    useful_within_s : an AED that comes later (when a crew brings one anyway) is not fetched
    others_direct : so many are on the way to the patient, or there, already; without any, one of
        the wave at least goes straight

    With as many AEDs as can be fetched in use, the sum is the least there is; ties go to the lower
    index. The time is that of looking at each pair once; what is left to choose from does not grow
    with the city: of any best solution a pair can be exchanged for one of the `2 size²` cheapest
    among those that are one of the `size` cheapest of both their volunteer and their AED.
    """
    direct = np.asarray(direct_s, dtype=np.float64)
    direct = np.where(np.isnan(direct), np.inf, direct)
    able = np.flatnonzero(np.isfinite(direct))
    size = min(size, len(able))
    if size <= 0:
        return WavePlan((), (), 0.0)
    most = min(fetches, size - (0 if others_direct else 1))
    pairs = _pairs(direct, np.asarray(delivery_s), most, size, useful_within_s)
    for count in range(min(most, len(pairs[0])), 0, -1):
        solved = _solve(direct, able, pairs, straight=size - count, fetches=count)
        if solved is not None:
            return solved
    nearest = able[np.argsort(direct[able], kind="stable")[:size]]
    lost = CPR_LOSS_PERCENT_PER_MIN / 60.0 * float(direct[nearest].sum())
    return WavePlan(tuple(nearest.tolist()), (), lost)


_Pairs = tuple[IntArray, IntArray, npt.NDArray[np.float64]]


def _pairs(
    direct: npt.NDArray[np.float64], delivery: FloatArray, fetches: int, size: int, within_s: float
) -> _Pairs:
    """Return volunteers, AEDs and seconds of the pairs that a best solution may need."""
    none = (np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.float64))
    if fetches <= 0 or delivery.size == 0:
        return none
    bound = min(within_s, _bound_s(direct, delivery, fetches, size, within_s))
    flat = np.flatnonzero(delivery <= bound)
    who, which = np.divmod(flat, delivery.shape[1])
    seconds = delivery.ravel()[flat].astype(np.float64)
    kept = np.isfinite(seconds) & np.isfinite(direct[who])
    who, which, seconds = who[kept], which[kept], seconds[kept]
    order = np.argsort(seconds, kind="stable")
    who, which, seconds = who[order], which[order], seconds[order]
    kept = (_place_within(who) < size) & (_place_within(which) < size)
    first = np.flatnonzero(kept)[: 2 * size * size]
    return who[first], which[first], seconds[first]


def _bound_s(
    direct: npt.NDArray[np.float64], delivery: FloatArray, fetches: int, size: int, within_s: float
) -> float:
    """Return seconds that no pair of a best solution exceeds: from one solution, made greedily."""
    straight = size - fetches
    best = delivery.min(axis=1)
    best = np.where(np.isfinite(direct) & (best <= within_s), best, np.inf)
    taken: dict[int, float] = {}
    used: set[int] = set()
    for volunteer in np.argsort(best, kind="stable").tolist():
        if len(taken) == fetches or not np.isfinite(best[volunteer]):
            break
        row = delivery[volunteer].astype(np.float64)
        row[list(used)] = np.inf
        device = int(row.argmin())
        if row[device] <= within_s and np.isfinite(row[device]):
            taken[volunteer] = float(row[device])
            used.add(device)
    if len(taken) < fetches:
        return np.inf
    rest = np.sort(np.delete(direct, list(taken)))[:straight]
    if len(rest) < straight or not np.isfinite(rest).all():
        return np.inf
    least_direct = float(np.sort(direct)[:straight].sum())
    spare = CPR_LOSS_PERCENT_PER_MIN * (float(rest.sum()) - least_direct)
    least = float(best.min())
    whole = SHOCK_LOSS_PERCENT_PER_MIN * sum(taken.values()) + spare
    others = SHOCK_LOSS_PERCENT_PER_MIN * least * (fetches - 1)
    # A hair above: the seconds are float32.
    return (whole - others) / SHOCK_LOSS_PERCENT_PER_MIN * (1.0 + 1e-5) + 1e-3


def _place_within(group: IntArray) -> IntArray:
    """Return the how-manieth of its group each entry is, in the order they stand."""
    order = np.argsort(group, kind="stable")
    ranked = group[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(ranked) else ranked
    lengths = np.diff(np.r_[starts, len(ranked)])
    places = np.empty(len(group), dtype=np.intp)
    places[order] = np.arange(len(ranked)) - np.repeat(starts, lengths)
    return places


def _solve(
    direct: npt.NDArray[np.float64], able: IntArray, pairs: _Pairs, *, straight: int, fetches: int
) -> WavePlan | None:
    """Solve the assignment with exactly so many of each; None: there is none.

    Rows: volunteers, then fillers that leave an AED on its wall. Columns: places straight to the
    patient, AEDs, places at home. All are filled, so exactly `fetches` AEDs move.
    """
    who, which, seconds = pairs
    nearest = able[np.argsort(direct[able], kind="stable")[: straight + fetches]]
    people = np.union1d(nearest, who)
    devices = np.unique(which)
    m, q = len(people), len(devices)
    idle = m - straight - fetches
    if q < fetches or idle < 0:
        return None
    costs = np.full((m + q - fetches, straight + q + idle), np.inf)
    costs[:m, :straight] = (CPR_LOSS_PERCENT_PER_MIN / 60.0 * direct[people])[:, None]
    rows, columns = np.searchsorted(people, who), straight + np.searchsorted(devices, which)
    costs[rows, columns] = SHOCK_LOSS_PERCENT_PER_MIN / 60.0 * seconds
    costs[:m, straight + q :] = 0.0
    costs[m:, straight : straight + q] = 0.0
    try:
        rows, columns = least_cost(costs)
    except ValueError:  # so many AEDs cannot be fetched by so many people
        return None
    used = rows < m
    rows, columns = rows[used], columns[used]
    lost = float(costs[rows, columns].sum())
    goes = rows[columns < straight]
    goes = goes[np.lexsort((people[goes], direct[people[goes]]))]
    fetching = (columns >= straight) & (columns < straight + q)
    found = sorted(
        (float(costs[row, column]), int(people[row]), int(devices[column - straight]))
        for row, column in zip(rows[fetching], columns[fetching], strict=True)
    )
    return WavePlan(
        tuple(people[goes].tolist()), tuple((who, which) for _, who, which in found), lost
    )
