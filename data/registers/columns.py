"""Which column of a register means what: names in English, Chinese, German and OSM tags."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from data.registers.errors import ColumnMissingError
from gis.datum import Datum
from gis.text_fold import fold

CONSTANT_MARK = "="
"""A mapping value that starts with it is a constant for all rows, not the name of a column."""

COLUMN_ALIASES: Mapping[str, tuple[str, ...]] = {
    "lon": ("lon", "lng", "long", "longitude", "x", "经度", "gps经度", "längengrad", "longitud"),
    "lat": ("lat", "latitude", "y", "纬度", "gps纬度", "breitengrad", "latitud"),
    "geometry": ("wkt", "geometry", "geom", "the_geom", "几何"),
    "source_ref": ("source_ref", "@id", "osm_id", "id", "ref", "uid", "code", "编号", "编码",
                   "设备编号", "aed编号", "机构代码", "cell_id", "station_id"),
    "name": ("name", "名称", "机构名称", "医院名称", "站点名称", "设置单位", "安装单位",
             "单位名称", "场所名称", "operator", "bezeichnung", "nombre", "title"),
    "name_zh": ("name_zh", "name:zh", "中文名", "中文名称"),
    "name_en": ("name_en", "name:en", "英文名", "英文名称"),
    "district": ("district", "行政区", "区", "所属区", "区县", "所在区", "市辖区", "adcode",
                 "district_code", "city_district", "stadtbezirk", "comuna", "borough"),
    "address": ("address", "addr", "addr:full", "地址", "详细地址", "adresse", "direccion",
                "addr:street"),
    "phone": ("phone", "contact:phone", "telephone", "tel", "电话", "联系电话", "telefon",
              "telefono"),
    "opening_hours": ("opening_hours", "hours", "开放时间", "营业时间", "可用时间", "服务时间",
                      "öffnungszeiten", "horario"),
    "location": ("location", "defibrillator:location", "location_details",
                 "location:description", "position", "standort"),
    "location_zh": ("location_zh", "defibrillator:location:zh", "具体位置", "安装位置", "放置位置",
                    "位置", "摆放位置"),
    "access": ("access", "开放对象", "开放范围", "可及性", "zugang"),
    "indoor": ("indoor", "室内", "是否室内", "室内外"),
    "floor": ("floor", "level", "addr:floor", "楼层", "所在楼层", "stockwerk"),
    "last_checked_at": ("last_checked_at", "check_date", "survey:date", "last_checked", "checked",
                        "检查日期", "最近检查", "最近检查日期", "巡检日期"),
    "kind": ("kind", "type", "amenity", "healthcare", "类型", "机构类型", "类别", "机构类别"),
    "has_emergency_department": ("has_emergency_department", "emergency", "emergency_department",
                                 "急诊", "有无急诊", "是否有急诊", "notaufnahme"),
    "bed_count": ("bed_count", "beds", "capacity:beds", "床位", "床位数", "betten", "camas"),
    "capabilities": ("capabilities", "capability", "救治能力", "能力"),
    "grade": ("grade", "hospital_grade", "等级", "医院等级"),
    "unit_count_planned": ("unit_count_planned", "units", "ambulances", "vehicles",
                           "ambulance_station:vehicles", "车辆数", "救护车数", "救护车数量"),
    "population": ("population", "pop", "popu", "inhabitants", "people", "人口", "常住人口",
                   "总人口", "人口数", "einwohner", "poblacion"),
    "cell_size_m": ("cell_size_m", "cell_size", "格网大小", "网格大小"),
}  # fmt: skip
"""Field → column names, the better one first; compared without case, signs and blanks.

Numbers that a new export may deal out anew (序号, objectid, fid) are no reference.
"""

_COORDINATES = ("lon", "lat")

_AGE_COLUMN = re.compile(
    r"(?:ages?|年龄|band)?(?P<low>\d{1,3})(?:(?:to|至|-)(?P<high>\d{1,3})|(?P<open>plus|岁?及?以上))"
)


def key_of(column: str) -> str:
    """Return a column's name for comparison: `tags/Name:EN` and `name_en` are the same."""
    return fold(column.removeprefix("tags/").removeprefix("properties.")).replace(" ", "")


def find_columns(
    columns: Sequence[str], *, mapping: Mapping[str, str] | None, datum: Datum, path: Path
) -> dict[str, str]:
    """Return field → column (or `=constant`) of a file; `mapping` goes before the aliases.

    A coordinate column that carries the name of the declared `datum` (`lng_gcj02`) goes before
    those that carry none; one with the name of another datum is never taken.

    Raises
    ------
    ColumnMissingError
        If `mapping` names a column the file does not have.
    """
    found: dict[str, str] = {}
    for field, column in (mapping or {}).items():
        if not column.startswith(CONSTANT_MARK) and column not in columns:
            raise ColumnMissingError(path, f"{field} ({column})", columns=columns)
        found[field] = column
    by_key: dict[str, str] = {}
    for column in columns:
        by_key.setdefault(key_of(column), column)
    taken = set(found.values())
    for field, aliases in COLUMN_ALIASES.items():
        if field in found:
            continue
        wanted = [*(f"{a}_{datum}" for a in aliases if field in _COORDINATES), *aliases]
        names = (by_key.get(key_of(alias)) for alias in wanted)
        free = next((name for name in names if name is not None and name not in taken), None)
        if free is not None:
            found[field] = free
            taken.add(free)
    return found


def find_age_bands(columns: Sequence[str]) -> dict[str, str]:
    """Return age band (`0-4`, `85+`) → column, for columns such as `age_0_4`, `85+`, `85岁以上`."""
    bands = {}
    for column in columns:
        plain = re.sub(r"[\s~_–]+", "-", column.strip().casefold()).replace("+", "plus")
        plain = re.sub(r"(?<=[^\d])-|-(?=[^\d])", "", plain).removesuffix("岁")
        if match := _AGE_COLUMN.fullmatch(plain):
            low, high = match["low"], match["high"]
            bands[f"{int(low)}+" if high is None else f"{int(low)}-{int(high)}"] = column
    return bands
