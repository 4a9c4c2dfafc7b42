"""The one way in which code is compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from routing.engine.digraph import IndexArray, MsArray

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def compiled(function: FunctionT) -> FunctionT:
    """Compile without the interpreter lock, cached on disk; keeps the type numba loses."""
    return cast("FunctionT", njit(cache=True, nogil=True)(function))


@compiled
def lower(label: MsArray, to: IndexArray, ms: MsArray, gone: int) -> None:
    """Lower the labels at `to` (k,) to `gone` + `ms` (k,) where that is less.

    Places without sign and sums of 32 bits: of a place that may be negative the compiler would
    ask, for each, whether it counts from the end, which takes as long again.
    """
    for k in range(to.size):
        at = np.uintp(to[k])
        label[at] = min(label[at], np.int32(gone + ms[k]))
