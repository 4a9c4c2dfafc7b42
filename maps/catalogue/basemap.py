"""The layers of the base tile, drawn together by `maps.style`."""

from gis.rooms.layers import Field, Group, Layer, Shown, Sql
from gis.words import Words
from maps.catalogue.fields import MODELLED, NAMES
from maps.zooms import JOIN_BELOW_ZOOM, PLACE_KIND_MIN_ZOOM

_LOADED = "maps.catalogue.as_of:data_loaded"

BASEMAP = (
    Layer(
        "roads", Words(en="Roads", zh="道路"),
        Words(
            en="Streets by class; the fewer the further out. Lines of one class are joined below "
            "zoom 13.",
            zh="按等级显示道路，缩得越小显示越少；13级以下同级道路合并。",
        ),
        "line", 4,
        (
            Field("class", "string", Words(en="class (OSM highway)", zh="等级（OSM highway）")),
            Field("link", "boolean", Words(en="ramp or slip road", zh="匝道")),
            *NAMES,
            Field("ref", "string", Words(en="road number", zh="道路编号")),
            Field(
                "oneway", "integer",
                Words(
                    en="1 along the line, -1 against it, 0 both",
                    zh="1为顺线单行，-1为逆线单行，0为双向",
                ),
            ),
            Field("bridge", "boolean", Words(en="on a bridge", zh="桥梁")),
            Field("tunnel", "boolean", Words(en="in a tunnel", zh="隧道")),
            Field(
                "layer", "integer",
                Words(en="height among crossing roads, 0 = ground", zh="立交层次，0为地面"),
            ),
        ),
        Sql(
            tile="maps:sql/roads.sql",
            tile_below=(JOIN_BELOW_ZOOM, "maps:sql/roads_joined.sql"),
            has_any="maps:sql/any/roads.sql",
        ),
        Group.BASE,
        as_of="maps.catalogue.as_of:roads_loaded",
        empty=Words(en="No roads are loaded for this city.", zh="该城市尚未载入道路。"),
        shown=Shown.BASE,
    ),
    Layer(
        "areas", Words(en="Administrative areas", zh="行政区"),
        Words(
            en="Polygons, their borders and one label point each.",
            zh="行政区面、边界及各自一个标注点。",
        ),
        "mixed", 0,
        (
            Field("part", "string", Words(en="polygon, border or label", zh="面、边界或标注")),
            Field("level", "string", Words(en="level", zh="级别")),
            Field(
                "code", "string",
                Words(en="GB/T 2260 code, or the source's", zh="GB/T 2260代码或来源代码"),
            ),
            *NAMES,
            MODELLED,
        ),
        Sql(tile="maps:sql/areas.sql", has_any="maps:sql/any/areas.sql"),
        Group.BASE,
        as_of=_LOADED,
        empty=Words(en="No areas are loaded for this city.", zh="该城市尚未载入行政区。"),
        shown=Shown.BASE,
    ),
    Layer(
        "water", Words(en="Water", zh="水体"),
        Words(
            en="Sea, lakes and river surfaces, one label point each.",
            zh="海洋、湖泊与河流水面，各有一个标注点。",
        ),
        "mixed", 0,
        (
            Field("part", "string", Words(en="polygon or label", zh="面或标注")),
            NAMES[0],
            MODELLED,
        ),
        Sql(tile="maps:sql/water.sql", has_any="maps:sql/any/water.sql"),
        Group.BASE,
        as_of=_LOADED,
        empty=Words(en="No water is loaded for this city.", zh="该城市尚未载入水体。"),
        shown=Shown.BASE,
    ),
    Layer(
        "places", Words(en="Place names", zh="地名"),
        Words(
            en="Labels of settlements, neighbourhoods, stations and landmarks; no addresses or "
            "streets.",
            zh="居民点、街区、车站与地标的标注，不含地址与街道。",
        ),
        "point", 8,
        (Field("kind", "string", Words(en="kind", zh="类别")), *NAMES, MODELLED),
        Sql(
            tile="maps:sql/places.sql", has_any="maps:sql/any/places.sql",
            first_zooms=PLACE_KIND_MIN_ZOOM,
        ),
        Group.BASE,
        as_of=_LOADED,
        empty=Words(en="No place names are loaded for this city.", zh="该城市尚未载入地名。"),
        shown=Shown.BASE,
    ),
)  # fmt: skip
