"""A report as a Word document that can be worked on: text as text, tables as tables."""

import io
import zipfile
from datetime import UTC

import docx
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell as DocxCell
from docx.text.paragraph import Paragraph as DocxParagraph

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
from gis.words import Words
from maps.charts.drawing import png_of_svg
from maps.reports.pictures import Pictures
from maps.reports.wording import as_of_text, cell_text, facts

TEXT_WIDTH_MM = 170
LONGEST_PROPERTY = 250
"""Word refuses properties of more than 255 letters."""
_FONT, _CHINESE_FONT = "Segoe UI", "Microsoft YaHei"
_INK, _FAINT, _ORANGE = (
    RGBColor(0x22, 0x28, 0x2D),
    RGBColor(0x5F, 0x69, 0x71),
    RGBColor(0xA6, 0x48, 0),
)


def make(document: Document, pictures: Pictures, printed: Pictures) -> bytes:
    """Return the file; `printed` are the pictures with letters that this machine has."""
    return _Writer(document, pictures, printed).write()


class _Writer:
    def __init__(self, document: Document, pictures: Pictures, printed: Pictures) -> None:
        self._document = document
        self._language = pictures.language
        self._printed = printed
        self._docx: Docx = docx.Document()

    def write(self) -> bytes:
        self._set_styles()
        self._head()
        for block in self._document.blocks:
            self._block(block)
        self._foot()
        kept = io.BytesIO()
        self._docx.save(kept)
        return _without_clock(kept.getvalue())

    def _say(self, words: Words) -> str:
        return words.in_language(self._language)

    def _set_styles(self) -> None:
        section = self._docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin = section.bottom_margin = Mm(22)
        for name, size in (
            ("Normal", 10), ("Title", 22), ("Heading 1", 14), ("Caption", 10),
            ("List Bullet", 10),
        ):  # fmt: skip
            style = self._docx.styles[name]
            assert isinstance(style, ParagraphStyle)
            style.font.name, style.font.size = _FONT, Pt(size)
            style.font.color.rgb = _INK
            style.font.bold = name not in {"Normal", "List Bullet"}
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.set(qn("w:eastAsia"), _CHINESE_FONT)
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
        properties = self._docx.core_properties
        title = f"{self._say(self._document.city)} · {self._say(self._document.title)}"
        properties.title = title[:LONGEST_PROPERTY]
        properties.author = properties.last_modified_by = "GoldenHour"
        properties.comments = ""
        properties.created = properties.modified = self._document.as_of.astimezone(UTC).replace(
            tzinfo=None, microsecond=0
        )
        properties.language = "zh-CN" if self._language == "zh" else "en-GB"

    def _head(self) -> None:
        badge = BADGES[self._document.provenance]
        if badge is not None:
            self._line(self._say(badge), colour=_ORANGE, bold=True)
        self._line(self._say(self._document.city), colour=_FAINT, size=12)
        self._docx.add_paragraph(self._say(self._document.title), style="Title")
        for label, text in facts(self._document, self._language):
            line = self._line(f"{label}  ", colour=_FAINT, size=8.5)
            line.add_run(text).font.size = Pt(8.5)
            line.paragraph_format.space_after = Pt(1)

    def _foot(self) -> None:
        foot = self._docx.sections[0].footer.paragraphs[0]
        foot.text = (
            f"{self._say(self._document.city)} · {self._say(self._document.title)} · "
            f"{as_of_text(self._document)}"
        )
        foot.runs[0].font.size, foot.runs[0].font.color.rgb = Pt(8), _FAINT

    def _line(
        self, text: str, *, colour: RGBColor = _INK, size: float = 10, bold: bool = False
    ) -> DocxParagraph:  # fmt: skip
        line = self._docx.add_paragraph()
        run = line.add_run(text)
        run.font.color.rgb, run.font.size, run.bold = colour, Pt(size), bold
        line.paragraph_format.space_after = Pt(3)
        return line

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._docx.add_heading(self._say(block.words), level=1)
            case Paragraph(tone=Tone.FINDING):
                self._docx.add_paragraph(self._say(block.words), style="List Bullet")
            case Paragraph():
                line = self._docx.add_paragraph(self._say(block.words))
                if block.tone is Tone.CAUTION:
                    _mark(line)
            case KeyFigures():
                self._key_figures(block)
            case Table():
                self._table(block)
            case Chart():
                self._picture(self._printed.charts[block.name], block.alt, width_mm=150)
            case MapFigure():
                self._caption(block.title)
                self._picture(self._printed.maps[block.name], block.alt, width_mm=TEXT_WIDTH_MM)
                if block.note is not None:
                    self._line(self._say(block.note), colour=_FAINT, size=8.5)

    def _key_figures(self, block: KeyFigures) -> None:
        table = self._docx.add_table(rows=1, cols=len(block.figures))
        for cell, one in zip(table.rows[0].cells, block.figures, strict=True):
            number = cell.paragraphs[0].add_run("–" if one.value is None else f"{one.value:,}")
            number.font.size, number.bold = Pt(18), True
            cell.add_paragraph(self._say(one.words))
            detail = cell.add_paragraph().add_run(self._say(one.detail))
            detail.font.size, detail.font.color.rgb = Pt(8.5), _FAINT
            for line in cell.paragraphs:
                line.paragraph_format.space_after = Pt(0)

    def _caption(self, words: Words) -> None:
        line = self._docx.add_paragraph(self._say(words), style="Caption")
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.space_before = Pt(10)

    def _picture(self, svg: str, alt: Words, *, width_mm: float) -> None:
        picture = self._docx.add_picture(io.BytesIO(png_of_svg(svg)), width=Mm(width_mm))
        about = picture._inline.docPr
        about.set("descr", self._say(alt))

    def _table(self, table: Table) -> None:
        self._caption(table.title)
        rows = [*table.rows, *((table.total,) if table.total else ())]
        drawn = self._docx.add_table(rows=1 + len(rows), cols=len(table.columns))
        drawn.style = "Light List"
        drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
        heads = drawn.rows[0]
        for cell, column in zip(heads.cells, table.columns, strict=True):
            _write(cell, self._say(column.words), number=column is not table.columns[0], bold=True)
        repeat = OxmlElement("w:tblHeader")
        heads._tr.get_or_add_trPr().append(repeat)
        for place, row in enumerate(rows, start=1):
            last = table.total is not None and place == len(rows)
            self._row(drawn.rows[place].cells, row, table, bold=last)
        if table.note is not None:
            self._line(self._say(table.note), colour=_FAINT, size=8.5)

    def _row(
        self, cells: tuple[DocxCell, ...], row: tuple[Cell, ...], table: Table, *, bold: bool
    ) -> None:  # fmt: skip
        for drawn, cell, column in zip(cells, row, table.columns, strict=True):
            said = cell_text(cell, column, self._language)
            _write(drawn, said.text, number=said.number, bold=bold)
            if said.bounds is not None:
                line = drawn.add_paragraph()
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                line.paragraph_format.space_after = Pt(0)
                run = line.add_run(said.bounds)
                run.font.size, run.font.color.rgb, run.bold = Pt(7), _FAINT, False


def _write(cell: DocxCell, text: str, *, number: bool, bold: bool) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(0)
    if number:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = line.add_run(text)
    run.font.size, run.bold = Pt(9), bold


def _mark(line: DocxParagraph) -> None:
    """Put a bar before a paragraph that limits what the report may be used for."""
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", "D55E00")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    line._p.get_or_add_pPr().append(borders)


def _without_clock(packed: bytes) -> bytes:
    """Return a zip with its files dated 1980: the same report gives the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(kept, "w") as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, date_time=(1980, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(entry))
    return kept.getvalue()
