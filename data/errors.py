"""What can go wrong while a city is read."""

from pathlib import Path

from gis.errors import InvalidInputError, UnavailableError


class UnreadablePbfError(InvalidInputError):
    """The file is absent, empty, cut short or not OpenStreetMap data."""

    code = "unreadable_pbf"

    def __init__(self, path: Path, *, reason: str) -> None:
        """Name the file and what the reader said about it."""
        self.path = path
        self.reason = reason
        super().__init__(
            f"{path.name} cannot be read as OpenStreetMap data ({reason}). "
            "Download the extract again and check that it is complete."
        )


class NoRoadsError(InvalidInputError):
    """The source was read, but holds no road on which anybody may drive or walk."""

    code = "no_roads"

    def __init__(self, source: str) -> None:
        """Name the source that has no roads."""
        self.source = source
        super().__init__(
            f"{source} holds no roads. Choose an extract that covers the city and keeps "
            "ways with a highway tag."
        )


class NoInternetError(UnavailableError):
    """A place was asked for by name and the map server cannot be reached."""

    code = "no_internet"

    def __init__(self, query: str) -> None:
        """Name the place that was asked for."""
        self.query = query
        super().__init__(
            f"Loading {query!r} needs the internet; use --pbf with an extract, "
            "or --sample coquimbo, which is built in."
        )


class PlaceNotFoundError(InvalidInputError):
    """The map server knows no area of that name."""

    code = "place_unknown"

    def __init__(self, query: str) -> None:
        """Name the place that was asked for."""
        self.query = query
        super().__init__(
            f"No area named {query!r} was found on the map. Write it with its country, "
            'for instance "Shenzhen, China".'
        )
