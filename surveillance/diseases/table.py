"""The table of diseases, read once from its data file."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from gis.text_fold import fold
from gis.words import Words
from surveillance.diseases.errors import DiseaseTableRefusedError, DiseaseUnknownError
from surveillance.diseases.model import (
    MINOR_BELOW_YEARS,
    Disease,
    Joined,
    Sensitive,
    Term,
)

TABLE_FILE = Path(__file__).with_name("notifiable.yaml")

_ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")


class DiseaseTable:
    """Diseases by code, found by what a report calls them."""

    def __init__(self, version: str, diseases: Mapping[str, Disease]) -> None:
        self.version = version
        self.diseases = MappingProxyType(dict(diseases))
        self._by_name = {
            key: disease.code
            for disease in diseases.values()
            for name in (*disease.written, disease.words.en, disease.words.zh, disease.code)
            if (key := fold(name))
        }
        # The longer beginning decides: A01.0 is typhoid, A01 either.
        self._by_icd10 = sorted(
            ((begin, disease.code) for disease in diseases.values() for begin in disease.icd10),
            key=lambda entry: -len(entry[0]),
        )

    def __iter__(self) -> Iterator[Disease]:
        """Go through the diseases in the order of the file."""
        return iter(self.diseases.values())

    def get(self, code: str) -> Disease:
        """Return the disease of a code.

        Raises
        ------
        DiseaseUnknownError
        """
        if code not in self.diseases:
            raise DiseaseUnknownError(code)
        return self.diseases[code]

    def find(self, written: str) -> str | None:
        """Return the code of what a report calls a disease by name, code or ICD-10; None: none."""
        if (known := self._by_name.get(fold(written))) is not None:
            return known
        plain = written.strip().upper()
        if not _ICD10.fullmatch(plain):
            return None
        dotted = plain if len(plain) < 4 or "." in plain else f"{plain[:3]}.{plain[3:]}"
        return next((code for begin, code in self._by_icd10 if dotted.startswith(begin)), None)

    def series_of(self, code: str, day: date) -> str:
        """Return the code that cases of `code` are counted under when one looks on `day`.

        Joined diseases go on in the newer one, with all their earlier cases.
        """
        disease = self.get(code)
        while disease.joined is not None and disease.joined.since <= day:
            disease = self.get(disease.joined.into)
        return disease.code

    def counted_in(self, code: str) -> frozenset[str]:
        """Return the codes whose cases count as `code`: itself, what stands below, what joined."""
        found = {code}
        while more := {
            disease.code for disease in self
            if disease.code not in found
            and (disease.parent in found
                 or (disease.joined is not None and disease.joined.into in found))
        }:  # fmt: skip
            found |= more
        return frozenset(found)

    def sensitivity(self, code: str, age_years: float | None) -> Sensitive:
        """Return how close a case is kept: by its disease, else by its age."""
        sensitive = self.get(code).sensitive
        if sensitive is Sensitive.ORDINARY and (
            age_years is not None and age_years < MINOR_BELOW_YEARS
        ):
            return Sensitive.MINOR
        return sensitive


@cache
def disease_table() -> DiseaseTable:
    """Return the table of this installation."""
    return read_table_of_diseases(yaml.safe_load(TABLE_FILE.read_text(encoding="utf-8")))


def read_table_of_diseases(content: Mapping[str, Any]) -> DiseaseTable:
    """Return the table that a file's content declares.

    Raises
    ------
    DiseaseTableRefusedError
        A code stands twice, or names another that is not there.
    """
    diseases: dict[str, Disease] = {}
    for row in content["diseases"]:
        disease = _disease(row)
        if disease.code in diseases:
            raise DiseaseTableRefusedError(f"{disease.code} stands twice")
        diseases[disease.code] = disease
    for disease in diseases.values():
        named = [disease.parent, disease.joined and disease.joined.into]
        if unknown := [code for code in named if code is not None and code not in diseases]:
            raise DiseaseTableRefusedError(f"{disease.code} names the unknown {unknown[0]}")
        days = [term.since for term in disease.terms]
        if days != sorted(set(days)):
            raise DiseaseTableRefusedError(f"the terms of {disease.code} do not ascend")
    return DiseaseTable(content["version"], diseases)


def _disease(row: Mapping[str, Any]) -> Disease:
    joins = row.get("joins")
    return Disease(
        code=row["code"],
        words=Words(en=row["en"], zh=row["zh"]),
        written=tuple(row.get("names", ())),
        icd10=tuple(row["icd10"]),
        sensitive=Sensitive(row.get("sensitivity", "ordinary")),
        terms=tuple(
            Term(
                since=term["from"], legal_class=term["class"],
                managed_as=term.get("as_class", term["class"]), hours=term["hours"],
            )
            for term in row["terms"]
        ),
        parent=row.get("parent"),
        joined=joins and Joined(into=joins["into"], since=joins["from"]),
        until=row.get("until"),
    )  # fmt: skip
