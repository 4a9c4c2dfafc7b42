"""A dispatcher in a process of its own, for the race tests.

Reads "go" or "free" from stdin; on "go" presses dispatch and answers won, lost or an error's name;
on "free" cancels what it won.
"""

import sys
from uuid import UUID

import api.rooms  # noqa: F401 (opens the house)
from dispatch.assignments.service import assign, stamp
from dispatch.errors import UnitAlreadyAssignedError
from dispatch.model import AssignmentState, StampSource
from gis.access import SYSTEM
from gis.database import Database


def main(url: str, incident: str, unit: str) -> None:
    """Serve the parent's commands until stdin ends."""
    database = Database(url, pool_size=1)
    won: UUID | None = None
    for line in sys.stdin:
        answer = "ok"
        if line.strip() == "go":
            try:
                with database.unit_of_work(SYSTEM) as uow:
                    won = assign(uow, UUID(incident), unit_id=int(unit)).assignment_id
                answer = "won"
            except UnitAlreadyAssignedError:
                answer = "lost"
        elif won is not None:
            with database.unit_of_work(SYSTEM) as uow:
                stamp(uow, won, state=AssignmentState.CANCELLED, source=StampSource.CONSOLE)
            won = None
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
