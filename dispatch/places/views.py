"""What is shown of gazetteer answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One gazetteer answer."""

    place_id: int
    kind: str
    name: str
    name_zh: str | None
    name_en: str | None
    street: str | None
    house_number: str | None
    lon: float
    lat: float
    radius_m: float
    score: float
    modelled: bool
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class PlacesFound:
    """Ranked places; `picked` only if no like one lies far away."""

    places: tuple[PlaceView, ...]
    ambiguous: bool
    picked: PlaceView | None
