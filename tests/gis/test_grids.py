"""Grid references against PROJ, and plus codes against their specification."""

import math

import pyproj
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.grids import (
    BANDS,
    COLUMNS,
    ROWS,
    band_of,
    decode_plus_code,
    mgrs_to_degrees,
    utm_to_degrees,
)


@given(st.integers(1, 60), st.floats(-79.9, 83.9), st.floats(-3, 3))
def test_utm_agrees_with_proj_to_a_millimetre(zone, lat, off):
    lon = 6 * zone - 183 + off
    project = pyproj.Proj(proj="utm", zone=zone, south=lat < 0, ellps="WGS84")
    easting, northing = project(lon, lat)
    assume(0 <= northing <= 10_000_000)
    found = utm_to_degrees(zone, south=lat < 0, easting_m=easting, northing_m=northing)
    if found is None:
        assert not -180 <= lon <= 180
        return
    assert math.hypot(found[0] - lon, found[1] - lat) * 111_195 < 1e-3


@given(st.integers(1, 60), st.floats(-79.9, 83.9), st.floats(-2.9, 2.9))
def test_mgrs_finds_its_own_square_again(zone, lat, off):
    lon = 6 * zone - 183 + off
    project = pyproj.Proj(proj="utm", zone=zone, south=lat < 0, ellps="WGS84")
    easting, northing = project(lon, lat)
    column = COLUMNS[zone % 3][int(easting // 100_000) - 1]
    row = ROWS[(int(northing // 100_000) + (5 if zone % 2 == 0 else 0)) % 20]
    digits = f"{int(easting) % 100_000:05d}{int(northing) % 100_000:05d}"
    cell = mgrs_to_degrees(zone, band_of(lat), column + row, digits)
    if cell is None:  # the middle of a cell on the border of a band lies in the next
        assert lat % 8 < 1e-4 or lat % 8 > 8 - 1e-4
        return
    metres = 111_195 * math.hypot((cell.lon - lon) * math.cos(math.radians(lat)), cell.lat - lat)
    assert metres < 1.5


def test_there_is_no_square_outside_its_band():
    assert mgrs_to_degrees(19, "J", "AA", "1") is None
    assert mgrs_to_degrees(19, "I", "BG", "11") is None
    assert len(BANDS) == 20


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [
        # test_data/decoding.csv of the specification
        ("7FG49Q00+", None, None),
        ("7FG49QCJ+2V", 20.3700625, 2.7821875),
        ("7FG49QCJ+2VX", 20.3701125, 2.782234375),
        ("7FG49QCJ+2VXGJ", 20.3701135, 2.78223535156),
        ("8FVC2222+22", 47.0000625, 8.0000625),
        ("4VCPPQGP+Q9", -41.2730625, 174.7859375),
        ("62G20000+", None, None),
        ("22222222+22", -89.9999375, -179.9999375),
        ("7FG49QCJ+2", None, None),
    ],
)
def test_plus_codes_of_the_specification(code, lat, lon):
    cell = decode_plus_code(code)
    if lat is None:
        assert cell is None
        return
    assert cell is not None
    assert (cell.lat, cell.lon) == pytest.approx((lat, lon), abs=1e-7)


@given(st.floats(-79, 79), st.floats(-178, 178))
def test_a_short_code_is_the_nearest_that_ends_so(lat, lon):
    cell = decode_plus_code("9G8F+6X", near=(lon, lat))
    assert cell is not None
    assert abs(cell.lat - lat) <= 0.51
    assert abs(cell.lon - lon) <= 0.51
