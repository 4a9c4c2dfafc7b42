"""The layers of the basemap, drawn together by `maps.style`."""

from gis.facilities.kinds import KINDS
from gis.rooms.layers import Field, Layer
from gis.words import Words
from maps.zooms import FACILITY_KIND_MIN_ZOOM, JOIN_BELOW_ZOOM, PLACE_KIND_MIN_ZOOM

_NAMES = (
    Field("name", "string", "name as signed"),
    Field("name_zh", "string", "Chinese name, where known"),
    Field("name_en", "string", "English name, where known"),
)
_MODELLED = Field("modelled", "boolean", "made by a stated rule, not surveyed")

BASEMAP = (
    Layer(
        "roads", Words(en="Roads", zh="道路"),
        "Streets by class; the fewer the further out. Lines of one class are joined below zoom 13.",
        "line", 4,
        (
            Field("class", "string", "OSM highway value without _link"),
            Field("link", "boolean", "ramp or slip road"),
            *_NAMES,
            Field("ref", "string", "road number"),
            Field("oneway", "integer", "1 along the line, -1 against it, 0 both"),
            Field("bridge", "boolean", "on a bridge"),
            Field("tunnel", "boolean", "in a tunnel"),
            Field("layer", "integer", "height among crossing roads, 0 = ground"),
        ),
        sql="maps:sql/roads.sql",
        sql_below=(JOIN_BELOW_ZOOM, "maps:sql/roads_joined.sql"),
    ),
    Layer(
        "areas", Words(en="Administrative areas", zh="行政区"),
        "Polygons, their borders and one label point each.",
        "mixed", 0,
        (
            Field("part", "string", "polygon, border or label"),
            Field("level", "string", "country, province, city, district, street or zone"),
            Field("code", "string", "GB/T 2260 code, or the source's own"),
            *_NAMES,
            Field("population", "integer", "residents, where known"),
            _MODELLED,
        ),
        sql="maps:sql/areas.sql",
    ),
    Layer(
        "water", Words(en="Water", zh="水体"),
        "Sea, lakes and river surfaces, one label point each.",
        "mixed", 0,
        (
            Field("part", "string", "polygon or label"),
            Field("name", "string", "name, where known"),
            _MODELLED,
        ),
        sql="maps:sql/water.sql",
    ),
    Layer(
        "places", Words(en="Place names", zh="地名"),
        "Labels of settlements, neighbourhoods, stations and landmarks; no addresses or streets.",
        "point", 8,
        (Field("kind", "string", "gazetteer kind"), *_NAMES, _MODELLED),
        sql="maps:sql/places.sql",
        first_zooms=PLACE_KIND_MIN_ZOOM,
    ),
    Layer(
        "facilities", Words(en="Hospitals and clinics", zh="医院与诊所"),
        "Hospitals at every zoom, health centres from zoom 12, clinics and others from zoom 13.",
        "point", 5,
        (
            Field("facility_id", "integer", "identifier"),
            Field("kind", "string", ", ".join(KINDS)),
            Field("emergency", "boolean", "has an emergency department, where known"),
            *_NAMES,
            _MODELLED,
        ),
        sql="maps:sql/facilities.sql",
        first_zooms=FACILITY_KIND_MIN_ZOOM,
    ),
    Layer(
        "aeds", Words(en="AEDs", zh="自动体外除颤器"), "Defibrillators.", "point", 13,
        (
            Field("aed_id", "integer", "identifier"),
            Field("access", "string", "public, customers, private or unknown"),
            Field("name", "string", "name, where known"),
            Field("name_zh", "string", "Chinese name, where known"),
            _MODELLED,
        ),
        sql="maps:sql/aeds.sql",
    ),
    Layer(
        "stations", Words(en="Ambulance stations", zh="急救站"), "Stations and posts.", "point", 8,
        (
            Field("station_id", "integer", "identifier"),
            Field("kind", "string", "kind of station"),
            *_NAMES,
            _MODELLED,
        ),
        sql="maps:sql/stations.sql",
    ),
)  # fmt: skip
