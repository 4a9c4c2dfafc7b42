"""A document in one language as the files people take away."""

import json
from collections.abc import Callable, Collection, Mapping

from gis.documents import Document
from gis.words import Language
from maps.charts.spec import vega_lite
from maps.reports import docx_file, folium_file, html_file, pdf_file, xlsx_file
from maps.reports.ground import Ground
from maps.reports.model import Format
from maps.reports.pictures import draw


def specifications(document: Document, language: Language) -> bytes:
    """Return the document's charts as a JSON list of Vega-Lite specifications."""
    specs = [
        vega_lite(chart, language=language, provenance=document.provenance)
        for chart in document.charts
    ]
    return json.dumps(specs, ensure_ascii=False).encode()


def render(
    document: Document,
    grounds: Mapping[str, Ground],
    *,
    language: Language,
    formats: Collection[Format],
    font: str | None,
    tell: Callable[[Format], None] = lambda _: None,
) -> dict[Format, bytes]:
    """Return a report's files.

    grounds : what each of its maps shows, by the map's name
    font : family with Chinese letters (`maps.reports.fonts`); None: print is in English and spells
        Chinese names in pinyin, and says so
    tell : is called before each file
    """
    pictures = draw(document, grounds, language)
    printed = pictures if font is not None else draw(document, grounds, "en").in_latin()
    makers: dict[Format, Callable[[], bytes]] = {
        Format.PDF: lambda: pdf_file.make(document, printed, font=font),
        Format.HTML: lambda: html_file.make(document, pictures),
        Format.DOCX: lambda: docx_file.make(document, pictures, printed),
        Format.XLSX: lambda: xlsx_file.make(document, pictures, printed),
        Format.FOLIUM: lambda: folium_file.make(document, grounds, language),
        Format.CHARTS: lambda: specifications(document, language),
    }
    files: dict[Format, bytes] = {}
    for one in Format:
        if one in formats:
            tell(one)
            files[one] = makers[one]()
    return files
