"""Where simulated calls come from: drawn by population, placed on a street."""

import numpy as np

from dispatch.simulation import repository
from gis.database import UnitOfWork
from gis.errors import NotFoundError
from gis.installation import refuse_simulation_in_live
from gis.risks import risk_of, weighed


class NoPopulationError(NotFoundError):
    """The city has no population to draw calls from."""

    code = "no_population"

    def __init__(self) -> None:
        super().__init__(
            "This city has no population cells, so calls cannot be simulated. Import some: "
            "goldenhour city import CITY population FILE --datum wgs84"
        )


def sample_call_sites(
    uow: UnitOfWork, city_id: int, *, count: int, weigh_by: str | None = None
) -> list[tuple[float, float]]:
    """Return up to `count` street points (lon, lat, WGS-84), each cell as likely as its people.

    weigh_by : a layer of risks; a cell is then as likely as its people weighed by it (`gis.risks`)

    Raises
    ------
    RiskUnknownError
    NoPopulationError
        The city has no inhabited cell.
    SimulationRefusedError
        The installation is live.
    """
    refuse_simulation_in_live(uow)
    cells, population, lonlat = repository.list_inhabited_cells(uow.session, city_id)
    if not cells:
        raise NoPopulationError
    weights = np.asarray(population, np.float64)
    if weigh_by is not None:
        demand = np.nan_to_num(weighed(weights, risk_of(uow, city_id, weigh_by, lonlat)))
        weights = demand if demand.sum() > 0 else weights
    generator = np.random.default_rng(uow.ids.new().int)
    chosen = generator.choice(cells, size=count, p=weights / weights.sum())
    return repository.sites_in_cells(uow.session, [int(cell) for cell in chosen])
