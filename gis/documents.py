"""A report as data: what a room has to say, before anything draws it.

Every text is in every language, every number a number, so that one reading of the database gives
the same report as page, print, editable text and table, in any language. `maps.reports` draws it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import shapely

from gis.rooms.layers import Provenance
from gis.words import Words

UNKNOWN = Words(en="unknown", zh="未知")
"""What an empty cell says: what nobody knows is not zero."""
BADGES = {
    Provenance.RECORDED: None,
    Provenance.MODELLED: Words(en="MODELLED — NOT SURVEYED", zh="模型数据，非实测"),
    Provenance.SIMULATED: Words(en="SIMULATED — DEMONSTRATION DATA", zh="演示数据 · 仿真"),
}
"""The mark that modelled and simulated data carry; recorded data carry none."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the bounds within which it is known (95 % unless its column says otherwise)."""

    value: float
    low: float
    high: float


Cell = Words | int | float | Interval | None
"""What a table holds; None is said as `UNKNOWN`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    words : its heading
    digits : decimals that are shown; a workbook holds all of them
    unit : UCUM code, where its numbers have one
    signed : its numbers are changes and show their sign
    """

    key: str
    words: Words
    digits: int = 0
    unit: str | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; `total` is a last row that stands apart.

    Raises
    ------
    ValueError
        A row has more or fewer cells than there are columns.
    """

    name: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: Words | None = None

    def __post_init__(self) -> None:
        """Check that the table is a rectangle."""
        for row in (*self.rows, *((self.total,) if self.total else ())):
            if len(row) != len(self.columns):
                message = f"A row of the table {self.name} has {len(row)} cells."
                raise ValueError(message)

    def column(self, key: str) -> int:
        """Return the place of a column; `KeyError` if there is none of that name."""
        for place, column in enumerate(self.columns):
            if column.key == key:
                return place
        raise KeyError(key)


class ChartKind(StrEnum):
    """How a chart draws its table."""

    RANKED_DOTS = "ranked_dots"
    """One line per row, largest value on top: a dot with its interval."""
    LINES = "lines"
    """A line over time, with the band of its interval where there is one."""
    BARS = "bars"
    """Bars over time, and beside them a line of another column."""
    STEPS = "steps"
    """Two stairs over a number, such as what a search found and what it proved; what lies between
    them is shaded."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a table's columns.

    across : column of the categories (ranked), of the days (ISO dates, lines) or of numbers (steps)
    value : column of the numbers or intervals
    beside : of bars, the column that is drawn as a line; of steps, the other stair
    reference : a value to compare with, drawn as a line with its words
    alt : what it shows, for whoever does not see it
    """

    name: str
    title: Words
    alt: Words
    kind: ChartKind
    table: Table
    across: str
    value: str
    beside: str | None = None
    reference: tuple[float, Words] | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Shade:
    """One class of shaded areas; `letter` says it where colours cannot be told apart."""

    words: Words
    colour: str
    letter: str


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer of the catalogue on a map; `kinds`: only its features of these, all if none."""

    name: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surface:
    """All that lies within a shape (WGS-84 polygons) has this shade: cells of one class, joined."""

    shade: Shade
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class MarkClass:
    """How marks of one class look: `letter` on a square of `colour`, white where `hollow`."""

    words: Words
    colour: str
    letter: str
    hollow: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One feature that is drawn as a mark."""

    lon: float
    lat: float
    words: Words
    of_class: int
    modelled: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one layer of the catalogue, or of what a report itself has places for."""

    layer: str
    words: Words
    classes: tuple[MarkClass, ...]
    marks: tuple[Mark, ...]

    @property
    def used(self) -> tuple[MarkClass, ...]:
        """Return the classes of which there is a mark."""
        there = {mark.of_class for mark in self.marks}
        return tuple(one for place, one in enumerate(self.classes) if place in there)


@dataclass(frozen=True, slots=True)
class MapFigure:
    """A map of the report's city.

    layers : what of the catalogue is drawn, from below to above
    surfaces : what is shaded besides areas, from below to above, in the order of the legend
    marks : the report's own places, above the layers'
    shades : classes of areas, in the order of the legend; `shade_of` gives each area's by its code
    values : what a map that answers says of an area, by its code
    """

    name: str
    title: Words
    alt: Words
    layers: tuple[DrawnLayer, ...]
    shades: tuple[Shade, ...] = ()
    shade_of: Mapping[str, int] | None = None
    shades_title: Words | None = None
    values: Mapping[str, Words] | None = None
    note: Words | None = None
    surfaces: tuple[Surface, ...] = ()
    surfaces_title: Words | None = None
    marks: tuple[Marks, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section."""

    words: Words


class Tone(StrEnum):
    """What a paragraph is for."""

    PLAIN = "plain"
    FINDING = "finding"
    """What a reader in a hurry must take away."""
    CAUTION = "caution"
    """What limits what the report may be used for."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    words: Words
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number with what it counts and what must be known with it."""

    value: int | None
    words: Words
    detail: Words


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The few numbers a report begins with."""

    figures: tuple[KeyFigure, ...]


Block = Heading | Paragraph | KeyFigures | Table | Chart | MapFigure


@dataclass(frozen=True, slots=True)
class PopulationBase:
    """Who was counted for the denominators, when and by whom."""

    words: Words


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    name : of the kind of report; file names begin with it
    period : name of the week or month that it is of, as `gis.report_periods` has it, or the number
        of the one thing that it is of
    as_of : when the data were read; told by the clock of `time_zone`
    sources : where the data come from, one sentence each
    attribution : what the licences of the base map ask for
    """

    name: str
    title: Words
    city_key: str
    city_id: int
    city: Words
    as_of: datetime
    time_zone: str
    provenance: Provenance
    population: PopulationBase | None
    sources: tuple[Words, ...]
    attribution: str
    blocks: tuple[Block, ...]
    period: str | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Return the charts, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Chart))

    @property
    def maps(self) -> tuple[MapFigure, ...]:
        """Return the maps, in their order."""
        return tuple(block for block in self.blocks if isinstance(block, MapFigure))
