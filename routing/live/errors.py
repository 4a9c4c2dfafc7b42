"""What can go wrong with questions to a city's roads."""

from datetime import datetime

from gis.errors import InvalidInputError, UnavailableError


class StraightLineOnlyError(UnavailableError):
    """The city has no usable road graph, so that only straight lines could be told."""

    code = "roads_unavailable"

    def __init__(self, city_id: int) -> None:
        self.city_id = city_id
        super().__init__(
            f"The roads of city {city_id} are not loaded for this means of travel. If the city "
            "was added just now, repeat the question in a minute; else add its roads with "
            "'goldenhour city add'."
        )


class DepartureInvalidError(InvalidInputError):
    """A departure is past, or so far ahead that nothing is known of it."""

    code = "departure_invalid"

    def __init__(self, depart_at: datetime, *, now: datetime) -> None:
        self.depart_at = depart_at
        super().__init__(
            f"A trip cannot leave at {depart_at.isoformat()}: it is now {now.isoformat()}. Give a "
            "time from now to seven days ahead, with its zone, or leave it out for now."
        )


class MatrixTooLargeError(InvalidInputError):
    """More times were asked for than one request may."""

    code = "matrix_too_large"

    def __init__(self, n_origins: int, n_destinations: int, *, limit: int) -> None:
        super().__init__(
            f"{n_origins:,} origins by {n_destinations:,} destinations are more than the "
            f"{limit:,} times that one request may ask for: ask for fewer rows at a time."
        )
