"""How the simulated city runs; refused in a live installation."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import SimulationController, SimulationReader
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Code, RowId, Shape
from dispatch.simulation import service as simulation_service
from dispatch.simulation.call_sites import sample_call_sites
from dispatch.simulation.views import SimulationView

router = DoorRouter(Work.ORDINARY, prefix="/v1/simulation")


class SimulationIn(Shape):
    """What to change; what is left out stays."""

    speed_factor: Annotated[float, Field(gt=0, le=60)] | None = None
    auto_dispatch: bool | None = None
    calls_per_hour: Annotated[float, Field(ge=0, le=3600)] | None = None


@router.get("", summary="How the simulation runs")
def get_simulation(uow: SimulationReader) -> Answer[SimulationView]:
    """Return speed, calls per hour and whether units are sent without a dispatcher."""
    return Answer(simulation_service.simulation(uow))


class SitesIn(Shape):
    """How many places calls may come from, and by which layer of risks people are weighed."""

    city_id: RowId
    count: Annotated[int, Field(ge=1, le=200)]
    weigh_by: Code | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A point on a street, WGS-84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Sites:
    """Where calls may come from; `weighed_by` None: people count alike."""

    sites: tuple[Site, ...]
    weighed_by: str | None


@router.post("/sites", summary="Places for simulated calls")
def post_sites(uow: SimulationReader, body: SitesIn) -> Answer[Sites]:
    """Return street points drawn by population, or people weighed by a risk; nothing is stored."""
    sites = sample_call_sites(uow, body.city_id, count=body.count, weigh_by=body.weigh_by)
    return Answer(Sites(tuple(Site(lon, lat) for lon, lat in sites), body.weigh_by))


@router.patch("", summary="Change how the simulation runs")
def patch_simulation(
    uow: SimulationController, once: OnceOptional, body: SimulationIn
) -> Answer[SimulationView]:
    """Change it at once."""
    return once.change(
        uow, body, do=lambda: simulation_service.control_simulation(uow, **body.model_dump())
    )
