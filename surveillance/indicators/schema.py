"""The columns of a file of indicators: values as they are, or what they are reckoned of."""

from gis.intake.model import Field, Kind, Schema
from gis.text_fold import fold
from surveillance.indicators.catalogue import INDICATORS

CODES = {
    fold(name): one.code
    for one in INDICATORS.values()
    for name in (one.code, one.words.en, one.words.zh, *one.synonyms)
}


def _number(name: str, *synonyms: str, highest: float = 1e9, lowest: float = 0.0,
            label: str = "") -> Field:  # fmt: skip
    return Field(
        name=name, synonyms=synonyms, kind=Kind.NUMBER, lowest=lowest, highest=highest, label=label,
        costs_row=True,
    )  # fmt: skip


SCHEMA = Schema(
    fields=(
        Field(name="area", required=True, label="the area", max_length=200,
              synonyms=("区划代码", "行政区划代码", "area_code", "adcode", "地区", "区域", "街道",
                        "区县", "行政区", "district", "region", "code")),
        Field(name="indicator", kind=Kind.CHOICE, choices=CODES, costs_row=True,
              label="the indicator", synonyms=("指标", "指标代码", "indicator_code", "measure")),
        Field(name="period_from", kind=Kind.DAY, label="the first day", costs_row=True,
              synonyms=("开始日期", "from", "since", "start", "起始日期")),
        Field(name="period_to", kind=Kind.DAY, label="the last day", costs_row=True,
              synonyms=("结束日期", "to", "until", "end", "截止日期")),
        Field(name="day", kind=Kind.DAY, label="the day", costs_row=True,
              synonyms=("日期", "date", "observed_on", "监测日期", "检查日期")),
        Field(name="year", kind=Kind.WHOLE, lowest=1990, highest=2100, grouped=False,
              label="the year", costs_row=True, synonyms=("年份", "年", "jahr")),
        _number("value", "数值", "值", "指标值", "wert", lowest=-1e9, label="the value"),
        Field(name="n", kind=Kind.WHOLE, lowest=0, highest=2_000_000_000, label="what it rests on",
              synonyms=("样本量", "分母", "denominator", "sample", "人数")),
        Field(name="unit", label="the unit", synonyms=("单位", "ucum", "einheit")),
        _number("temperature_c", "气温", "温度", "temperature", "t_air", lowest=-60, highest=60,
                label="the temperature in °C"),
        _number("humidity_pct", "相对湿度", "湿度", "humidity", "rh", highest=100,
                label="the relative humidity in %"),
        _number("houses", "检查户数", "houses_inspected", label="the inspected houses"),
        _number("houses_positive", "阳性户数", label="the positive houses"),
        _number("containers", "检查容器数", "containers_inspected", label="the containers"),
        _number("containers_positive", "阳性容器数", label="the positive containers"),
    ),
)  # fmt: skip
