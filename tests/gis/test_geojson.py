"""GeoJSON as answers hold it."""

from gis.geojson import line_string


def test_lines_are_kept_to_a_decimetre() -> None:
    assert line_string([(1.23456789, 2)])["coordinates"] == [[1.234568, 2.0]]
