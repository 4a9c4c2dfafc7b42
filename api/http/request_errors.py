"""What can be wrong with a request itself, whatever it asks for."""

from gis.errors import (
    ConflictError,
    GoldenHourError,
    PermissionDeniedError,
    UnavailableError,
)


class IdempotencyKeyRequiredError(GoldenHourError):
    """A create came without a key (HTTP 400)."""

    code = "idempotency_key_required"

    def __init__(self) -> None:
        super().__init__(
            "Send the header Idempotency-Key with a new random value (a UUID, 8 to 200 visible "
            "characters), and the same value again when you repeat this request."
        )


class IdempotencyKeyReusedError(ConflictError):
    """The key was used for another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request. Use a new key for new work."
        )


class CrossSiteRequestError(PermissionDeniedError):
    """A browser sent a change that did not come from our own pages."""

    code = "cross_site_request"

    def __init__(self) -> None:
        super().__init__(
            "This change did not come from a page of this server. Use its own pages, or a bearer "
            "token in a program."
        )


class HeavyWorkFullError(UnavailableError):
    """As much heavy work is under way, and waiting, as this process takes."""

    code = "heavy_work_full"

    def __init__(self) -> None:
        super().__init__(
            "The server computes as many large questions (matrices, areas, tiles, reports) as it "
            "takes at once. Repeat the request in some seconds."
        )


class AskerLeftError(UnavailableError):
    """Whoever asked has gone; nobody reads this answer."""

    code = "asker_left"

    def __init__(self) -> None:
        super().__init__("The asker has gone; nothing was computed.")


class OverloadedError(UnavailableError):
    """No place came free in time."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__(
            "The server is busy. Nothing was saved; repeat the request with the same "
            "Idempotency-Key."
        )
