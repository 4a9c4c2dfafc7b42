"""The layer catalogue of a city: what may be shown, how it is drawn, and its features as files."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from api.context import Context
from api.http.answers import Answer, Binary
from api.http.permissions import Anybody, Reader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Code
from api.http.work import works
from gis.cartography import Style
from gis.cities import require_city
from gis.rooms.layers import Export
from maps.catalogue.exports import export
from maps.catalogue.service import LayerView, catalogue, layer_style
from maps.errors import BoxInvalidError

router = DoorRouter(Work.ORDINARY)

BoxText = Annotated[str | None, Query(max_length=100)]


class FeatureFile(Binary):
    """A file of features, to be saved; its name says of which format it is."""

    media_type = "application/octet-stream"
    shape = bytes


@dataclass(frozen=True, slots=True)
class Layers:
    """The catalogue of layers."""

    layers: tuple[LayerView, ...]


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """Style layers of one map layer, from below to above; their source has its name."""

    layers: tuple[Style, ...]


@router.get("/v1/map/layers", summary="The catalogue of map layers")
def layers(uow: Anybody, city_id: CityQuery) -> Answer[Layers]:
    """Return every layer that the viewer may see, as it is in a city now."""
    return Answer(Layers(catalogue(uow, require_city(uow, city_id))))


@router.get("/v1/map/layers/{layer}/style", summary="How a map layer is drawn")
def style_of_layer(
    uow: Anybody, layer: Code, theme: Code = "light", language: Code = "zh"
) -> Answer[LayerStyle]:
    """Return a layer's style layers for MapLibre, if the viewer may see it."""
    return Answer(LayerStyle(layer_style(uow, layer, theme=theme, language=language)))


@router.get("/v1/map/layers/{layer}/features", summary="A map layer's features as a file")
@works(Work.HEAVY)
def features_of_layer(  # noqa: PLR0917 (parts of a query, asked for by name)
    uow: Reader,
    context: Context,
    layer: Code,
    city_id: CityQuery,
    format: Export = Export.GEOJSON,  # noqa: A002 (as the query calls it)
    bbox: BoxText = None,
    time: Annotated[str | None, Query(max_length=40)] = None,
) -> FeatureFile:
    """Return the features of a layer in a city as GeoJSON, GeoPackage or CSV.

    Each row says whether it is recorded, modelled or simulated, and so does the file. `bbox` is
    west,south,east,north in WGS-84 degrees.
    """
    made = export(
        uow, layer, require_city(uow, city_id), format, box=_box(bbox), time=time,
        routing=context.routing,
    )  # fmt: skip
    return FeatureFile(
        made.content,
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError as error:
        raise BoxInvalidError(text) from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BoxInvalidError(text)
    return west, south, east, north
