"""What a signal is called: to who may see its numbers, and to everybody else."""

from collections.abc import Mapping
from datetime import date

from gis.disclosure.model import SMALLEST_TOLD, Sensitivity
from gis.words import Words, alike
from surveillance.diseases.table import disease_table
from surveillance.series.keys import ALL_DISEASES
from surveillance.signals.model import Kind
from surveillance.syndromic.syndromes import syndromes

CLASS_WORDS: Mapping[str | None, Words] = {
    "A": Words(en="a disease of class A", zh="甲类传染病"),
    "B": Words(en="a disease of class B", zh="乙类传染病"),
    "C": Words(en="a disease of class C", zh="丙类传染病"),
    None: Words(en="a watched disease", zh="重点监测疾病"),
}
"""What those are told who may see no numbers: the group only."""
LEAST_TOLD = SMALLEST_TOLD[Sensitivity.HEALTH]
"""Cases below which a disease is not named to those who may see no numbers."""


def group_of(disease: str, day: date) -> Words:
    """Return the group that a disease is in on a day."""
    term = disease_table().get(disease).term_on(day)
    return CLASS_WORDS[None if term is None else term.legal_class]


ANY_DISEASE = Words(en="all diseases", zh="各病种")


def named(kind: str, disease: str) -> Words:
    """Return the name of a disease, of all of them, or of a syndrome of calls."""
    if disease == ALL_DISEASES:
        return ANY_DISEASE
    if kind != Kind.CALLS:
        return disease_table().get(disease).words
    found = syndromes().by_code.get(disease)
    return alike(disease) if found is None else found.words


def told_as(kind: str, disease: str, day: date, *, few: bool) -> Words:
    """Return what others are told of a signal: nothing but the group where cases are few."""
    if kind != Kind.CALLS and few:
        return group_of(disease, day)
    return named(kind, disease)
