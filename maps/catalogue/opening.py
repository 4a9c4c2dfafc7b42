"""Which opening hours hold at a moment, told to the statement that draws AEDs."""

from collections.abc import Mapping
from datetime import datetime

from gis.cities import find_city
from gis.database import UnitOfWork
from gis.kernels.opening_hours import open_states
from maps.repository import opening_hours


def hours_by_state(uow: UnitOfWork, city_id: int, at: datetime) -> Mapping[str, object]:
    """Return the city's different opening hours that are open, and closed, at `at` (aware).

    What cannot be read, or says that it is not known, is in neither; a city that is not loaded has
    none.
    """
    city = find_city(uow.session, city_id)
    hours = opening_hours(uow.session, city_id) if city is not None else []
    states = open_states(hours, at, time_zone=city.time_zone) if city is not None else []
    by_state = list(zip(hours, states, strict=True))
    return {
        "open_hours": [one for one, state in by_state if state is True],
        "closed_hours": [one for one, state in by_state if state is False],
    }
