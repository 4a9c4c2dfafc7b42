"""The map layers of minutes by road; loads nothing that works them out."""

from gis.rooms.layers import (
    ALL_EXPORTS,
    OKABE_ITO,
    RAMPS,
    Categories,
    Category,
    Computed,
    Field,
    Group,
    Layer,
    PopulationBase,
    Privacy,
    Ramp,
    TimeChoice,
    TimeChoices,
)
from gis.words import Words
from planning.permissions import ACCESS_READ

BREAKS_MIN = (4.0, 8.0, 12.0, 20.0, 30.0)
"""Classes are below the first, between two, and from the last on."""

_UNREACHABLE = Category(
    "unreachable", Words(en="no open road leads there", zh="无可通行道路"),
    OKABE_ITO["reddish_purple"], "fill, ✕",
)  # fmt: skip
_CLASSES = Ramp(
    "minutes", BREAKS_MIN, RAMPS["amber"], apart=Categories("standing", (_UNREACHABLE,))
)

_ROADS = TimeChoices(
    (
        TimeChoice("now", Words(en="roads as they are", zh="当前路况")),
        TimeChoice("open", Words(en="with all roads open", zh="道路全部畅通时")),
    ),
    "now",
)

_FIELDS = (
    Field("cell", "string", Words(en="cell", zh="格网")),
    Field("minutes", "number", Words(en="minutes", zh="行程时间（分钟）"), unit="min"),
    Field(
        "open_minutes", "number",
        Words(en="minutes with all roads open", zh="道路全部畅通时（分钟）"), unit="min",
    ),
    Field(
        "standing", "string",
        Words(en="reached, unreachable or unknown", zh="可达、不可达或未知"),
    ),
    Field("nearest", "string", Words(en="nearest", zh="最近地点")),
    Field("nearest_zh", "string", Words(en="nearest, in Chinese", zh="最近地点中文名")),
    Field("nearest_en", "string", Words(en="nearest, in English", zh="最近地点英文名")),
    Field(
        "population", "number", Words(en="people", zh="人口"), unit="{person}", counts_people=True,
    ),
    Field("modelled", "boolean", Words(en="modelled, not surveyed", zh="模型生成，非实测")),
)  # fmt: skip


def _layer(target: str, words: Words, says: Words) -> Layer:
    return Layer(
        f"minutes_{target}", words, says, "polygon", 7, _FIELDS,
        Computed(
            address=f"/v1/planning/minutes/{target}/features?city_id={{city_id}}",
            features=f"planning.access.features:{target}_table",
        ),
        Group.ACCESS,
        as_of="gis.features:now",
        empty=Words(
            en="No population by cell is loaded for this city.", zh="该城市尚未载入格网人口。"
        ),
        live=True,
        operational=True,
        classes=_CLASSES,
        opacity=0.7,
        unit="min",
        time=_ROADS,
        population_base=PopulationBase.RESIDENT,
        people_as_of="planning.access.service:people_counted",
        permission=ACCESS_READ,
        privacy=Privacy.PUBLIC_STATISTICS,
        exports=ALL_EXPORTS,
    )  # fmt: skip


LAYERS = (
    _layer(
        "station", Words(en="Minutes from a station", zh="急救站到达时间"),
        Words(
            en="Minutes of an ambulance with lights from the nearest station to each cell, by the "
            "roads as they are.",
            zh="按当前路况，急救车（鸣笛）从最近急救站到各格网的时间。",
        ),
    ),
    _layer(
        "emergency", Words(en="Minutes to an emergency department", zh="到急诊科的时间"),
        Words(
            en="Minutes by car from each cell to the nearest hospital with an emergency "
            "department, by the roads as they are.",
            zh="按当前路况，驾车从各格网到最近急诊科的时间。",
        ),
    ),
    _layer(
        "stroke", Words(en="Minutes to a stroke unit", zh="到卒中救治医院的时间"),
        Words(
            en="Minutes of an ambulance with lights from each cell to the nearest hospital that "
            "treats strokes, by the roads as they are.",
            zh="按当前路况，急救车（鸣笛）从各格网到最近卒中救治医院的时间。",
        ),
    ),
    _layer(
        "pci", Words(en="Minutes to a PCI hospital", zh="到急诊PCI医院的时间"),
        Words(
            en="Minutes of an ambulance with lights from each cell to the nearest hospital with "
            "PCI (heart catheter), by the roads as they are.",
            zh="按当前路况，急救车（鸣笛）从各格网到最近可行急诊PCI医院的时间。",
        ),
    ),
)  # fmt: skip
