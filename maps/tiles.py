"""Vector tiles of one layer of one city, straight from PostGIS."""

from gis.database import UnitOfWork
from maps.errors import LayerNotFoundError, TileOutOfRangeError
from maps.layers import LAYERS, MAX_ZOOM
from maps.repository import tile_bytes


def tile(  # noqa: PLR0917 (z, x, y in the order every tile address has)
    uow: UnitOfWork, city_id: int, layer: str, z: int, x: int, y: int
) -> bytes:
    """Return one Mapbox Vector Tile (version 2), empty where the layer has nothing to show.

    Raises `LayerNotFoundError` for a layer outside the catalogue and `TileOutOfRangeError` for
    numbers outside the Web Mercator pyramid (z ≤ 16). Outside the layer's own zooms: empty.
    """
    entry = LAYERS.get(layer)
    if entry is None:
        raise LayerNotFoundError(layer, tuple(LAYERS))
    if not 0 <= z <= MAX_ZOOM or not 0 <= x < 2**z or not 0 <= y < 2**z:
        raise TileOutOfRangeError(z, x, y, MAX_ZOOM)
    if not entry.minzoom <= z <= entry.maxzoom:
        return b""
    return tile_bytes(uow.session, layer, city_id=city_id, z=z, x=x, y=y)
