"""What a kernel cannot compute."""

from gis.errors import ConflictError, InvalidInputError


class OverloadedQueueError(InvalidInputError):
    """More work arrives than all servers together can do: no steady state exists."""

    code = "queue_overloaded"

    def __init__(self, servers: int, offered_load: float) -> None:
        super().__init__(
            f"{servers} servers cannot keep up with an offered load of {offered_load:g}: the queue "
            f"grows without end. More than {offered_load:g} servers are needed."
        )


class TooManyServersError(InvalidInputError):
    """The exact model doubles with each server."""

    code = "too_many_servers"

    def __init__(self, servers: int, most: int) -> None:
        super().__init__(
            f"The exact hypercube model of {servers} units has 2^{servers} states; it is solved up "
            f"to {most}. Use the approximation."
        )


class InfeasibleFlowError(ConflictError):
    """The supplies cannot reach the demands within the capacities."""

    code = "infeasible_flow"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"No flow meets all supplies and demands ({reason}). Add arcs or capacity, or give "
            "unmet demand a price."
        )
