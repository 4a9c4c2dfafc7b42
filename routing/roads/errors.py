"""What can go wrong with stored roads and the places beside them."""

from gis.errors import InvalidInputError


class InvalidNetworkError(InvalidInputError):
    """The road segments handed over contradict themselves or leave nothing to drive on."""

    code = "road_network_invalid"


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
