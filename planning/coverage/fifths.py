"""People in fifths by a risk of their areas, from the least to the most. Pure."""

import numpy as np

from gis.risks import Risk
from planning.coverage.model import FloatArray

FIFTHS = ("fifth_1", "fifth_2", "fifth_3", "fifth_4", "fifth_5")
UNKNOWN_FIFTH = "fifth_unknown"


def by_fifths(people: FloatArray, risk: Risk) -> dict[str, FloatArray]:
    """Return the people (n,) of each fifth of a risk; areas are not parted, so none is exact.

    A fifth holds a fifth of the people whose area has a value, by their area's place in the order
    of values; of a count of persons by how many there are for each inhabitant. People whose area
    has none are in a group of their own.
    """
    known = risk.area >= 0
    value = np.zeros(len(people))
    if risk.values.size:
        value[known] = _strength(people, risk)[risk.area[known]]
    counted = np.where(known, people, 0.0)
    values, of = np.unique(value[known], return_inverse=True)
    total = float(counted.sum())
    sums = np.bincount(of, weights=people[known], minlength=values.size)
    # An area lies where the middle of its people does.
    middle = (np.cumsum(sums) - sums / 2.0) / total if total > 0.0 else np.zeros(values.size)
    fifth = np.full(len(people), -1)
    fifth[known] = np.minimum((middle * 5.0).astype(np.int64), 4)[of]
    found = {
        name: np.where(fifth == number, people, 0.0) for number, name in enumerate(FIFTHS)
    }  # fmt: skip
    if not known.all():
        found[UNKNOWN_FIFTH] = np.where(known, 0.0, people)
    return found


def _strength(people: FloatArray, risk: Risk) -> FloatArray:
    """Return how strong the risk is in each area (m,)."""
    if not risk.counts_people:
        return risk.values
    known = risk.area >= 0
    living = np.bincount(risk.area[known], weights=people[known], minlength=risk.values.size)
    return np.divide(
        risk.values, living, out=np.zeros(risk.values.size), where=living > 0.0
    )  # fmt: skip
