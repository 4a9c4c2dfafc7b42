"""Vector tiles of one layer of one city, straight from PostGIS."""

from gis.database import UnitOfWork
from gis.rooms.layers import MAX_ZOOM
from maps.errors import LayerNotFoundError, TileOutOfRangeError
from maps.repository import tile_bytes


def tile(  # noqa: PLR0917 (z, x, y in the order every tile address has)
    uow: UnitOfWork, city_id: int, layer: str, z: int, x: int, y: int
) -> bytes:
    """Return one Mapbox Vector Tile (version 2), empty where the layer has nothing to show.

    A layer that asks for a permission the viewer does not hold is not there for this viewer.

    Raises `LayerNotFoundError` for a layer outside the catalogue and `TileOutOfRangeError` for
    numbers outside the Web Mercator pyramid (z ≤ 16). Outside the layer's own zooms: empty.
    """
    layers = uow.house.layers
    entry = layers.get(layer)
    if entry is None or not (
        entry.permission is None or uow.identity.holds_any((entry.permission,))
    ):
        public = tuple(name for name, one in layers.items() if one.permission is None)
        raise LayerNotFoundError(layer, public)
    if not 0 <= z <= MAX_ZOOM or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise TileOutOfRangeError(z, x, y, MAX_ZOOM)
    if not entry.minzoom <= z <= entry.maxzoom:
        return b""
    return tile_bytes(uow.session, entry, city_id=city_id, z=z, x=x, y=y)
