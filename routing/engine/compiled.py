"""The one way in which code is compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def compiled(function: FunctionT) -> FunctionT:
    """Compile without the interpreter lock, cached on disk; keeps the type numba loses."""
    return cast("FunctionT", njit(cache=True, nogil=True)(function))
