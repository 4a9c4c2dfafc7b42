"""Units of measure by UCUM code: what a cell or a header says, brought to the unit of the field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gis.text_fold import fold


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: value in the base unit of its `dimension` = `factor` × value + `offset`."""

    dimension: str
    factor: float
    offset: float = 0.0


UNITS: Mapping[str, Unit] = {
    "1": Unit("number", 1.0),
    "%": Unit("number", 0.01),
    "10*3": Unit("number", 1e3),
    "10*4": Unit("number", 1e4),
    "10*8": Unit("number", 1e8),
    "m": Unit("length", 1.0),
    "km": Unit("length", 1e3),
    "cm": Unit("length", 0.01),
    "[ft_i]": Unit("length", 0.3048),
    "[mi_i]": Unit("length", 1609.344),
    "s": Unit("time", 1.0),
    "min": Unit("time", 60.0),
    "h": Unit("time", 3600.0),
    "d": Unit("time", 86_400.0),
    "wk": Unit("time", 604_800.0),
    "a": Unit("time", 31_557_600.0),
    "m2": Unit("area", 1.0),
    "km2": Unit("area", 1e6),
    "har": Unit("area", 1e4),
    "g": Unit("mass", 1.0),
    "kg": Unit("mass", 1e3),
    "mg": Unit("mass", 1e-3),
    "L": Unit("volume", 1.0),
    "mL": Unit("volume", 1e-3),
    "m/s": Unit("speed", 1.0),
    "km/h": Unit("speed", 1.0 / 3.6),
    "[mi_i]/h": Unit("speed", 0.44704),
    "Cel": Unit("temperature", 1.0),
    "[degF]": Unit("temperature", 5.0 / 9.0, -160.0 / 9.0),
    "K": Unit("temperature", 1.0, -273.15),
}
"""Factors by the Unified Code for Units of Measure, v2.1; a year is the Julian one (`a`)."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "1": ("1", "个", "张", "台", "辆", "人", "例", "名", "件", "支", "床", "床位", "beds", "bed",
          "camas", "cama", "persons", "people", "personas", "units", "vehicles", "cases", "casos"),
    "%": ("%", "％", "percent", "por ciento", "百分比"),
    "10*3": ("千", "thousand", "miles"),
    "10*4": ("万", "万人", "萬"),
    "10*8": ("亿", "億"),
    "m": ("m", "metre", "metres", "meter", "meters", "metro", "metros", "米"),
    "km": ("km", "kilometre", "kilometres", "kilometer", "kilometers", "kilómetros", "公里",
           "千米"),
    "cm": ("cm", "厘米"),
    "[ft_i]": ("ft", "feet", "foot", "pies", "[ft_i]"),
    "[mi_i]": ("mi", "mile", "miles us", "millas", "英里", "[mi_i]"),
    "s": ("s", "sec", "secs", "second", "seconds", "segundo", "segundos", "秒"),
    "min": ("min", "mins", "minute", "minutes", "minuto", "minutos", "分", "分钟"),
    "h": ("h", "hr", "hrs", "hour", "hours", "hora", "horas", "小时", "时"),
    "d": ("d", "day", "days", "día", "días", "天", "日"),
    "wk": ("wk", "week", "weeks", "semana", "semanas", "周"),
    "a": ("a", "year", "years", "yr", "yrs", "año", "años", "岁", "年"),
    "m2": ("m2", "m²", "sqm", "平方米"),
    "km2": ("km2", "km²", "sqkm", "平方公里", "平方千米"),
    "har": ("ha", "har", "hectare", "hectares", "hectáreas", "公顷"),
    "g": ("g", "gram", "grams", "gramos", "克"),
    "kg": ("kg", "kilogram", "kilograms", "公斤", "千克"),
    "mg": ("mg", "毫克"),
    "L": ("l", "litre", "litres", "liter", "liters", "litros", "升"),
    "mL": ("ml", "毫升"),
    "m/s": ("m/s", "米/秒"),
    "km/h": ("km/h", "kmh", "kph", "公里/小时", "千米/小时"),
    "[mi_i]/h": ("mph", "mi/h"),
    "Cel": ("°c", "℃", "cel", "celsius", "摄氏度"),
    "[degF]": ("°f", "℉", "fahrenheit", "华氏度"),
    "K": ("k", "kelvin"),
}  # fmt: skip
"""UCUM code → how people write it."""

_CODES = {
    _plain: code for code, words in WORDS.items() for word in words
    if (_plain := word.casefold().replace(" ", ""))
}  # fmt: skip
_HEADER = re.compile(r"[(（\[【]\s*([^()（）\[\]【】]{1,20})\s*[)）\]】]\s*$")


def unit_code(word: str) -> str | None:
    """Return the UCUM code of a written unit; None if it is not known."""
    return _CODES.get(word.strip().casefold().replace(" ", ""))


def split_header(header: str) -> tuple[str, str | None]:
    """Return `距离(km)` as (距离, km): the name and what stands in its last brackets."""
    match = _HEADER.search(header)
    if match is None or not fold(header[: match.start()]):
        return header, None
    return header[: match.start()].strip(), match.group(1)


def conversion(given: str, wanted: str) -> tuple[float, float] | None:
    """Return (factor, offset) that bring a value to the unit wanted; None if they do not fit.

    `given` and `wanted` are UCUM codes.
    """
    source, target = UNITS.get(given), UNITS.get(wanted)
    if source is None or target is None or source.dimension != target.dimension:
        return None
    return source.factor / target.factor, (source.offset - target.offset) / target.factor
