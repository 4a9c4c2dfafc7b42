"""What can go wrong with drawing areas."""

from gis.errors import InvalidInputError


class AreaTooLargeError(InvalidInputError):
    """An isochrone or service area would need more grid nodes than memory allows."""

    code = "area_too_large"

    def __init__(self, *, cell_m: float, n_nodes: int) -> None:
        super().__init__(
            f"The area needs {n_nodes:,} grid nodes at {cell_m:g} m: ask for shorter times, or "
            "for larger cells and a larger buffer."
        )
