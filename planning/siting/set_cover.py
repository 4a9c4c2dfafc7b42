"""The fewest sites that reach everybody: reduced by dominance, then searched, bounded, proven."""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Ended, Sense, Watch
from planning.siting.programme import Found, Programme, relaxed, solve

BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left to decide: `rows` of the cover still open, `columns` still worth taking.

    `taken` are sites that every best answer may take: the only ones that reach somebody.
    """

    matrix: scipy.sparse.csr_array
    columns: IndexArray
    taken: IndexArray


def reduced(near: scipy.sparse.csr_array, lower: BoolArray, upper: BoolArray) -> Reduced:
    """Return the cover (n, m) without rows and columns that others stand for.

    A place whose sites include all those of another is served with it; a site whose places another
    site reaches too is not needed. lower: (m,) sites that stand; upper: (m,) that may.
    """
    matrix = near.astype(np.float64)
    columns = np.flatnonzero(upper & ~lower)
    open_rows = (matrix[:, np.flatnonzero(lower)].sum(axis=1) == 0) if lower.any() else None
    matrix = matrix[:, columns]
    if open_rows is not None:
        matrix = matrix[np.flatnonzero(open_rows)]
    taken = [np.flatnonzero(lower)]
    while True:
        size = matrix.shape
        matrix = matrix[_least(matrix)]
        keep = _least(matrix.T.tocsr(), greatest=True)
        matrix, columns = matrix[:, keep], columns[keep]
        single = np.diff(matrix.indptr) == 1
        only = np.unique(matrix.indices[matrix.indptr[:-1][single]])
        if only.size:
            taken.append(columns[only])
            rest = np.setdiff1d(np.arange(columns.size), only)
            served = matrix[:, only].sum(axis=1) > 0
            matrix = matrix[np.flatnonzero(~served)][:, rest]
            columns = columns[rest]
        if matrix.shape == size or not matrix.shape[0]:
            return Reduced(matrix, columns, np.concatenate(taken))


def _least(sets: scipy.sparse.csr_array, *, greatest: bool = False) -> IndexArray:
    """Return which sets (rows) have no other within them; or, `greatest`, are within no other.

    Of equal ones the first stays.
    """
    size = np.diff(sets.indptr)
    common = (sets @ sets.T).tocoo()
    one, other = common.row, common.col
    apart = one != other
    one, other, shared = one[apart], other[apart], common.data[apart]
    # `other` within `one`: all of it is common.
    inside = shared == size[other]
    equal = inside & (size[one] == size[other])
    gone = np.zeros(size.size, dtype=bool)
    if greatest:
        gone[other[inside & ~equal]] = True
    else:
        gone[one[inside & ~equal]] = True
    gone[np.maximum(one, other)[equal]] = True
    if greatest:
        gone[size == 0] = True
    return np.flatnonzero(~gone)


def greedy(matrix: scipy.sparse.csr_array) -> IndexArray:
    """Return columns that cover all rows: most new rows first, then those not needed dropped."""
    columns = matrix.T.tocsr()
    left = np.ones(matrix.shape[0], dtype=bool)
    new = np.diff(columns.indptr).astype(np.int64)
    chosen: list[int] = []
    while left.any():
        best = int(new.argmax())
        chosen.append(best)
        rows = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        rows = rows[left[rows]]
        left[rows] = False
        new -= np.bincount(matrix[rows].indices, minlength=new.size)
    count = matrix[:, chosen].sum(axis=1)
    kept = []
    for best in reversed(chosen):
        rows = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        if (count[rows] > 1).all():
            count[rows] -= 1
        else:
            kept.append(best)
    return np.array(sorted(kept), dtype=np.int64)


def cover_all(matrix: scipy.sparse.csr_array) -> Programme:
    """Return the programme of the fewest columns that cover all rows."""
    rows, columns = matrix.shape
    return Programme(
        Sense.LEAST, np.ones(columns),
        matrix, np.ones(rows), np.full(rows, np.inf),
        np.zeros(columns), np.ones(columns), np.ones(columns, dtype=bool),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fewest:
    """Sites by position, how many at least are needed, and how it ended."""

    sites: IndexArray
    bound: int
    ended: Ended


def fewest(
    near: scipy.sparse.csr_array,
    lower: BoolArray,
    upper: BoolArray,
    watch: Watch,
    *,
    enough: int | None = None,
    tell: bool = True,
) -> Fewest:
    """Return the fewest sites that reach all places of `near` (n, m), each of which some do.

    With `enough`, it only has to be known whether so many do: it ends with that number of sites, or
    with a bound above it.
    """
    rest = reduced(near, lower, upper)
    already = rest.taken.size
    if not rest.matrix.shape[0]:
        return Fewest(np.sort(rest.taken), already, Ended.PROVEN)
    first = greedy(rest.matrix)
    sites = np.sort(np.concatenate([rest.taken, rest.columns[first]]))
    programme = cover_all(rest.matrix)
    offset = replace(programme, offset=float(already))
    linear = relaxed(programme)
    assert linear is not None
    bound = already + ceil(linear[0] - 1e-6)
    if tell:
        units = np.bincount(sites, minlength=near.shape[1])
        watch.saw(value=float(sites.size), bound=float(bound), units=units)
    if bound >= sites.size or (enough is not None and (sites.size <= enough or bound > enough)):
        return Fewest(sites, bound, Ended.PROVEN)
    ended = watch.ended()
    if ended is not None:
        return Fewest(sites, bound, ended)
    start = np.zeros(rest.columns.size)
    start[first] = 1.0
    found: Found = solve(
        offset, watch, start=start, tell=tell,
        enough=None if enough is None else enough + 0.5,
        hopeless=None if enough is None else enough + 1e-6,
    )  # fmt: skip
    if found.x is not None:
        better = rest.columns[np.flatnonzero(found.x > 0.5)]
        if already + better.size < sites.size:
            sites = np.sort(np.concatenate([rest.taken, better]))
    return Fewest(sites, max(bound, ceil(found.bound - 1e-6)), found.ended)
