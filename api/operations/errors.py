"""What can be wrong with what an operation is asked for."""

from gis.errors import NotFoundError


class CityKeyUnknownError(NotFoundError):
    """No loaded city has this key."""

    code = "city_key_unknown"

    def __init__(self, key: str, known: list[str]) -> None:
        there = ", ".join(known) or "none yet"
        super().__init__(f"There is no city '{key}'. Loaded: {there}. Add one: goldenhour city add")
