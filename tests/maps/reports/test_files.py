"""The files of a report: opened by others' programs, looked into, made twice."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from gis.words import LANGUAGES
from maps.reports import folium_file, html_file, pdf_file, xlsx_file
from maps.reports.fonts import chinese_family, installed_families
from maps.reports.model import Format
from maps.reports.pictures import draw
from maps.reports.rendering import render
from maps.reports.wording import NO_CHINESE_FONT, in_latin
from tests.reports import EMPTY, FORMULA, FULL, LONG, NASTY, SCRIPT, document, ground

HAN = re.compile(r"[\u4e00-\u9fff]")
A4_PT = (595.28, 841.89)


@pytest.fixture(scope="module")
def font() -> str:
    found = chinese_family(installed_families())
    assert found is not None, "fonts-noto-cjk is missing; ./run test installs it"
    return found


@pytest.fixture(scope="module")
def files(font: str) -> dict[Format, bytes]:
    """All files of the nasty city, in Chinese."""
    return render(
        document(NASTY, simulated=True), {"map": ground(NASTY)}, language="zh",
        formats=tuple(Format), font=font,
    )  # fmt: skip


def text_of(pdf: bytes) -> str:
    # Lines end where they please in Chinese.
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s", "", words)


def embedded_fonts(pdf: bytes) -> dict[str, bool]:
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for one in page["/Resources"].get("/Font", {}).values():
            font = one.get_object()
            for descendant in font.get("/DescendantFonts", [font]):
                described = descendant.get_object()["/FontDescriptor"].get_object()
                found[described["/FontName"]] = any(
                    name in described for name in ("/FontFile2", "/FontFile3")
                )
    return found


def test_print_holds_chinese_words_and_its_fonts(files: dict[Format, bytes]) -> None:
    text = text_of(files[Format.PDF])
    for words in (
        "急救资源报告",
        "测试市",
        "演示数据·仿真",
        "常住人口",
        "未知",
        "数据截至",
        FORMULA,
    ):
        assert words.replace(" ", "") in text
    fonts = embedded_fonts(files[Format.PDF])
    assert fonts
    assert all(fonts.values())
    assert all("CJK" in name for name in fonts)
    reader = PdfReader(io.BytesIO(files[Format.PDF]))
    assert all(
        tuple(map(float, page.mediabox[2:])) == pytest.approx(A4_PT, abs=0.1)
        for page in reader.pages
    )
    assert reader.metadata is not None
    assert reader.metadata.title == "测试市 · 急救资源报告"


def test_print_is_tagged_for_screen_readers(files: dict[Format, bytes]) -> None:
    catalogue = PdfReader(io.BytesIO(files[Format.PDF])).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "zh-CN"


def test_the_same_data_give_the_same_bytes(files: dict[Format, bytes], font: str) -> None:
    again = render(
        document(NASTY, simulated=True), {"map": ground(NASTY)}, language="zh",
        formats=tuple(Format), font=font,
    )  # fmt: skip
    assert [one for one in Format if files[one] != again[one]] == []


def test_without_a_chinese_font_print_says_so_and_has_no_boxes() -> None:
    made = render(
        document(FULL), {"map": ground(FULL)}, language="zh", formats=(Format.PDF,), font=None
    )
    text = text_of(made[Format.PDF])
    assert NO_CHINESE_FONT.replace(" ", "") in text
    assert "Dongqu" in text
    assert not HAN.search(text)
    assert all(embedded_fonts(made[Format.PDF]).values())


def test_chinese_in_latin_letters() -> None:
    assert in_latin("南山区（新）AED 3") == "Nanshanqu(Xin)AED 3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_print_of_an_empty_city_is_a_proper_page(language: str, font: str) -> None:
    report = document(EMPTY)
    pictures = draw(report, {"map": ground(EMPTY)}, language)
    text = text_of(pdf_file.make(report, pictures, font=font))
    missing = {"zh": "目前没有任何登记", "en": "Nothingisonrecord"}[language]
    assert missing in text
    assert {"zh": "没有载入区界", "en": "NodistrictsofTestburgareloaded"}[language] in text


def test_the_page_fetches_nothing_and_runs_nothing(files: dict[Format, bytes]) -> None:
    page = files[Format.HTML].decode()
    assert "<script" not in page
    assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;") in page
    assert re.findall(r"(?:src|href)=", page) == []
    assert set(re.findall(r"https?://[^\s\"'<)]*", page)) <= {
        "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
    }  # fmt: skip
    assert "url(http" not in page
    assert 'lang="zh-CN"' in page


def test_the_editable_text_has_tables_pictures_and_words(files: dict[Format, bytes]) -> None:
    opened = docx.Document(io.BytesIO(files[Format.DOCX]))
    text = "\n".join(one.text for one in opened.paragraphs)
    assert "急救资源报告" in text
    assert "演示数据 · 仿真" in text
    assert len(opened.inline_shapes) == 3
    rates = opened.tables[1]
    assert [cell.text for cell in rates.rows[0].cells][1:4] == ["区", "AED", "救护车"]
    assert rates.rows[1].cells[1].text == SCRIPT
    assert rates.rows[3].cells[1].text == LONG
    assert rates.rows[3].cells[2].text == "未知"
    described = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    assert all(described)


def test_no_cell_of_the_workbook_is_a_formula(files: dict[Format, bytes]) -> None:
    opened = openpyxl.load_workbook(io.BytesIO(files[Format.XLSX]))
    cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row]
    assert FORMULA in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(files[Format.XLSX])) as packed:
        sheets = [packed.read(name) for name in packed.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "{=1}", "http://x"])
def test_whatever_a_name_begins_with_it_stays_text(begins: str, font: str) -> None:
    nasty = document(NASTY)
    rates = nasty.tables[0]
    row = (rates.rows[0][0], type(nasty.title)(en=begins, zh=begins), *rates.rows[0][2:])
    renamed = type(rates)("x", rates.title, rates.columns, (row,))
    report = type(nasty)(**{
        **{name: getattr(nasty, name) for name in nasty.__slots__}, "blocks": (renamed,)
    })  # fmt: skip
    pictures = draw(report, {}, "en")
    opened = openpyxl.load_workbook(io.BytesIO(xlsx_file.make(report, pictures, pictures)))
    cell = opened.worksheets[1].cell(4, 2)
    assert cell.value == begins
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_the_workbook_holds_numbers_with_their_intervals(font: str) -> None:
    report = document(FULL)
    pictures = draw(report, {"map": ground(FULL)}, "en")
    made = io.BytesIO(xlsx_file.make(report, pictures, pictures))
    opened = openpyxl.load_workbook(made)
    sheet = opened.worksheets[1]
    heads = [cell.value for cell in sheet[3]]
    assert heads[2:5] == ["AEDs", "AEDs, 95 % interval from", "AEDs, 95 % interval to"]
    first = [cell.value for cell in sheet[4]]
    assert first[:3] == [1, "西区", 40]
    assert first[3] == pytest.approx(28.577, abs=0.001)
    assert len(sheet._charts) == 2
    with zipfile.ZipFile(made) as packed:
        assert "xl/media/image1.png" in packed.namelist()


@pytest.mark.browser
def test_the_map_opens_from_a_file_without_a_network(
    files: dict[Format, bytes], browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    path.write_bytes(files[Format.FOLIUM])
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.goto(path.as_uri())
    page.wait_for_selector(".mark")
    assert page.locator("path.leaflet-interactive").count() >= 3
    assert page.locator(".leaflet-marker-pane .mark").count() == 2
    assert "演示数据" in page.locator(".panel").inner_text()
    # The mark with a script for a name, pointed at.
    page.locator(".leaflet-marker-pane .mark").nth(1).hover()
    page.locator(".foliumtooltip", has_text=SCRIPT).wait_for()
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert faults == []
    context.close()


@pytest.mark.browser
def test_no_district_s_name_runs_in_the_map(browser: Browser, tmp_path: Path) -> None:
    name = "`${alert(1)}` \\u{x} </script>"
    counted = replace(FULL, districts=(replace(FULL.districts[0], name=name, name_zh=name),))
    path = tmp_path / "map.html"
    path.write_bytes(folium_file.make(document(counted), {"map": ground(counted)}, "en"))
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    page.locator("path.leaflet-interactive").first.hover()
    page.locator(".leaflet-tooltip", has_text=name).first.wait_for()
    assert faults == []
    page.close()


def test_the_map_names_no_other_host_and_is_small(files: dict[Format, bytes]) -> None:
    page = files[Format.FOLIUM].decode()
    assert len(files[Format.FOLIUM]) < folium_file.LARGEST_FILE_MB * 1_000_000
    assert re.findall(r"<(?:link|script)[^>]+(?:href|src)=", page) == []
    assert not any("url(" in style for style in re.findall(r"<style>.*?</style>", page, re.DOTALL))
    assert "cdn" not in page.lower()


def test_a_city_without_people_still_has_a_page(font: str) -> None:
    report = document(EMPTY)
    page = html_file.make(report, draw(report, {"map": ground(EMPTY)}, "en")).decode()
    assert "Nothing is on record" in page
    assert "unknown: no population" in page
