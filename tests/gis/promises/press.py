"""Somebody in a process of its own who wants the last bed, for the race test.

Reads "go" or "free" from stdin; on "go" promises a bed and answers won, full or an error's name;
on "free" releases what it won.
"""

import sys
from uuid import UUID

import api.rooms  # noqa: F401 (opens the house)
from gis.access import SYSTEM
from gis.database import Database
from gis.promises.beds import promise_bed, release_promise
from gis.promises.errors import BedPoolFullError


def main(url: str, facility: str, name: str) -> None:
    """Serve the parent's commands until stdin ends."""
    database = Database(url, pool_size=1)
    won: UUID | None = None
    for line in sys.stdin:
        answer = "ok"
        if line.strip() == "go":
            try:
                with database.unit_of_work(SYSTEM) as uow:
                    won = promise_bed(
                        uow, int(facility), kind="icu", for_kind="assignment", for_id=name,
                        valid_for_s=600,
                    ).promise_id  # fmt: skip
                answer = "won"
            except BedPoolFullError:
                answer = "full"
        elif won is not None:
            with database.unit_of_work(SYSTEM) as uow:
                release_promise(uow, won)
            won = None
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
