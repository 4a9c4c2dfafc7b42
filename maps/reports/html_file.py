"""A report as one HTML file: its style and pictures inside, no script, nothing to fetch."""

from html import escape
from importlib.resources import files

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
    Tone,
)
from gis.words import Language
from maps.reports.pictures import Pictures
from maps.reports.wording import cell_text, facts


def make(document: Document, pictures: Pictures) -> bytes:
    """Return the page."""
    language = pictures.language
    title = f"{document.city.in_language(language)} · {document.title.in_language(language)}"
    badge = BADGES[document.provenance]
    style = files("maps.reports").joinpath("report.css").read_text(encoding="utf-8")
    body = "\n".join(
        _list(blocks, language) if isinstance(blocks, list) else _block(blocks, pictures)
        for blocks in _gathered(document)
    )
    notes = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"
        for label, text in facts(document, language)
    )
    mark = f'<p class="badge">{escape(badge.in_language(language))}</p>' if badge else ""
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<meta '
        'charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n<main>\n"
        f'<header>{mark}<p class="city">{escape(document.city.in_language(language))}</p>'
        f"<h1>{escape(document.title.in_language(language))}</h1>\n<dl>{notes}</dl></header>\n"
        f"{body}\n</main>\n</html>\n"
    ).encode()


def _gathered(document: Document) -> list[Block | list[Paragraph]]:
    """Return the blocks, with findings that follow one another as one list."""
    gathered: list[Block | list[Paragraph]] = []
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.tone is Tone.FINDING:
            if gathered and isinstance(gathered[-1], list):
                gathered[-1].append(block)
            else:
                gathered.append([block])
        else:
            gathered.append(block)
    return gathered


def _list(findings: list[Paragraph], language: Language) -> str:
    items = "".join(f"<li>{escape(one.words.in_language(language))}</li>" for one in findings)
    return f'<ul class="findings">{items}</ul>'


def _block(block: Block, pictures: Pictures) -> str:
    language = pictures.language
    match block:
        case Heading():
            return f"<h2>{escape(block.words.in_language(language))}</h2>"
        case Paragraph():
            return f'<p class="{block.tone}">{escape(block.words.in_language(language))}</p>'
        case KeyFigures():
            return _key_figures(block, language)
        case Table():
            return _table(block, language)
        case Chart():
            return f"<figure>{pictures.charts[block.name]}</figure>"
        case MapFigure():
            note = f"<p>{escape(block.note.in_language(language))}</p>" if block.note else ""
            return (
                f"<figure><figcaption>{escape(block.title.in_language(language))}</figcaption>"
                f"{pictures.maps[block.name]}{note}</figure>"
            )


def _key_figures(block: KeyFigures, language: Language) -> str:
    boxes = "".join(
        f"<div><b>{'–' if one.value is None else f'{one.value:,}'}</b>"
        f"<span>{escape(one.words.in_language(language))}</span>"
        f"<small>{escape(one.detail.in_language(language))}</small></div>"
        for one in block.figures
    )
    return f'<div class="key">{boxes}</div>'


def _table(table: Table, language: Language) -> str:
    heads = "".join(
        f'<th scope="col">{escape(one.words.in_language(language))}</th>' for one in table.columns
    )
    rows = "".join(_row(table, row, language, last=False) for row in table.rows)
    total = _row(table, table.total, language, last=True) if table.total else ""
    note = f'<p class="note">{escape(table.note.in_language(language))}</p>' if table.note else ""
    return (
        f'<figure class="table"><table><caption>{escape(table.title.in_language(language))}'
        f"</caption><thead><tr>{heads}</tr></thead><tbody>{rows}{total}</tbody></table>{note}"
        "</figure>"
    )


def _row(table: Table, row: tuple[Cell, ...], language: Language, *, last: bool) -> str:
    cells = []
    for cell, column in zip(row, table.columns, strict=True):
        said = cell_text(cell, column, language)
        bounds = f"<small>{escape(said.bounds)}</small>" if said.bounds else ""
        kind = ' class="n"' if said.number else ""
        cells.append(f"<td{kind}>{escape(said.text)}{bounds}</td>")
    return f"<tr{' class=total' if last else ''}>{''.join(cells)}</tr>"
