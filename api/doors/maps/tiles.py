"""Cities, map styles and vector tiles."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.requests import Request

from api.http.answers import Answer, Binary
from api.http.permissions import Public, Reader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, Code, PathId
from api.http.work import works
from gis.areas import AreaInfo, list_areas
from gis.cartography import Style
from gis.cities import CityInfo, describe_cities, require_city
from gis.installation import installation_purpose
from maps.style import build_style
from maps.tiles import tile

_TILE_CACHE = "public, max-age=300"
_LIVE_TILE_CACHE = "public, no-cache"
"""May be kept, but is asked after each time: a closure must not be five minutes late."""

router = DoorRouter(Work.ORDINARY)

Coordinate = Annotated[int, Path(ge=0, le=MAX_ID)]
LayerTime = Annotated[str | None, Query(max_length=40)]
"""Of a layer with times: one that it offers."""


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


@router.get("/v1/cities", summary="The cities that are loaded")
def cities(uow: Public) -> Answer[Cities]:
    """Return every city with its extent, time zone and counts."""
    return Answer(
        Cities(tuple(describe_cities(uow.session)), Purpose(installation_purpose(uow.session)))
    )


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas of the loaded cities."""

    areas: tuple[AreaInfo, ...]


@router.get("/v1/areas", summary="The areas of the loaded cities, to choose from")
def areas(uow: Public) -> Answer[Areas]:
    """Return every area in force with code, level and names, each after those above it."""
    return Answer(Areas(list_areas(uow)))


@router.get("/v1/map/style/{city_id}.json", summary="MapLibre style of a city")
def style(  # noqa: PLR0917 (each has a name in the address)
    uow: Public,
    city_id: PathId,
    theme: Code = "light",
    language: Code = "zh",
    base: Literal["only"] | None = None,
    light: Literal["on"] | None = None,
) -> Answer[Style]:
    """Return the style of every map, or of the base tile only; its sources are our tiles.

    `light` is the one for machines that draw by software.
    """
    city = require_city(uow, city_id)
    return Answer(
        build_style(
            city,
            uow.house.layers,
            theme=theme,
            language=language,
            base_only=base is not None,
            light=light is not None,
        )
    )


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
    time: LayerTime = None,
) -> Tile:
    """Return a Mapbox Vector Tile, or 304 when the browser has it already.

    `base` holds roads, areas, water and place names together.
    """
    body = tile(uow, city_id, layer, z, x, y, time=time)
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    shown = uow.house.layers.get(layer)
    cache = _LIVE_TILE_CACHE if shown is not None and shown.live else _TILE_CACHE
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
    uow: Reader,
    city_id: PathId,
    layer: Code,
    z: Coordinate,
    x: Coordinate,
    y: Coordinate,
    time: LayerTime = None,
) -> Tile:
    """Return a Mapbox Vector Tile that no cache may keep, if the viewer may see its layer."""
    body = tile(uow, city_id, layer, z, x, y, time=time)
    return Tile(body, headers={"Cache-Control": "private, no-store"})
