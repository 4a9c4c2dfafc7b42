"""What can go wrong with trackers."""

from gis.errors import ConflictError


class TrackerElsewhereError(ConflictError):
    """A tracker of another city has the same name."""

    code = "tracker_elsewhere"

    def __init__(self, ref: str) -> None:
        super().__init__(
            f"A tracker of another city calls itself {ref}. Give this one another name in its "
            "settings."
        )
