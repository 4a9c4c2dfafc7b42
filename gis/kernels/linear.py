"""Linear programmes on sparse matrices, solved by HiGHS through scipy."""

from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import scipy.sparse

FloatArray = npt.NDArray[np.float64]

INFEASIBLE = 2


class Rows(NamedTuple):
    """Constraints: `matrix` @ x = or ≤ `right`."""

    matrix: scipy.sparse.csr_array
    right: npt.NDArray[Any]


class Solution(NamedTuple):
    """`status` 0 is optimal, 2 infeasible, 3 unbounded; else the rest is empty.

    `equal_price`, `below_price`: what one more unit on the right of a row adds to the value.
    """

    status: int
    x: FloatArray
    value: float
    equal_price: FloatArray
    below_price: FloatArray


def minimise(
    price: FloatArray,
    *,
    equal: Rows | None = None,
    below: Rows | None = None,
    most: FloatArray | None = None,
) -> Solution:
    """Minimise `price` @ x over x ≥ 0, x ≤ `most`; by dual simplex, so that x is a vertex."""
    if not len(price):
        return _nothing_to_choose(equal, below)
    import scipy.optimize

    # scipy's stubs do not know that it takes sparse matrices.
    linprog = cast("Any", scipy.optimize.linprog)
    bounds = (0, None) if most is None else np.column_stack([np.zeros(len(most)), most])
    answer = linprog(
        price, A_ub=None if below is None else below.matrix,
        b_ub=None if below is None else below.right,
        A_eq=None if equal is None else equal.matrix,
        b_eq=None if equal is None else equal.right, bounds=bounds, method="highs-ds",
    )  # fmt: skip
    nothing = np.zeros(0)
    if answer.status != 0:
        return Solution(int(answer.status), nothing, np.nan, nothing, nothing)
    return Solution(
        0, np.asarray(answer.x, dtype=np.float64), float(answer.fun),
        np.asarray(answer.eqlin.marginals, dtype=np.float64),
        np.asarray(answer.ineqlin.marginals, dtype=np.float64),
    )  # fmt: skip


def _nothing_to_choose(equal: Rows | None, below: Rows | None) -> Solution:
    """Return the only answer there is without variables, which scipy refuses to give."""
    equal_right = np.zeros(0) if equal is None else np.asarray(equal.right, dtype=np.float64)
    below_right = np.zeros(0) if below is None else np.asarray(below.right, dtype=np.float64)
    fits = not equal_right.any() and bool((below_right >= 0.0).all())
    return Solution(
        0 if fits else INFEASIBLE, np.zeros(0), 0.0, np.zeros_like(equal_right),
        np.zeros_like(below_right),
    )  # fmt: skip
