"""The map layers of indicators, one each, as they were on any day."""

from gis.rooms.layers import (
    ALL_EXPORTS,
    AREA_FIELDS,
    RAMPS,
    Field,
    Group,
    Layer,
    Licence,
    Moment,
    PopulationBase,
    Privacy,
    Provenance,
    Ramp,
    Sql,
)
from gis.words import Words
from surveillance.indicators.catalogue import INDICATORS
from surveillance.indicators.model import Indicator
from surveillance.permissions import SURVEILLANCE_READ

_SAYS = Words(
    en="{title}: the newest value of each area, or that of the day that is asked for.",
    zh="{title}：各区域最新值，或所选日期的值。",
)
_EMPTY = Words(en="No value was taken in.", zh="尚未导入。")


def _fields(one: Indicator) -> tuple[Field, ...]:
    return (
        *AREA_FIELDS,
        Field("value", "number", one.words, unit=one.unit, counts_people=one.counts_people),
        Field("n", "integer", Words(en="rests on", zh="样本量")),
        Field("period_from", "string", Words(en="first day", zh="开始日期")),
        Field("period_to", "string", Words(en="last day", zh="结束日期")),
        Field("source", "string", Words(en="source", zh="来源")),
        Field("modelled", "boolean", Words(en="area modelled, not surveyed", zh="区域为模型生成")),
    )


def _layer(one: Indicator) -> Layer:
    return Layer(
        f"indicator_{one.code}", one.words, _SAYS.filled(title=one.words), "polygon", 5,
        _fields(one),
        Sql(
            rows="surveillance.indicators:sql/areas.sql", fixed={"indicator": one.code},
            parameters="surveillance.indicators.asked:on_day",
        ),
        Group.RISKS,
        as_of="surveillance.indicators.asked:values_taken_in",
        empty=_EMPTY,
        licence=Licence.OF_THE_INSTALLATION,
        live=True,
        classes=Ramp("value", one.breaks, RAMPS[one.ramp]),
        opacity=0.75,
        unit=one.unit,
        provenance=Provenance.MODELLED if one.modelled else Provenance.RECORDED,
        population_base=PopulationBase.MANAGED if one.counts_people else None,
        time=Moment(),
        permission=SURVEILLANCE_READ,
        area_field="code",
        privacy=Privacy.PUBLIC_STATISTICS if one.counts_people else Privacy.NO_PERSON,
        exports=ALL_EXPORTS,
    )  # fmt: skip


LAYERS = tuple(_layer(one) for one in INDICATORS.values())
