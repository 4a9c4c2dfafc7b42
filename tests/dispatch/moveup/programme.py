"""Zhang's move-up as an integer programme: what the assignment is tested against."""

import numpy as np
import numpy.typing as npt
import scipy.optimize
import scipy.sparse

from dispatch.moveup.assignment import NOWHERE, Slotted, TooFewSlotsError, read_slots


def by_programme(
    station: npt.ArrayLike,
    benefit: npt.ArrayLike,
    *,
    movable_cost: npt.ArrayLike,
    hospital_cost: npt.ArrayLike,
) -> Slotted:
    """Solve it as Zhang's integer programme (HiGHS): takes and returns what `by_assignment` does.

    x[u, s] = 1: unit u stands at station s; y[k] = 1: slot k is filled. As many slots of a station
    are filled as units stand there; the most valuable are, since the objective says so.
    """
    slots, worth, stay, leave = read_slots(station, benefit, movable_cost, hospital_cost)
    cost = np.concatenate([stay, leave])
    units, stations = cost.shape
    if not units:
        return Slotted(np.zeros(0, np.int64), np.zeros(0, np.int64), 0.0)
    x, count = units * stations, units * stations + len(slots)
    allowed = np.isfinite(cost).ravel()
    row = np.concatenate([np.repeat(np.arange(units), stations),
                          units + np.tile(np.arange(stations), units), units + slots])  # fmt: skip
    column = np.concatenate([np.arange(x), np.arange(x), x + np.arange(len(slots))])
    sign = np.concatenate([np.ones(2 * x), -np.ones(len(slots))])
    matrix = scipy.sparse.csr_array((sign, (row, column)), shape=(units + stations, count))
    least = np.concatenate([np.ones(len(stay)), np.zeros(len(leave) + stations)])
    most = np.concatenate([np.ones(units), np.zeros(stations)])
    found = scipy.optimize.milp(
        np.concatenate([np.where(allowed, cost.ravel(), 0.0), -worth]),
        integrality=np.ones(count),
        bounds=scipy.optimize.Bounds(0, np.concatenate([allowed, np.ones(len(slots))])),
        constraints=scipy.optimize.LinearConstraint(matrix, least, most),
    )
    if found.x is None:
        raise TooFewSlotsError(len(stay), len(slots))
    stands = found.x[:x].reshape(units, stations) > 0.5
    where = np.where(stands.any(axis=1), stands.argmax(axis=1), NOWHERE).astype(np.int64)
    return Slotted(where[: len(stay)], where[len(stay) :], -float(found.fun))
