"""Datums of coordinates and their exact conversion to and from WGS-84.

Chinese law shifts published coordinates: GCJ-02 (Amap, Tencent) moves a WGS-84 point by up to some
700 m with a sum of sines, BD-09 (Baidu) moves GCJ-02 again. Only the forward shift has a formula;
the inverse here iterates it until it stands still (below 0.1 mm), where the common one-step inverse
errs by about 1 m. Formula: public domain since 2010, as in PRCoords and eviltransform.

Both shifts apply inside a rectangle only and are the identity outside it, as in every published
implementation. The rectangle also covers neighbours (Hong Kong, Korea, much of India), where maps
are not shifted: declare such data `wgs84`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely

from gis.errors import InvalidInputError

FloatArray = npt.NDArray[np.float64]

CHINA_LON = (72.004, 137.8347)
CHINA_LAT = (0.8293, 55.8271)
"""The rectangle inside which the shift applies, degrees, bounds included."""

KRASOVSKY_SEMI_MAJOR_M = 6378245.0
KRASOVSKY_ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU_OFFSET_LON, BAIDU_OFFSET_LAT = 0.0065, 0.006
BAIDU_X_PI = np.pi * 3000.0 / 180.0

INVERSE_TOLERANCE_DEG = 1e-9
INVERSE_MAX_ROUNDS = 12

MISMATCH_SHARE = 0.20


class Datum(StrEnum):
    """What a longitude and latitude are measured on.

    `cgcs2000`, the Chinese national system, differs from WGS-84 by centimetres and is taken as
    equal to it.
    """

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class DatumRequiredError(InvalidInputError):
    """Coordinates came without a datum."""

    code = "datum_required"

    def __init__(self, given: str | None = None) -> None:
        self.given = given
        said = "No datum was given" if given is None else f"“{given}” is not a datum known here"
        names = ", ".join(Datum)
        super().__init__(
            f"{said}: say which datum the coordinates have, one of {names}. GPS and OpenStreetMap "
            "give wgs84; Amap and Tencent gcj02; Baidu bd09."
        )


class DatumMismatchError(InvalidInputError):
    """Too many points lie outside the district they name: the declared datum is likely wrong."""

    code = "datum_mismatch"

    def __init__(self, fit: "DatumFit") -> None:
        self.fit = fit
        best_share = fit.outside_share[fit.best]
        advice = (
            f"Read as {fit.best} only {best_share:.0%} do: declare {fit.best} and load it again."
            if fit.best != fit.declared
            else "No other datum fits better: check the district column and the coordinates."
        )
        super().__init__(
            f"{fit.outside_share[fit.declared]:.0%} of {fit.checked} points lie outside the "
            f"district they name when read as {fit.declared}. {advice}"
        )


@dataclass(frozen=True, slots=True)
class DatumFit:
    """How well each datum puts points into the districts they name.

    `outside_share` maps every datum to the share (0..1) of the `checked` points outside their
    district; `best` has the smallest share, the declared one winning ties.
    """

    declared: Datum
    checked: int
    outside_share: Mapping[Datum, float]
    best: Datum


def parse_datum(value: "str | Datum | None") -> Datum:
    """Return the datum named by `value` (any case); raise `DatumRequiredError` for none."""
    if value is None or not value.strip():
        raise DatumRequiredError
    try:
        return Datum(value.strip().lower().replace("-", ""))
    except ValueError:
        raise DatumRequiredError(value) from None


def inside_shift_area(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return where the GCJ-02 and BD-09 shifts apply. NaN counts as outside."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside: npt.NDArray[np.bool_] = (
        (lon >= CHINA_LON[0])
        & (lon <= CHINA_LON[1])
        & (lat >= CHINA_LAT[0])
        & (lat <= CHINA_LAT[1])
    )
    return inside


def from_wgs84(
    lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum
) -> tuple[FloatArray, FloatArray]:
    """Convert WGS-84 degrees to `datum`.

    `lon` and `lat` broadcast against each other; two new float64 arrays of that shape come back.
    Points outside the shifted rectangle are returned as they are.
    """
    lon, lat, inside = _prepare(lon, lat)
    shift = _SHIFTS[datum]
    if shift is not None and inside.any():
        lon[inside], lat[inside] = shift(lon[inside], lat[inside])
    return lon, lat


def to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> tuple[FloatArray, FloatArray]:
    """Convert degrees in `datum` to WGS-84, to better than 1 cm.

    `lon` and `lat` broadcast against each other; two new float64 arrays of that shape come back.
    Points outside the shifted rectangle are returned as they are.
    """
    lon, lat, inside = _prepare(lon, lat)
    shift = _SHIFTS[datum]
    if shift is not None and inside.any():
        lon[inside], lat[inside] = _invert(shift, lon[inside], lat[inside])
    return lon, lat


def fit_datum(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    declared: Datum,
    stated: Sequence[str | None],
    districts: Mapping[str, shapely.Geometry],
) -> DatumFit | None:
    """Measure for every datum how many points fall outside the district they state.

    `lon`, `lat`: (n,) degrees as given, in `declared`'s datum by claim. `stated`: n keys of
    `districts` (WGS-84 polygons); points whose key is None or unknown are left out. Returns None
    when no point can be checked.
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    known = np.array([name in districts for name in stated], dtype=bool)
    known &= np.isfinite(lon) & np.isfinite(lat)
    if not known.any():
        return None
    names = np.asarray(stated, dtype=object)[known]
    polygons = {name: districts[name] for name in set(names)}
    for polygon in polygons.values():
        shapely.prepare(polygon)
    shares = {}
    for datum in Datum:
        x, y = to_wgs84(lon[known], lat[known], datum)
        inside = np.zeros(len(names), dtype=bool)
        for name, polygon in polygons.items():
            mine = names == name
            inside[mine] = shapely.intersects_xy(polygon, x[mine], y[mine])
        shares[datum] = 1.0 - float(inside.mean())
    best = min(Datum, key=lambda datum: (shares[datum], datum != declared))
    return DatumFit(declared=declared, checked=len(names), outside_share=shares, best=best)


def check_datum(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    declared: Datum,
    stated: Sequence[str | None],
    districts: Mapping[str, shapely.Geometry],
    mismatch_share: float = MISMATCH_SHARE,
) -> DatumFit | None:
    """Return `fit_datum`, or raise `DatumMismatchError` if `mismatch_share` or more are outside."""
    fit = fit_datum(lon, lat, declared=declared, stated=stated, districts=districts)
    if fit is not None and fit.outside_share[declared] >= mismatch_share:
        raise DatumMismatchError(fit)
    return fit


def _prepare(
    lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    lon, lat = np.broadcast_arrays(
        np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    )
    return lon.copy(), lat.copy(), inside_shift_area(lon, lat)


def _invert(shift: "Shift", lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    # The shift varies by less than 2 % of the distance moved, so the fixed point contracts fast.
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(INVERSE_MAX_ROUNDS):
        shifted_lon, shifted_lat = shift(guess_lon, guess_lat)
        error_lon, error_lat = lon - shifted_lon, lat - shifted_lat
        guess_lon += error_lon
        guess_lat += error_lat
        if max(np.abs(error_lon).max(), np.abs(error_lat).max()) < INVERSE_TOLERANCE_DEG:
            break
    return guess_lon, guess_lat


def _wgs84_to_gcj02(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = lon - 105.0, lat - 35.0
    common = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (2.0 / 3.0) * (
        common
        + 20.0 * np.sin(np.pi * y)
        + 40.0 * np.sin(np.pi * y / 3.0)
        + 160.0 * np.sin(np.pi * y / 12.0)
        + 320.0 * np.sin(np.pi * y / 30.0)
    )
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (2.0 / 3.0) * (
        common
        + 20.0 * np.sin(np.pi * x)
        + 40.0 * np.sin(np.pi * x / 3.0)
        + 150.0 * np.sin(np.pi * x / 12.0)
        + 300.0 * np.sin(np.pi * x / 30.0)
    )
    latitude = np.radians(lat)
    w_squared = 1.0 - KRASOVSKY_ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    w = np.sqrt(w_squared)
    meridian_radius_m = (
        KRASOVSKY_SEMI_MAJOR_M * (1.0 - KRASOVSKY_ECCENTRICITY_SQUARED) / (w_squared * w)
    )
    parallel_radius_m = KRASOVSKY_SEMI_MAJOR_M / w * np.cos(latitude)
    return (
        lon + np.degrees(east_m / parallel_radius_m),
        lat + np.degrees(north_m / meridian_radius_m),
    )


def _wgs84_to_bd09(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = _wgs84_to_gcj02(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU_X_PI)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU_X_PI)
    return radius * np.cos(angle) + BAIDU_OFFSET_LON, radius * np.sin(angle) + BAIDU_OFFSET_LAT


Shift = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]

_SHIFTS: Mapping[Datum, Shift | None] = {
    Datum.WGS84: None,
    Datum.CGCS2000: None,
    Datum.GCJ02: _wgs84_to_gcj02,
    Datum.BD09: _wgs84_to_bd09,
}
