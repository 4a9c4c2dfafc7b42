"""Cells of a city as surfaces of a map: who gains, who loses, who stays without."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import shapely

from gis.documents import Shade, Surface
from gis.words import Words

_SNAP_DEG = 1e-6
"""A tenth of a metre: corners that two cells share are one."""

# Okabe and Ito's colours; letters tell them apart in the legend without.
SHADES: Mapping[str, Shade] = {
    "within": Shade(
        Words(en="within the limit before and after", zh="前后均在时限内"), "#DCE9F1", "="
    ),
    "beyond": Shade(
        Words(en="beyond the limit before and after", zh="前后均超出时限"), "#C9C5BE", "·"
    ),
    "quicker": Shade(Words(en="a minute quicker or more", zh="快1分钟以上"), "#7FC3E8", "q"),
    "slower": Shade(Words(en="a minute slower or more", zh="慢1分钟以上"), "#F0C36A", "s"),
    "gains": Shade(Words(en="comes within the limit", zh="新进入时限"), "#0072B2", "+"),
    "loses": Shade(Words(en="falls out of the limit", zh="落出时限"), "#D55E00", "−"),
    "unknown": Shade(Words(en="no road near: not known", zh="附近无道路：未知"), "#FFFFFF", "?"),
}
"""From below to above, by the code of what becomes of a cell."""


def surfaces(shapes: npt.NDArray[np.object_], change: npt.NDArray[np.str_]) -> tuple[Surface, ...]:
    """Return the cells joined by what becomes of them; classes without a cell are left out.

    shapes : (n,) polygons, WGS-84; change : (n,) codes of `SHADES`
    """
    found = []
    for code, shade in SHADES.items():
        mine = shapes[change == code]
        if len(mine):
            joined = shapely.union_all(shapely.set_precision(mine, _SNAP_DEG))
            found.append(Surface(shade, joined))
    return tuple(found)


def change_of(
    before_s: npt.NDArray[np.floating],
    after_s: npt.NDArray[np.floating],
    known: npt.NDArray[np.bool_],
    *,
    limit_s: float,
    felt_s: float = 60.0,
) -> npt.NDArray[np.str_]:
    """Return what becomes of each cell, a code of `SHADES`.

    before_s, after_s : (n,) seconds of the nearest, inf where nobody gets; known : (n,)
    """
    was, will = before_s <= np.float32(limit_s), after_s <= np.float32(limit_s)
    same = before_s == after_s
    later = np.where(same, 0.0, after_s - np.where(same, 0.0, before_s))
    return np.select(
        [~known, ~was & will, was & ~will, later <= -felt_s, later >= felt_s, was],
        ["unknown", "gains", "loses", "quicker", "slower", "within"],
        default="beyond",
    )
