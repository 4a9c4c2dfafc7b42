"""The epoch of a database: which of its lives this is.

Counters of a database that was taken from a backup go back and give numbers that were given
before. Whoever keeps something of the database in memory keeps the epoch with it, and starts anew
where it is another.
"""

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from gis.tables import Installation


def current_epoch(session: Session) -> int:
    """Return the epoch of the database; a later one is greater."""
    return session.execute(select(Installation.epoch)).scalar_one()


def begin_epoch(connection: Connection, *, after: int) -> int:
    """Give the database a new epoch, greater than its own, than `after` and than any of before.

    Called as the owner, on a restored copy before it takes the place of the present database.
    """
    epoch: int = connection.execute(
        text(
            "UPDATE installation SET epoch = greatest(epoch + 1, :after + 1,"
            " extract(epoch FROM clock_timestamp())::bigint) RETURNING epoch"
        ),
        {"after": after},
    ).scalar_one()
    return epoch
