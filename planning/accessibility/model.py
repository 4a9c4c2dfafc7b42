"""Travel times between places that have names, and amounts matched to them by name.

Rows of two files are never matched by their position: a file in another order would give another
answer without anybody noticing.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from planning.accessibility.errors import AccessibilityInputError

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int64]
Keys = Sequence[Hashable] | npt.NDArray[Any]
Amounts = Mapping[Any, float]

NAMED = 5
"""So many keys are named in a sentence; the others are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Minutes from n places of demand to m opportunities; pairs not held are out of reach.

    demand : n keys; supply : m keys, each once
    minutes : (n, m) sparse, one stored entry a pair, which may be 0
    """

    demand: "pd.Index"
    supply: "pd.Index"
    minutes: csr_array

    @classmethod
    def of_pairs(
        cls,
        origin: Keys,
        destination: Keys,
        minutes: npt.ArrayLike,
        *,
        demand: Iterable[Hashable],
        supply: Iterable[Hashable],
    ) -> "TravelTimes":
        """Return the times of k pairs, each named by its two keys.

        minutes : (k,) float32 or float64, inf = unreachable
        demand, supply : the keys of all places, also of those that no pair names

        Raises
        ------
        AccessibilityInputError
            A key stands twice, a pair stands twice or names a place that is not among the keys,
            or a time is negative or no number.
        """
        rows, columns = _unique(demand, "places of demand"), _unique(supply, "opportunities")
        times = _times(minutes)
        if not len(times) == len(origin) == len(destination):
            raise AccessibilityInputError(
                f"{len(origin)} origins, {len(destination)} destinations and {len(times)} times: "
                "each pair needs one of each."
            )
        row = _placed(origin, rows, "origins", "places of demand")
        column = _placed(destination, columns, "destinations", "opportunities")
        reached = np.isfinite(times)
        if not reached.all():
            row, column, times = row[reached], column[reached], times[reached]
        flat = row * len(columns) + column
        if not (flat[1:] > flat[:-1]).all():
            order = np.argsort(flat, kind="stable")
            flat, row, column, times = flat[order], row[order], column[order], times[order]
            twice = np.flatnonzero(flat[1:] == flat[:-1])
            if len(twice):
                first = f"{rows[row[twice[0]]]} → {columns[column[twice[0]]]}"
                raise AccessibilityInputError(
                    f"{len(twice)} pairs stand twice, the first {first}. Give each pair one time."
                )
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(rows)))])
        matrix = csr_array((times, column, starts), shape=(len(rows), len(columns)))
        return cls(rows, columns, matrix)

    @classmethod
    def of_matrix(
        cls, minutes: npt.ArrayLike, *, demand: Iterable[Hashable], supply: Iterable[Hashable]
    ) -> "TravelTimes":
        """Return the times of a full (n, m) matrix whose rows and columns are named in order.

        inf = unreachable.

        Raises
        ------
        AccessibilityInputError
            A key stands twice, the shape is not that of the keys, or a time is negative or NaN.
        """
        rows, columns = _unique(demand, "places of demand"), _unique(supply, "opportunities")
        times = _times(minutes)
        if times.shape != (len(rows), len(columns)):
            raise AccessibilityInputError(
                f"The matrix has the shape {times.shape}, its keys name {len(rows)} places of "
                f"demand and {len(columns)} opportunities."
            )
        row, column = np.nonzero(np.isfinite(times))
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(rows)))])
        matrix = csr_array((times[row, column], column, starts), shape=times.shape)
        return cls(rows, columns, matrix)


def aligned(amounts: Amounts, keys: "pd.Index", what: str) -> FloatArray:
    """Return the amounts in the order of `keys`: (n,) float64.

    Raises
    ------
    AccessibilityInputError
        A key has no amount or an amount no key, or one is negative or no number. An amount of
        nothing is 0 and is said.
    """
    given = _unique(amounts, what)
    at = given.get_indexer(keys)
    lacking, unknown = keys[at < 0], given.difference(keys, sort=False)
    if len(lacking) or len(unknown):
        says = [f"{len(given):,} {what} do not match the {len(keys):,} keys of the travel times"]
        if len(lacking):
            says.append(f"no value is given for {named(lacking)}")
        if len(unknown):
            says.append(f"no travel time knows {named(unknown)}")
        raise AccessibilityInputError("; ".join(says) + ". Values are matched by key.")
    values = np.fromiter(amounts.values(), np.float64, len(given))[at]
    wrong = ~(np.isfinite(values) & (values >= 0.0))
    if wrong.any():
        raise AccessibilityInputError(
            f"Among the {what} {int(wrong.sum())} are negative or no number: "
            f"{named(keys[wrong])}. Give 0 or more."
        )
    return np.asarray(values, dtype=np.float64)


def named(keys: "Sequence[Any] | pd.Index") -> str:
    """Return the first keys as a person reads them, and how many more there are."""
    shown = ", ".join(str(key) for key in keys[:NAMED])
    return shown if len(keys) <= NAMED else f"{shown} and {len(keys) - NAMED:,} more"


def _unique(keys: Iterable[Hashable], what: str) -> "pd.Index":
    import pandas as pd

    index = keys if isinstance(keys, pd.Index) else pd.Index(list(keys))
    if not index.is_unique:
        twice = index[index.duplicated()]
        raise AccessibilityInputError(
            f"Among the {what} {len(twice)} keys stand twice: {named(twice)}. Keep one of each."
        )
    return index


def _placed(keys: Keys, index: "pd.Index", what: str, of: str) -> IndexArray:
    import pandas as pd

    asked = pd.Index(keys)
    at = np.asarray(index.get_indexer(asked), dtype=np.int64)
    if (at < 0).any():
        strange = asked[at < 0].unique()
        raise AccessibilityInputError(
            f"{len(strange):,} {what} are not among the {len(index):,} {of}: {named(strange)}."
        )
    return at


def _times(minutes: npt.ArrayLike) -> npt.NDArray[Any]:
    times = np.asarray(minutes)
    if times.dtype != np.float32:
        times = np.asarray(times, dtype=np.float64)
    wrong = int(np.count_nonzero(~(times >= 0.0)))
    if wrong:
        raise AccessibilityInputError(
            f"{wrong:,} travel times are negative or no number. Leave a pair out, or give it "
            "infinity, where no way leads."
        )
    return times
