"""SQL of the layers: tiles simplified to the pixel, rows for exports, counts.

Geometry is stored in WGS-84; the index filter compares stored boxes with the tile's box brought to
WGS-84, so nothing is transformed that is not drawn. A tile holds at most `FEATURE_CAP` features,
the most important first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from sqlalchemy import Result, TextClause, func, select, text
from sqlalchemy.orm import Session

from gis.features import FeatureTable
from gis.rooms.layers import Field, Layer, Sql
from gis.tables import Aed, Area, City, FacilitySource, Population, PopulationCell
from maps.zooms import AREA_LEVEL_MIN_ZOOM, ROAD_CLASS_MIN_ZOOM

FEATURE_CAP = 20_000
TILE_PIXELS = 512
EQUATOR_M = 40_075_016.685578488
MODELLED = "modelled"
"""The field that says of a feature that it was made by a rule."""

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS-84 degrees."""
Parameters = Mapping[str, object]
Statement = tuple[TextClause, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many features a layer has in a city, and how many of them are modelled."""

    features: int
    modelled: int


def tile_bytes(
    session: Session, layer: Layer, *, city_id: int, z: int, x: int, y: int,
    parameters: Parameters,
) -> bytes:  # fmt: skip
    """Return the tile of `layer`; empty bytes where nothing is shown."""
    assert isinstance(layer.source, Sql)
    source = layer.source
    if source.tile is None:
        statement = _of_rows("tile_of_rows.sql", layer.name, source.rows, layer.fields)
    else:
        below, other = source.tile_below or (0, "")
        statement = _statement(other if z < below else source.tile)
    values: dict[str, Any] = {
        "city_id": city_id,
        "z": z,
        "x": x,
        "y": y,
        "tolerance_m": EQUATOR_M / 2**z / TILE_PIXELS / 2,
        "classes": _with_links(_shown(ROAD_CLASS_MIN_ZOOM, z)),
        "ranks": list(ROAD_CLASS_MIN_ZOOM),
        "levels": _shown(AREA_LEVEL_MIN_ZOOM, z),
        "kinds": _shown(source.first_zooms, z),
        "cap": FEATURE_CAP,
        **parameters,
    }
    found = _asked(session, statement, values).scalar_one_or_none()
    return bytes(found) if found else b""


def features(
    session: Session, layer: Layer, *, city_id: int, box: Box, cap: int, parameters: Parameters
) -> FeatureTable:
    """Return at most `cap` features of `layer` whose boxes meet `box`."""
    assert isinstance(layer.source, Sql)
    statement = _of_rows("features_of_rows.sql", layer.name, layer.source.rows, layer.fields)
    west, south, east, north = box
    values = {
        "city_id": city_id, "west": west, "south": south, "east": east, "north": north,
        "cap": cap, **parameters,
    }  # fmt: skip
    rows = _asked(session, statement, values).all()
    columns = {field.name: [row[index] for row in rows] for index, field in enumerate(layer.fields)}
    return FeatureTable(columns, [bytes(row.geom) for row in rows])


def count_features(
    session: Session, layer: Layer, *, city_id: int, parameters: Parameters
) -> Counted:  # fmt: skip
    """Return how many features `layer` has in a city."""
    assert isinstance(layer.source, Sql)
    statement = _of_rows("count_of_rows.sql", layer.name, layer.source.rows, layer.fields)
    values = {"city_id": city_id, **parameters}
    row = _asked(session, statement, values).one()
    return Counted(row.features, row.modelled)


def opening_hours(session: Session, city_id: int) -> list[str]:
    """Return the different opening hours of a city's AEDs."""
    hours = select(Aed.opening_hours).where(
        Aed.city_id == city_id, Aed.opening_hours.is_not(None)
    )  # fmt: skip
    return [one for one in session.scalars(hours.distinct()) if one is not None]


def loaded_at(session: Session, city_id: int) -> datetime | None:
    """Return when a city's data were loaded first."""
    return session.scalar(select(City.added_at).where(City.city_id == city_id))


def roads_loaded_at(session: Session, city_id: int) -> datetime | None:
    """Return when a city's present roads were loaded."""
    return session.scalar(select(City.network_at).where(City.city_id == city_id))


def facilities_seen_at(session: Session, city_id: int) -> datetime | None:
    """Return when a register of a city's facilities was last read."""
    last = select(func.max(FacilitySource.last_seen_at)).where(FacilitySource.city_id == city_id)
    return session.scalar(last)


def cells_counted_on(session: Session, city_id: int) -> date | None:
    """Return the last day on which people of a city's cells were counted."""
    last = select(func.max(PopulationCell.counted_on)).where(PopulationCell.city_id == city_id)
    return session.scalar(last)


def areas_counted_on(session: Session, city_id: int) -> date | None:
    """Return the last day on which residents of a city's areas were counted."""
    return session.scalar(
        select(func.max(Population.counted_on))
        .join(Area, Area.area_id == Population.area_id)
        .where(Area.city_id == city_id, Population.base == "resident")
    )


@cache
def _statement(reference: str) -> Statement:
    return _prepared(_sql(reference))


@cache
def _of_rows(
    frame: str, layer: str, rows: str | None, fields: tuple[Field, ...]
) -> Statement:  # fmt: skip
    assert rows is not None
    names = [field.name for field in fields]
    return _prepared(
        Template(_sql(f"maps:sql/{frame}")).substitute(
            layer=layer, rows=_sql(rows), fields=", ".join(f'"{name}"' for name in names),
            modelled=MODELLED if MODELLED in names else "false",
        )
    )  # fmt: skip


def _prepared(sql: str) -> Statement:
    """Return a statement and the names of its parameters."""
    statement = text(sql)
    return statement, tuple(statement.compile().params)


def _sql(reference: str) -> str:
    package, _, name = reference.partition(":")
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _asked(session: Session, statement: Statement, values: Mapping[str, Any]) -> Result[Any]:
    sql, names = statement
    return session.execute(sql, {name: values[name] for name in names})


def _shown(min_zoom: Mapping[str, int], z: int) -> list[str]:
    return [name for name, first in min_zoom.items() if z >= first]


def _with_links(classes: list[str]) -> list[str]:
    return classes + [f"{name}_link" for name in classes]
