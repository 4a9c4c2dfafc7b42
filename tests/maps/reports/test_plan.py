"""The map in print: no name of a district lies on a mark."""

import re

from gis.rooms.layers import Provenance
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
