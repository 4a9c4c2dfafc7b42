"""Marks of a report's map: features of the catalogue's layers, in the classes these declare."""

import shapely

from gis.cities import CityRow
from gis.database import UnitOfWork
from gis.documents import DrawnLayer, Mark, MarkClass, Marks
from gis.features import FeatureTable
from gis.rooms.layers import GREY, Categories, Category, Layer, Provenance
from gis.words import Words
from maps.catalogue.exports import PROVENANCE, layer_features


def read_marks(uow: UnitOfWork, city: CityRow, drawn: DrawnLayer) -> Marks:
    """Return the features of a layer of points as marks.

    Raises
    ------
    LayerNotFoundError
        The catalogue has no such layer, or not for this viewer.
    """
    layer, table = layer_features(uow, drawn.name, city)
    return marks_of(layer, table, drawn)


def marks_of(layer: Layer, table: FeatureTable, drawn: DrawnLayer) -> Marks:
    """Return features as marks; what is of no declared class is grey and has the layer's name."""
    classes, field = _classes(layer)
    other = len(classes)
    kinds = table.columns.get("kind", [None] * len(table))
    values = table.columns[field] if field is not None else [None] * len(table)
    place_of: dict[object, int] = {one.value: place for place, one in enumerate(_entries(layer))}
    marks = []
    for place, shape in enumerate(shapely.from_wkb(list(table.shapes))):
        if drawn.kinds and kinds[place] not in drawn.kinds:
            continue
        marks.append(Mark(
            shape.x, shape.y, _name(table, place, layer),
            0 if field is None else place_of.get(values[place], other),
            table.columns[PROVENANCE][place] != Provenance.RECORDED,
        ))  # fmt: skip
    grey = MarkClass(layer.words, GREY, "", hollow=False)
    return Marks(layer.name, layer.words, (*classes, grey), tuple(marks))


def _entries(layer: Layer) -> tuple[Category, ...]:
    return layer.classes.entries if isinstance(layer.classes, Categories) else ()


def _classes(layer: Layer) -> tuple[tuple[MarkClass, ...], str | None]:
    field = layer.classes.field if isinstance(layer.classes, Categories) else None
    return tuple(
        MarkClass(
            one.words, one.colour, one.shape if len(one.shape) == 1 else "",
            hollow=len(one.shape) == 1,
        )
        for one in _entries(layer)
    ), field  # fmt: skip


def _name(table: FeatureTable, place: int, layer: Layer) -> Words:
    def said(column: str) -> str | None:
        value = table.columns.get(column, [None] * len(table))[place]
        return str(value) if value else None

    name = said("name")
    return Words(
        en=said("name_en") or name or layer.words.en, zh=said("name_zh") or name or layer.words.zh
    )
