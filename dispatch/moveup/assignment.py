"""Zhang's move-up: which unit to which slot, so that benefit less cost is greatest. Exact.

Each station has slots, each worth a benefit that falls from slot to slot. Every movable unit gets
one; a unit at a hospital gets one or none. Source: L. Zhang, Simulation optimisation and Markov
models for dynamic ambulance redeployment, PhD thesis, University of Auckland (2012), as an integer
programme; as an assignment in S. Ridler, A. J. Mason, A. Raith, A simulation and optimisation
package for emergency medical services, EJOR 298 (2022) 1101-1113. The programme is what the
assignment is tested against.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.errors import InvalidInputError
from gis.kernels.assignment import least_cost

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NOWHERE = -1
"""The station of a unit that stays without a slot."""


class TooFewSlotsError(InvalidInputError):
    """There are more movable units than slots."""

    code = "too_few_slots"

    def __init__(self, units: int, slots: int) -> None:
        super().__init__(
            f"{units} units have to stand somewhere and there are {slots} slots. Add slots."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Slotted:
    """movable, at_hospital : station of each unit, `NOWHERE` of one that gets none; value : best"""

    movable: IntArray
    at_hospital: IntArray
    value: float


def by_assignment(
    station: npt.ArrayLike,
    benefit: npt.ArrayLike,
    *,
    movable_cost: npt.ArrayLike,
    hospital_cost: npt.ArrayLike,
) -> Slotted:
    """Solve it as an assignment of units to slots (Jonker-Volgenant, scipy).

    station, benefit : (slots,); costs : (units, stations), inf where a unit must not go

    Raises
    ------
    TooFewSlotsError
    """
    slots, worth, stay, leave = read_slots(station, benefit, movable_cost, hospital_cost)
    value = worth - np.concatenate([stay, leave])[:, slots]
    # One column for each unit at a hospital that stays there, worth nothing.
    own = np.full((len(value), len(leave)), -np.inf)
    own[len(stay) + np.arange(len(leave)), np.arange(len(leave))] = 0.0
    table = np.concatenate([value, own], axis=1)
    if not len(table):
        return Slotted(np.zeros(0, np.int64), np.zeros(0, np.int64), 0.0)
    # Infinities confuse the solver's prices; this is worse than any whole solution.
    finite = np.abs(table[np.isfinite(table)]).sum() + 1.0
    row, column = least_cost(-np.where(np.isfinite(table), table, -finite))
    where = np.full(len(table), NOWHERE, np.int64)
    placed = column < len(slots)
    where[row[placed]] = slots[column[placed]]
    return Slotted(where[: len(stay)], where[len(stay) :], float(table[row, column].sum()))


def read_slots(
    station: npt.ArrayLike,
    benefit: npt.ArrayLike,
    movable_cost: npt.ArrayLike,
    hospital_cost: npt.ArrayLike,
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    """Return slots, their benefits and both costs as arrays of one width.

    Raises
    ------
    TooFewSlotsError
    """
    slots, worth = np.asarray(station, np.int64), np.asarray(benefit, np.float64)
    stations = int(slots.max()) + 1 if len(slots) else 0
    stay, leave = (np.asarray(one, np.float64) for one in (movable_cost, hospital_cost))
    width = max([stations, *(one.shape[1] for one in (stay, leave) if one.ndim == 2)])
    stay, leave = (one.reshape(-1, width) if one.size else np.zeros((0, width))
                   for one in (stay, leave))  # fmt: skip
    if len(stay) > len(slots):
        raise TooFewSlotsError(len(stay), len(slots))
    return slots, worth, stay, leave
