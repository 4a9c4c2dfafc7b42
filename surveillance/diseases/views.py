"""The table of diseases as a GET answers it."""

from dataclasses import dataclass
from datetime import date

from gis.words import Words
from surveillance.diseases.model import LegalClass
from surveillance.diseases.table import DiseaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """What the law asks from a day on."""

    since: date
    legal_class: LegalClass
    managed_as: LegalClass
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseView:
    """One disease; `joined_into` is where its series goes on, since `joined_since`."""

    code: str
    words: Words
    icd10: tuple[str, ...]
    sensitivity: str
    parent: str | None
    joined_into: str | None
    joined_since: date | None
    terms: tuple[TermView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseList:
    """The table and its version."""

    version: str
    diseases: tuple[DiseaseView, ...]


def disease_list(table: DiseaseTable) -> DiseaseList:
    """Return the table in its own order."""
    return DiseaseList(
        version=table.version,
        diseases=tuple(
            DiseaseView(
                code=one.code, words=one.words, icd10=one.icd10, sensitivity=one.sensitive.value,
                parent=one.parent, joined_into=None if one.joined is None else one.joined.into,
                joined_since=None if one.joined is None else one.joined.since,
                terms=tuple(
                    TermView(
                        since=term.since, legal_class=term.legal_class,
                        managed_as=term.managed_as, hours=term.hours,
                    )
                    for term in one.terms
                ),
            )
            for one in table
        ),
    )  # fmt: skip
