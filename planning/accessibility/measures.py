"""What people reach: opportunities counted, weighted, and shared with all others who reach them.

Sources: cumulative and gravity: W. G. Hansen, J. Am. Inst. Planners 25 (1959) 73; 2SFCA: W. Luo &
F. Wang, Environ. Plan. B 30 (2003) 865; E2SFCA: W. Luo & Y. Qi, Health & Place 15 (2009) 1100;
3SFCA: N. Wan, B. Zou & T. Sternberg, IJGIS 26 (2012) 1073; balanced: A. Paez, C. D. Higgins &
S. F. Vivona, PLoS ONE 14 (2019) e0218773. Each is a product or two of one sparse matrix with
(n, k) people or supplies, however many kinds k there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from planning.accessibility.decay import Decay, Values, within
from planning.accessibility.errors import AccessibilityInputError
from planning.accessibility.model import Amounts, FloatArray, TravelTimes, aligned

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Accessibility:
    """What n places reach of k kinds of opportunities.

    demand : n keys; kinds : k names; value : (n, k), opportunities, or of them a share a person
    unused : of each kind the keys of opportunities above 0 that no person reaches; they are in
    nobody's value
    """

    demand: "pd.Index"
    kinds: tuple[str, ...]
    value: FloatArray
    unused: Mapping[str, tuple[object, ...]]

    def of(self, kind: str) -> FloatArray:
        """Return the values of one kind, (n,)."""
        return np.asarray(self.value[:, self.kinds.index(kind)], dtype=np.float64)


def cumulative(
    times: TravelTimes, supply: Mapping[str, Amounts], *, limit_min: float
) -> Accessibility:
    """Return the opportunities of each kind within a limit, the limit included."""
    return gravity(times, supply, decay=within(limit_min))


def gravity(times: TravelTimes, supply: Mapping[str, Amounts], *, decay: Decay) -> Accessibility:
    """Return the opportunities of each kind, each by its weight; nobody competes for them."""
    kinds, amounts = _supplies(times, supply)
    weights = _weights(times, decay)
    reached = np.asarray(weights.sum(axis=0)) > 0.0
    return _answer(times, kinds, amounts, weights @ amounts, reached)


def two_step(
    times: TravelTimes, supply: Mapping[str, Amounts], *, population: Amounts, decay: Decay
) -> Accessibility:
    """Return the two-step floating catchment: supply a person, shared among all who reach it.

    2SFCA by `decay.within(limit)`, E2SFCA by any other decay. The sum of the values times the
    people is the supply that somebody reaches.
    """
    people = aligned(population, times.demand, "people by place of demand")
    kinds, amounts = _supplies(times, supply)
    weights = _weights(times, decay)
    demand = weights.T @ people
    return _answer(times, kinds, amounts, weights @ _shared(amounts, demand), demand > 0.0)


def three_step(
    times: TravelTimes,
    supply: Mapping[str, Amounts],
    *,
    population: Amounts,
    decay: Decay,
    selection: Decay | None = None,
) -> Accessibility:
    """Return the three-step floating catchment: who reaches several demands less of each.

    selection : the weights by which people part themselves among opportunities, `decay` if not
    given; a wider one lets those beyond the catchment draw some away
    """
    people = aligned(population, times.demand, "people by place of demand")
    kinds, amounts = _supplies(times, supply)
    weights = _weights(times, decay)
    chosen = weights if selection is None else _weights(times, selection)
    parts = _scaled_rows(chosen)
    both = csr_array(
        (weights.data * parts.data, weights.indices, weights.indptr), shape=weights.shape
    )
    demand = both.T @ people
    return _answer(times, kinds, amounts, both @ _shared(amounts, demand), demand > 0.0)


def balanced(
    times: TravelTimes, supply: Mapping[str, Amounts], *, population: Amounts, decay: Decay
) -> Accessibility:
    """Return the balanced floating catchment: nobody is counted twice, no supply given twice.

    The weights of a place's people add up to 1, so do those of an opportunity's supply a person.
    The values add up to the supplies a person of the opportunities (not times the people).
    """
    people = aligned(population, times.demand, "people by place of demand")
    kinds, amounts = _supplies(times, supply)
    weights = _weights(times, decay)
    demand = _scaled_rows(weights).T @ people
    share = _shared(amounts, demand)
    total = np.asarray(weights.sum(axis=0), dtype=np.float64)
    inverse = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0.0)
    return _answer(times, kinds, amounts, weights @ (share * inverse[:, np.newaxis]), demand > 0.0)


def reached_supply(found: Accessibility, supply: Mapping[str, Amounts]) -> dict[str, float]:
    """Return of each kind the supply that somebody reaches."""
    return {
        kind: float(
            sum(supply[kind].values()) - sum(supply[kind][key] for key in found.unused[kind])
        )
        for kind in found.kinds
    }


def _supplies(
    times: TravelTimes, supply: Mapping[str, Amounts]
) -> tuple[tuple[str, ...], FloatArray]:
    if not supply:
        raise AccessibilityInputError("No kind of opportunity is given. Name at least one.")
    columns = [
        aligned(amounts, times.supply, f"supplies of {kind}") for kind, amounts in supply.items()
    ]
    return tuple(supply), np.stack(columns, axis=1)


def _weights(times: TravelTimes, decay: Decay) -> csr_array:
    minutes = times.minutes
    data: Values = decay(minutes.data)
    return csr_array((data, minutes.indices, minutes.indptr), shape=minutes.shape)


def _scaled_rows(weights: csr_array) -> csr_array:
    """Return the weights over the sum of their row; rows without weight stay without."""
    sums = np.asarray(weights.sum(axis=1), dtype=np.float64)
    inverse = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0.0)
    data = weights.data * np.repeat(inverse, np.diff(weights.indptr))
    return csr_array((data, weights.indices, weights.indptr), shape=weights.shape)


def _shared(amounts: FloatArray, demand: FloatArray) -> FloatArray:
    """Return (m, k) supply a person; 0 where nobody asks for it."""
    inverse = np.divide(1.0, demand, out=np.zeros_like(demand), where=demand > 0.0)
    return np.asarray(amounts * inverse[:, np.newaxis], dtype=np.float64)


def _answer(
    times: TravelTimes,
    kinds: tuple[str, ...],
    amounts: FloatArray,
    value: FloatArray,
    used: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Accessibility:
    unused = {
        kind: tuple(times.supply[~used & (amounts[:, column] > 0.0)])
        for column, kind in enumerate(kinds)
    }
    return Accessibility(times.demand, kinds, np.asarray(value, dtype=np.float64), unused)
