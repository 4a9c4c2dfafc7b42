"""What can go wrong on the road network."""

from gis.errors import InvalidInputError, NotFoundError, UnavailableError


class InvalidNetworkError(InvalidInputError):
    """The road segments handed over contradict themselves or leave nothing to drive on."""

    code = "road_network_invalid"


class InvalidPointError(InvalidInputError):
    """A place is not a longitude and latitude in degrees."""

    code = "point_invalid"


class NoRoadNearbyError(InvalidInputError):
    """The nearest usable road lies beyond the limit.

    `index` is the position in the points asked for; `distance_m` the distance to that road.
    """

    code = "no_road_nearby"

    def __init__(self, index: int, *, distance_m: float, max_distance_m: float) -> None:
        self.index = index
        self.distance_m = distance_m
        self.max_distance_m = max_distance_m
        super().__init__(
            f"The nearest usable road is {distance_m:.0f} m away, the limit is "
            f"{max_distance_m:.0f} m: check the place and its datum, or allow a larger distance."
        )


class NoRouteError(NotFoundError):
    """No drivable or walkable way joins the two places. `reason` is a key of `REASONS`."""

    code = "no_route"

    REASONS = {  # noqa: RUF012 - a constant table beside its only reader
        "origin_closed": "the road at the start is closed; start from another road",
        "destination_closed": "the road at the destination is closed; name another access",
        "not_connected": "every connection is missing, one-way against the trip or closed; "
        "try another destination or another means of travel",
    }

    def __init__(self, reason: str, *, profile: str) -> None:
        self.reason = reason
        self.profile = profile
        super().__init__(f"There is no way for profile '{profile}': {self.REASONS[reason]}.")


class GraphCacheInvalidError(UnavailableError):
    """A stored graph is missing, half-written or of another version; build it again."""

    code = "graph_cache_invalid"
