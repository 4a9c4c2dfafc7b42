"""How the simulated city runs; refused in a live installation."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.answers import Answer
from api.permissions import SimulationController
from api.schemas import Shape
from dispatch import service

router = APIRouter(prefix="/v1/simulation")


class SimulationIn(Shape):
    """What to change; what is left out stays."""

    speed_factor: Annotated[float, Field(gt=0, le=60)] | None = None
    auto_dispatch: bool | None = None
    calls_per_hour: Annotated[float, Field(ge=0, le=100_000)] | None = None


@router.get("", summary="How the simulation runs")
def get_simulation(uow: SimulationController) -> Answer:
    """Return speed, calls per hour and whether units are sent without a dispatcher."""
    return Answer(service.simulation(uow))


@router.patch("", summary="Change how the simulation runs")
def patch_simulation(uow: SimulationController, body: SimulationIn) -> Answer:
    """Change it at once."""
    return Answer(service.control_simulation(uow, **body.model_dump()))
