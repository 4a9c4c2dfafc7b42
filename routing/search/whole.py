"""A whole matrix of times: in memory, or beyond a limit in a file that is read as if it were."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from routing.roads.model import SnapResult
from routing.search.router import Float32Array

IN_MEMORY_BYTES = 2 << 30
_ENTRY_BYTES = 4


class Matrices(Protocol):
    """Whatever yields a matrix in blocks of rows, such as a router."""

    def matrix(self, origins: SnapResult, destinations: SnapResult) -> Iterator[Float32Array]:
        """Yield times (<= block, n) float32 seconds, origins in rows."""


def whole_matrix(
    router: Matrices,
    origins: SnapResult,
    destinations: SnapResult,
    *,
    file: Path | None = None,
    in_memory_bytes: int = IN_MEMORY_BYTES,
) -> Float32Array:
    """Return times (origins, destinations) float32 seconds, inf where no way leads.

    Up to `in_memory_bytes` it is an array in memory. A larger one is written to `file` (NumPy's
    format) block by block and comes back mapped: never is more than a block of it in memory. The
    file is the caller's, to keep or to remove.

    Raises
    ------
    MemoryError
        It is larger, and no file was named.
    """
    shape = len(origins), len(destinations)
    size = shape[0] * shape[1] * _ENTRY_BYTES
    times: Float32Array
    if size <= in_memory_bytes:
        times = np.empty(shape, np.float32)
    elif file is None:
        message = (
            f"{shape[0]:,} × {shape[1]:,} times take {size / 2**30:.1f} GiB, more than "
            f"{in_memory_bytes / 2**30:.1f}: name a file for them."
        )
        raise MemoryError(message)
    else:
        times = np.lib.format.open_memmap(file, mode="w+", dtype=np.float32, shape=shape)
    row = 0
    if all(shape):
        for block in router.matrix(origins, destinations):
            times[row : row + len(block)] = block
            row += len(block)
    if isinstance(times, np.memmap):
        times.flush()
    return times
