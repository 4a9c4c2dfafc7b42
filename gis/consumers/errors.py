"""What can go wrong with consumers of events."""

from gis.errors import NotFoundError


class ParkedEventNotFoundError(NotFoundError):
    """No such event was parked by this consumer, or it has been handled meanwhile."""

    code = "parked_event_not_found"

    def __init__(self, consumer: str, position: int) -> None:
        super().__init__(
            f"{consumer} has parked no event at position {position}. "
            "`goldenhour consumer list` shows what is parked."
        )
