"""What can be wrong with what an operation is asked for."""

from gis.errors import InvalidInputError, NotFoundError


class CityKeyUnknownError(NotFoundError):
    """No loaded city has this key."""

    code = "city_key_unknown"

    def __init__(self, key: str, known: list[str]) -> None:
        there = ", ".join(known) or "none yet"
        super().__init__(f"There is no city '{key}'. Loaded: {there}. Add one: goldenhour city add")


class ResidentsUnknownError(InvalidInputError):
    """Of no area of the city are the residents known."""

    code = "residents_unknown"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"No area of '{key}' has known residents, so nobody can fall ill there. Import a "
            "population, or take --sample coquimbo or --model shenzhen."
        )
