"""The type of a map layer: where its features come from, how it is drawn, who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gis.access import Permission
from gis.words import Words

MAX_ZOOM = 16
"""Deepest zoom that tiles are made for; the map enlarges these beyond it."""


class Privacy(StrEnum):
    """What stands between a layer and a person."""

    NO_PERSON = "no_person"
    """Nothing in it is about a person."""
    SUPPRESSED = "suppressed"
    """Its SQL shows counts of people only where they are large enough."""
    PERSONAL = "personal"
    """Rows about persons: guarded by a permission and row-level security, kept by no cache."""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a layer's features."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: a colour never stands alone, so it has a shape too."""

    words: Words
    colour: str
    shape: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One vector-tile layer.

    words : its title
    sql : `package:file`, the statement that gives one tile; `sql_below` another one for zooms
        below a number
    first_zooms : first zoom of each kind, most important first; at a zoom the statement gets
        those shown as `kinds`
    maxzoom : the deepest zoom a tile is made for
    live : may change at any moment, so its tiles are asked for anew each time
    draw : `module:function(sheet: Sheet) -> Drawing` (`gis.cartography`); None where the basemap
        draws it
    permission : who may see it; None: everybody
    """

    name: str
    words: Words
    description: str
    geometry: str
    minzoom: int
    fields: tuple[Field, ...]
    sql: str
    sql_below: tuple[int, str] | None = None
    first_zooms: Mapping[str, int] = field(default_factory=dict)
    maxzoom: int = MAX_ZOOM
    live: bool = False
    draw: str | None = None
    legend: tuple[LegendEntry, ...] = ()
    permission: Permission | None = None
    privacy: Privacy = Privacy.NO_PERSON
