"""A report as PDF, set by typst: A4, tagged for screen readers, its fonts inside.

Texts go to the template as JSON, never as its markup: no name of a place can be taken for code.
"""

import json
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import typst

from gis.documents import (
    BADGES,
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    KeyFigures,
    MapFigure,
    Paragraph,
    Table,
)
from gis.words import Words
from maps.reports.pictures import Pictures
from maps.reports.wording import NO_CHINESE_FONT, as_of_text, cell_text, facts, in_latin

_LATIN_FONT = "Libertinus Serif"
"""Stands inside typst."""


def make(document: Document, pictures: Pictures, *, font: str | None) -> bytes:
    """Return the PDF; the same document gives the same bytes.

    font : family with Chinese letters; None: `pictures` are without them, and so is the text
    """
    with tempfile.TemporaryDirectory(prefix="goldenhour-report-") as name:
        folder = Path(name)
        with as_file(files("maps.reports").joinpath("report.typ")) as template:
            shutil.copy(template, folder / "report.typ")
        for kind, drawn in (("chart", pictures.charts), ("map", pictures.maps)):
            for picture, svg in drawn.items():
                (folder / f"{kind}-{picture}.svg").write_text(svg, encoding="utf-8")
        content = _Content(pictures).of(document, font)
        (folder / "report.json").write_text(json.dumps(content), encoding="utf-8")
        made = typst.compile(
            folder / "report.typ", root=folder, format="pdf", pdf_standards=["ua-1"],
            timestamp=document.as_of.replace(microsecond=0),
        )  # fmt: skip
    assert isinstance(made, bytes)
    return made


class _Content:
    """A document as JSON of one language, as `report.typ` reads it."""

    def __init__(self, pictures: Pictures) -> None:
        self._language = pictures.language
        self._latin = pictures.latin

    def of(self, document: Document, font: str | None) -> dict[str, Any]:
        badge = BADGES[document.provenance]
        said = facts(document, self._language)
        return {
            "font": font or _LATIN_FONT,
            "language": self._language,
            "notice": NO_CHINESE_FONT if font is None else None,
            "badge": None if badge is None else self._words(badge),
            "city": self._words(document.city),
            "title": self._words(document.title),
            "as_of": as_of_text(document),
            "facts": [[self._plain(label), self._plain(text)] for label, text in said],
            "blocks": [self._block(block) for block in document.blocks],
        }

    def _plain(self, text: str) -> str:
        return in_latin(text) if self._latin else text

    def _words(self, words: Words) -> str:
        return self._plain(words.in_language(self._language))

    def _optional(self, words: Words | None) -> str | None:
        return None if words is None else self._words(words)

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Heading():
                return {"is": "heading", "text": self._words(block.words)}
            case Paragraph():
                return {"is": block.tone.value, "text": self._words(block.words)}
            case KeyFigures():
                figures = [
                    {
                        "value": "–" if one.value is None else f"{one.value:,}",
                        "words": self._words(one.words), "detail": self._words(one.detail),
                    }
                    for one in block.figures
                ]  # fmt: skip
                return {"is": "key", "figures": figures}
            case Table():
                return self._table(block)
            case Chart():
                return {"is": "chart", "file": f"chart-{block.name}.svg",
                        "alt": self._words(block.alt)}  # fmt: skip
            case MapFigure():
                return {
                    "is": "map", "file": f"map-{block.name}.svg", "alt": self._words(block.alt),
                    "title": self._words(block.title), "note": self._optional(block.note),
                }  # fmt: skip

    def _table(self, table: Table) -> dict[str, Any]:
        return {
            "is": "table",
            "title": self._words(table.title),
            "note": self._optional(table.note),
            "columns": [self._words(column.words) for column in table.columns],
            "numbers": [
                any(self._cell(row[place], table, place)["number"] for row in table.rows)
                for place in range(len(table.columns))
            ],
            "rows": [self._row(row, table) for row in table.rows],
            "total": self._row(table.total, table) if table.total else None,
        }

    def _row(self, row: tuple[Cell, ...], table: Table) -> list[dict[str, Any]]:
        return [self._cell(cell, table, place) for place, cell in enumerate(row)]

    def _cell(self, cell: Cell, table: Table, place: int) -> dict[str, Any]:
        said = cell_text(cell, table.columns[place], self._language)
        return {"text": self._plain(said.text), "bounds": said.bounds, "number": said.number}
