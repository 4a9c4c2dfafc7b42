"""Texts, flags and choices of a column."""

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.errors import InvalidInputError
from gis.intake.cells import Outcome, Parsed, as_texts, each_unique, is_missing_word, present, shown
from gis.intake.model import Field, Objects
from gis.text_fold import fold

FLAGS = {
    **dict.fromkeys(
        ("yes", "y", "true", "t", "1", "x", "是", "有", "对", "室内", "ja", "sí", "si", "s",
         "verdadero", "designated", "indoor", "✓", "√"), True,
    ),
    **dict.fromkeys(
        ("no", "n", "false", "f", "0", "否", "无", "没有", "不", "室外", "nein", "falso",
         "outdoor"), False,
    ),
}  # fmt: skip
"""Words for yes and no, compared without case and accents where they have letters."""

_FLAGS = FLAGS | {fold(word): says for word, says in FLAGS.items() if fold(word)}

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL cannot hold in a text."""


def parse_texts(cells: Objects, field: Field) -> Parsed:
    """Return texts as they stand, None where missing; refuse what the database cannot hold."""
    texts = as_texts(cells)
    plain = [text for text in texts.tolist() if isinstance(text, str)]
    suspicious = bool(plain) and (
        max(map(len, plain)) > field.max_length or _UNSTORABLE.search("\n".join(plain)) is not None
    )
    if field.check is None and not suspicious:
        return Parsed(texts)

    def one(text: str) -> Outcome:
        if len(text) > field.max_length:
            told = f"{field.what} is longer than {field.max_length:,} characters"
            return None, told
        if _UNSTORABLE.search(text) is not None:
            return None, f"{field.what} “{shown(text)}” holds broken characters"
        if field.check is None:
            return text, None
        try:
            return field.check(text), None
        except InvalidInputError as problem:
            return None, str(problem)

    return _filled(texts, np.flatnonzero(present(texts)), one)


def parse_flags(cells: Objects, field: Field) -> Parsed:
    """Return a nullable boolean array."""

    def one(text: str) -> Outcome:
        says = _FLAGS.get(text.casefold(), _FLAGS.get(fold(text)) if len(text) < 30 else None)
        if says is not None or is_missing_word(text):
            return says, None
        return None, f"{field.what} “{shown(text)}” is neither yes nor no"

    texts = as_texts(cells)
    parsed = _filled(texts, np.flatnonzero(present(texts)), one)
    parsed.values = pd.array(parsed.values, dtype="boolean")
    return parsed


def parse_choices(cells: Objects, field: Field) -> Parsed:
    """Return what the words of a CHOICE mean, objects, None where missing."""
    choices = {fold(word): meaning for word, meaning in field.choices.items()}
    known = ", ".join(dict.fromkeys(field.choices.values()))

    def one(text: str) -> Outcome:
        means = choices.get(fold(text)) if len(text) < 200 else None
        if means is not None or is_missing_word(text):
            return means, None
        return None, f"{field.what} “{shown(text)}” is not known; write one of {known}"

    texts = as_texts(cells)
    return _filled(texts, np.flatnonzero(present(texts)), one)


def _filled(texts: Objects, rows: npt.NDArray[np.int64], one: Callable[[str], Outcome]) -> Parsed:
    values = np.full(len(texts), None, dtype=object)
    found, problems = each_unique(texts, rows, one)
    values[rows] = found
    return Parsed(values, problems)
