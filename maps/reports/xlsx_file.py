"""A report as a workbook: each table a sheet of numbers, charts of their own, the map a picture.

Every text is written as text, whatever it begins with: a name from a register can never become a
formula of whoever opens it.
"""

import io
from datetime import UTC
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format as Look
from xlsxwriter.worksheet import Worksheet

from gis.documents import (
    BADGES,
    UNKNOWN,
    Cell,
    Chart,
    ChartKind,
    Column,
    Document,
    Interval,
    Paragraph,
    Table,
)
from gis.words import Words
from maps.charts.drawing import PNG_SCALE, png_of_svg
from maps.reports.pictures import Pictures
from maps.reports.wording import facts

LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LOW = Words(en="{column}, 95 % interval from", zh="{column}，95%区间下限")
_HIGH = Words(en="{column}, 95 % interval to", zh="{column}，95%区间上限")
_CONTENTS = Words(en="Report", zh="报告")
_MAP = Words(en="Map", zh="地图")
_A4 = 9
_TEXT_WIDTH = 100
"""Of the column of texts, in letters."""
_BROKEN = 8
_LINE_PT = 15
_LAST_NARROW = 0x2E7F


def make(document: Document, pictures: Pictures, printed: Pictures) -> bytes:
    """Return the file; `printed` are the pictures with letters that this machine has."""
    return _Writer(document, pictures, printed).write()


class _Writer:
    def __init__(self, document: Document, pictures: Pictures, printed: Pictures) -> None:
        self._document = document
        self._language = pictures.language
        self._printed = printed
        self._kept = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._kept, {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        })  # fmt: skip
        font = {"font_name": "Microsoft YaHei" if self._language == "zh" else "Segoe UI",
                "font_size": 10}  # fmt: skip
        self._text = self._look(font, text_wrap=True, valign="top")
        self._bold = self._look(font, bold=True)
        self._head = self._look(font, bold=True, text_wrap=True, bottom=1, valign="bottom",
                                bg_color="#E3E6E8")  # fmt: skip
        self._title = self._look(font, bold=True, font_size=16)
        self._badge = self._look(font, bold=True, font_color="#A64800")
        self._font = font
        self._places: dict[str, tuple[str, dict[str, int]]] = {}

    def _look(self, *parts: dict[str, Any], **more: Any) -> Look:
        merged: dict[str, Any] = {}
        for part in (*parts, more):
            merged |= part
        look: Look = self._book.add_format(merged)
        return look

    def write(self) -> bytes:
        document = self._document
        made_at = document.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self._book.set_properties({
            "title": f"{self._say(document.city)} · {self._say(document.title)}"[:250],
            "author": "GoldenHour", "created": made_at,
        })  # fmt: skip
        self._front()
        for table in document.tables:
            self._table(table)
        for chart in document.charts:
            if chart.table.name not in self._places:
                self._table(chart.table)
        for chart in document.charts:
            self._chart(chart)
        for figure in document.maps:
            self._map(figure.name, self._say(figure.alt))
        self._book.close()
        return self._kept.getvalue()

    def _say(self, words: Words) -> str:
        return words.in_language(self._language)

    def _sheet(self, name: str) -> Worksheet:
        plain = name.translate(_NOT_IN_SHEET_NAMES).strip()[:LONGEST_SHEET_NAME].strip()
        taken = {sheet.name.lower() for sheet in self._book.worksheets()}
        kept, number = plain, 2
        while kept.lower() in taken:
            ending = f" {number}"
            kept, number = plain[: LONGEST_SHEET_NAME - len(ending)] + ending, number + 1
        sheet: Worksheet = self._book.add_worksheet(kept)
        # On paper a sheet is as wide as one page.
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        return sheet

    def _front(self) -> None:
        sheet = self._sheet(self._say(_CONTENTS))
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, _TEXT_WIDTH)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, self._say(self._document.city), self._bold)
        sheet.set_row(1, 24)
        sheet.write_string(1, 0, self._say(self._document.title), self._title)
        row = 2
        badge = BADGES[self._document.provenance]
        if badge is not None:
            sheet.write_string(row, 0, self._say(badge), self._badge)
            row += 1
        for label, text in facts(self._document, self._language):
            sheet.write_string(row, 0, label, self._bold)
            self._lines(sheet, row, text)
            row += 1
        row += 1
        for block in self._document.blocks:
            if isinstance(block, Paragraph):
                self._lines(sheet, row, self._say(block.words))
                row += 1

    def _lines(self, sheet: Worksheet, row: int, text: str) -> None:
        """Write a text over as many lines as it takes: not every program reckons them by itself."""
        # A Chinese letter is as wide as two others; words break before the end of a line.
        width = sum(2 if ord(letter) > _LAST_NARROW else 1 for letter in text)
        sheet.set_row(row, _LINE_PT * -(-width // (_TEXT_WIDTH - _BROKEN)))
        sheet.write_string(row, 1, text, self._text)

    def _table(self, table: Table) -> None:
        sheet = self._sheet(self._say(table.title))
        sheet.set_landscape()
        badge = BADGES[self._document.provenance]
        sheet.write_string(0, 0, self._say(table.title), self._bold)
        if badge is not None:
            sheet.write_string(1, 0, self._say(badge), self._badge)
        starts: dict[str, int] = {}
        column_at = 0
        rows = [*table.rows, *((table.total,) if table.total else ())]
        for place, column in enumerate(table.columns):
            starts[column.key] = column_at
            ranged = any(isinstance(row[place], Interval) for row in rows)
            heads = [column.words]
            if ranged:
                heads += [_LOW.filled(column=column.words), _HIGH.filled(column=column.words)]
            for offset, words in enumerate(heads):
                sheet.write_string(2, column_at + offset, self._say(words), self._head)
                named = any(isinstance(row[place], Words) for row in table.rows)
                sheet.set_column(column_at + offset, column_at + offset, 18 if named else 11)
            for row_at, row in enumerate(rows, start=3):
                last = table.total is not None and row_at == 2 + len(rows)
                self._cell(sheet, row_at, column_at, row[place], column, bold=last)
            column_at += len(heads)
        sheet.set_row(2, 5 * _LINE_PT)
        sheet.freeze_panes(3, 0)
        if table.note is not None:
            sheet.write_string(4 + len(rows), 0, self._say(table.note))
        self._places[table.name] = (sheet.name, starts)

    def _cell(
        self, sheet: Worksheet, row: int, place: int, cell: Cell, column: Column, *, bold: bool
    ) -> None:  # fmt: skip
        if cell is None or isinstance(cell, Words):
            text = self._say(UNKNOWN if cell is None else cell)
            sheet.write_string(row, place, text, self._bold if bold else self._text)
            return
        numbers = (cell.value, cell.low, cell.high) if isinstance(cell, Interval) else (cell,)
        shown = "#,##0" + ("." + "0" * column.digits if column.digits else "")
        if column.signed:
            shown = f"+{shown};-{shown};{shown}"
        look = self._look(self._font, num_format=shown, bold=bold, valign="top")
        for offset, number in enumerate(numbers):
            sheet.write_number(row, place + offset, number, look)

    def _chart(self, chart: Chart) -> None:
        """Draw a chart of its own beside the table it is made from: it follows the numbers."""
        sheet_name, starts = self._places[chart.table.name]
        sheet = self._book.get_worksheet_by_name(sheet_name)
        first, last = 3, 2 + len(chart.table.rows)
        across, value = starts[chart.across], starts[chart.value]
        if chart.kind is ChartKind.BARS:
            self._bars(chart, sheet)
            return
        if chart.kind is ChartKind.STEPS:
            self._steps(chart, sheet)
            return
        drawn = self._book.add_chart({"type": "bar"})
        drawn.add_series({
            "name": self._say(chart.title),
            "categories": [sheet_name, first, across, last, across],
            "values": [sheet_name, first, value, last, value],
            "fill": {"color": "#0072B2"}, "gap": 60,
        })  # fmt: skip
        badge = BADGES[self._document.provenance]
        title = self._say(chart.title) + (f"\n{self._say(badge)}" if badge else "")
        drawn.set_title({"name": title, "name_font": {"size": 11}})
        drawn.set_legend({"none": True})
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({"min": 0, "major_gridlines": {"visible": True,
                                                        "line": {"color": "#E3E6E8"}}})  # fmt: skip
        drawn.set_size({"width": 560, "height": 90 + 26 * len(chart.table.rows)})
        place = [one.name for one in self._document.charts].index(chart.name)
        sheet.insert_chart(
            7 + len(chart.table.rows), 6 * place, drawn, {"description": self._say(chart.alt)}
        )

    def _steps(self, chart: Chart, sheet: Worksheet) -> None:
        """Draw the points joined by lines: a workbook's charts know no stairs."""
        sheet_name, starts = self._places[chart.table.name]
        first, last = 3, 2 + len(chart.table.rows)
        drawn = self._book.add_chart({"type": "scatter", "subtype": "straight"})
        for key, colour in ((chart.value, "#0072B2"), (chart.beside or chart.value, "#D55E00")):
            across, place = starts[chart.across], starts[key]
            drawn.add_series({
                "name": [sheet_name, 2, place],
                "categories": [sheet_name, first, across, last, across],
                "values": [sheet_name, first, place, last, place],
                "line": {"color": colour, "width": 1.5},
            })  # fmt: skip
        badge = BADGES[self._document.provenance]
        title = self._say(chart.title) + (f"\n{self._say(badge)}" if badge else "")
        drawn.set_title({"name": title, "name_font": {"size": 11}})
        drawn.set_legend({"position": "top"})
        drawn.set_size({"width": 720, "height": 320})
        sheet.insert_chart(
            2, 1 + len(chart.table.columns), drawn, {"description": self._say(chart.alt)}
        )

    def _bars(self, chart: Chart, sheet: Worksheet) -> None:
        sheet_name, starts = self._places[chart.table.name]
        first, last = 3, 2 + len(chart.table.rows)

        def series(key: str, **look: Any) -> dict[str, Any]:
            place, across = starts[key], starts[chart.across]
            return {
                "name": [sheet_name, 2, place],
                "categories": [sheet_name, first, across, last, across],
                "values": [sheet_name, first, place, last, place], **look,
            }  # fmt: skip

        drawn = self._book.add_chart({"type": "column"})
        drawn.add_series(series(chart.value, fill={"color": "#0072B2"}, gap=30))
        if chart.beside is not None:
            line = self._book.add_chart({"type": "line"})
            line.add_series(
                series(chart.beside, line={"color": "#D55E00", "width": 1.5, "dash_type": "dash"})
            )
            drawn.combine(line)
        badge = BADGES[self._document.provenance]
        title = self._say(chart.title) + (f"\n{self._say(badge)}" if badge else "")
        drawn.set_title({"name": title, "name_font": {"size": 11}})
        drawn.set_legend({"position": "top"})
        drawn.set_size({"width": 720, "height": 320})
        sheet.insert_chart(
            2, 1 + len(chart.table.columns), drawn, {"description": self._say(chart.alt)}
        )

    def _map(self, name: str, alt: str) -> None:
        sheet = self._sheet(self._say(_MAP))
        sheet.hide_gridlines(2)
        sheet.insert_image(0, 0, "map.png", {
            "image_data": io.BytesIO(png_of_svg(self._printed.maps[name])),
            "x_scale": 1 / PNG_SCALE, "y_scale": 1 / PNG_SCALE, "description": alt,
        })  # fmt: skip
