"""The one catalogue of map layers: what each tile layer holds and at which zooms."""

from dataclasses import dataclass
from types import MappingProxyType

MAX_ZOOM = 16
"""Deepest zoom that tiles are made for; the map enlarges these beyond it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a layer's features."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One vector-tile layer. `maxzoom` is the deepest zoom a tile is made for.

    A `live` layer may change at any moment: its tiles are asked for anew each time.
    """

    name: str
    title: str
    title_zh: str
    description: str
    geometry: str
    minzoom: int
    fields: tuple[Field, ...]
    maxzoom: int = MAX_ZOOM
    live: bool = False


_NAMES = (
    Field("name", "string", "name as signed"),
    Field("name_zh", "string", "Chinese name, where known"),
    Field("name_en", "string", "English name, where known"),
)
_MODELLED = Field("modelled", "boolean", "made by a stated rule, not surveyed")

_ALL = (
    Layer(
        "roads", "Roads", "道路",
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
    ),
    Layer(
        "conditions", "Road conditions", "道路状况",
        "Roads under a closure, flood or roadworks now, cut to the part it holds for.",
        "line", 9,
        (
            Field("kind", "string", "closure, flood or roadworks"),
            Field("condition_id", "string", "identifier"),
            Field("direction", "integer", "1 along the line, -1 against it, 0 both"),
            Field("depth_m", "number", "depth of the water, metres"),
            Field("speed_kmh", "number", "speed that is left, km/h"),
            Field("class", "string", "OSM highway value without _link"),
        ),
        live=True,
    ),
    Layer(
        "areas", "Administrative areas", "行政区",
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
    ),
    Layer(
        "water", "Water", "水体", "Sea, lakes and river surfaces, one label point each.",
        "mixed", 0,
        (
            Field("part", "string", "polygon or label"),
            Field("name", "string", "name, where known"),
            _MODELLED,
        ),
    ),
    Layer(
        "places", "Place names", "地名",
        "Labels of settlements, neighbourhoods, stations and landmarks; no addresses or streets.",
        "point", 8,
        (Field("kind", "string", "gazetteer kind"), *_NAMES, _MODELLED),
    ),
    Layer(
        "facilities", "Hospitals and clinics", "医院与诊所",
        "Hospitals at every zoom, health centres from zoom 12, clinics from zoom 13.",
        "point", 5,
        (
            Field("facility_id", "integer", "identifier"),
            Field("kind", "string", "hospital, community_health_centre or clinic"),
            Field("emergency", "boolean", "has an emergency department"),
            *_NAMES,
            _MODELLED,
        ),
    ),
    Layer(
        "aeds", "AEDs", "自动体外除颤器", "Defibrillators.", "point", 13,
        (
            Field("aed_id", "integer", "identifier"),
            Field("access", "string", "public, customers, private or unknown"),
            Field("name", "string", "name, where known"),
            Field("name_zh", "string", "Chinese name, where known"),
            _MODELLED,
        ),
    ),
    Layer(
        "stations", "Ambulance stations", "急救站", "Stations and posts.", "point", 8,
        (
            Field("station_id", "integer", "identifier"),
            Field("kind", "string", "kind of station"),
            *_NAMES,
            _MODELLED,
        ),
    ),
)  # fmt: skip

LAYERS = MappingProxyType({layer.name: layer for layer in _ALL})
"""Layers by name, in drawing order of the catalogue."""
