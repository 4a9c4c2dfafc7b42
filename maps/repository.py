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

_AROUND_POINT = (
    "EXISTS (SELECT FROM reached WHERE ST_Covers(reached.geom, ST_PointOnSurface(inside.geom)))"
)

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS-84 degrees."""
Parameters = Mapping[str, object]
Reach = list[str] | None
"""Codes of the areas that features are limited to; None: all of the city."""
Statement = tuple[TextClause, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many features a layer has in a city, and how many of them are modelled."""

    features: int
    modelled: int


def tile_bytes(
    session: Session, layer: Layer, *, city_id: int, z: int, x: int, y: int,
    parameters: Parameters, reach: Reach,
) -> bytes:  # fmt: skip
    """Return the tile of `layer` within `reach`; empty bytes where nothing is shown."""
    assert isinstance(layer.source, Sql)
    source = layer.source
    if source.tile is None or reach is not None:
        statement = _of_rows("tile_of_rows.sql", layer, limited=reach is not None)
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
        "reach": reach,
        **parameters,
    }
    found = _asked(session, statement, values).scalar_one_or_none()
    return bytes(found) if found else b""


def features(
    session: Session, layer: Layer, *, city_id: int, box: Box, cap: int, parameters: Parameters,
    reach: Reach,
) -> FeatureTable:  # fmt: skip
    """Return at most `cap` features of `layer` within `reach` whose boxes meet `box`."""
    assert isinstance(layer.source, Sql)
    statement = _of_rows("features_of_rows.sql", layer, limited=reach is not None)
    west, south, east, north = box
    values = {
        "city_id": city_id, "west": west, "south": south, "east": east, "north": north,
        "cap": cap, "reach": reach, **parameters,
    }  # fmt: skip
    rows = _asked(session, statement, values).all()
    columns = {field.name: [row[index] for row in rows] for index, field in enumerate(layer.fields)}
    return FeatureTable(columns, [bytes(row.geom) for row in rows])


def count_features(
    session: Session, layer: Layer, *, city_id: int, parameters: Parameters, reach: Reach
) -> Counted:
    """Return how many features `layer` has in a city within `reach`."""
    assert isinstance(layer.source, Sql)
    statement = _of_rows("count_of_rows.sql", layer, limited=reach is not None)
    values = {"city_id": city_id, "reach": reach, **parameters}
    row = _asked(session, statement, values).one()
    return Counted(row.features, row.modelled)


def has_any(session: Session, layer: Layer, *, city_id: int) -> bool:
    """Return whether a city has one feature of a layer that has no rows to count."""
    assert isinstance(layer.source, Sql)
    assert layer.source.has_any is not None
    found: bool = _asked(
        session, _statement(layer.source.has_any), {"city_id": city_id}
    ).scalar_one()  # fmt: skip
    return found


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


def _of_rows(frame: str, layer: Layer, *, limited: bool) -> Statement:
    assert isinstance(layer.source, Sql)
    assert layer.source.rows is not None
    return _framed(
        frame, layer.name, layer.source.rows, fields=layer.fields, limited=limited,
        area_field=layer.area_field,
    )  # fmt: skip


@cache
def _framed(
    frame: str, layer: str, rows: str, *, fields: tuple[Field, ...], limited: bool,
    area_field: str | None,
) -> Statement:  # fmt: skip
    names = [field.name for field in fields]
    statement = _sql(rows)
    if limited:
        statement = Template(_sql("maps:sql/rows_in_reach.sql")).substitute(
            rows=statement, is_inside=_AROUND_POINT if area_field is None else (
                f'inside."{area_field}" IN (SELECT codes_within(:reach))'
            ),
        )  # fmt: skip
    return _prepared(
        Template(_sql(f"maps:sql/{frame}")).substitute(
            layer=layer, rows=statement, fields=", ".join(f'"{name}"' for name in names),
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
