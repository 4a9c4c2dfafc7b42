"""Parts of a study's report: the chart of a search, and cells by what becomes of them."""

import numpy as np
import pytest
import shapely

from gis.documents import ChartKind
from gis.rooms.layers import Provenance
from gis.words import Words, alike
from maps.charts.drawing import svg
from maps.charts.spec import vega_lite
from planning.reports.cells import SHADES, change_of, surfaces
from planning.reports.convergence import convergence, gap_text
from planning.siting.answer import Progress

TITLE = Words(en="Search and bound", zh="搜索与界")
TRACE = (
    Progress(0.1, -np.inf, 900.0), Progress(0.5, 700.0, 900.0), Progress(0.9, 750.0, 760.0),
)  # fmt: skip


def test_a_search_is_two_stairs_with_what_is_open_between_them():
    chart = convergence("c", TITLE, TRACE, measured=alike("people"), seconds=2.0)
    assert chart.kind is ChartKind.STEPS
    # Nothing was found at first: that is unknown, not nothing; the last state goes on to the end.
    assert chart.table.rows == (
        (0.1, None, 900.0), (0.5, 700.0, 900.0), (0.9, 750.0, 760.0), (2.0, 750.0, 760.0),
    )  # fmt: skip
    assert "1.33%" in chart.alt.en
    for language in ("en", "zh"):
        drawn = svg(vega_lite(chart, language=language, provenance=Provenance.MODELLED))
        for words in (TITLE, chart.table.columns[1].words, chart.table.columns[2].words):
            assert words.in_language(language) in drawn
        assert "NaN" not in drawn


def test_a_first_idle_bound_is_at_the_edge_and_hides_nothing():
    idle = (Progress(0.1, 700.0, 1e9), *TRACE[1:])
    chart = convergence("c", TITLE, idle, measured=alike("people"))
    spec = vega_lite(chart, language="en", provenance=Provenance.RECORDED)
    drawn = [one for rows in spec["datasets"].values() for one in rows]
    assert max(one["beside"] for one in drawn) == 760.0
    # Proven but for rounding is one line, not a gap that fills the frame.
    proven = (*TRACE, Progress(1.2, 750.0, 750.0 + 1e-9))
    spec = vega_lite(
        convergence("c", TITLE, proven[-1:], measured=alike("people")), language="en",
        provenance=Provenance.RECORDED,
    )  # fmt: skip
    assert spec["layer"][1]["encoding"]["y"]["scale"]["domain"] == [746.25, 753.75]
    assert chart.table.rows[0][2] == 1e9


def test_a_study_without_a_search_has_no_such_chart():
    with pytest.raises(ValueError, match="c"):
        convergence("c", TITLE, (), measured=alike("people"))


@pytest.mark.parametrize(
    ("value", "bound", "said"),
    [(100.0, 100.0, "0 %"), (100.0, 100.3, "0.30%"), (100.0, 150.0, "50.0%"), (0.0, 5.0, "–"),
     (None, 5.0, "–")],
)  # fmt: skip
def test_a_gap_is_told_as_fine_as_it_is_worth(value, bound, said):
    assert gap_text(value, bound) == said


def test_every_cell_has_one_fate():
    was = np.array([100, 480, 481, 300, 500, 900, np.inf, np.inf, 100], np.float32)
    will = np.array([100, 481, 480, 200, 600, 840, np.inf, 500, 100], np.float32)
    known = np.array([1, 1, 1, 1, 1, 1, 1, 1, 0], bool)
    assert change_of(was, will, known, limit_s=480.0).tolist() == [
        "within", "loses", "gains", "quicker", "slower", "quicker", "beyond", "quicker", "unknown",
    ]  # fmt: skip


def test_cells_of_one_fate_are_one_surface_and_none_is_lost():
    shapes = np.array([shapely.box(x, 0, x + 1, 1) for x in range(4)], dtype=object)
    drawn = surfaces(shapes, np.array(["beyond", "beyond", "gains", "within"]))
    assert [one.shade for one in drawn] == [SHADES[code] for code in ("within", "beyond", "gains")]
    assert [one.shape.area for one in drawn] == pytest.approx([1, 2, 1])
    # Cells side by side have no line between them.
    assert drawn[1].shape.equals(shapely.box(0, 0, 2, 1))
