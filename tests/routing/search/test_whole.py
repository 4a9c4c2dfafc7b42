"""A matrix larger than memory is to hold comes from its file, the same to the last bit."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from routing.search.router import Float32Array
from routing.search.whole import whole_matrix

ROWS, COLUMNS, BLOCK = 1_000, 2_000, 50


class Blocks:
    """Yields a known matrix block by block, as routers do."""

    def matrix(self, origins: range, destinations: range) -> Iterator[Float32Array]:
        for first in range(0, len(origins), BLOCK):
            rows = np.array(origins[first : first + BLOCK], np.float32)[:, None]
            block = rows * 7.0 + np.array(destinations, np.float32)
            block[:, 3] = np.inf
            yield block.astype(np.float32)


def test_beyond_the_limit_it_is_in_a_file_and_only_a_block_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "times.npy"
    here = whole_matrix(Blocks(), range(ROWS), range(COLUMNS))
    assert not isinstance(here, np.memmap)
    tracemalloc.start()
    there = whole_matrix(
        Blocks(), range(ROWS), range(COLUMNS), file=file, in_memory_bytes=1_000_000
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(there, np.memmap)
    assert np.array_equal(here, there)
    assert np.array_equal(here, np.load(file, mmap_mode="r"))
    # 8 MB of times, 0.4 MB a block.
    assert peak < 3_000_000


def test_it_asks_for_a_file_before_it_begins() -> None:
    with pytest.raises(MemoryError, match=r"1,000 × 2,000 times take 0.0 GiB.*name a file"):
        whole_matrix(Blocks(), range(ROWS), range(COLUMNS), in_memory_bytes=1_000_000)


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (0, 0)])
def test_of_nothing_it_is_empty(shape: tuple[int, int]) -> None:
    assert whole_matrix(Blocks(), range(shape[0]), range(shape[1])).shape == shape
