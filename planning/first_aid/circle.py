"""Whom helpers reach within a limit, hour by hour. Pure.

Helpers of one kind who are at hand in the same hours and equally far from the street are a class:
the ways of a class are searched for once, whatever its number.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
HOURS = 24

STOREY_S = 18.0
"""Seconds for one storey on foot, up or down: 3 m at some 0.17 m/s, by stairs, with a device. An
assumption; lifts are slower where one waits for them and quicker where one does not."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a helper's way is counted.

    there_and_back : somebody fetches it and comes back; else it is one way
    patient_storeys : between the street and the patient
    alert_s : before anybody moves
    """

    limit_s: float = 300.0
    there_and_back: bool = True
    patient_storeys: float = 0.0
    alert_s: float = 0.0

    def seconds(self, walk_s: FloatArray, storeys: float) -> FloatArray:
        """Return the seconds from the alert until help is with the patient.

        walk_s : on foot between the doors, one way; storeys : from the street to the helper
        """
        one_way = walk_s + STOREY_S * (storeys + self.patient_storeys)
        return self.alert_s + one_way * (2.0 if self.there_and_back else 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Helpers by class: which is whose (u,), and of k classes the hours (k, 24) and the storeys."""

    of: npt.NDArray[np.int64]
    at_hand: BoolArray
    storeys: FloatArray


def classes(at_hand: BoolArray, storeys: Sequence[float]) -> Classes:
    """Part u helpers, of whom `at_hand` (u, 24) says the hours, into classes.

    Helpers who are never at hand are of no class: -1.
    """
    known: dict[Hashable, int] = {}
    rows: list[int] = []
    of = np.full(len(at_hand), -1, np.int64)
    for row in range(len(at_hand)):
        if at_hand[row].any():
            key = (at_hand[row].tobytes(), storeys[row])
            if key not in known:
                known[key] = len(rows)
                rows.append(row)
            of[row] = known[key]
    return Classes(of, at_hand[rows].reshape(-1, HOURS), np.array(storeys, np.float64)[rows])


def reached_by_hour(seconds: FloatArray, at_hand: BoolArray, *, limit_s: float) -> BoolArray:
    """Return (24, n) whether some class that is at hand reaches a point within the limit, or at it.

    seconds : (k, n), inf where no way leads; at_hand : (k, 24)
    """
    within = (seconds <= limit_s).astype(np.float32)
    return np.asarray(at_hand.T.astype(np.float32) @ within > 0.0)
