"""Vector tiles of one city, straight from PostGIS: of one layer, or the base layers together."""

from collections.abc import Mapping
from datetime import UTC, datetime

from gis.database import UnitOfWork
from gis.jurisdiction import reach_of
from gis.rooms.house import resolve
from gis.rooms.layers import BASE_TILE, MAX_ZOOM, Layer, Moment, Shown, Sql, TimeChoices
from maps.errors import LayerNotFoundError, LayerTimeInvalidError, TileOutOfRangeError
from maps.repository import tile_bytes


def tile_address(city_id: int, name: str, *, guarded: bool = False) -> str:
    """Return the address template of a layer's tiles."""
    folder = "guarded-tiles" if guarded else "tiles"
    return f"/v1/{folder}/{city_id}/{name}/{{z}}/{{x}}/{{y}}.mvt"


def visible_layer(uow: UnitOfWork, name: str) -> Layer:
    """Return a layer of the catalogue.

    One that asks for a permission the viewer does not hold is not there for this viewer.

    Raises
    ------
    LayerNotFoundError
    """
    layers = uow.house.layers
    layer = layers.get(name)
    if layer is None or not may_see(uow, layer):
        raise LayerNotFoundError(name, tuple(one.name for one in visible_layers(uow)))
    return layer


def visible_layers(uow: UnitOfWork) -> tuple[Layer, ...]:
    """Return every layer that the viewer may see, in the order of the rooms."""
    return tuple(layer for layer in uow.house.layers.values() if may_see(uow, layer))


def may_see(uow: UnitOfWork, layer: Layer) -> bool:
    """Return whether the viewer holds what the layer asks for."""
    return layer.permission is None or uow.identity.holds_any((layer.permission,))


def reach(uow: UnitOfWork, layer: Layer) -> list[str] | None:
    """Return the codes of the areas of which the viewer may see a layer; None: of all."""
    codes = reach_of(uow.identity, layer.permission)
    return None if codes is None else list(codes)


def tile(  # noqa: PLR0917 (z, x, y in the order every tile address has)
    uow: UnitOfWork, city_id: int, layer: str, z: int, x: int, y: int, *, time: str | None = None
) -> bytes:
    """Return one Mapbox Vector Tile (version 2), empty where the layer has nothing to show.

    A layer that asks for a permission shows what lies in the areas that the permission is held for.

    `base` holds every layer of the base tile, one after the other. Outside a layer's own zooms it
    is empty; `time` is what the layer offers.

    Raises
    ------
    LayerNotFoundError
        No such layer for this viewer, or one without tiles.
    TileOutOfRangeError
        Numbers outside the Web Mercator pyramid (z ≤ 16).
    LayerTimeInvalidError
    """
    shown: tuple[Layer, ...]
    if layer == BASE_TILE:
        shown = tuple(one for one in uow.house.layers.values() if one.shown is Shown.BASE)
    else:
        shown = (visible_layer(uow, layer),)
    if not 0 <= z <= MAX_ZOOM or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise TileOutOfRangeError(z, x, y, MAX_ZOOM)
    if not isinstance(shown[0].source, Sql):
        raise LayerNotFoundError(layer, tuple(one.name for one in visible_layers(uow)))
    return b"".join(
        tile_bytes(
            uow.session, one, city_id=city_id, z=z, x=x, y=y,
            parameters=parameters_of(uow, one, city_id, time), reach=reach(uow, one),
        )
        for one in shown
        if one.minzoom <= z <= one.maxzoom
    )  # fmt: skip


def parameters_of(
    uow: UnitOfWork, layer: Layer, city_id: int, time: str | None
) -> Mapping[str, object]:
    """Return what a layer's statements ask for besides city and tile.

    `time` is one of the layer's choices, or for a layer by the moment a time with its zone; None
    is what it shows by default.

    Raises
    ------
    LayerTimeInvalidError
    """
    assert isinstance(layer.source, Sql)
    values = dict(layer.source.fixed)
    at = uow.clock.now()
    match layer.time:
        case TimeChoices() as times:
            values["time"] = _choice(layer, times, time)
        case Moment() if time is not None:
            at = _moment(layer, time)
        case None if time is not None:
            raise LayerTimeInvalidError(layer.name, "has no times; ask without one")
    if layer.source.parameters is not None:
        values |= resolve(layer.source.parameters)(uow, city_id, at)
    return values


def chosen_time(layer: Layer, time: str | None) -> str | None:
    """Return which of a computed layer's choices, or which moment, is asked for; None: neither.

    Raises
    ------
    LayerTimeInvalidError
    """
    match layer.time:
        case TimeChoices() as times:
            return _choice(layer, times, time)
        case Moment():
            return None if time is None else _moment(layer, time).isoformat()
    if time is not None:
        raise LayerTimeInvalidError(layer.name, "has no times; ask without one")
    return None


def _choice(layer: Layer, times: TimeChoices, time: str | None) -> str:
    offered = [one.value for one in times.values]
    if time is not None and time not in offered:
        raise LayerTimeInvalidError(layer.name, f"has the times {', '.join(offered)}")
    return time or times.default


def _moment(layer: Layer, time: str) -> datetime:
    wanted = "takes a time with its zone from 2000 to 2100, such as 2026-05-04T08:00:00Z"
    try:
        at = datetime.fromisoformat(time)
    except ValueError as error:
        raise LayerTimeInvalidError(layer.name, wanted) from error
    if at.tzinfo is None or not 2000 <= at.year < 2100:
        raise LayerTimeInvalidError(layer.name, wanted)
    return at.astimezone(UTC)
