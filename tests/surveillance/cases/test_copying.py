"""Columns become the lines that COPY reads, and one content one digest."""

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from surveillance.cases.copying import BLOCK_ROWS, lines


def objects(*values: object) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def test_each_kind_of_column_is_written_as_copy_reads_it() -> None:
    columns = {
        "text": objects("a\tb", None, "c\\d"),
        "raw": objects(b"\x01\xff", None, b""),
        "day": np.array(["2026-03-02", "NaT", "2026-03-01"], dtype="datetime64[us]"),
        "age": np.array([4.5, np.nan, 0.0]),
        "own": np.array([True, False, True]),
    }
    assert b"".join(lines(columns)).decode().splitlines() == [
        "a\\tb\t\\\\x01ff\t2026-03-02T00:00:00.000000\t4.5\tt",
        "\\N\t\\N\t\\N\t\\N\tf",
        "c\\\\d\t\\\\x\t2026-03-01T00:00:00.000000\t0.0\tt",
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.none(), min_size=1))
def test_the_digest_is_of_the_content_as_written(values: list[str | None]) -> None:
    found = b"".join(lines({"text": objects(*values)}, hashed=("text",))).decode()
    for line in found.removesuffix("\n").split("\n"):
        digest, text = line.split("\t")
        plain = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        assert digest == "\\\\x" + plain


def test_a_long_file_comes_in_blocks() -> None:
    blocks = list(lines({"n": np.arange(BLOCK_ROWS + 1, dtype=np.float64)}))
    assert [block.count(b"\n") for block in blocks] == [BLOCK_ROWS, 1]
