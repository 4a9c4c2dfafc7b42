"""Stations by what files call them. Pure."""

from collections.abc import Iterable, Sequence


def folded(name: str | None) -> str:
    """Return a name without differences that people do not mean: case, blanks, leading zeros."""
    text = "".join((name or "").split()).casefold()
    return text.lstrip("0") or text


def by_name(names: Sequence[Iterable[str | None]]) -> dict[str, int]:
    """Return folded name → row of `names`; a name that two rows share stands for neither."""
    found: dict[str, int] = {}
    shared: set[str] = set()
    for row, given in enumerate(names):
        for one in {folded(name) for name in given} - {""}:
            if found.setdefault(one, row) != row:
                shared.add(one)
    return {name: row for name, row in found.items() if name not in shared}
