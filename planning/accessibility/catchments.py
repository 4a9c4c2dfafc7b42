"""Who goes where: to the nearest, or to the nearest that still has room.

With capacity all are placed at once by a flow of least person-minutes (`gis.kernels.network_flow`):
the answer does not depend on the order in which facilities are looked at.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.kernels.network_flow import transport
from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.model import Amounts, FloatArray, TravelTimes, aligned


@dataclass(frozen=True, slots=True, eq=False)
class Catchments:
    """Who of n places goes to which of m opportunities.

    people : (m,) who come; unserved : (n,) people left without one, within the limit
    mean_min : of all served, None if nobody is
    """

    demand: pd.Index
    supply: pd.Index
    people: FloatArray
    unserved: FloatArray
    mean_min: float | None


def nearest_catchments(times: TravelTimes, *, population: Amounts, limit_min: float) -> Catchments:
    """Return the catchments of all going to the nearest within a limit (included).

    Of several at the same time it is the one that stands first among the opportunities.
    """
    people = aligned(population, times.demand, "people by place of demand")
    matrix = times.minutes
    lengths = np.diff(matrix.indptr)
    row = np.repeat(np.arange(len(people)), lengths)
    order = np.lexsort((matrix.indices, matrix.data, row))
    inside = order[matrix.data[order] <= limit_min]
    rows, first = np.unique(row[inside], return_index=True)
    pairs = inside[first]
    came = np.bincount(
        matrix.indices[pairs], weights=people[rows], minlength=len(times.supply)
    ).astype(np.float64)
    unserved = people.copy()
    unserved[rows] = 0.0
    return _told(times, came, unserved, float(people[rows] @ matrix.data[pairs]))


def catchments_with_room(
    times: TravelTimes, capacity: Amounts, *, population: Amounts, limit_min: float
) -> Catchments:
    """Return the catchments of least person-minutes within capacities and a limit (included).

    As many are served as can be; of these answers the one with the shortest ways.
    """
    if not np.isfinite(limit_min) or limit_min <= 0.0:
        raise AccessibilityInputError(f"The limit must be above 0 minutes, not {limit_min:g}.")
    people = aligned(population, times.demand, "people by place of demand")
    room = aligned(capacity, times.supply, "capacities")
    cost = np.full((len(room), len(people)), np.inf)
    matrix = times.minutes
    row = np.repeat(np.arange(len(people)), np.diff(matrix.indptr))
    inside = matrix.data <= limit_min
    cost[matrix.indices[inside], row[inside]] = matrix.data[inside]
    # Dearer than any chain of moves by which one more could be served.
    price = limit_min * (2 * min(cost.shape) + 2)
    found = transport(cost, supply=room, demand=people, unmet_cost=price)
    came = np.bincount(found.supply_index, weights=found.amount, minlength=len(room)).astype(
        np.float64
    )
    spent = float(found.amount @ cost[found.supply_index, found.demand_index])
    return _told(times, came, found.unmet, spent)


def _told(
    times: TravelTimes, came: FloatArray, unserved: FloatArray, person_minutes: float
) -> Catchments:
    served = float(came.sum())
    mean = person_minutes / served if served > 0.0 else None
    return Catchments(times.demand, times.supply, came, unserved, mean)
