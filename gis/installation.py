"""What this database is for, live work or simulation, and its id."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.database import UnitOfWork
from gis.errors import ConflictError
from gis.tables import Installation


class SimulationRefusedError(ConflictError):
    """Something simulated in an installation for real calls."""

    code = "simulation_refused"

    def __init__(self) -> None:
        super().__init__(
            "This installation is live and refuses everything simulated. Use a database of "
            "purpose “simulation” for demonstrations and training."
        )


def installation(session: Session) -> tuple[str, UUID]:
    """Return what this database is for, and its id."""
    row = session.execute(select(Installation.purpose, Installation.installation_id)).one()
    return row[0], row[1]


def installation_purpose(session: Session) -> str | None:
    """Return what this database is for: live or simulation."""
    return session.execute(select(Installation.purpose)).scalar_one_or_none()


def refuse_simulation_in_live(uow: UnitOfWork) -> None:
    """Raise `SimulationRefusedError` unless this database is for simulation."""
    if installation_purpose(uow.session) != "simulation":
        raise SimulationRefusedError


def is_simulation(uow: UnitOfWork) -> bool:
    """Tell whether this database is for simulation."""
    return installation_purpose(uow.session) == "simulation"
