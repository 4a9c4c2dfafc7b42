"""Use cases of looking around a point: search a place, find the nearest defibrillators."""

from dispatch.places import repository as repository_places
from dispatch.places.scoring import PlaceCandidate, PlaceQuery, choose, parse_query
from dispatch.places.views import PlacesFound, PlaceView
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.geometry import DeclaredPoint


def search_places(
    uow: UnitOfWork,
    city_id: int,
    *,
    query: str,
    near: DeclaredPoint | None = None,
    limit: int = 8,
) -> PlacesFound:
    """Find places by name, crossing or house number; typos, 中文 and Latin letters allowed.

    Raises
    ------
    CityUnknownError
        The city is not loaded.
    """
    require_city(uow, city_id)
    parsed = parse_query(query)
    answer = choose(
        parsed,
        _candidates(uow, city_id, parsed),
        limit=limit,
        near=None if near is None else near.to_wgs84(),
    )
    return PlacesFound(
        places=tuple(_view(place) for place in answer.places),
        ambiguous=answer.ambiguous,
        picked=None if answer.picked is None else _view(answer.picked),
    )


def _candidates(uow: UnitOfWork, city_id: int, parsed: PlaceQuery) -> list[PlaceCandidate]:
    found: dict[int, PlaceCandidate] = {}
    for text in parsed.search_texts:
        for place in repository_places.search_places(uow.session, city_id, query=text):
            found.setdefault(place.place_id, place)
    return list(found.values())


def _view(place: PlaceCandidate) -> PlaceView:
    return PlaceView(**{name: getattr(place, name) for name in PlaceView.__slots__})
