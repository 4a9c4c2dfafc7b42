"""A disease as it is reported: since when, in which class, within how many hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from gis.disclosure.model import SMALLEST_TOLD, AreaLevel, Sensitivity
from gis.words import Words

LegalClass = Literal["A", "B", "C"]
"""甲类, 乙类, 丙类 of the Law on the Prevention and Treatment of Infectious Diseases."""


class Sensitive(StrEnum):
    """Why a case is kept closer than others."""

    ORDINARY = "ordinary"
    HIV_STI = "hiv_sti"
    TUBERCULOSIS = "tuberculosis"
    PSYCHIATRIC = "psychiatric"
    REPRODUCTIVE = "reproductive"
    MINOR = "minor"


MINOR_BELOW_YEARS = 14.0
"""PIPL 31: a child's values are sensitive below 14 years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What may be shown of cases of a sensitivity.

    area_level : the finest level of areas of any count of them
    smallest_told : no count between zero and this is told
    points : whether a place of residence is kept as a point
    advisories, exports : whether they stand in advisories, and in exports that do not ask for them
    """

    words: Words
    area_level: AreaLevel
    smallest_told: int
    points: bool
    advisories: bool
    exports: bool


def _closed(words: Words, sensitivity: Sensitivity = Sensitivity.STIGMA) -> Sharing:
    return Sharing(
        words=words, area_level="district", smallest_told=SMALLEST_TOLD[sensitivity], points=False,
        advisories=False, exports=False,
    )  # fmt: skip


SHARING: Mapping[Sensitive, Sharing] = MappingProxyType({
    Sensitive.ORDINARY: Sharing(
        words=Words(en="ordinary", zh="一般"), area_level="street",
        smallest_told=SMALLEST_TOLD[Sensitivity.HEALTH], points=True, advisories=True, exports=True,
    ),
    Sensitive.HIV_STI: _closed(Words(en="HIV and sexually transmitted", zh="艾滋病与性传播疾病")),
    Sensitive.TUBERCULOSIS: _closed(Words(en="tuberculosis", zh="结核病")),
    Sensitive.PSYCHIATRIC: _closed(Words(en="psychiatric", zh="精神障碍")),
    Sensitive.REPRODUCTIVE: _closed(Words(en="reproductive", zh="生殖健康")),
    Sensitive.MINOR: _closed(Words(en="under 14 years", zh="未满14岁")),
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What the law asks from a day on; `managed_as` is the class whose measures apply."""

    since: date
    legal_class: LegalClass
    managed_as: LegalClass
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """From a day on a disease is reported under another code, and its series goes on there."""

    into: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Disease:
    """One row of the table. `terms` ascend; none: it is watched, but the law does not ask.

    written : what reports call it, besides its words. icd10 : beginnings of codes. parent : the
    disease that its cases count into as well. until : the day from which it is reported no more.
    """

    code: str
    words: Words
    written: tuple[str, ...]
    icd10: tuple[str, ...]
    sensitive: Sensitive
    terms: tuple[Term, ...]
    parent: str | None = None
    joined: Joined | None = None
    until: date | None = None

    def term_on(self, day: date) -> Term | None:
        """Return what the law asks on a day; None: nothing, or not any more."""
        if self.until is not None and day >= self.until:
            return None
        return next((term for term in reversed(self.terms) if term.since <= day), None)
