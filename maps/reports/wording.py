"""A report's cells, dates and facts as text of one language, the same in every format."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pypinyin import lazy_pinyin

from gis.documents import UNKNOWN, Cell, Column, Document, Interval
from gis.rooms.layers import Provenance
from gis.words import Language, Words

_PROVENANCE = {
    Provenance.RECORDED: Words(en="recorded", zh="登记数据"),
    Provenance.MODELLED: Words(
        en="contains modelled data, not surveyed", zh="含模型生成数据，非实测"
    ),
    Provenance.SIMULATED: Words(
        en="SIMULATED: of an installation for demonstrations and training; nothing here may be "
        "taken for the real city",
        zh="演示数据：来自用于演示与训练的系统，不代表真实城市",
    ),
}
_AS_OF = Words(en="As of", zh="数据截至")
_DATA = Words(en="Data", zh="数据性质")
_POPULATION = Words(en="Residents", zh="人口口径")
_UNKNOWN_POPULATION = Words(
    en="unknown: no population of its districts is loaded", zh="未知：未载入各区人口"
)
_SOURCES = Words(en="Sources", zh="数据来源")
NO_CHINESE_FONT = (
    "No Chinese font was found on the machine that made this file, so it is in English and Chinese "
    "names are spelled in pinyin. Install the package fonts-noto-cjk and make the report again."
)
"""In English only: there are no letters for the other words."""
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_PLAIN_MARKS = str.maketrans("（），。：；、", "(),.:;,")


@dataclass(frozen=True, slots=True)
class CellText:
    """What a cell says; `bounds` stands smaller below it; `number` turns to the right."""

    text: str
    bounds: str | None = None
    number: bool = False


def cell_text(cell: Cell, column: Column, language: Language) -> CellText:
    """Return what a cell says in one language."""
    digits, sign = column.digits, "+" if column.signed else ""
    match cell:
        case None:
            return CellText(UNKNOWN.in_language(language), number=True)
        case Words():
            return CellText(cell.in_language(language))
        case Interval():
            return CellText(
                f"{cell.value:,.{digits}f}", f"{cell.low:,.{digits}f}–{cell.high:,.{digits}f}",
                number=True,
            )  # fmt: skip
    # Of a change, nought is neither more nor fewer.
    shown = f"{cell:{sign},.{digits}f}" if round(cell, digits) else f"{0:.{digits}f}"
    return CellText(shown, number=True)


def as_of_text(document: Document) -> str:
    """Return the moment of a report by its city's clock."""
    local = document.as_of.astimezone(ZoneInfo(document.time_zone))
    return f"{local:%Y-%m-%d %H:%M} ({document.time_zone})"


def facts(document: Document, language: Language) -> tuple[tuple[str, str], ...]:
    """Return what must be known of a report's data: label and text."""
    population = document.population.words if document.population else _UNKNOWN_POPULATION
    sources = " ".join(words.in_language(language) for words in document.sources)
    return (
        (_AS_OF.in_language(language), as_of_text(document)),
        (_DATA.in_language(language), _PROVENANCE[document.provenance].in_language(language)),
        (_POPULATION.in_language(language), population.in_language(language)),
        (_SOURCES.in_language(language), sources),
    )


def in_latin(text: str) -> str:
    """Return a text with Chinese characters spelled in pinyin, for letters that are not there."""
    plain = text.translate(_PLAIN_MARKS)
    return _HAN.sub(lambda run: "".join(lazy_pinyin(run[0])).capitalize(), plain)
