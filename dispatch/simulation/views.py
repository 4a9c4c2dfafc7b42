"""What is shown of the simulated city."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SimulationView:
    """How the simulated city runs."""

    speed_factor: float
    auto_dispatch: bool
    calls_per_hour: float
    version: int
