"""The indicators that areas may have; another is another row."""

from collections.abc import Mapping
from types import MappingProxyType

from gis.words import Words
from surveillance.indicators.model import Indicator, Theme

SUBJECT = "area"
"""The kind of subject that values are of."""
_PERCENT = (5.0, 10.0, 20.0, 40.0)
_ALL = (
    Indicator(code="hypertension_prevalence", words=Words(en="Hypertension", zh="高血压患病率"),
              theme=Theme.CHRONIC, unit="%", breaks=(10.0, 20.0, 30.0, 40.0), ramp="purple",
              highest=100.0, synonyms=("高血压",)),
    Indicator(code="diabetes_prevalence", words=Words(en="Diabetes", zh="糖尿病患病率"),
              theme=Theme.CHRONIC, unit="%", breaks=(4.0, 8.0, 12.0, 16.0), ramp="purple",
              highest=100.0, synonyms=("糖尿病",)),
    Indicator(code="stroke_mortality", words=Words(en="Deaths by stroke", zh="脑卒中死亡率"),
              theme=Theme.CHRONIC, unit="/100000.a", breaks=(50.0, 100.0, 150.0, 200.0),
              ramp="purple", highest=100_000.0),
    Indicator(code="maternal_high_risk",
              words=Words(en="High-risk pregnant women", zh="高危孕产妇人数"),
              theme=Theme.MATERNAL, unit="{person}", breaks=(10.0, 25.0, 50.0, 100.0),
              ramp="orange", counts_people=True, synonyms=("高危孕产妇",)),
    Indicator(code="children_under_5", words=Words(en="Children under 5", zh="5岁以下儿童数"),
              theme=Theme.MATERNAL, unit="{person}", breaks=(100.0, 500.0, 2000.0, 10000.0),
              ramp="orange", counts_people=True),
    Indicator(code="elderly_alone", words=Words(en="Elderly living alone", zh="独居老人数"),
              theme=Theme.ELDERLY, unit="{person}", breaks=(10.0, 50.0, 200.0, 1000.0),
              ramp="orange", counts_people=True, synonyms=("独居老人", "空巢老人")),
    Indicator(code="measles_gap", words=Words(en="Without two doses of measles vaccine",
                                              zh="麻疹两剂未接种率"),
              theme=Theme.VACCINATION, unit="%", breaks=_PERCENT, ramp="blue", highest=100.0,
              synonyms=("麻疹疫苗缺口",)),
    Indicator(code="influenza_gap", words=Words(en="65 and older without this season's influenza "
                                                "vaccine", zh="65岁及以上流感疫苗未接种率"),
              theme=Theme.VACCINATION, unit="%", breaks=(20.0, 40.0, 60.0, 80.0), ramp="blue",
              highest=100.0, synonyms=("流感疫苗缺口",)),
    Indicator(code="heat_index", words=Words(en="Heat index", zh="热指数"), theme=Theme.HEAT,
              unit="Cel", breaks=(27.0, 32.0, 41.0, 54.0), ramp="orange", lowest=-40.0,
              highest=90.0, modelled=True),
    Indicator(code="wbgt", words=Words(en="Wet-bulb globe temperature", zh="湿球黑球温度"),
              theme=Theme.HEAT, unit="Cel", breaks=(21.0, 25.0, 28.0, 31.0), ramp="orange",
              lowest=-40.0, highest=60.0, modelled=True),
    Indicator(code="pm25", words=Words(en="PM2.5", zh="细颗粒物PM2.5"), theme=Theme.AIR,
              unit="ug/m3", breaks=(15.0, 35.0, 75.0, 115.0), ramp="purple", highest=2000.0,
              synonyms=("pm2.5", "细颗粒物")),
    Indicator(code="ozone_8h", words=Words(en="Ozone, 8 hours", zh="臭氧8小时"), theme=Theme.AIR,
              unit="ug/m3", breaks=(100.0, 160.0, 215.0, 265.0), ramp="purple", highest=2000.0,
              synonyms=("o3", "臭氧")),
    Indicator(code="breteau_index", words=Words(en="Breteau index", zh="布雷图指数"),
              theme=Theme.MOSQUITO, unit="1", breaks=(5.0, 10.0, 20.0, 50.0), ramp="blue",
              highest=10_000.0, synonyms=("布雷图", "bi")),
    Indicator(code="house_index", words=Words(en="House index", zh="房屋指数"),
              theme=Theme.MOSQUITO, unit="%", breaks=_PERCENT, ramp="blue", highest=100.0,
              synonyms=("hi",)),
    Indicator(code="container_index", words=Words(en="Container index", zh="容器指数"),
              theme=Theme.MOSQUITO, unit="%", breaks=_PERCENT, ramp="blue", highest=100.0,
              synonyms=("ci",)),
    Indicator(code="mosquito_receptivity",
              words=Words(en="Mosquito receptivity", zh="蚊媒孳生适宜度"), theme=Theme.MOSQUITO,
              unit="1", breaks=(0.2, 0.4, 0.6, 0.8), ramp="blue", highest=1.0, modelled=True,
              synonyms=("receptivity", "适宜度", "媒介适宜度")),
    Indicator(code="inspection_failed", words=Words(en="Failed inspections", zh="卫生监督不合格率"),
              theme=Theme.INSPECTION, unit="%", breaks=_PERCENT, ramp="purple", highest=100.0,
              synonyms=("不合格率",)),
)  # fmt: skip
INDICATORS: Mapping[str, Indicator] = MappingProxyType({one.code: one for one in _ALL})
"""By code. Classes of heat after the US Weather Service (caution from 27 °C) and ISO 7243, of air
after China's daily grades (HJ 633), of Breteau after its dengue control guidelines (5, 10, 20)."""
