"""The map in print: no name of a district lies on a mark."""

import re
from dataclasses import replace

import shapely

from gis.documents import Mark, MarkClass, Marks, Shade, Surface
from gis.rooms.layers import Provenance
from gis.words import Words
from maps.reports.folium_file import make
from maps.reports.plan import svg
from tests.reports import document, ground

_NAME = re.compile(
    r'<text x="([\d.]+)" y="([\d.]+)" font-size="13"[^>]* fill="#(?!f{6})\w+">([^<]+)</text>'
)
_MARK = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)" width="9.2" height="9.2"')


def test_names_of_districts_stand_beside_marks() -> None:
    (figure,) = document().maps
    drawn = svg(
        figure, ground(), language="zh", provenance=Provenance.RECORDED, attribution="somebody"
    )
    names = [(float(x), float(y), name) for x, y, name in _NAME.findall(drawn)]
    marks = [(float(x) + 4.6, float(y) + 4.6) for x, y in _MARK.findall(drawn)]
    # The first and the second district have their station where their name would stand.
    assert [name.split()[0] for _, _, name in names] == ["东区", "西区", "南区"]
    assert len(marks) == 2
    for x, y, name in names:
        for mark_x, mark_y in marks:
            is_apart = abs(mark_y - (y - 4.5)) >= 13 or abs(mark_x - x) > 13 * len(name) / 2
            assert is_apart, name


def test_a_reports_own_surfaces_and_places_are_on_both_maps() -> None:
    told = document()
    (plain,) = told.maps
    gains = Shade(Words(en="comes within", zh="新进入"), "#0072B2", "+")
    new = MarkClass(Words(en="new site <b>", zh="新站"), "#CC3311", "N", hollow=False)
    figure = replace(
        plain,
        surfaces=(Surface(gains, shapely.box(114.0, 22.5, 114.1, 22.6)),),
        surfaces_title=Words(en="People", zh="人口"),
        marks=(
            Marks(
                "sites", Words(en="Sites", zh="站址"), (new,),
                (Mark(114.2, 22.55, Words(en="Hill", zh="山"), 0, modelled=False),),
            ),
        ),
    )  # fmt: skip
    drawn = svg(
        figure, ground(), language="en", provenance=Provenance.RECORDED, attribution="somebody"
    )
    assert drawn.count('fill="#0072B2"') == 2  # the surface and its line of the legend
    assert ">comes within<" in drawn
    assert "new site &lt;b&gt;" in drawn
    assert len(_MARK.findall(drawn)) == 3
    blocks = tuple(figure if block is plain else block for block in told.blocks)
    page = make(replace(told, blocks=blocks), {figure.name: ground()}, "en").decode()
    assert "comes within" in page
    assert "Hill" in page
    assert "new site <b>" not in page
