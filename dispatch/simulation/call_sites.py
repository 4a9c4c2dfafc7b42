"""Where simulated calls come from: drawn by population, placed on a street."""

import numpy as np

from dispatch.simulation import repository
from gis.database import UnitOfWork
from gis.errors import NotFoundError
from gis.installation import refuse_simulation_in_live


class NoPopulationError(NotFoundError):
    """The city has no population to draw calls from."""

    code = "no_population"

    def __init__(self) -> None:
        super().__init__(
            "This city has no population cells, so calls cannot be simulated. Import some: "
            "goldenhour city import CITY population FILE --datum wgs84"
        )


def sample_call_sites(uow: UnitOfWork, city_id: int, *, count: int) -> list[tuple[float, float]]:
    """Return up to `count` street points (lon, lat, WGS-84), each cell as likely as its people.

    Raises
    ------
    NoPopulationError
        The city has no inhabited cell.
    SimulationRefusedError
        The installation is live.
    """
    refuse_simulation_in_live(uow)
    cells, population = repository.list_inhabited_cells(uow.session, city_id)
    if not cells:
        raise NoPopulationError
    generator = np.random.default_rng(uow.ids.new().int)
    weights = np.asarray(population, np.float64)
    chosen = generator.choice(cells, size=count, p=weights / weights.sum())
    return repository.sites_in_cells(uow.session, [int(cell) for cell in chosen])
