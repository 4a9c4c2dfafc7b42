"""The fields of each kind of register: names in English, Chinese, German, Spanish and OSM tags."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from data.osm.facilities import AED_ACCESS
from data.registers.errors import InvalidCapabilityError, InvalidEntryError
from gis.intake.model import Family, Field, Kind, Schema
from gis.kernels.opening_hours import validate

ALWAYS_OPEN = frozenset(
    {"24h", "24小时", "24小时开放", "全天", "全天候", "全天开放", "24 hours", "always",
     "24 stunden", "24 horas", "0:00-24:00", "00:00-24:00"}
)  # fmt: skip

CHINESE_ACCESS = {
    "公共": "public", "公开": "public", "对外开放": "public", "所有人": "public", "开放": "public",
    "público": "public", "顾客": "customers", "客户": "customers", "访客": "customers",
    "内部": "private", "不开放": "private", "私人": "private", "仅限内部": "private",
    "privado": "private", "unknown": "unknown",
}  # fmt: skip

MAX_FACILITY_BEDS, MAX_STATION_UNITS = 20_000, 500
MAX_CELL_M = 100_000.0

_AGE_COLUMN = re.compile(
    r"(?:ages?|年龄|band|edad)?(?P<low>\d{1,3})"
    r"(?:(?:to|至|-)(?P<high>\d{1,3})|(?P<open>plus|岁?及?以上))"
)


def opening_hours(written: str) -> str:
    """Return an expression in OSM syntax; some common words for “always” are understood."""
    return "24/7" if written.casefold() in ALWAYS_OPEN else validate(written)


def capabilities(written: str) -> list[tuple[str, int | None]]:
    """Return `trauma:2; pci` as [("trauma", 2), ("pci", None)].

    Raises
    ------
    InvalidCapabilityError
        If a level is not 0 to 9.
    """
    found: list[tuple[str, int | None]] = []
    for part in re.split(r"[;,，；、|]", written):
        name, _, level = (piece.strip() for piece in part.partition(":"))
        if not name:
            continue
        if level and not re.fullmatch("[0-9]", level):
            raise InvalidCapabilityError(name, level)
        found.append((name.casefold().replace(" ", "_"), int(level) if level else None))
    return found


def same_as(written: str) -> tuple[str, str]:
    """Return `osm:node/1`, another register's entry, as ("osm", "node/1").

    Raises
    ------
    InvalidEntryError
        If it is not a source and a reference.
    """
    source, _, source_ref = (part.strip() for part in written.partition(":"))
    if not source or not source_ref:
        raise InvalidEntryError(written)
    return source, source_ref


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


def _text(name: str, *synonyms: str, **more: Any) -> Field:
    return Field(name=name, synonyms=synonyms, **more)


SOURCE_REF = _text(
    "source_ref", "@id", "osm_id", "id", "ref", "uid", "code", "编号", "编码", "设备编号",
    "aed编号", "机构代码", "cell_id", "station_id", "código", max_length=200,
)  # fmt: skip
"""Numbers that a new export may deal out anew (序号, objectid, fid) are no reference."""

NAMES = (
    _text("name", "名称", "机构名称", "医院名称", "站点名称", "设置单位", "安装单位", "单位名称",
          "场所名称", "operator", "bezeichnung", "nombre", "title"),
    _text("name_zh", "name:zh", "中文名", "中文名称"),
    _text("name_en", "name:en", "英文名", "英文名称"),
)  # fmt: skip
DISTRICT = _text(
    "district", "行政区", "区", "所属区", "区县", "所在区", "市辖区", "adcode", "district_code",
    "city_district", "stadtbezirk", "comuna", "borough", "distrito",
)  # fmt: skip
ADDRESS = _text(
    "address", "addr", "addr:full", "地址", "详细地址", "adresse", "direccion", "addr:street",
)  # fmt: skip
PHONE = _text(
    "phone", "contact:phone", "telephone", "tel", "电话", "联系电话", "telefon", "telefono",
)  # fmt: skip
LOCATION = _text(
    "location", "defibrillator:location", "location_details", "location:description", "position",
    "standort", "ubicación",
)  # fmt: skip
OPENING_HOURS = _text(
    "opening_hours", "hours", "开放时间", "营业时间", "可用时间", "服务时间", "öffnungszeiten",
    "horario", check=opening_hours,
)  # fmt: skip
KIND = _text(
    "kind", "type", "amenity", "healthcare", "类型", "机构类型", "类别", "机构类别", "tipo"
)

AEDS = Schema(
    placed=True,
    area_field="district",
    fields=(
        SOURCE_REF, *NAMES, DISTRICT, ADDRESS, PHONE, OPENING_HOURS,
        LOCATION,
        _text("location_zh", "defibrillator:location:zh", "具体位置", "安装位置", "放置位置",
              "位置", "摆放位置"),
        _text("access", "开放对象", "开放范围", "可及性", "zugang", "acceso", kind=Kind.CHOICE,
              choices=AED_ACCESS | CHINESE_ACCESS),
        _text("indoor", "室内", "是否室内", "室内外", "interior", kind=Kind.FLAG),
        _text("floor", "level", "addr:floor", "楼层", "所在楼层", "stockwerk", "piso"),
        _text("entrance", "access_point", "入口", "所在入口", "eingang", "entrada"),
        _text("last_checked_at", "check_date", "survey:date", "last_checked", "checked",
              "检查日期", "最近检查", "最近检查日期", "巡检日期", "última revisión",
              kind=Kind.MOMENT, label="the day of the last check"),
    ),
)  # fmt: skip

FACILITIES = Schema(
    placed=True,
    area_field="district",
    fields=(
        SOURCE_REF, *NAMES, DISTRICT, ADDRESS, LOCATION, PHONE, OPENING_HOURS, KIND,
        _text("has_emergency_department", "emergency", "emergency_department", "急诊",
              "有无急诊", "是否有急诊", "notaufnahme", "urgencias", kind=Kind.FLAG),
        _text("bed_count", "beds", "capacity:beds", "床位", "床位数", "betten", "camas",
              kind=Kind.WHOLE, label="the number of beds", lowest=0, highest=MAX_FACILITY_BEDS),
        _text("capabilities", "capability", "救治能力", "能力", "capacidades",
              check=capabilities),
        _text("grade", "hospital_grade", "等级", "医院等级"),
        _text("same_as", "对应编号", check=same_as),
    ),
)  # fmt: skip

STATIONS = Schema(
    placed=True,
    area_field="district",
    fields=(
        SOURCE_REF, *NAMES, DISTRICT, ADDRESS, LOCATION, KIND,
        _text("unit_count_planned", "units", "ambulances", "vehicles",
              "ambulance_station:vehicles", "车辆数", "救护车数", "救护车数量", "vehículos",
              kind=Kind.WHOLE, label="the number of vehicles", lowest=0,
              highest=MAX_STATION_UNITS),
    ),
)  # fmt: skip

TIMES_OF_DAY = {
    "all": "all", "day": "day", "daytime": "day", "night": "night", "nighttime": "night",
    "全天": "all", "白天": "day", "昼": "day", "夜间": "night", "夜": "night",
}  # fmt: skip
"""Folded word → when the people are there."""

POPULATION = Schema(
    placed=True,
    area_field="district",
    fields=(
        SOURCE_REF, DISTRICT,
        _text("population", "pop", "popu", "inhabitants", "people", "人口", "常住人口", "总人口",
              "人口数", "einwohner", "poblacion", kind=Kind.NUMBER, unit="1", required=True,
              label="the population"),
        _text("counted_on", "census_date", "date", "统计日期", "普查日期", "fecha",
              kind=Kind.DAY, label="the day of the count"),
        _text("time_of_day", "daynight", "昼夜", "时段", kind=Kind.CHOICE, choices=TIMES_OF_DAY,
              label="the time of day"),
        _text("cell_size_m", "cell_size", "格网大小", "网格大小", kind=Kind.NUMBER, unit="m",
              lowest=1.0, highest=MAX_CELL_M, costs_row=True, label="the cell size"),
    ),
    families=(
        Family("age_bands", find_age_bands,
               Field(name="age_band", kind=Kind.NUMBER, unit="1", costs_row=True,
                     label="the population aged")),
    ),
)  # fmt: skip

SCHEMAS: Mapping[str, Schema] = {
    "aeds": AEDS,
    "facilities": FACILITIES,
    "stations": STATIONS,
    "population": POPULATION,
}
"""Kind of register → its schema."""
