"""Which row is the header: the first one, unless a title stands above it."""

from collections.abc import Callable, Sequence
from typing import Any

from gis.text_fold import fold

TITLE_ROWS = 10
"""How far down a header is looked for."""

HeaderScore = Callable[[Sequence[str]], int]
"""How many of these names are known as columns."""


def key_of(column: str) -> str:
    """Return a column's name for comparison: `tags/Name:EN` and `name_en` are the same."""
    return fold(column.removeprefix("tags/").removeprefix("properties.")).replace(" ", "")


def header_position(rows: Sequence[Sequence[Any]], score: HeaderScore | None) -> int:
    """Return which of the first `rows` is the header: the one with most known names.

    Without known names it is the first. One known name alone is no header below a first row.
    """
    if score is None or not rows:
        return 0
    scores = [score([str(cell) for cell in row]) for row in rows[:TITLE_ROWS]]
    best = max(range(len(scores)), key=lambda row: (scores[row], -row))
    return best if scores[best] >= 2 else 0


def joined_header(
    rows: Sequence[Sequence[Any]], at: int, score: HeaderScore | None
) -> tuple[list[Any], int]:
    """Return the header that stands in row `at`, and the row it ends in.

    A header of two rows with merged cells (a group above its columns) is joined: of two cells one
    above the other the known name counts, else the upper one. The other row belongs to the header
    only if it brings more known names.
    """
    best, last, most = list(rows[at]), at, 0
    if score is None:
        return best, last
    most = score([str(cell) for cell in best])
    for upper in (at - 1, at):
        if upper < 0 or upper + 1 >= len(rows):
            continue
        pairs = list(zip(rows[upper], rows[upper + 1], strict=False))
        cells = [below if _known(below, score) or not str(above).strip() else above
                 for above, below in pairs]  # fmt: skip
        both = all(any(_known(cell, score) for cell in row) for row in rows[upper : upper + 2])
        names = score([str(cell) for cell in cells])
        if both and names > most:
            best, last, most = cells, upper + 1, names
    return best, last


def _known(cell: Any, score: HeaderScore) -> bool:
    return bool(str(cell).strip()) and score([str(cell)]) > 0


def distinct(names: Sequence[str]) -> list[str]:
    """Return column names without doubles: the second `name` becomes `name.2`."""
    taken = set(names)
    seen: dict[str, int] = {}
    out: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        called = name
        while seen[name] > 1 and (called == name or called in taken or called in out):
            called = f"{name}.{seen[name]}" if called == name else f"{called}.2"
        out.append(called)
    return out
