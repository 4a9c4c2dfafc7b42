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
