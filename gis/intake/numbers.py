"""Numbers of a column: plain ones all at once, written ones by what the whole column shows."""

import math
import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.intake.cells import Parsed, as_texts, is_missing_word, present, shown
from gis.intake.model import Field, Kind, Objects
from gis.intake.units import conversion, split_header, unit_code

MAX_NUMBER_CHARACTERS = 64
MAX_WHOLE = float(2**53)
"""Larger whole numbers are not exact as floats."""

SINGLE, THOUSANDS = "single", "thousands"
"""What a lone mark before three digits is, in a column without decimals: the one or the other."""

_BODY = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>[0-9.,][0-9.,'_ ]*)(?P<exponent>[eE][+-]?[0-9]{1,4})?"
    r"\s*(?P<unit>(?:\D.{0,19})?)"
)
_SPACED = re.compile(r"[0-9]{1,3}(?:[ '_][0-9]{3})+(?:[.,][0-9]*)?")
_GROUPED = {
    mark: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in (",", ".")
}
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_RAISED = re.compile(r"\d[⁰¹²³⁴-⁹₀-₉]")
"""5² is no 52, which it would become with its compatible characters."""
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " ")
_SIGNS = {ord("’"): "'", ord("‘"): "'", ord("−"): "-", ord("–"): "-", ord("％"): "%"}


def parse_numbers(cells: npt.NDArray[Any], field: Field, *, header: str) -> Parsed:
    """Return float64 (NaN missing), or Int64 for a WHOLE field, in the unit of the field.

    Plain decimals are read at once. Full-width digits, separators between thousands, decimal
    commas and units are understood; what 1,234 means is decided by the other values of the
    column, and refused where they do not show it. Infinite, denormal and over-long numbers are
    refused; words such as NaN and N/A are missing.
    """
    column = _Column(as_texts(cells), field)
    odd = present(column.texts) & ~np.isfinite(column.values)
    if odd.any():
        column.read_written(np.flatnonzero(odd))
    column.bring_to_unit(header)
    column.check_range()
    values = column.values
    if field.kind is Kind.WHOLE:
        whole = np.where(np.isnan(values), 0.0, values).astype(np.int64)
        nullable = pd.arrays.IntegerArray(whole, np.isnan(values))
        return Parsed(nullable, column.problems, column.remarks)
    return Parsed(values, column.problems, column.remarks)


@dataclass(frozen=True, slots=True)
class _Written:
    """A number as written, its marks not yet understood.

    `decimal` is the mark that is surely the decimal one, "" if there is none, None if a single
    mark before three digits may be either.
    """

    sign: float
    digits: str
    exponent: str
    decimal: str | None
    unit: str | None

    def mark(self, decimal: str | None) -> str | None:
        """Return the decimal mark, by that of the column where it may be either."""
        if self.decimal is not None:
            return self.decimal
        own = "," if "," in self.digits else "."
        if decimal == SINGLE:
            return own
        if decimal == THOUSANDS:
            return "." if own == "," else ","
        return decimal

    def value(self, decimal: str) -> float:
        """Return the number when `decimal` is the decimal mark."""
        thousands = "," if decimal == "." else "."
        plain = self.digits.replace(thousands, "").replace(decimal, ".")
        return self.sign * float(plain + self.exponent)


class _Column:
    """A column being read: `values` (n,) are right where they are finite."""

    def __init__(self, texts: Objects, field: Field) -> None:
        self.texts, self.field = texts, field
        plain = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
        self.values = np.array(plain.to_numpy(dtype=np.float64, na_value=np.nan))
        self.problems: dict[int, str] = {}
        self.remarks: list[str] = []

    def read_written(self, rows: npt.NDArray[np.int64]) -> None:
        """Fill in what is no plain decimal; others may change too if commas are decimal."""
        known = {text: _written(text) for text in dict.fromkeys(self.texts[rows].tolist())}
        written = [number for number in known.values() if isinstance(number, _Written)]
        sure = {number.decimal for number in written if number.decimal}
        unsure = any(number.decimal is None for number in written)
        two_ways = np.zeros(0, dtype=np.int64)
        if self.field.grouped and ("," in sure or unsure):
            dotted, two_ways = self._dotted()
            if len(two_ways) < len(dotted):
                sure.add(".")
        decimal = self._decide(sure)
        for row in rows.tolist():
            self._fill(row, known[self.texts[row]], decimal)
        if unsure and decimal in {".", THOUSANDS}:
            self.remarks.append(f"{self.field.what}: the comma was taken as separating thousands.")
        elif "," in sure:
            self.remarks.append(f"{self.field.what}: the comma was taken as the decimal mark.")
        self._reread_dotted(two_ways, decimal)

    def _dotted(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return plain decimals with a point, and those of them that may be thousands."""
        has_point = [text is not None and "." in text for text in self.texts.tolist()]
        dotted = np.flatnonzero(np.array(has_point, dtype=bool) & np.isfinite(self.values))
        either = [
            _TWO_WAYS.fullmatch(text.lstrip("+-")) is not None
            for text in self.texts[dotted].tolist()
        ]
        return dotted, dotted[np.array(either, dtype=bool)]

    def _decide(self, sure: set[str]) -> str | None:
        """Return the decimal mark of the column; None where it cannot be told."""
        if not self.field.grouped:
            return SINGLE
        if len(sure) == 1:
            return next(iter(sure))
        if not sure and self.field.kind is Kind.WHOLE:
            return THOUSANDS
        return None

    def _fill(self, row: int, number: "_Written | str | None", decimal: str | None) -> None:
        if number is None:
            return
        if isinstance(number, str):
            self._refuse(row, number)
            return
        mark = number.mark(decimal)
        if mark is None:
            self._refuse(
                row,
                "may be a decimal or a number of thousands, and the other values do not show "
                "which; write it without separators",
            )
            return
        self.values[row] = number.value(mark or ".")
        if number.unit is not None:
            self._convert(row, number.unit)

    def _reread_dotted(self, rows: npt.NDArray[np.int64], decimal: str | None) -> None:
        """Take `1.234` as thousands in a column whose decimals have commas."""
        for row in rows.tolist():
            if decimal == ",":
                self.values[row] = float(self.texts[row].replace(".", ""))
            elif decimal is None and row not in self.problems:
                self._refuse(
                    row,
                    "may be a decimal or a number of thousands: the column does not show which",
                )

    def _convert(self, row: int, unit: str) -> None:
        code = unit_code(unit)
        fitting = None if code is None else conversion(code, self.field.unit or "1")
        if fitting is None:
            wanted = f" in {self.field.unit}" if self.field.unit else ""
            self._refuse(row, f"is not a number{wanted}")
        else:
            self.values[row] = self.values[row] * fitting[0] + fitting[1]

    def bring_to_unit(self, header: str) -> None:
        """Convert the values that name no unit of their own from the unit in the header."""
        bracket, wanted = split_header(header)[1], self.field.unit
        code = None if bracket is None else unit_code(bracket)
        if code is None or wanted is None or code == wanted:
            return
        rows = np.flatnonzero(np.isfinite(self.values))
        bare = rows[[not _names_unit(text) for text in self.texts[rows].tolist()]]
        fitting = conversion(code, wanted)
        if fitting is None:
            self.values[bare] = np.nan
            why = f"the unit “{bracket}” of column “{shown(header)}” is no {wanted}"
            self.problems |= dict.fromkeys(bare.tolist(), why)
            return
        self.values[bare] = self.values[bare] * fitting[0] + fitting[1]
        self.remarks.append(f"{self.field.what}: converted from {code} to {wanted}.")

    def check_range(self) -> None:
        """Refuse what is infinite, denormal, out of bounds, or not whole where it must be."""
        values = self.values
        there = np.isfinite(values)
        infinite = np.isinf(values)
        tiny = there & (values != 0) & (np.abs(values) < sys.float_info.min)
        low, high = _bounds(self.field)
        outside = there & ~tiny & ((values < low) | (values > high))
        if self.field.kind is Kind.WHOLE:
            outside |= there & (values != np.floor(values))
        for which, why in (
            (infinite, "is not a finite number"),
            (tiny, "is too small to be stored"),
            (outside, f"is not {_wanted(self.field)}"),
        ):
            for row in np.flatnonzero(which).tolist():
                self._refuse(row, why)

    def _refuse(self, row: int, why: str) -> None:
        self.values[row] = np.nan
        self.problems[row] = f"{self.field.what} “{shown(self.texts[row])}” {why}"


def _written(text: str) -> "_Written | str | None":
    """Return a number as written, None for a word that means missing, or why it is none."""
    if len(text) > MAX_NUMBER_CHARACTERS:
        return "is too long for a number"
    if is_missing_word(text):
        return None
    plain = unicodedata.normalize("NFKC", text).translate(_SPACES).translate(_SIGNS).strip()
    if plain.lstrip("+-").casefold() in {"inf", "infinity", "∞"}:
        return "is not a finite number"
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain)
    match = _BODY.fullmatch(plain)
    if match is not None and _RAISED.search(text) is None:
        digits, unit = match["digits"].strip(), match["unit"].strip() or None
        spaced = any(sign in digits for sign in " '_")
        if not spaced or _SPACED.fullmatch(digits) is not None:
            digits = re.sub(r"[ '_]", "", digits)
            mark = _decimal_mark(digits, spaced=spaced or match["exponent"] is not None)
            if mark != "bad":
                sign = -1.0 if match["sign"] == "-" else 1.0
                return _Written(sign, digits, match["exponent"] or "", mark, unit)
    return "is not a number"


def _decimal_mark(digits: str, *, spaced: bool) -> str | None:
    """Return the decimal mark of digits with marks: "" none, None either, "bad" no number."""
    marks = [char for char in digits if char in ",."]
    if not any(char.isdigit() for char in digits):
        return "bad"
    if not marks:
        return ""
    last = marks[-1]
    whole, _, _ = digits.rpartition(last)
    other = "," if last == "." else "."
    if other in marks:
        fine = marks.count(last) == 1 and _GROUPED[other].fullmatch(whole) is not None
        return last if fine else "bad"
    if len(marks) > 1:
        return other if _GROUPED[last].fullmatch(digits) is not None else "bad"
    if not spaced and _TWO_WAYS.fullmatch(digits) is not None:
        return None
    return last


def _names_unit(text: str) -> bool:
    return not (text[-1].isdigit() or text[-1] in ".,")


def _bounds(field: Field) -> tuple[float, float]:
    most = MAX_WHOLE if field.kind is Kind.WHOLE else math.inf
    low = -most if field.lowest is None else field.lowest
    high = most if field.highest is None else field.highest
    return low, high


def _wanted(field: Field) -> str:
    noun = "a whole number" if field.kind is Kind.WHOLE else "a number"
    parts: Sequence[str] = [
        *([] if field.lowest is None else [f"from {field.lowest:g}"]),
        *([] if field.highest is None else [f"to {field.highest:.15g}"]),
    ]
    return " ".join([noun, *parts])
