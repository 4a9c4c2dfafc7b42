"""Which column serves which field: given by the person, else guessed by the header and told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.datum import Datum
from gis.intake.errors import ColumnMissingError, UnknownFieldError
from gis.intake.header import HeaderScore, key_of
from gis.intake.model import ColumnUse, Field, How, Schema
from gis.intake.units import split_header

CONSTANT_MARK = "="
"""A mapping value that starts with it is a constant for all rows, not the name of a column."""

LONGITUDE = Field(
    name="lon", label="longitude", grouped=False, required=True,
    synonyms=("lng", "long", "longitude", "x", "经度", "gps经度", "längengrad", "longitud"),
)  # fmt: skip
LATITUDE = Field(
    name="lat", label="latitude", grouped=False, required=True,
    synonyms=("latitude", "y", "纬度", "gps纬度", "breitengrad", "latitud"),
)  # fmt: skip
GEOMETRY = Field(name="geometry", synonyms=("wkt", "geom", "the_geom", "几何", "geometría"))
PLACE_FIELDS = (LONGITUDE, LATITUDE, GEOMETRY)


@dataclass(frozen=True, slots=True)
class FoundColumns:
    """Field → how it is served, in the order of the schema, and the columns that serve none."""

    uses: Mapping[str, ColumnUse]
    unused: tuple[str, ...]


def fields_of(schema: Schema) -> tuple[Field, ...]:
    """Return the fields of the schema, those of the place first where it has one."""
    return (*PLACE_FIELDS, *schema.fields) if schema.placed else schema.fields


def header_score(schema: Schema) -> HeaderScore:
    """Return a count of the known names among some cells."""
    known = {key_of(name) for field in fields_of(schema) for name in _names(field, None)}

    def score(cells: Sequence[str]) -> int:
        found = {
            key for cell in cells if len(cell) < 80
            for key in (key_of(cell), key_of(split_header(cell)[0]))
            if key in known
        }  # fmt: skip
        return len(found)

    return score


def find_columns(
    schema: Schema,
    columns: Sequence[str],
    *,
    mapping: Mapping[str, str] | None,
    datum: Datum | None,
    path: Path,
) -> FoundColumns:
    """Say which column serves which field; `mapping` (field → column or `=constant`) goes first.

    A coordinate column that carries the name of the declared `datum` (`lng_gcj02`) goes before
    those that carry none; one with the name of another datum is never taken. A unit in brackets
    at the end of a header (`距离(km)`) does not count.

    Raises
    ------
    UnknownFieldError, ColumnMissingError
        If `mapping` names a field or a column that is not there, or a required field has none.
    """
    fields = {field.name: field for field in fields_of(schema)}
    found: dict[str, ColumnUse] = {}
    for name, column in (mapping or {}).items():
        if name not in fields:
            raise UnknownFieldError(name, known=fields)
        constant = column.startswith(CONSTANT_MARK)
        if not constant and column not in columns:
            raise ColumnMissingError(path, f"{name} ({column})", columns=columns)
        found[name] = ColumnUse(name, column, How.CONSTANT if constant else How.GIVEN)
    by_key: dict[str, str] = {}
    for stripped in (False, True):
        for column in columns:
            by_key.setdefault(key_of(split_header(column)[0] if stripped else column), column)
    taken = {use.column for use in found.values()}
    for name, field in fields.items():
        if name in found:
            continue
        candidates = (by_key.get(key_of(synonym)) for synonym in _names(field, datum))
        free = list(dict.fromkeys(c for c in candidates if c is not None and c not in taken))
        if free:
            found[name] = ColumnUse(name, free[0], How.GUESSED, tuple(free[1:]))
            taken.add(free[0])
    for field in schema.fields:
        if field.required and field.name not in found:
            raise ColumnMissingError(path, field.what, columns=columns)
    order = {name: found[name] for name in fields if name in found}
    return FoundColumns(order, tuple(column for column in columns if column not in taken))


def _names(field: Field, datum: Datum | None) -> list[str]:
    names = [field.name, *field.synonyms]
    if datum is not None and field in PLACE_FIELDS[:2]:
        return [*(f"{name}_{datum}" for name in names), *names]
    return names
