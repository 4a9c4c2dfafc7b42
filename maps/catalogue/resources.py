"""Layers of what a city has: AEDs, stations, hospitals and what these can treat."""

from gis.facilities.kinds import KINDS
from gis.permissions import LAYERS_READ
from gis.rooms.layers import (
    ALL_EXPORTS,
    DARK_YELLOW,
    GREY,
    OKABE_ITO,
    Categories,
    Category,
    Field,
    Group,
    Layer,
    Moment,
    Shown,
    Sql,
)
from gis.words import Words
from maps.catalogue.fields import MODELLED, NAMES
from maps.zooms import FACILITY_KIND_MIN_ZOOM

_LOADED = "maps.catalogue.as_of:data_loaded"
_REGISTERS_READ = "maps.catalogue.as_of:facilities_seen"
_NO_AEDS = Words(en="No AEDs are loaded for this city.", zh="该城市尚未载入AED。")
_NO_FACILITIES = Words(
    en="No hospitals or clinics are loaded for this city.", zh="该城市尚未载入医疗机构。"
)
_KIND = Field("kind", "string", Words(en="kind", zh="类别"))
_FACILITY_ID = Field("facility_id", "integer", Words(en="identifier", zh="编号"))
_EMERGENCY = Field(
    "emergency",
    "boolean",
    Words(en="has an emergency department, where known", zh="设有急诊科（如已知）"),
)
_AED_FIELDS = (
    Field("aed_id", "integer", Words(en="identifier", zh="编号")),
    Field(
        "access", "string",
        Words(en="public, customers, private or unknown", zh="公众、顾客、私人或未知"),
    ),
    *NAMES[:2],
)  # fmt: skip

KIND_LOOKS = {
    "hospital": (OKABE_ITO["vermilion"], "H"),
    "maternity_hospital": (OKABE_ITO["reddish_purple"], "M"),
    "children_hospital": (OKABE_ITO["reddish_purple"], "K"),
    "infectious_disease_hospital": (OKABE_ITO["vermilion"], "I"),
    "psychiatric_hospital": (OKABE_ITO["blue"], "P"),
    "rehabilitation_hospital": (OKABE_ITO["blue"], "R"),
    "community_health_centre": (OKABE_ITO["bluish_green"], "C"),
    "clinic": (OKABE_ITO["bluish_green"], "+"),
    "fever_clinic": (OKABE_ITO["orange"], "F"),
    "dialysis_centre": (OKABE_ITO["sky_blue"], "D"),
    "nursing_home": (DARK_YELLOW, "N"),
    "blood_bank": (OKABE_ITO["orange"], "B"),
    "disease_control_centre": (OKABE_ITO["black"], "C"),
}
"""Kind of facility → colour and letter; a kind that is not here is a grey dot."""

CAPABILITIES = (
    ("stroke_primary", Words(en="Stroke unit", zh="卒中单元"), "S", OKABE_ITO["blue"]),
    (
        "stroke_comprehensive", Words(en="Comprehensive stroke centre", zh="高级卒中中心"), "C",
        OKABE_ITO["sky_blue"],
    ),
    (
        "pci", Words(en="PCI (heart catheter)", zh="急诊冠脉介入（PCI）"), "P",
        OKABE_ITO["vermilion"],
    ),
    ("trauma", Words(en="Trauma centre", zh="创伤中心"), "T", OKABE_ITO["orange"]),
    ("burn", Words(en="Burn unit", zh="烧伤科"), "B", DARK_YELLOW),
    ("obstetrics", Words(en="Obstetrics", zh="产科"), "O", OKABE_ITO["reddish_purple"]),
    ("paediatric", Words(en="Paediatrics", zh="儿科"), "K", OKABE_ITO["bluish_green"]),
)  # fmt: skip
"""Capability, its words, letter and colour; a layer each."""


def _capability_layer(capability: str, words: Words, letter: str, colour: str) -> Layer:
    return Layer(
        f"facilities_{capability}", words,
        Words(
            en="Hospitals that can treat it, as their registers say.",
            zh="登记具备该救治能力的医院。",
        ),
        "point", 5,
        (
            _FACILITY_ID, _KIND, _EMERGENCY, *NAMES,
            Field("level", "integer", Words(en="level, where there is one", zh="等级（如有）")),
            MODELLED,
        ),
        Sql(rows="maps:sql/rows/facilities_by_capability.sql", fixed={"capability": capability}),
        Group.CAPABILITIES,
        as_of=_REGISTERS_READ,
        empty=Words(
            en="No facility of this city is known to have it.", zh="该城市暂无登记该能力的机构。"
        ),
        classes=Categories(None, (Category(capability, words, colour, letter),)),
        permission=LAYERS_READ,
        exports=ALL_EXPORTS,
    )  # fmt: skip


RESOURCES = (
    Layer(
        "aeds", Words(en="AEDs", zh="自动体外除颤器"),
        Words(en="Defibrillators.", zh="自动体外除颤器的位置。"),
        "point", 13,
        (*_AED_FIELDS, MODELLED),
        Sql(rows="maps:sql/rows/aeds.sql", tile="maps:sql/aeds.sql"),
        Group.RESOURCES,
        as_of=_LOADED,
        empty=_NO_AEDS,
        shown=Shown.ALWAYS,
        draw="maps.catalogue.symbols:draw_aeds",
        classes=Categories(
            None, (Category("aed", Words(en="AED", zh="AED"), OKABE_ITO["bluish_green"], "♥"),)
        ),
        exports=ALL_EXPORTS,
    ),
    Layer(
        "stations", Words(en="Ambulance stations", zh="急救站"),
        Words(en="Stations and posts.", zh="急救站与急救点。"),
        "point", 8,
        (
            Field("station_id", "integer", Words(en="identifier", zh="编号")),
            _KIND, *NAMES, MODELLED,
        ),
        Sql(rows="maps:sql/rows/stations.sql", tile="maps:sql/stations.sql"),
        Group.RESOURCES,
        as_of=_LOADED,
        empty=Words(en="No stations are loaded for this city.", zh="该城市尚未载入急救站。"),
        shown=Shown.ALWAYS,
        draw="maps.catalogue.symbols:draw_stations",
        classes=Categories(
            None,
            (Category("station", Words(en="station", zh="急救站"), OKABE_ITO["blue"], "square"),),
        ),
        exports=ALL_EXPORTS,
    ),
    Layer(
        "facilities", Words(en="Hospitals and clinics", zh="医院与诊所"),
        Words(
            en="Hospitals at every zoom, health centres from zoom 12, others from 13.",
            zh="各级缩放均显示医院，12级起显示社康中心，13级起显示诊所等。",
        ),
        "point", 5,
        (_FACILITY_ID, _KIND, _EMERGENCY, *NAMES, MODELLED),
        Sql(
            rows="maps:sql/rows/facilities.sql",
            tile="maps:sql/facilities.sql",
            first_zooms=FACILITY_KIND_MIN_ZOOM,
        ),
        Group.RESOURCES,
        as_of=_REGISTERS_READ,
        empty=_NO_FACILITIES,
        shown=Shown.ALWAYS,
        draw="maps.catalogue.symbols:draw_facilities",
        classes=Categories("kind", tuple(
            Category(name, kind.words, *KIND_LOOKS.get(name, (GREY, "•")))
            for name, kind in KINDS.items()
        )),
        exports=ALL_EXPORTS,
    ),
    Layer(
        "aeds_by_opening", Words(en="AEDs by opening", zh="AED开放情况"),
        Words(
            en="Whether each defibrillator can be reached at the time, by its opening hours in the "
            "city's local time; what nobody knows is not shown as open.",
            zh="按开放时间（当地时间）判断各AED在该时刻能否取用；不明者不视为开放。",
        ),
        "point", 8,
        (
            *_AED_FIELDS,
            Field("opening", "string", Words(en="open, closed or unknown", zh="开放、关闭或未知")),
            Field("opening_hours", "string", Words(en="opening hours", zh="开放时间")),
            MODELLED,
        ),
        Sql(
            rows="maps:sql/rows/aeds_by_opening.sql",
            parameters="maps.catalogue.opening:hours_by_state",
        ),
        Group.RESOURCES,
        as_of="gis.features:now",
        empty=_NO_AEDS,
        live=True,
        classes=Categories("opening", (
            Category("open", Words(en="open", zh="开放"), OKABE_ITO["bluish_green"], "✓"),
            Category(
                "closed", Words(en="closed, or out of service", zh="关闭或停用"),
                OKABE_ITO["vermilion"], "✕",
            ),
            Category("unknown", Words(en="not known", zh="未知"), GREY, "?"),
        )),
        time=Moment(),
        exports=ALL_EXPORTS,
    ),
    *(_capability_layer(*one) for one in CAPABILITIES),
)  # fmt: skip
