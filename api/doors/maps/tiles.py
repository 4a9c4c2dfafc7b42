"""Cities, map styles, vector tiles and the layer catalogue: public."""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path
from starlette.requests import Request

from api.http.answers import Answer, Binary
from api.http.permissions import Public, PublicPage, Reader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, Code, PathId
from api.http.work import works
from api.rooms import HOUSE
from gis.cartography import Style
from gis.cities import CityInfo, describe_cities, require_city
from gis.installation import installation_purpose
from gis.rooms.layers import Field as LayerField
from gis.rooms.layers import LegendEntry
from maps.style import build_style
from maps.tiles import tile

_TILE_CACHE = "public, max-age=300"
_LIVE_TILE_CACHE = "public, no-cache"
"""May be kept, but is asked after each time: a closure must not be five minutes late."""

router = DoorRouter(Work.ORDINARY)

Coordinate = Annotated[int, Path(ge=0, le=MAX_ID)]


class Tile(Binary):
    """A Mapbox Vector Tile."""

    media_type = "application/vnd.mapbox-vector-tile"
    shape = bytes


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the installation is for: `live` or `simulation`."""

    purpose: str | None


@dataclass(frozen=True, slots=True)
class Cities:
    """The loaded cities."""

    cities: tuple[CityInfo, ...]
    installation: Purpose


@dataclass(frozen=True, slots=True)
class LayerView:
    """One layer of the vector tiles."""

    layer: str
    title: str
    title_zh: str
    description: str
    minzoom: int
    maxzoom: int
    geometry: str
    fields: tuple[LayerField, ...]
    legend: tuple[LegendEntry, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """The catalogue of layers."""

    layers: tuple[LayerView, ...]


@router.get("/v1/cities", summary="The cities that are loaded")
def cities(uow: Public) -> Answer[Cities]:
    """Return every city with its extent, time zone and counts."""
    return Answer(
        Cities(tuple(describe_cities(uow.session)), Purpose(installation_purpose(uow.session)))
    )


@router.get("/v1/map/style/{city_id}.json", summary="MapLibre style of a city")
def style(
    uow: Public, city_id: PathId, theme: Code = "light", language: Code = "zh"
) -> Answer[Style]:
    """Return the style; its sources are this server's tiles."""
    city = require_city(uow, city_id)
    return Answer(build_style(city, theme=theme, language=language, layers=uow.house.layers))


@router.get("/v1/map/layers", summary="The catalogue of map layers")
def layers(_: PublicPage) -> Answer[Layers]:
    """Return every layer that everybody may see, with its zooms, fields and legend."""
    return Answer(Layers(tuple(
        LayerView(
            layer=layer.name, title=layer.words.en, title_zh=layer.words.zh,
            description=layer.description, minzoom=layer.minzoom, maxzoom=layer.maxzoom,
            geometry=layer.geometry, fields=layer.fields, legend=layer.legend,
        )
        for layer in HOUSE.layers.values() if layer.permission is None
    )))  # fmt: skip


@router.get("/v1/tiles/{city_id}/{layer}/{z}/{x}/{y}.mvt", summary="One vector tile")
@works(Work.TILE)
def vector_tile(  # noqa: PLR0917 (the parts of a tile address, in their order)
    uow: Public,
    request: Request,
    city_id: PathId,
    layer: Code,
    z: Coordinate,
    x: Coordinate,
    y: Coordinate,
) -> Tile:
    """Return a Mapbox Vector Tile, or 304 when the browser has it already."""
    body = tile(uow, city_id, layer, z, x, y)
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    cache = _LIVE_TILE_CACHE if uow.house.layers[layer].live else _TILE_CACHE
    headers = {"ETag": etag, "Cache-Control": cache}
    if etag in request.headers.get("if-none-match", ""):
        return Tile(status_code=304, headers=headers)
    return Tile(body, headers=headers)


@router.get(
    "/v1/guarded-tiles/{city_id}/{layer}/{z}/{x}/{y}.mvt",
    summary="One vector tile of a layer that asks for a permission",
)
@works(Work.TILE)
def guarded_tile(  # noqa: PLR0917 (as above)
    uow: Reader, city_id: PathId, layer: Code, z: Coordinate, x: Coordinate, y: Coordinate
) -> Tile:
    """Return a Mapbox Vector Tile that no cache may keep, if the viewer may see its layer."""
    body = tile(uow, city_id, layer, z, x, y)
    return Tile(body, headers={"Cache-Control": "private, no-store"})
