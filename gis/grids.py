"""Grid references to degrees: UTM, MGRS, Open Location Code. All on WGS-84, pure.

UTM by Krüger's series to the fourth order of the third flattening (C. F. F. Karney, "Transverse
Mercator with an accuracy of a few nanometers", J. Geod. 85, 2011, eqs. 11, 15, 36): below a
millimetre within a zone. MGRS after NGA.STND.0037. Open Location Code after its published
specification (Google, Apache-2.0).
"""

import math
from dataclasses import dataclass

import numpy as np

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
SCALE = 0.9996
FALSE_EASTING_M = 500_000.0
FALSE_NORTHING_SOUTH_M = 10_000_000.0

BANDS = "CDEFGHJKLMNPQRSTUVWX"
"""Of 8° from 80° S; the last, X, has 12°."""
BAND_DEG = 8.0

ROWS = "ABCDEFGHJKLMNPQRSTUV"
ROW_M = 100_000.0
COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
"""Letters of the 100 km columns from 100 km east on, by zone number modulo 3."""

CODE_ALPHABET = "23456789CFGHJMPQRVWX"
PAIRS = 5
GRID_ROWS, GRID_COLUMNS = 5, 4
SHORTENED = 4
"""Signs that a short code leaves out, for places within half a degree of its reference."""

_N = FLATTENING / (2 - FLATTENING)
_RADIUS_M = SEMI_MAJOR_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = np.array([
    _N / 2 - 2 / 3 * _N**2 + 37 / 96 * _N**3 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 / 1440 * _N**4,
    17 / 480 * _N**3 - 37 / 840 * _N**4,
    4397 / 161280 * _N**4,
])  # fmt: skip
_ECCENTRICITY = math.sqrt(FLATTENING * (2 - FLATTENING))
_ROUND = 1 - _ECCENTRICITY**2


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a reference points: the middle of its cell, degrees, and half the cell's diagonal."""

    lon: float
    lat: float
    radius_m: float


def utm_to_degrees(
    zone: int, *, south: bool, easting_m: float, northing_m: float
) -> tuple[float, float] | None:
    """Return longitude and latitude; None where the numbers are no place of the zone."""
    if not (1 <= zone <= 60 and 0 < easting_m < 1_000_000 and 0 <= northing_m <= 10_000_000):
        return None
    xi = (northing_m - (FALSE_NORTHING_SOUTH_M if south else 0.0)) / (SCALE * _RADIUS_M)
    eta = (easting_m - FALSE_EASTING_M) / (SCALE * _RADIUS_M)
    order = 2 * np.arange(1, 5)
    xi_prime = xi - float(np.sum(_BETA * np.sin(order * xi) * np.cosh(order * eta)))
    eta_prime = eta - float(np.sum(_BETA * np.cos(order * xi) * np.sinh(order * eta)))
    conformal = math.sin(xi_prime) / math.hypot(math.sinh(eta_prime), math.cos(xi_prime))
    lon = 6 * zone - 183 + math.degrees(math.atan2(math.sinh(eta_prime), math.cos(xi_prime)))
    lat = math.degrees(math.atan(_geographic(conformal)))
    return (lon, lat) if -180 <= lon <= 180 and -80.5 <= lat <= 84.5 else None


def _geographic(conformal: float) -> float:
    """Return the tangent of the latitude for that of the conformal one (Newton, Karney eq. 19)."""
    tau = conformal
    for _ in range(5):
        sigma = math.sinh(_ECCENTRICITY * math.atanh(_ECCENTRICITY * tau / math.hypot(1, tau)))
        tried = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
        slope = (1 + _ROUND * tau**2) / (_ROUND * math.hypot(1, tau))
        tau += (conformal - tried) / math.hypot(1, tried) * slope
    return tau


def band_of(lat: float) -> str:
    """Return the letter of the band that a latitude lies in."""
    return BANDS[min(len(BANDS) - 1, max(0, int((lat + 80.0) // BAND_DEG)))]


def mgrs_to_degrees(zone: int, band: str, square: str, digits: str) -> Cell | None:
    """Return the middle of an MGRS cell; None where there is no such square in the band.

    square: the two letters of the 100 km square. digits: 0 to 10 of them, an even number.
    """
    columns = COLUMNS[zone % 3]
    if len(digits) % 2 or band not in BANDS or square[0] not in columns or square[1] not in ROWS:
        return None
    half = len(digits) // 2
    size_m = ROW_M / 10**half
    easting_m = (columns.index(square[0]) + 1) * ROW_M + int(digits[:half] or "0") * size_m
    row = (ROWS.index(square[1]) - (5 if zone % 2 == 0 else 0)) % len(ROWS)
    within_m = row * ROW_M + int(digits[half:] or "0") * size_m
    south = band < "N"
    for turn in range(5):  # rows repeat every 2,000 km; the band says which is meant
        middle = utm_to_degrees(
            zone, south=south, easting_m=easting_m + size_m / 2,
            northing_m=within_m + turn * len(ROWS) * ROW_M + size_m / 2,
        )  # fmt: skip
        if middle is not None and band_of(middle[1]) == band:
            return Cell(*middle, radius_m=size_m / math.sqrt(2))
    return None


def decode_plus_code(code: str, *, near: tuple[float, float] | None = None) -> Cell | None:
    """Return the middle of the cell of an Open Location Code, as `8FVC9G8F+6X` or short, `9G8F+6X`.

    near: longitude and latitude that a short code is completed by; without it a short one is
    nothing. None as well for what is no code.
    """
    before, plus, after = code.upper().partition("+")
    signs = before + after
    if not plus or len(after) == 1 or any(sign not in CODE_ALPHABET for sign in signs):
        return None
    if len(before) == 2 * PAIRS - 2:
        return _cell(signs)
    if len(before) != SHORTENED or len(after) < 2 or near is None:
        return None
    lon, lat = near
    head = _encoded(lon, lat)[:SHORTENED]
    cell = _cell(head + signs)
    if cell is None:
        return None
    # The nearest cell that ends so may lie in the neighbouring degree.
    return Cell(
        cell.lon + round(lon - cell.lon), cell.lat + round(lat - cell.lat), cell.radius_m
    )  # fmt: skip


def _cell(signs: str) -> Cell | None:
    lat, lon, step = -90.0, -180.0, 400.0
    for at in range(0, min(len(signs), 2 * PAIRS), 2):
        step /= 20
        lat += CODE_ALPHABET.index(signs[at]) * step
        lon += CODE_ALPHABET.index(signs[at + 1]) * step
    height = width = step
    for sign in signs[2 * PAIRS :]:
        row, column = divmod(CODE_ALPHABET.index(sign), GRID_COLUMNS)
        height, width = height / GRID_ROWS, width / GRID_COLUMNS
        lat += row * height
        lon += column * width
    lat, lon = lat + height / 2, lon + width / 2
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    metres = 111_195.0
    across_m = width * metres * math.cos(math.radians(lat))
    return Cell(lon, lat, math.hypot(height * metres, across_m) / 2)


def _encoded(lon: float, lat: float) -> str:
    """Return the pairs of a code that stand before its sign."""
    code, north, east, step = "", min(lat + 90, 179.999999), (lon + 180) % 360, 400.0
    for _ in range(PAIRS - 1):
        step /= 20
        code += CODE_ALPHABET[int(north // step)] + CODE_ALPHABET[int(east // step)]
        north, east = north % step, east % step
    return code
