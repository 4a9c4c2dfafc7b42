"""The catalogue of map layers as a viewer of a city sees it."""

from dataclasses import dataclass
from datetime import date, datetime

from gis.cartography import Style
from gis.cities import CityRow
from gis.database import UnitOfWork
from gis.installation import installation_purpose
from gis.rooms.house import resolve
from gis.rooms.layers import (
    BASE_WORDS,
    GROUP_WORDS,
    LICENCE_WORDS,
    PROVENANCE_WORDS,
    Computed,
    Field,
    Layer,
    LegendEntry,
    Provenance,
    Shown,
    Sql,
    TimeChoice,
    TimeChoices,
)
from gis.units import UNITS
from gis.words import Words
from maps.repository import Counted, count_features, has_any
from maps.style import drawing_of, sheet_for
from maps.tiles import parameters_of, reach, tile_address, visible_layer, visible_layers

_NOTHING_WITHIN = Words(
    en="There is nothing of it within the areas of your account.",
    zh="您账号的管辖范围内没有此类内容。",
)


@dataclass(frozen=True, slots=True)
class Named:
    """A code and its words."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """Which people a layer counts, and of what year; None: the source does not say."""

    base: str
    words: Words
    year: int | None


@dataclass(frozen=True, slots=True)
class LayerTimes:
    """What a layer may be asked for by `time`: `choices`, or any `moment` with its zone.

    `default` None: now.
    """

    kind: str
    values: tuple[TimeChoice, ...]
    default: str | None


@dataclass(frozen=True, slots=True)
class LayerView:
    """One layer of the catalogue, in one city.

    tiles : address template of its tiles; data : address of its features as they are computed; one
        of both. A time is added as `&time=`, to `data` as `?time=`
    count : how many features it has in the city at its default time; None: not counted
    empty : why there is nothing, where there is nothing
    exports : formats of `/v1/map/layers/{name}/features` that the viewer may ask for
    """

    name: str
    title: Words
    says: Words
    group: Named
    shown: Shown
    geometry: str
    minzoom: int
    maxzoom: int
    fields: tuple[Field, ...]
    legend: tuple[LegendEntry, ...]
    opacity: float
    unit: Named | None
    as_of: date | datetime | None
    live: bool
    provenance: Named
    population_base: PeopleCounted | None
    time: LayerTimes | None
    licence: Named
    attribution: str
    privacy: str
    tiles: str | None
    data: str | None
    exports: tuple[str, ...]
    count: int | None
    empty: Words | None


def catalogue(uow: UnitOfWork, city: CityRow) -> tuple[LayerView, ...]:
    """Return every layer that the viewer may see, as it is in a city now."""
    simulation = installation_purpose(uow.session) == "simulation"
    return tuple(_view(uow, layer, city, simulation) for layer in visible_layers(uow))


def layer_style(uow: UnitOfWork, name: str, *, theme: str, language: str) -> tuple[Style, ...]:
    """Return MapLibre's style layers of one layer, from below to above; its source has its name.

    Raises
    ------
    LayerNotFoundError, UnknownThemeError, UnknownLanguageError
    """
    layer = visible_layer(uow, name)
    styles = drawing_of(layer, sheet_for(theme, language)).styles
    if isinstance(layer.source, Sql):
        return styles
    # Computed features come as GeoJSON, whose sources have no layers within.
    return tuple(
        {key: part for key, part in style.items() if key != "source-layer"} for style in styles
    )


def provenance_of(layer: Layer, *, modelled: bool, simulation: bool) -> Provenance:
    """Return where a layer's values come from: the least sure of them names all."""
    if simulation and layer.operational:
        return Provenance.SIMULATED
    if modelled and layer.provenance is Provenance.RECORDED:
        return Provenance.MODELLED
    return layer.provenance


def _view(uow: UnitOfWork, layer: Layer, city: CityRow, simulation: bool) -> LayerView:
    counted = _count(uow, layer, city.city_id)
    as_of: date | datetime | None = resolve(layer.as_of)(uow, city.city_id)
    modelled = city.modelled if counted is None else counted.modelled > 0
    provenance = provenance_of(layer, modelled=modelled, simulation=simulation)
    computed = layer.source if isinstance(layer.source, Computed) else None
    address = tile_address(city.city_id, layer.name, guarded=layer.is_kept_by_no_cache)
    return LayerView(
        name=layer.name,
        title=layer.words,
        says=layer.says,
        group=Named(layer.group, GROUP_WORDS[layer.group]),
        shown=layer.shown,
        geometry=layer.geometry,
        minzoom=layer.minzoom,
        maxzoom=layer.maxzoom,
        fields=layer.fields,
        legend=layer.legend,
        opacity=layer.opacity,
        unit=Named(layer.unit, UNITS[layer.unit]) if layer.unit is not None else None,
        as_of=as_of,
        live=layer.live,
        provenance=Named(provenance, PROVENANCE_WORDS[provenance]),
        population_base=_people(uow, layer, city.city_id, as_of),
        time=_times(layer),
        licence=Named(layer.licence, LICENCE_WORDS[layer.licence]),
        attribution=city.attribution,
        privacy=layer.privacy,
        tiles=None if computed else f"{address}?v={city.network_version}",
        data=computed.address.format(city_id=city.city_id) if computed else None,
        exports=tuple(layer.exports) if uow.identity.user_id is not None else (),
        count=counted.features if counted else None,
        empty=_empty(uow, layer, city.city_id, counted),
    )


def _empty(uow: UnitOfWork, layer: Layer, city_id: int, counted: Counted | None) -> Words | None:
    """Return why nothing is shown, where nothing is."""
    if counted is not None:
        there = counted.features > 0
    elif isinstance(layer.source, Sql) and layer.source.has_any is not None:
        there = has_any(uow.session, layer, city_id=city_id)
    else:
        return None
    if there:
        return None
    return layer.empty if reach(uow, layer) is None else _NOTHING_WITHIN


def _count(uow: UnitOfWork, layer: Layer, city_id: int) -> Counted | None:
    if not isinstance(layer.source, Sql) or layer.source.rows is None:
        return None
    parameters = parameters_of(uow, layer, city_id, None)
    return count_features(
        uow.session, layer, city_id=city_id, parameters=parameters, reach=reach(uow, layer)
    )


def _people(
    uow: UnitOfWork, layer: Layer, city_id: int, as_of: date | datetime | None
) -> PeopleCounted | None:
    base, counted = layer.population_base, as_of
    if base is None:
        return None
    if layer.people_as_of is not None:
        counted = resolve(layer.people_as_of)(uow, city_id)
    return PeopleCounted(base, BASE_WORDS[base], counted.year if counted else None)


def _times(layer: Layer) -> LayerTimes | None:
    match layer.time:
        case None:
            return None
        case TimeChoices(values=values, default=default):
            return LayerTimes("choices", values, default)
    return LayerTimes("moment", (), None)
