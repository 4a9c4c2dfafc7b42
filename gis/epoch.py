"""The epoch of a database: which of its lives this is.

Counters of a database that was taken from a backup go back and give numbers that were given
before. Whoever keeps something of the database in memory keeps the epoch with it, and starts anew
where it is another.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from gis.tables import Installation

STREAM_BLOCK = 10_000_000
"""Each life of a database gives its stream positions from a block of its own."""


@dataclass(frozen=True, slots=True)
class Given:
    """The highest numbers that a database has given."""

    epoch: int
    stream_position: int
    network_version: int


def current_epoch(session: Session) -> int:
    """Return the epoch of the database; a later one is greater."""
    return session.execute(select(Installation.epoch)).scalar_one()


def given_numbers(connection: Connection) -> Given:
    """Return the highest numbers that a database has given so far."""
    return Given(
        *connection.execute(
            text(
                "SELECT epoch, greatest(stream_floor, (SELECT max(position) FROM stream)),"
                " (SELECT last_value FROM network_versions) FROM installation"
            )
        ).one()
    )


def begin_epoch(connection: Connection, *, after: Given) -> int:
    """Begin a new life of a database after that of another; returns its epoch.

    Its epoch is greater than both, its network versions go on from the higher of the two, and its
    stream in a new block, at least a whole block beyond what either has given: a reader of the
    life before is never within reach of the new one. Called as the owner, on a restored copy
    before it takes the place of the present database.
    """
    own = given_numbers(connection)
    position = max(own.stream_position, after.stream_position)
    version = max(own.network_version, after.network_version)
    connection.execute(text("SELECT setval('network_versions', :version)"), {"version": version})
    epoch: int = connection.execute(
        text(
            "UPDATE installation SET stream_floor = :floor, epoch = greatest(:epoch,"
            " extract(epoch FROM clock_timestamp())::bigint) RETURNING epoch"
        ),
        {
            "floor": (position // STREAM_BLOCK + 2) * STREAM_BLOCK,
            "epoch": max(own.epoch, after.epoch) + 1,
        },
    ).scalar_one()
    return epoch
