"""Layers of who lives where: by cell, by area, and how many are old."""

from gis.permissions import LAYERS_READ
from gis.rooms.layers import (
    ALL_EXPORTS,
    RAMPS,
    Field,
    Group,
    Layer,
    PopulationBase,
    Privacy,
    Ramp,
    Sql,
    TimeChoice,
    TimeChoices,
)
from gis.words import Words
from maps.catalogue.fields import MODELLED, NAMES

_CELLS = "maps.catalogue.as_of:cells_counted"
_AREAS = "maps.catalogue.as_of:areas_counted"
_PEOPLE = Field(
    "population", "number", Words(en="people", zh="人口"), unit="{person}", counts_people=True
)
_DENSITY = Field(
    "density", "number", Words(en="density", zh="人口密度"), unit="{person}/km2",
    counts_people=True,
)  # fmt: skip
_SHARE = Field("share_65", "number", Words(en="65 or older", zh="65岁及以上占比"), unit="%")
_COUNTED_ON = Field("counted_on", "string", Words(en="counted on", zh="统计日期"))
_TIMES = TimeChoices(
    (
        TimeChoice("all", Words(en="on the whole", zh="总体")),
        TimeChoice("day", Words(en="by day", zh="白天")),
        TimeChoice("night", Words(en="by night", zh="夜间")),
    ),
    "all",
)
_AREA = (
    Field("code", "string", Words(en="code of the area", zh="行政区划代码")),
    Field("level", "string", Words(en="level", zh="级别")),
    *NAMES,
)
_NO_CELLS = Words(
    en="No population by cell is loaded for this city and time of day.",
    zh="该城市及时段尚未载入格网人口。",
)
_DENSITY_BREAKS = (1_000.0, 5_000.0, 10_000.0, 25_000.0)
_SHARE_BREAKS = (5.0, 10.0, 15.0, 20.0)
_OPACITY = 0.65

PEOPLE = (
    Layer(
        "population_cells", Words(en="Population by cell", zh="格网人口"),
        Words(
            en="People per square kilometre of each cell, for those counted last.",
            zh="各格网最近一次统计的每平方公里人口。",
        ),
        "polygon", 8,
        (
            Field("cell", "string", Words(en="cell", zh="格网")),
            _PEOPLE, _DENSITY, _COUNTED_ON, MODELLED,
        ),
        Sql(rows="maps:sql/rows/population_cells.sql"),
        Group.PEOPLE,
        as_of=_CELLS,
        empty=_NO_CELLS,
        classes=Ramp("density", _DENSITY_BREAKS, RAMPS["blue"]),
        opacity=_OPACITY,
        unit="{person}/km2",
        population_base=PopulationBase.PRESENT,
        time=_TIMES,
        permission=LAYERS_READ,
        privacy=Privacy.PUBLIC_STATISTICS,
        exports=ALL_EXPORTS,
    ),
    Layer(
        "population_day_night", Words(en="By day and by night", zh="昼夜人口"),
        Words(
            en="Where people are by day and where by night: of those in a cell at either time, the "
            "share by day.",
            zh="各格网昼夜人口之和中白天所占的比例。",
        ),
        "polygon", 8,
        (
            Field("cell", "string", Words(en="cell", zh="格网")),
            Field(
                "by_day", "number", Words(en="people by day", zh="白天人口"), unit="{person}",
                counts_people=True,
            ),
            Field(
                "by_night", "number", Words(en="people by night", zh="夜间人口"), unit="{person}",
                counts_people=True,
            ),
            Field(
                "share_by_day", "number", Words(en="share by day", zh="白天占比"), unit="%"
            ),
            _COUNTED_ON, MODELLED,
        ),
        Sql(rows="maps:sql/rows/population_day_night.sql"),
        Group.PEOPLE,
        as_of=_CELLS,
        empty=Words(
            en="Nobody counted this city's cells by day and by night. Import both to see them.",
            zh="该城市格网尚无昼夜人口统计；导入白天与夜间数据后显示。",
        ),
        classes=Ramp("share_by_day", (30.0, 45.0, 55.0, 70.0), RAMPS["orange"]),
        opacity=_OPACITY,
        unit="%",
        population_base=PopulationBase.PRESENT,
        permission=LAYERS_READ,
        privacy=Privacy.PUBLIC_STATISTICS,
        exports=ALL_EXPORTS,
    ),
    Layer(
        "population_areas", Words(en="Population by area", zh="行政区人口密度"),
        Words(
            en="Residents per square kilometre of the smallest areas whose residents are known.",
            zh="有常住人口统计的最小行政区的每平方公里人口。",
        ),
        "polygon", 5,
        (*_AREA, _PEOPLE, _DENSITY, _COUNTED_ON, MODELLED),
        Sql(rows="maps:sql/rows/population_areas.sql"),
        Group.PEOPLE,
        as_of=_AREAS,
        empty=Words(
            en="No residents are known of this city's areas.", zh="该城市各行政区尚无常住人口数据。"
        ),
        classes=Ramp("density", _DENSITY_BREAKS, RAMPS["blue"]),
        opacity=_OPACITY,
        unit="{person}/km2",
        population_base=PopulationBase.RESIDENT,
        permission=LAYERS_READ,
        area_field="code",
        privacy=Privacy.PUBLIC_STATISTICS,
        exports=ALL_EXPORTS,
    ),
    Layer(
        "age_cells", Words(en="65 or older, by cell", zh="老年人口占比（格网）"),
        Words(
            en="Share of people aged 65 or older in each cell whose ages are known.",
            zh="有年龄统计的格网中65岁及以上人口占比。",
        ),
        "polygon", 8,
        (
            Field("cell", "string", Words(en="cell", zh="格网")),
            Field(
                "people_65", "number", Words(en="people of 65 or older", zh="65岁及以上人口"),
                unit="{person}", counts_people=True,
            ),
            _SHARE, _COUNTED_ON, MODELLED,
        ),
        Sql(rows="maps:sql/rows/age_cells.sql"),
        Group.PEOPLE,
        as_of=_CELLS,
        empty=Words(
            en="No ages are known of this city's cells.", zh="该城市格网人口尚无年龄数据。"
        ),
        classes=Ramp("share_65", _SHARE_BREAKS, RAMPS["purple"]),
        opacity=_OPACITY,
        unit="%",
        population_base=PopulationBase.PRESENT,
        time=_TIMES,
        permission=LAYERS_READ,
        privacy=Privacy.PUBLIC_STATISTICS,
        exports=ALL_EXPORTS,
    ),
    Layer(
        "age_areas", Words(en="65 or older, by area", zh="老年人口占比（行政区）"),
        Words(
            en="Share of residents aged 65 or older in the smallest areas whose ages are known.",
            zh="有年龄统计的最小行政区中65岁及以上常住人口占比。",
        ),
        "polygon", 5,
        (
            *_AREA,
            Field(
                "people_65", "number",
                Words(en="residents of 65 or older", zh="65岁及以上常住人口"),
                unit="{person}", counts_people=True,
            ),
            _SHARE, _COUNTED_ON, MODELLED,
        ),
        Sql(rows="maps:sql/rows/age_areas.sql"),
        Group.PEOPLE,
        as_of=_AREAS,
        empty=Words(
            en="No ages are known of this city's residents.", zh="该城市常住人口尚无年龄数据。"
        ),
        classes=Ramp("share_65", _SHARE_BREAKS, RAMPS["purple"]),
        opacity=_OPACITY,
        unit="%",
        population_base=PopulationBase.RESIDENT,
        permission=LAYERS_READ,
        area_field="code",
        privacy=Privacy.PUBLIC_STATISTICS,
        exports=ALL_EXPORTS,
    ),
)  # fmt: skip
