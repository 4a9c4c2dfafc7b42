"""What a layer's declaration must hold, a sentence for each thing that it does not."""

from itertools import pairwise

from gis.rooms.layers import (
    BASE_TILE,
    CLASS_COLOURS,
    MAX_ZOOM,
    RAMPS,
    Categories,
    Layer,
    Privacy,
    Ramp,
    Shown,
    Sql,
    TimeChoices,
)
from gis.units import UNITS
from gis.words import Words


def layer_problems(layer: Layer) -> list[str]:
    """Return what is wrong with a layer by itself, a sentence each."""
    owner = f"The layer {layer.name}"
    names = [one.name for one in layer.fields]
    units = [layer.unit, *(one.unit for one in layer.fields)]
    checks = {
        "is called as the combined base tile": layer.name == BASE_TILE,
        "is not named in small letters and underscores": not _is_name(layer.name),
        f"has no zooms between 0 and {MAX_ZOOM}": (
            not 0 <= layer.minzoom <= layer.maxzoom <= MAX_ZOOM
        ),
        "names a field twice": len(set(names)) < len(names),
        "has no style: neither classes nor a drawing": (
            layer.classes is None and layer.draw is None and layer.shown is not Shown.BASE
        ),
        "has an opacity that is not above 0 and at most 1": not 0 < layer.opacity <= 1,
        "gives no statement": isinstance(layer.source, Sql) and not layer.source.statements,
        "may be exported and has no rows": (
            bool(layer.exports) and isinstance(layer.source, Sql) and layer.source.rows is None
        ),
        "is part of the base tile, which everybody sees, and asks for a permission": (
            layer.shown is Shown.BASE and layer.permission is not None
        ),
        "stands in the style of every map and asks for a permission": (
            layer.shown is Shown.ALWAYS and layer.permission is not None
        ),
        "asks for a permission and draws tiles otherwise than by its rows, which are limited to"
        " the areas of the right": (
            layer.permission is not None and isinstance(layer.source, Sql)
            and layer.source.rows is not None
            and (layer.source.tile is not None or layer.source.tile_below is not None)
        ),
        "asks for a permission and has no rows, which are limited to the areas of the right": (
            layer.permission is not None and isinstance(layer.source, Sql)
            and layer.source.rows is None
        ),
        "names an area's code that is no text of its fields": (
            layer.area_field is not None
            and {one.name: one.type for one in layer.fields}.get(layer.area_field) != "string"
        ),
        "has a time by default that it does not offer": (
            isinstance(layer.time, TimeChoices)
            and layer.time.default not in {one.value for one in layer.time.values}
        ),
    } | _people_checks(layer)  # fmt: skip
    problems = [f"{owner} {what}." for what, is_wrong in checks.items() if is_wrong]
    problems += [
        f"{owner} has the unknown unit {unit!r}."
        for unit in dict.fromkeys(units)
        if unit is not None and unit not in UNITS
    ]
    return [*problems, *(f"{owner} {what}." for what in _class_problems(layer))]


def layer_words(layer: Layer) -> tuple[Words, ...]:
    """Return every text that a viewer of a layer may read."""
    times = layer.time.values if isinstance(layer.time, TimeChoices) else ()
    return (
        layer.words, layer.says, layer.empty, *(one.words for one in layer.fields),
        *(one.words for one in times), *_class_words(layer),
    )  # fmt: skip


def _class_words(layer: Layer) -> tuple[Words, ...]:
    match layer.classes:
        case Categories(entries=entries):
            return tuple(one.words for one in entries)
        case Ramp(none=none, apart=apart, zero=zero):
            return (
                none,
                *((zero,) if zero else ()),
                *(one.words for one in (apart.entries if apart is not None else ())),
            )
    return ()


def _people_checks(layer: Layer) -> dict[str, bool]:
    counts = any(one.counts_people for one in layer.fields)
    about_people = layer.privacy in {Privacy.PUBLIC_STATISTICS, Privacy.SUPPRESSED}
    return {
        "counts people and does not say on which base": (
            (counts or about_people) and layer.population_base is None
        ),
        "counts people and says that it shows none": (
            counts and layer.privacy is Privacy.NO_PERSON
        ),
        "shows persons and asks for no permission": (
            layer.privacy is Privacy.PERSONAL and layer.permission is None
        ),
        "shows suppressed counts and asks for no permission": (
            layer.privacy is Privacy.SUPPRESSED and layer.permission is None
        ),
        "shows suppressed counts and names no published count": (
            layer.privacy is Privacy.SUPPRESSED and layer.published is None
        ),
        "shows persons, whose rows leave the house only on record, and names exports": (
            layer.privacy is Privacy.PERSONAL and bool(layer.exports)
        ),
    }


def _class_problems(layer: Layer) -> list[str]:
    match layer.classes:
        case None:
            return []
        case Ramp():
            apart = layer.classes.apart
            return [
                *_ramp_problems(layer, layer.classes),
                *(_category_problems(layer, apart) if apart is not None else ()),
            ]
        case Categories():
            return _category_problems(layer, layer.classes)


def _ramp_problems(layer: Layer, ramp: Ramp) -> list[str]:
    types = {one.name: one.type for one in layer.fields}
    breaks = ramp.breaks
    checks = {
        f"has classes of {ramp.field}, which is no number of its fields": (
            types.get(ramp.field) not in {"integer", "number"}
        ),
        f"has {len(ramp.colours)} colours for {len(breaks) + 1} classes": (
            len(ramp.colours) != len(breaks) + 1
        ),
        "has breaks that do not rise": any(low >= high for low, high in pairwise(breaks)),
        "has colours outside the sequential ramps": not any(
            set(ramp.colours) <= set(one) for one in RAMPS.values()
        ),
    }
    return [what for what, is_wrong in checks.items() if is_wrong]


def _category_problems(layer: Layer, classes: Categories) -> list[str]:
    types = {one.name: one.type for one in layer.fields}
    entries = classes.entries
    wanted = {"string": str, "integer": int, "number": float, "boolean": bool}
    checks = {
        f"has classes of {classes.field}, which is none of its fields": (
            classes.field is not None and classes.field not in types
        ),
        "has several classes and no field to tell them apart": (
            classes.field is None and len(entries) != 1
        ),
        "has no class": not entries,
        "has two classes of one value": len({one.value for one in entries}) < len(entries),
        "has two classes that look the same": (
            len({(one.colour, one.shape) for one in entries}) < len(entries)
        ),
        "has a class in a colour that is not of Okabe and Ito": (
            not {one.colour for one in entries} <= CLASS_COLOURS
        ),
        "has a class whose value is not of its field's type": any(
            type(one.value) is not wanted[types[classes.field]]
            for one in entries
            if classes.field in types
        ),
    }
    return [what for what, is_wrong in checks.items() if is_wrong]


def _is_name(name: str) -> bool:
    return name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
