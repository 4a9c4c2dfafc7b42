"""Charts: one declaration, with its words, its warning and its unknowns inside."""

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from gis.documents import ChartKind, Column, Interval, Table
from gis.rooms.layers import Provenance
from gis.settings import PROJECT_FOLDER
from gis.words import LANGUAGES, alike
from maps.assets import STATIC_FOLDER
from maps.charts.drawing import svg
from maps.charts.spec import vega_lite
from tests.reports import FULL, NASTY, document


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_simulated_chart_says_so_inside(language: str) -> None:
    chart = document(FULL).charts[0]
    spec = vega_lite(chart, language=language, provenance=Provenance.SIMULATED)
    badge = {"zh": "演示数据 · 仿真", "en": "SIMULATED — DEMONSTRATION DATA"}[language]
    drawn = svg(spec)
    assert badge in drawn
    assert chart.title.in_language(language) in drawn
    assert spec["description"] == chart.alt.in_language(language)
    recorded = vega_lite(chart, language=language, provenance=Provenance.RECORDED)
    assert badge not in svg(recorded)


def test_every_colour_of_a_chart_has_one_for_the_dark_theme() -> None:
    """In the dark a chart keeps no colour of the light ground."""
    colour = re.compile(r"#[0-9a-fA-F]{6}")
    dark = (STATIC_FOLDER / "js" / "chart" / "theme.js").read_text(encoding="utf-8")
    known = {one.lower() for one in re.findall(r"'(#[0-9a-f]{6})':", dark)}
    used = {
        one.lower()
        for path in (PROJECT_FOLDER / "maps" / "charts").glob("*.py")
        for one in colour.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 5
    assert used <= known


def test_what_is_unknown_is_said_and_no_dot() -> None:
    spec = vega_lite(document(NASTY).charts[0], language="en", provenance=Provenance.RECORDED)
    drawn = svg(spec)
    assert drawn.count(">unknown<") == 1
    assert "NaN" not in drawn


def test_the_largest_value_is_on_top() -> None:
    spec = vega_lite(document(FULL).charts[0], language="zh", provenance=Provenance.RECORDED)
    orders = [layer["encoding"]["y"]["sort"] for layer in spec["layer"] if "y" in layer["encoding"]]
    assert all(order == ["西区", "南区", "东区"] for order in orders)


def test_lines_over_time_have_their_band() -> None:
    table = Table(
        "days", alike("Days"), (Column("day", alike("day")), Column("n", alike("n"), 1)),
        tuple((alike(f"2026-05-{day:02}"), Interval(day, day - 0.5, day + 0.5))
              for day in range(1, 8)),
    )  # fmt: skip
    chart = replace(
        document(FULL).charts[0], kind=ChartKind.LINES, table=table, across="day", value="n",
        reference=(3.0, alike("limit")),
    )  # fmt: skip
    spec = vega_lite(chart, language="en", provenance=Provenance.MODELLED)
    assert json.loads(json.dumps(spec)) == spec
    drawn = svg(spec)
    assert "mark-area" in drawn
    assert ">limit<" in drawn


def test_a_server_loads_nothing_of_print_and_tables() -> None:
    code = (
        "import sys, api.app; from api.rooms import HOUSE\n"
        "from gis.rooms.house import check_references; check_references(HOUSE)\n"
        "large = {'altair', 'typst', 'vl_convert', 'docx', 'xlsxwriter', 'folium',"
        " 'pandas', 'geopandas', 'pyogrio', 'duckdb', 'scipy.optimize', 'osmnx', 'networkx'}\n"
        "print(large & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
