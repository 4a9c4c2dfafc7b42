"""Small counts that must not be told, and the further cells that must then not be told either.

A count from 1 to k-1 could point at a person, so it is hidden (primary suppression). Rows and
columns add up to published totals, so hiding it alone hides nothing: more cells are hidden until
whoever knows that counts are not negative and add up cannot narrow a small count down below the
range 1 to k-1 (complementary suppression).

Further cells are chosen one small cell and one direction at a time by the linear programme of
Kelly, Golden and Assad (1992): the cheapest change of the table that moves the cell to the end of
its range while it still adds up; the cells that change are hidden. Each such change is itself a
table that an attacker cannot rule out. Source: L. Willenborg and T. de Waal, Elements of
Statistical Disclosure Control (2001), chapter 9. The best choice is NP-hard to find; this one is
safe, not always the smallest. With more than two dimensions a change need not be whole numbers, so
that an attacker who uses this may narrow a cell further. For tables of some thousand cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gis.kernels.linear import Rows, minimise

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SMALLEST_COUNT_TOLD = 5
TINY = 1e-7


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a table: which leaves each published cell along it sums.

    `members`: (n_cells, n_leaves) bool. The first `n_leaves` rows are the leaves themselves.
    """

    members: BoolArray


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all its totals.

    `counts`: (n_cells_0, n_cells_1, …) integers, one axis per dimension; `sums`: (n_cells,
    n_leaves) sparse 0/1, which leaves each cell (in C order) sums; `leaves`: (n_leaves,).
    """

    counts: IntArray
    sums: scipy.sparse.csr_array
    leaves: IntArray


@dataclass(frozen=True, slots=True)
class Suppression:
    """What to hide, in the shape of the table's counts: `small` counts, and all `hidden` cells."""

    small: BoolArray
    hidden: BoolArray


def dimension(leaves: int, groups: Sequence[Sequence[int]] = ()) -> Dimension:
    """Return a dimension of `leaves` leaves, `groups` of them (districts of a city), and the total.

    Each group lists its leaves. A single leaf has no total of its own.
    """
    rows = [np.eye(leaves, dtype=bool)]
    for group in groups:
        row = np.zeros((1, leaves), dtype=bool)
        row[0, list(group)] = True
        rows.append(row)
    if leaves > 1:
        rows.append(np.ones((1, leaves), dtype=bool))
    return Dimension(np.concatenate(rows))


def table_of(counts: npt.ArrayLike, dimensions: Sequence[Dimension]) -> Table:
    """Add all totals to counts of leaves: (n_leaves_0, n_leaves_1, …), whole and not negative."""
    leaves = np.asarray(counts, dtype=np.int64)
    parts = [scipy.sparse.csr_array(one.members.astype(np.int64)) for one in dimensions]
    sums = scipy.sparse.csr_array(reduce(lambda a, b: scipy.sparse.kron(a, b, "csr"), parts))
    flat = leaves.ravel()
    shape = tuple(one.members.shape[0] for one in dimensions)
    return Table(np.asarray(sums @ flat, dtype=np.int64).reshape(shape), sums, flat)


def suppress(table: Table, *, smallest_told: int = SMALLEST_COUNT_TOLD) -> Suppression:
    """Say which cells to hide so that no count from 1 to `smallest_told` - 1 can be found out.

    Empty cells are told: that nobody is there points at nobody.
    """
    cells = table.counts.ravel()
    small = (cells > 0) & (cells < smallest_told)
    hidden = small.copy()
    for cell in np.flatnonzero(small)[np.argsort(cells[small], kind="stable")].tolist():
        for target in (1, smallest_told - 1):
            if cells[cell] != target:
                hidden |= _cells_that_move(table, hidden, cell, float(target - cells[cell]))
    shape = table.counts.shape
    return Suppression(small.reshape(shape), hidden.reshape(shape))


def attack(table: Table, hidden: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest value of every cell that the told ones leave possible.

    Both in the shape of `table.counts`, equal to the count where it is told. This is what somebody
    finds out who knows the table's structure and that counts are not negative.
    """
    cells, secret = table.counts.ravel(), np.asarray(hidden, dtype=bool).ravel()
    low, high = cells.astype(np.float64), cells.astype(np.float64)
    told, values = table.sums[~secret], cells[~secret]
    for cell in np.flatnonzero(secret).tolist():
        row = table.sums[[cell]].toarray()[0].astype(np.float64)
        for sign, bound in ((1.0, low), (-1.0, high)):
            found = minimise(sign * row, equal=Rows(told, values) if len(values) else None)
            bound[cell] = sign * found.value if found.status == 0 else np.inf
    return low.reshape(table.counts.shape), high.reshape(table.counts.shape)


def _cells_that_move(table: Table, hidden: BoolArray, cell: int, change: float) -> BoolArray:
    """Return the cells of the cheapest change of the table that moves `cell` by `change`.

    Variables: the change of each leaf above zero and below zero, and for each told total how far
    it moves. A leaf is at most taken away, and an empty one stays empty.
    """
    cells, sums = table.counts.ravel(), table.sums
    movable = np.flatnonzero(table.leaves > 0)
    leaf_sums = scipy.sparse.csr_array(sums[:, movable])
    told = np.flatnonzero(~hidden & (cells > 0))
    count, n_told = len(movable), len(told)
    told_sums = scipy.sparse.csr_array(leaf_sums[told])
    moves = scipy.sparse.hstack([told_sums, -told_sums], format="csr")
    distance = -scipy.sparse.eye_array(n_told, format="csr")
    within = scipy.sparse.vstack(
        [scipy.sparse.hstack([moves, distance]), scipy.sparse.hstack([-moves, distance])],
        format="csr",
    )
    own = leaf_sums[[cell]]
    aim = scipy.sparse.hstack(
        [own, -own, scipy.sparse.csr_array((1, n_told), dtype=np.float64)], format="csr"
    )
    # A told cell costs what it tells; a move among hidden ones costs next to nothing.
    price = np.concatenate([np.full(2 * count, 1e-4), 1.0 + np.log1p(cells[told])])
    most = np.concatenate([
        np.full(count, np.inf), table.leaves[movable].astype(np.float64), np.full(n_told, np.inf),
    ])  # fmt: skip
    found = minimise(
        price, equal=Rows(aim, np.array([change])),
        below=Rows(within, np.zeros(2 * n_told)) if n_told else None, most=most,
    )  # fmt: skip
    moved = leaf_sums @ (found.x[:count] - found.x[count : 2 * count])
    return np.asarray(np.abs(moved) > TINY, dtype=bool)
