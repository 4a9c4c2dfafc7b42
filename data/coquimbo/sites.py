"""Site what is not known of the sample city, by a stated rule and a fixed seed.

- Ambulance posts and family health centres: greedy p-median. One after another each takes the
  main-street node that lowers the population-weighted straight-line distance from the zones to
  the nearest site the most; the known sites count from the start.
- Defibrillators: a zone drawn by population, then a street node within it, main streets three
  times as likely, at least 150 m from every other one; access, hours and floor drawn from
  `AED_SETTINGS`.
"""

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.geometry import METRES_PER_DEGREE

SEED = 20_260_101
POST_COUNT = 14
HEALTH_CENTRE_COUNT = 12
AED_COUNT = 180
AED_SPACING_M = 150.0
MAIN_CLASSES = ("primary", "secondary", "tertiary")
ORIGIN = (-71.26, -29.93)


class AedSetting(NamedTuple):
    """A typical place of a defibrillator, with its share of all."""

    share: float
    place: str
    place_zh: str
    access: str
    opening_hours: str | None
    indoor: bool


AED_SETTINGS = (
    AedSetting(0.16, "Supermercado", "超市", "customers", "Mo-Su 08:30-22:00", indoor=True),
    AedSetting(0.14, "Farmacia", "药店", "customers", "Mo-Fr 09:00-20:00; Sa 10:00-14:00",
               indoor=True),
    AedSetting(0.12, "Liceo", "中学", "private", "Mo-Fr 08:00-18:00; PH off", indoor=True),
    AedSetting(0.10, "Gimnasio", "健身房", "customers", "Mo-Fr 07:00-22:00; Sa 09:00-18:00",
               indoor=True),
    AedSetting(0.10, "Poste público", "街头立柜", "public", "24/7", indoor=False),
    AedSetting(0.08, "Estación de servicio", "加油站", "public", "24/7", indoor=True),
    AedSetting(0.08, "Edificio de oficinas", "写字楼", "private", "Mo-Fr 08:30-18:30", indoor=True),
    AedSetting(0.07, "Junta de vecinos", "居民委员会", "public", "Mo-Fr 10:00-13:00,15:00-19:00",
               indoor=True),
    AedSetting(0.06, "Centro comercial", "购物中心", "public", "Mo-Su 10:00-21:00; Dec 25 off",
               indoor=True),
    AedSetting(0.05, "Comisaría", "警察局", "public", "24/7", indoor=True),
    AedSetting(0.04, "Edificio residencial", "住宅楼", "private", None, indoor=True),
)  # fmt: skip
FLOORS = ("0", "0", "0", "0", "1", "2", "-1")


def model_sites(
    streets: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, *, known: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Return modelled `stations`, `facilities` and `aeds` as plain dicts with lon and lat.

    streets: link_type and geometry; zones: population and geometry; known: the hand-made list.
    """
    nodes, is_main = _nodes(streets)
    homes = np.array([z.representative_point().coords[0] for z in zones.geometry])
    people = zones["population"].to_numpy(float)
    main = nodes[is_main]

    def sited(kind: str, count: int) -> NDArray[np.float64]:
        fixed = [(s["lon"], s["lat"]) for s in known[kind] if s.get("kind") != "hospital"]
        chosen = greedy_p_median(_metres(homes), _metres(main), count=count, weight=people,
                                 fixed=_metres(np.array(fixed)))  # fmt: skip
        return main[chosen]

    posts = [
        {"ref": f"post-{i}", "name": f"Puesto de ambulancia {i}", "name_zh": f"急救点{i}",
         "name_en": f"Ambulance post {i}", "lon": lon, "lat": lat, "units": 1 + (i <= 4)}
        for i, (lon, lat) in enumerate(sited("stations", POST_COUNT).tolist(), start=1)
    ]  # fmt: skip
    centres = [
        {"ref": f"health-centre-{i}", "kind": "community_health_centre",
         "name": f"Centro de salud familiar {i}", "name_zh": f"家庭健康中心{i}",
         "name_en": f"Family health centre {i}", "lon": lon, "lat": lat}
        for i, (lon, lat) in enumerate(sited("facilities", HEALTH_CENTRE_COUNT).tolist(), start=1)
    ]  # fmt: skip
    return {"stations": posts, "facilities": centres, "aeds": _aeds(nodes, is_main, zones)}


def greedy_p_median(
    homes: NDArray[np.float64],
    candidates: NDArray[np.float64],
    *,
    count: int,
    weight: NDArray[np.float64],
    fixed: NDArray[np.float64],
) -> list[int]:
    """Return indices of `count` candidates chosen one by one.

    homes (n, 2), candidates (m, 2), fixed (k, 2): metres; weight: (n,) people. Each step takes
    the candidate with the least weighted sum of distances to the nearest site.
    """
    distance_m = np.hypot(*(homes[:, None, :] - candidates[None, :, :]).transpose(2, 0, 1))
    to_fixed = np.hypot(*(homes[:, None, :] - fixed[None, :, :]).transpose(2, 0, 1))
    nearest_m = to_fixed.min(axis=1)
    chosen: list[int] = []
    for _ in range(count):
        cost = weight @ np.minimum(distance_m, nearest_m[:, None])
        chosen.append(int(cost.argmin()))
        nearest_m = np.minimum(nearest_m, distance_m[:, chosen[-1]])
    return chosen


def _aeds(
    nodes: NDArray[np.float64], is_main: NDArray[np.bool_], zones: gpd.GeoDataFrame
) -> list[dict[str, Any]]:
    rng = np.random.default_rng(SEED)
    people = zones["population"].to_numpy(float)
    points = shapely.points(nodes)
    shapely.prepare(zones.geometry.to_numpy())
    inside = [np.flatnonzero(shapely.contains(z, points)) for z in zones.geometry]
    metres = _metres(nodes)
    taken = np.empty((0, 2))
    aeds: list[dict[str, Any]] = []
    shares = np.array([setting.share for setting in AED_SETTINGS])
    while len(aeds) < AED_COUNT:
        members = inside[rng.choice(len(zones), p=people / people.sum())]
        if len(members) == 0:
            continue
        odds = np.where(is_main[members], 3.0, 1.0)
        node = rng.choice(members, p=odds / odds.sum())
        if len(taken) and np.hypot(*(taken - metres[node]).T).min() < AED_SPACING_M:
            continue
        taken = np.vstack([taken, metres[node]])
        setting = AED_SETTINGS[rng.choice(len(AED_SETTINGS), p=shares / shares.sum())]
        lon, lat = nodes[node].tolist()
        aeds.append(
            {"ref": f"aed-{len(aeds) + 1}", "name": f"DEA {len(aeds) + 1}",
             "name_zh": f"除颤仪{len(aeds) + 1}", "location": setting.place,
             "location_zh": setting.place_zh, "access": setting.access,
             "opening_hours": setting.opening_hours, "indoor": setting.indoor,
             "floor": str(rng.choice(FLOORS)) if setting.indoor else None,
             "lon": lon, "lat": lat}
        )  # fmt: skip
    return aeds


def _nodes(streets: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Street ends, (n, 2) degrees to 7 places, in a fixed order, and whether on a main street."""
    geometry = streets.geometry.to_numpy()
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(geometry, i)) for i in (0, -1)])
    main = np.tile(streets["link_type"].isin(MAIN_CLASSES).to_numpy(), 2)
    nodes, index = np.unique(np.round(ends, 7), axis=0, return_inverse=True)
    return nodes, np.bincount(index.ravel(), weights=main) > 0


def _metres(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(ORIGIN[1])), 1.0])
    metres: NDArray[np.float64] = (degrees - np.array(ORIGIN)) * scale
    return metres
