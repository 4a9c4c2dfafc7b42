"""Flow of least cost on a network, and transport from supplies to demands, with a proof.

Linear programmes for HiGHS's dual simplex (scipy): vertices of a network are whole numbers where
supplies and capacities are. Every answer carries node prices; `optimality_gap` checks with them
alone, by complementary slackness, that no cheaper flow exists (Ahuja, Magnanti, Orlin, Network
Flows, 1993, theorem 9.4).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gis.kernels.errors import InfeasibleFlowError
from gis.kernels.linear import INFEASIBLE, Rows, minimise

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SNAP = 1e-6
"""Flows this close to a whole number are that number when all data are whole."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A cheapest flow. `flow`: (n_arcs,); `price`: (n_nodes,) of one more unit of supply there."""

    flow: FloatArray
    price: FloatArray
    cost: float


@dataclass(frozen=True, slots=True)
class Transport:
    """A cheapest transport. `supply_index`, `demand_index`, `amount`: (k,) what goes where.

    `unmet`: (n_demands,) what stays without. `supply_price`, `demand_price`: what one more unit
    of a supply, or of a demand, would add to the cost; the first is never above zero.
    """

    supply_index: IntArray
    demand_index: IntArray
    amount: FloatArray
    unmet: FloatArray
    supply_price: FloatArray
    demand_price: FloatArray
    cost: float


def min_cost_flow(
    tail: npt.ArrayLike,
    head: npt.ArrayLike,
    *,
    cost: npt.ArrayLike,
    capacity: npt.ArrayLike,
    supply: npt.ArrayLike,
) -> Flow:
    """Send all supply to where it is negative, at least cost.

    tail, head: (n_arcs,) node numbers; cost: (n_arcs,) of one unit; capacity: (n_arcs,), inf for
    none; supply: (n_nodes,), negative where there is demand, summing to zero.

    Raises
    ------
    InfeasibleFlowError
        If the supplies do not sum to zero or cannot pass.
    """
    tails, heads = np.asarray(tail, dtype=np.int64), np.asarray(head, dtype=np.int64)
    prices, limits = np.asarray(cost, dtype=np.float64), np.asarray(capacity, dtype=np.float64)
    supplies = np.asarray(supply, dtype=np.float64)
    if abs(float(supplies.sum())) > 1e-9 * max(1.0, float(np.abs(supplies).sum())):
        raise InfeasibleFlowError("supplies and demands do not sum to zero")
    arcs = np.arange(len(tails))
    ends = np.concatenate([tails, heads])
    signs = np.concatenate([np.ones(len(tails)), -np.ones(len(heads))])
    rows = scipy.sparse.csr_array(
        (signs, (ends, np.concatenate([arcs, arcs]))), shape=(len(supplies), len(tails))
    )
    found = minimise(prices, equal=Rows(rows, supplies), most=limits)
    if found.status != 0:
        full = found.status == INFEASIBLE
        raise InfeasibleFlowError(
            "the capacities do not let all supply pass" if full else "a circle of arcs earns money"
        )
    flow = np.clip(_snapped(found.x, supplies, limits), 0.0, limits)
    return Flow(flow, found.equal_price, float(prices @ flow))


def optimality_gap(
    found: Flow,
    tail: npt.ArrayLike,
    head: npt.ArrayLike,
    *,
    cost: npt.ArrayLike,
    capacity: npt.ArrayLike,
) -> float:
    """Return by how much any arc breaks complementary slackness; 0 proves the flow cheapest.

    An arc's reduced cost, cost less the fall of price along it, must not be negative where more
    could flow, nor positive where something flows.
    """
    prices, limits = np.asarray(cost, dtype=np.float64), np.asarray(capacity, dtype=np.float64)
    fall = found.price[np.asarray(tail)] - found.price[np.asarray(head)]
    reduced = prices - fall
    could_rise = found.flow < limits
    could_fall = found.flow > 0.0
    broken = np.where(could_rise, np.maximum(-reduced, 0.0), 0.0)
    broken = np.maximum(broken, np.where(could_fall, np.maximum(reduced, 0.0), 0.0))
    return float(broken.max(initial=0.0))


def transport(
    cost: npt.ArrayLike,
    *,
    supply: npt.ArrayLike,
    demand: npt.ArrayLike,
    unmet_cost: npt.ArrayLike,
) -> Transport:
    """Serve demands from supplies at least cost; what it costs more to serve stays unmet.

    cost: (n_supplies, n_demands) of one unit, inf = not allowed; supply and demand: (n,) amounts;
    unmet_cost: one price, or one for each demand, of a unit that is not served.
    """
    costs = np.asarray(cost, dtype=np.float64)
    supplies, demands = np.asarray(supply, dtype=np.float64), np.asarray(demand, dtype=np.float64)
    unmet_price = np.broadcast_to(np.asarray(unmet_cost, dtype=np.float64), demands.shape)
    sources, targets = np.nonzero(np.isfinite(costs))
    pairs, n_demands = len(sources), len(demands)
    every = np.arange(n_demands)
    served = scipy.sparse.csr_array(
        (np.ones(pairs + n_demands), (np.concatenate([targets, every]),
                                      np.arange(pairs + n_demands))),
        shape=(n_demands, pairs + n_demands),
    )  # fmt: skip
    given = scipy.sparse.csr_array(
        (np.ones(pairs), (sources, np.arange(pairs))), shape=(len(supplies), pairs + n_demands)
    )
    prices = np.concatenate([costs[sources, targets], unmet_price])
    found = minimise(prices, equal=Rows(served, demands), below=Rows(given, supplies))
    amounts = _snapped(found.x, supplies, demands)
    used = amounts[:pairs] > 0.0
    return Transport(
        sources[used], targets[used], amounts[:pairs][used], amounts[pairs:],
        found.below_price, found.equal_price, float(prices @ amounts),
    )  # fmt: skip


def _snapped(flow: npt.ArrayLike, *data: FloatArray) -> FloatArray:
    """Return whole flows where all data are whole: the solver's last digits are not."""
    found = np.asarray(flow, dtype=np.float64)
    whole = all(bool((values[np.isfinite(values)] % 1.0 == 0.0).all()) for values in data)
    near = np.rint(found)
    if whole and bool((np.abs(near - found) < SNAP).all()):
        return np.asarray(near, dtype=np.float64)
    return np.maximum(found, 0.0)
