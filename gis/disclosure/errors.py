"""What can go wrong with published counts."""

from gis.errors import NotFoundError


class ReleaseUnknownError(NotFoundError):
    """No such release, or not for this viewer."""

    code = "release_unknown"

    def __init__(self, release_id: int) -> None:
        super().__init__(
            f"There is no release {release_id} that you may read. GET /v1/releases lists them."
        )


class PublishedCountUnknownError(NotFoundError):
    """No room publishes such a count, or not for this viewer."""

    code = "published_count_unknown"

    def __init__(self, subject: str) -> None:
        super().__init__(
            f"No count named {subject!r} is published for you. GET /v1/releases names those that "
            "are."
        )
