"""Times with roads that are not there yet: by them, or not, whichever is sooner. Pure.

A new road meets the others at its joints only. Times are those of the roads that there are, up to
the first joint, along new roads, and on from the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.coverage.model import SecondsArray


@dataclass(frozen=True, slots=True, eq=False)
class Joints:
    """Where p new joints are in time.

    to_joint : (m, p) seconds from m origins; between : (p, p) by the roads there are
    from_joint : (p, n) to n destinations; along : (p, p) by new roads, inf where none leads
    """

    to_joint: SecondsArray
    between: SecondsArray
    from_joint: SecondsArray
    along: SecondsArray


def by_new_roads(direct: SecondsArray, joints: Joints) -> SecondsArray:
    """Return (m, n) seconds from origins to destinations, the least of all ways.

    direct : (m, n) seconds by the roads there are. Turning into a new road takes no time.
    """
    best = np.minimum(joints.between, joints.along)
    np.fill_diagonal(best, 0.0)
    for middle in range(len(best)):
        np.minimum(best, best[:, middle, None] + best[None, middle], out=best)
    reached = np.full_like(joints.to_joint, np.inf)
    for first in range(len(best)):
        np.minimum(reached, joints.to_joint[:, first, None] + best[None, first], out=reached)
    found = direct.copy()
    for last in range(len(best)):
        np.minimum(found, reached[:, last, None] + joints.from_joint[None, last], out=found)
    return found


def along_roads(
    roads: Sequence[tuple[npt.NDArray[np.float64], float, bool]],
) -> npt.NDArray[np.float32]:
    """Return (p, p) seconds along new roads between their joints, inf where none leads.

    roads : of each the metres of its joints from its beginning, ascending, its speed in km/h, and
    whether it is driven only from its beginning to its end; joints come road by road
    """
    count = sum(len(metres) for metres, _, _ in roads)
    found = np.full((count, count), np.inf, np.float32)
    first = 0
    for metres, speed_kmh, one_way in roads:
        last = first + len(metres)
        apart = (metres[None, :] - metres[:, None]) * (3.6 / speed_kmh)
        found[first:last, first:last] = np.where(apart >= 0.0, apart, np.inf if one_way else -apart)
        first = last
    return found
