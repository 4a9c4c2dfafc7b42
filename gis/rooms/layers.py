"""The declaration of a map layer: where its features come from, how it is drawn, who may see it.

Pages, reports and other doors read it; nothing of a layer stands anywhere else. `gis.rooms.house`
refuses one that lacks a part (`gis.rooms.layer_checks`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from gis.access import Permission
from gis.words import Words, alike

MAX_ZOOM = 16
"""Deepest zoom that tiles are made for; the map enlarges these beyond it."""

BASE_TILE = "base"
"""The name of the combined tile, which no layer may bear."""

OKABE_ITO: Mapping[str, str] = MappingProxyType({
    "black": "#000000",
    "orange": "#e69f00",
    "sky_blue": "#56b4e9",
    "bluish_green": "#009e73",
    "yellow": "#f0e442",
    "blue": "#0072b2",
    "vermilion": "#d55e00",
    "reddish_purple": "#cc79a7",
})  # fmt: skip
DARK_YELLOW = "#b39b00"
"""Okabe–Ito's yellow, dark enough for a light ground."""
GREY = "#8a9299"
"""What is not known, and what is off: never a colour of its own."""
WHITE = "#f7f7f7"
"""What was counted and is nothing: never mistaken for what is not known."""
CLASS_COLOURS = frozenset({*OKABE_ITO.values(), DARK_YELLOW, GREY})
"""What a class of a kind may be drawn in."""

RAMPS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "blue": ("#deebf7", "#9ecae1", "#6baed6", "#3182bd", "#08519c"),
    "purple": ("#efedf5", "#bcbddc", "#9e9ac8", "#756bb1", "#54278f"),
    "orange": ("#feedde", "#fdbe85", "#fd8d3c", "#e6550d", "#a63603"),
    "amber": ("#ffffd4", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404"),
    "about_one": ("#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#d6604d", "#b2182b"),
})  # fmt: skip
"""Ramps in five or six steps (ColorBrewer 2, Apache-2.0): light to dark; `about_one` from below
through what is usual to above."""

_DARK_RAMPS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "blue": ("#29475a", "#2f6a8f", "#3f8ec4", "#7db9e8", "#cfe6fb"),
    "purple": ("#413a5c", "#5f5296", "#8673c4", "#b4a5e6", "#e3dcfb"),
    "orange": ("#5a3d26", "#8a4d1c", "#c4661c", "#f29142", "#ffd2a1"),
    "amber": ("#54472c", "#765b24", "#9c7820", "#c89b28", "#eec152", "#fff0b8"),
    "about_one": ("#92c5de", "#3a86bd", "#3d4349", "#a8303a", "#e0705a", "#fbc4a5"),
})  # fmt: skip
"""The same ramps from near a dark ground to what glows on it."""
ON_DARK: Mapping[str, str] = MappingProxyType({
    light: dark
    for name, ramp in RAMPS.items()
    for light, dark in zip(ramp, _DARK_RAMPS[name], strict=True)
})  # fmt: skip
"""A step of a ramp, or `WHITE`, on a light ground → on a dark one: there dark is what is usual, and
what is most unusual lightest."""


class Group(StrEnum):
    """Under which heading a layer stands in the switcher."""

    BASE = "base"
    RESOURCES = "resources"
    CAPABILITIES = "capabilities"
    PEOPLE = "people"
    ACCESS = "access"
    ROADS = "roads"
    SURVEILLANCE = "surveillance"
    RISKS = "risks"


GROUP_WORDS: Mapping[Group, Words] = MappingProxyType({
    Group.BASE: Words(en="Base map", zh="底图"),
    Group.RESOURCES: Words(en="Resources", zh="资源"),
    Group.CAPABILITIES: Words(en="What hospitals can treat", zh="医院救治能力"),
    Group.PEOPLE: Words(en="People", zh="人口"),
    Group.ACCESS: Words(en="Time by road", zh="道路行程时间"),
    Group.ROADS: Words(en="Roads now", zh="实时路况"),
    Group.SURVEILLANCE: Words(en="Disease", zh="疾病"),
    Group.RISKS: Words(en="Risks of areas", zh="区域风险"),
})  # fmt: skip


class Shown(StrEnum):
    """When a map shows a layer."""

    BASE = "base"
    """Always, as a part of the combined base tile."""
    ALWAYS = "always"
    """Always: its drawing stands in the style of every map."""
    CHOSEN = "chosen"
    """When it is chosen in the switcher."""


class Privacy(StrEnum):
    """What stands between a layer and a person."""

    NO_PERSON = "no_person"
    """Nothing in it is about a person."""
    PUBLIC_STATISTICS = "public_statistics"
    """Counts of people as a statistics office publishes them, or a model of such counts."""
    SUPPRESSED = "suppressed"
    """Its counts of people are published cells (`gis.disclosure`), and no cache keeps them."""
    PERSONAL = "personal"
    """Rows about persons: guarded by a permission and row-level security, kept by no cache, and
    exported on record only."""


class Provenance(StrEnum):
    """Where values come from, from the surest to the least."""

    RECORDED = "recorded"
    MODELLED = "modelled"
    SIMULATED = "simulated"


PROVENANCE_WORDS: Mapping[Provenance, Words] = MappingProxyType({
    Provenance.RECORDED: Words(en="recorded", zh="实测登记"),
    Provenance.MODELLED: Words(en="modelled, not surveyed", zh="模型生成，非实测"),
    Provenance.SIMULATED: Words(en="SIMULATED", zh="演示数据"),
})  # fmt: skip


class PopulationBase(StrEnum):
    """Which people are counted."""

    RESIDENT = "resident"
    REGISTERED = "registered"
    MANAGED = "managed"
    PRESENT = "present"
    HELPED = "helped"


BASE_WORDS: Mapping[PopulationBase, Words] = MappingProxyType({
    PopulationBase.RESIDENT: Words(en="residents", zh="常住人口"),
    PopulationBase.REGISTERED: Words(en="registered residents", zh="户籍人口"),
    PopulationBase.MANAGED: Words(en="people in a programme's care", zh="管理人口"),
    PopulationBase.HELPED: Words(en="those for whom help was called", zh="被呼救者"),
    PopulationBase.PRESENT: Words(
        en="people present: residents, or by day or night where counted",
        zh="在场人口：常住，或有统计时按昼夜",
    ),
})  # fmt: skip


class Licence(StrEnum):
    """Under what terms a layer's features may be passed on."""

    OF_THE_CITY = "of_the_city"
    OF_THE_INSTALLATION = "of_the_installation"


LICENCE_WORDS: Mapping[Licence, Words] = MappingProxyType({
    Licence.OF_THE_CITY: Words(
        en="as the sources of the city's data say (see attribution)",
        zh="依城市数据来源的许可（见署名）",
    ),
    Licence.OF_THE_INSTALLATION: Words(
        en="made here: its operator says who may have it", zh="本系统生成，由运营单位决定用途"
    ),
})  # fmt: skip


class Export(StrEnum):
    """A format that a layer's features may be taken away in."""

    GEOJSON = "geojson"
    GPKG = "gpkg"
    CSV = "csv"


ALL_EXPORTS = tuple(Export)

FieldType = Literal["string", "integer", "number", "boolean"]
Geometry = Literal["point", "line", "polygon", "mixed"]


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a layer's features; `unit` is a UCUM code of `gis.units`.

    counts_people : its numbers are of people, so the layer says which and of what year
    """

    name: str
    type: FieldType
    words: Words
    unit: str | None = None
    counts_people: bool = False


AREA_FIELDS = (
    Field("code", "string", Words(en="code of the area", zh="行政区划代码")),
    Field("name", "string", Words(en="name", zh="名称")),
    Field("name_zh", "string", Words(en="name in Chinese", zh="中文名")),
    Field("name_en", "string", Words(en="name in English", zh="英文名")),
)
"""What every layer of areas says of each: its code and its names."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: a colour never stands alone, so it has a shape or a letter too.

    value : of the class's field; at_least, below : its numbers, open where None
    on_dark : its colour on a dark map
    """

    words: Words
    colour: str
    shape: str
    on_dark: str
    value: str | bool | int | None = None
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """One class by a value; `shape` is a letter, or how it is drawn."""

    value: str | bool | int
    words: Words
    colour: str
    shape: str


_UNKNOWN = Words(en="not known", zh="未知")


@dataclass(frozen=True, slots=True)
class Categories:
    """Classes by the values of a field; without a field one class for all features."""

    field: str | None
    entries: tuple[Category, ...]

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """Return one line a class."""
        return tuple(
            LegendEntry(
                one.words, one.colour, one.shape, one.colour,
                value=None if self.field is None else one.value,
            )
            for one in self.entries
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ramp:
    """Classes by number: below the first break, between breaks, from the last on.

    none : what it means where there is no number
    zero : what 0 means, where it is a class of its own
    apart : classes of what has no number for a known reason, by another field
    """

    field: str
    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    shape: str = "fill"
    none: Words = _UNKNOWN
    zero: Words | None = None
    apart: Categories | None = None

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """Return one line a class, from low to high, those apart, one for what has no number."""
        lows, highs = (None, *self.breaks), (*self.breaks, None)
        return (
            *(
                (LegendEntry(self.zero, WHITE, self.shape, ON_DARK[WHITE], value=0),)
                if self.zero
                else ()
            ),
            *(
                LegendEntry(
                    _between(low, high), colour, self.shape, ON_DARK[colour],
                    at_least=low, below=high,
                )
                for low, high, colour in zip(lows, highs, self.colours, strict=True)
            ),
            *(self.apart.legend if self.apart is not None else ()),
            LegendEntry(self.none, GREY, self.shape, GREY),
        )  # fmt: skip


def _between(low: float | None, high: float | None) -> Words:
    if low is None:
        return alike(f"< {high:,g}")
    return alike(f"≥ {low:,g}" if high is None else f"{low:,g} – {high:,g}")


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """One value of a layer's time, such as `night`."""

    value: str
    words: Words


@dataclass(frozen=True, slots=True)
class TimeChoices:
    """A layer that differs by a few named times; its SQL gets the value as `time`."""

    values: tuple[TimeChoice, ...]
    default: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A layer that differs from moment to moment; asked without a time, it shows now."""


@dataclass(frozen=True, slots=True)
class Sql:
    """Features from the geodatabase. Statements are named `package:file`.

    rows : gives every feature of `city_id`: the declared fields and `geom`; exports and counts are
        made from it, and tiles where there is no `tile`
    tile : gives one tile, where rows alone would be slow; `tile_below` another one for zooms below
        a number
    has_any : tells whether `city_id` has one feature at all, where there are no rows to count
    first_zooms : first zoom of each kind, most important first; at a zoom `tile` gets those shown
        as `kinds`
    fixed : further parameters of the statements
    parameters : `module:function(uow, city_id, at: datetime) -> Mapping`: those that change
    """

    rows: str | None = None
    tile: str | None = None
    tile_below: tuple[int, str] | None = None
    has_any: str | None = None
    first_zooms: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, object] = field(default_factory=dict)
    parameters: str | None = None

    @property
    def statements(self) -> tuple[str, ...]:
        """Return every statement it names."""
        below = self.tile_below[1] if self.tile_below else None
        return tuple(one for one in (self.rows, self.tile, below, self.has_any) if one is not None)


@dataclass(frozen=True, slots=True)
class Computed:
    """Features that are worked out, not stored.

    address : a path with `{city_id}` that gives them to a page as GeoJSON
    features : `module:function(uow, city_id, routing: Routing, time: str | None) -> FeatureTable`,
        for exports
    """

    address: str
    features: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One map layer.

    words : its title; says : one sentence on what it shows; empty : why there may be nothing
    classes : what its features are told apart by; the legend follows from them
    draw : `module:function(sheet: Sheet) -> Drawing` (`gis.cartography`); None: drawn from its
        classes, or by the basemap
    as_of : `module:function(uow, city_id) -> date | datetime | None`: what day its data are of;
        people_as_of the same of the people it counts, where that is another day
    live : may change at any moment, so its tiles are asked for anew each time
    operational : comes from the running operation, so it is simulated in a simulation
    permission : who may see it, and of which areas; None: everybody, everything
    area_field : the field that holds the code of a feature's area; None: a feature is of the areas
        around a point on it
    published : the published count whose cells it shows, where counts are suppressed
    unit : UCUM code of what it shows; time : what it may be asked for by time
    """

    name: str
    words: Words
    says: Words
    geometry: Geometry
    minzoom: int
    fields: tuple[Field, ...]
    source: Sql | Computed
    group: Group
    as_of: str
    empty: Words
    licence: Licence = Licence.OF_THE_CITY
    shown: Shown = Shown.CHOSEN
    maxzoom: int = MAX_ZOOM
    live: bool = False
    operational: bool = False
    classes: Categories | Ramp | None = None
    draw: str | None = None
    opacity: float = 1.0
    unit: str | None = None
    provenance: Provenance = Provenance.RECORDED
    population_base: PopulationBase | None = None
    people_as_of: str | None = None
    time: TimeChoices | Moment | None = None
    permission: Permission | None = None
    area_field: str | None = None
    privacy: Privacy = Privacy.NO_PERSON
    published: str | None = None
    exports: tuple[Export, ...] = ()

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """Return its legend, which follows from its classes."""
        return self.classes.legend if self.classes is not None else ()

    @property
    def is_kept_by_no_cache(self) -> bool:
        """Return whether what it shows is for its asker alone."""
        return self.permission is not None or self.privacy in {
            Privacy.SUPPRESSED, Privacy.PERSONAL,
        }  # fmt: skip
