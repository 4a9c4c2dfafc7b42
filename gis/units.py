"""Units of measure: UCUM codes that the house shows, with how each is written."""

from collections.abc import Mapping
from types import MappingProxyType

from gis.words import Words, alike

UNITS: Mapping[str, Words] = MappingProxyType({
    "1": alike(""),
    "%": alike("%"),
    "m": Words(en="m", zh="米"),
    "km": Words(en="km", zh="公里"),
    "km/h": Words(en="km/h", zh="公里/时"),
    "s": Words(en="s", zh="秒"),
    "min": Words(en="min", zh="分钟"),
    "h": Words(en="h", zh="小时"),
    "d": Words(en="days", zh="天"),
    "a": Words(en="years", zh="年"),
    "{person}": Words(en="people", zh="人"),
    "{person}/km2": Words(en="people/km²", zh="人/平方公里"),
    "/100000": Words(en="per 100,000", zh="每10万人"),
    "/100000.a": Words(en="per 100,000 a year", zh="每10万人每年"),
    "{bed}": Words(en="beds", zh="张床位"),
    "Cel": alike("°C"),
    "ug/m3": Words(en="µg/m³", zh="微克/立方米"),
    "{case}": Words(en="cases", zh="例"),
})  # fmt: skip
"""UCUM code → how it is written after a number. A unit that is not here is refused at start."""
