"""What can go wrong with searching a way."""

from gis.errors import NotFoundError


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
