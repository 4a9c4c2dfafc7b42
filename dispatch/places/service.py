"""Use cases of looking around a point: search a place, find the nearest defibrillators."""

from collections.abc import Iterator

from dispatch.places import repository as repository_places
from dispatch.places.coordinates import Reading, read_coordinates
from dispatch.places.scoring import PlaceCandidate, PlaceQuery, choose, parse_query
from dispatch.places.views import CoordinatesFound, CoordinatesView, PlacesFound, PlaceView
from gis.cities import CityRow, is_inside, require_city
from gis.database import UnitOfWork
from gis.datum import Datum, inside_shift_area
from gis.geometry import DeclaredPoint, Wgs84Point

LONGEST_NAME = 200
"""Signs of a query that the gazetteer is asked for; what is longer is the link of a map."""

CALL_MARGIN_M = 5_000.0
"""A call may come from this far outside the city's extent."""

STREET_LABEL_LIMIT_M = 120.0
"""A point farther than this from any named street gets no street as its label."""

ASKED_DATUMS = (Datum.WGS84, Datum.GCJ02, Datum.BD09)
"""What somebody may mean who does not say it; CGCS2000 is the same place as WGS-84."""


def search_places(
    uow: UnitOfWork,
    city_id: int,
    *,
    query: str,
    near: DeclaredPoint | None = None,
    limit: int = 8,
) -> PlacesFound:
    """Find places by name, crossing or house number; typos, 中文 and Latin letters allowed.

    A text that is coordinates, or the link of a map, gives the ways to read it instead.

    Raises
    ------
    CityUnknownError
        The city is not loaded.
    """
    city = require_city(uow, city_id)
    here = None if near is None else near.to_wgs84()
    middle = ((city.west + city.east) / 2, (city.south + city.north) / 2)
    readings = read_coordinates(query, near=middle)
    if readings:
        options = tuple(
            option for reading in readings for option in _options(uow, city, reading, near=here)
        )
        found = CoordinatesFound(options)
        return PlacesFound(places=(), ambiguous=len(options) > 1, picked=None, coordinates=found)
    parsed = parse_query(query[:LONGEST_NAME])
    answer = choose(parsed, _candidates(uow, city_id, parsed), limit=limit, near=here)
    return PlacesFound(
        places=tuple(_view(place) for place in answer.places),
        ambiguous=answer.ambiguous,
        picked=None if answer.picked is None else _view(answer.picked),
    )


def street_label(uow: UnitOfWork, city_id: int, place: Wgs84Point) -> str | None:
    """Return the nearest streets' names, so that a bare point can be read aloud."""
    names = repository_places.streets_near(
        uow.session, city_id, lon=place.lon, lat=place.lat, limit_m=STREET_LABEL_LIMIT_M
    )
    return " / ".join(names) or None


def _options(
    uow: UnitOfWork, city: CityRow, reading: Reading, *, near: Wgs84Point | None
) -> Iterator[CoordinatesView]:
    """Give a reading on each datum it may be meant on, as far as that lies in the city."""
    # Outside the rectangle of the Chinese shifts every datum gives the same place.
    shifted = bool(inside_shift_area(reading.lon, reading.lat))
    stated = reading.datum is not None or not shifted
    for datum in (reading.datum or Datum.WGS84,) if stated else ASKED_DATUMS:
        given = DeclaredPoint(reading.lon, reading.lat, datum, reading.radius_m)
        place = given.to_wgs84()
        if not is_inside(city, lon=place.lon, lat=place.lat, margin_m=CALL_MARGIN_M):
            continue
        yield CoordinatesView(
            written_lon=reading.lon, written_lat=reading.lat, datum=datum, datum_stated=stated,
            lon=place.lon, lat=place.lat, form=reading.form, uncertainty_m=reading.radius_m,
            streets=street_label(uow, city.city_id, place),
            distance_m=None if near is None else near.distance_m(place),
        )  # fmt: skip


def _candidates(uow: UnitOfWork, city_id: int, parsed: PlaceQuery) -> list[PlaceCandidate]:
    found: dict[int, PlaceCandidate] = {}
    for text in parsed.search_texts:
        for place in repository_places.search_places(uow.session, city_id, query=text):
            found.setdefault(place.place_id, place)
    return list(found.values())


def _view(place: PlaceCandidate) -> PlaceView:
    return PlaceView(**{name: getattr(place, name) for name in PlaceView.__slots__})
