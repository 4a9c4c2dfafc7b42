"""Columns as the lines of PostgreSQL's COPY, a block of rows at a time."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

NULL = "\\N"
BLOCK_ROWS = 10_000
"""Texts of more rows at once would take more memory than the rows themselves."""
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def lines(
    columns: Mapping[str, npt.NDArray[Any]], *, hashed: Sequence[str] = ()
) -> Iterator[bytes]:
    """Yield blocks of lines in COPY's text format; before the columns a digest of `hashed`, if any.

    Texts are objects (None missing), bytes become bytea; times datetime64 (NaT missing), numbers
    float64 (NaN missing), flags bool. The digest is 16 bytes of BLAKE2b over the named columns, in
    their order.
    """
    count = len(next(iter(columns.values())))
    for begin in range(0, count, BLOCK_ROWS):
        cells = {
            name: _texts(column[begin : begin + BLOCK_ROWS]) for name, column in columns.items()
        }
        rows = zip(*cells.values(), strict=True)
        if hashed:
            contents = zip(*(cells[name] for name in hashed), strict=True)
            rows = zip(map(_digest, contents), *cells.values(), strict=True)
        yield ("\n".join(map("\t".join, rows)) + "\n").encode()


def _digest(row: tuple[str, ...]) -> str:
    return "\\\\x" + hashlib.blake2b("\t".join(row).encode(), digest_size=16).hexdigest()


def _texts(column: npt.NDArray[Any]) -> list[str]:
    if column.dtype.kind == "M":
        moments, place = np.unique(column.astype("datetime64[us]"), return_inverse=True)
        written = np.datetime_as_string(moments, unit="us").astype(object)
        written[np.isnat(moments)] = NULL
        return written[place].tolist()  # type: ignore[no-any-return]
    if column.dtype.kind == "f":
        return [NULL if number != number else repr(number) for number in column.tolist()]  # noqa: PLR0124
    if column.dtype.kind == "b":
        return ["t" if flag else "f" for flag in column.tolist()]
    known = _Escaped()
    return list(map(known.__getitem__, column.tolist()))


class _Escaped(dict[Any, str]):
    """A value → how COPY has it; each distinct one is written once."""

    def __missing__(self, value: Any) -> str:
        if value is None or value != value:  # noqa: PLR0124 (NaN is missing)
            text = NULL
        elif isinstance(value, bytes):
            text = "\\\\x" + value.hex()
        else:
            text = str(value)
            if not text.isalnum():
                text = text.translate(_ESCAPED)
        self[value] = text
        return text
