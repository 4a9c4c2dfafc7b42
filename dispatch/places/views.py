"""What is shown of gazetteer answers."""

from dataclasses import dataclass

from dispatch.places.coordinates import Form
from gis.datum import Datum


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
class CoordinatesView:
    """One way to read typed coordinates, on one datum.

    written_lon, written_lat: degrees as they were written, on `datum`; lon, lat: on WGS-84.
    datum_stated: the text says its datum, or another would give the same place. streets: the
    nearest ones, to ask the caller about.
    """

    written_lon: float
    written_lat: float
    datum: Datum
    datum_stated: bool
    lon: float
    lat: float
    form: Form
    uncertainty_m: float
    streets: str | None
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class CoordinatesFound:
    """A text that is coordinates: the ways to read it within the city.

    Several: somebody must say which is meant. None: all of them lie outside.
    """

    options: tuple[CoordinatesView, ...]


@dataclass(frozen=True, slots=True)
class PlacesFound:
    """Ranked places; `picked` only if no like one lies far away.

    coordinates: null unless the text is coordinates; then there are no places.
    """

    places: tuple[PlaceView, ...]
    ambiguous: bool
    picked: PlaceView | None
    coordinates: CoordinatesFound | None = None
