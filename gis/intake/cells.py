"""Cells of one column: as text, as shown to a person, and what parsing them gives."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.intake.model import Objects
from gis.text_fold import fold

SHOWN_CHARACTERS = 40

MISSING_WORDS = frozenset(
    {"nan", "null", "none", "nil", "na", "n a", "nat", "missing", "unknown", "desconocido",
     "sin dato", "sin datos", "s d", "不详", "未知", "空", "缺失", "暂无"}
)  # fmt: skip
"""Folded words that mean “no value” where a number, day, flag or choice is asked for."""

DASHES = frozenset("-—–/*")


@dataclass(slots=True)
class Parsed:
    """A parsed column: `values` (n,), missing ones as its kind has them, where `problems` too.

    `problems`: row → why its value cannot be used. `remarks`: what was decided for the column.
    """

    values: Any
    problems: dict[int, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def as_texts(cells: npt.NDArray[Any]) -> Objects:
    """Return cells as text without outer blanks, None where missing. Whole floats lose their .0."""
    if cells.dtype == object and pd.api.types.infer_dtype(cells, skipna=True) in {
        "string", "empty",
    }:  # fmt: skip
        return cells
    texts = np.empty(len(cells), dtype=object)
    texts[:] = [text_of(cell) for cell in cells.tolist()]
    return texts


def text_of(value: Any) -> str | None:
    """Return one value as text without outer blanks; None if nothing is left."""
    if value is None or value != value or value is pd.NaT:  # noqa: PLR0124 (NaN is missing)
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    try:
        return str(value).strip() or None
    except ValueError:  # an integer of thousands of digits
        return f"{value:#x}"


def is_missing_word(text: str) -> bool:
    """Return whether the text only says that there is no value."""
    return len(text) < 20 and (set(text) <= DASHES or fold(text) in MISSING_WORDS)


def shown(text: str) -> str:
    """Return the beginning of a value, harmless to print."""
    cut = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
    return "".join(
        char if char.isprintable() and not "\ud800" <= char <= "\udfff" else "�" for char in cut
    )


Outcome = tuple[Any, str | None]
"""A value and why it cannot be used; one of them None."""


def each_unique(
    texts: Objects, rows: npt.NDArray[np.int64], parse: Callable[[str], Outcome]
) -> tuple[Objects, dict[int, str]]:
    """Parse the texts of some rows, each distinct one once.

    Returns the values of `rows`, in order, and row → problem.
    """
    codes, distinct = pd.factorize(texts[rows])
    outcomes = [parse(text) for text in distinct.tolist()]
    values = np.empty(len(outcomes), dtype=object)  # np.array would make tables of lists
    values[:] = [value for value, _ in outcomes]
    refused = np.array([why is not None for _, why in outcomes], dtype=bool)
    problems: dict[int, str] = {}
    for at in np.flatnonzero(refused[codes]).tolist():
        why = outcomes[codes[at]][1]
        assert why is not None
        problems[int(rows[at])] = why
    return values[codes], problems


def present(texts: Objects) -> npt.NDArray[np.bool_]:
    """Return where there is a text."""
    return np.asarray(pd.notna(texts), dtype=bool)
