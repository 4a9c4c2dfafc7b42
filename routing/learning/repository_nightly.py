"""SQL of the nightly learning: up to when each city has learned, and who learns now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, exists, select, text
from sqlalchemy.orm import Session

from gis.tables import City, RoadConditionsState, RoadSegment, Unit


@dataclass(frozen=True, slots=True)
class LearningState:
    """A city and up to when its received positions are counted in its learned speeds."""

    city_id: int
    city_key: str
    time_zone: str
    learned_until: datetime | None


def learning_states(session: Session) -> list[LearningState]:
    """Return every city that has roads and units: others have nothing to learn from."""
    rows = session.execute(
        select(City.city_id, City.key, City.time_zone, RoadConditionsState.learned_until)
        .join(
            RoadConditionsState, RoadConditionsState.city_id == City.city_id, isouter=True
        )
        .where(
            exists().where(RoadSegment.city_id == City.city_id),
            exists().where(Unit.city_id == City.city_id),
        )
        .order_by(City.city_id)
    )  # fmt: skip
    return [LearningState(*row) for row in rows]


@contextmanager
def only_learner(engine: Engine, city_id: int) -> Iterator[bool]:
    """Give whether nobody else learns the city's speeds; if so, nobody else can meanwhile.

    A connection of its own holds the lock outside any transaction, so that no time limit ends it;
    the lock goes with its process.
    """
    name = {"name": f"road-learning:{city_id}"}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        free = connection.execute(
            text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), name
        ).scalar_one()
        try:
            yield bool(free)
        finally:
            if free:
                connection.execute(
                    text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), name
                )
