"""Use cases of the simulation's controls."""

from typing import Any

from dispatch.simulation import repository
from dispatch.simulation.views import SimulationView
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.installation import SimulationRefusedError, refuse_simulation_in_live


def simulation(uow: UnitOfWork) -> SimulationView:
    """Return how the simulated city runs.

    Raises
    ------
    SimulationRefusedError
        The installation is live.
    """
    refuse_simulation_in_live(uow)
    row = repository.find_simulation_control(uow.session)
    if row is None:
        raise SimulationRefusedError
    return SimulationView(**{name: getattr(row, name) for name in SimulationView.__slots__})


def control_simulation(
    uow: WritingUnitOfWork,
    *,
    speed_factor: float | None = None,
    auto_dispatch: bool | None = None,
    calls_per_hour: float | None = None,
) -> SimulationView:
    """Change how the simulated city runs; what is None stays.

    Raises
    ------
    SimulationRefusedError
        The installation is live.
    """
    repository.find_simulation_control(uow.session, lock=True)
    before = simulation(uow)
    given = {
        "speed_factor": speed_factor, "auto_dispatch": auto_dispatch,
        "calls_per_hour": calls_per_hour,
    }  # fmt: skip
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if not values:
        return before
    repository.update_simulation_control(uow.session, values)
    uow.emit(
        NewEvent(
            "simulation",
            "control",
            "simulation.changed",
            {**values, "version": before.version + 1},
            occurred_at=uow.clock.now(),
        )
    )
    return simulation(uow)
