"""A room that counts births of birds, for the tests of consumers, also in processes of their own.

`python -m tests.gis.consumers_room URL` consumes until it is killed.
"""

import sys
import threading
import time

from sqlalchemy import text

from api.rooms import HOUSE
from gis.access import Permission
from gis.consumers.running import keep_consuming
from gis.database import Database, WritingUnitOfWork
from gis.errors import InvalidInputError
from gis.events import NewEvent
from gis.rooms.house import gather
from gis.rooms.model import ConsumedEvent, Consumer, Event, Right, Role, Room, Subject
from gis.words import Words

BIRD_READ = Permission("bird_read")
WORDS = Words(en="bird", zh="鸟")
COUNTER = Consumer(
    "registry.births", ("bird.hatched",), "tests.gis.consumers_room:count_birth"
)  # fmt: skip
AVIARY = Room(
    "aviary",
    permissions=(Right(BIRD_READ, WORDS),),
    roles=(Role("keeper", WORDS, (BIRD_READ,)),),
    subjects=(Subject("bird", BIRD_READ),),
    events=(
        Event("bird.hatched", "bird", "A bird hatched.", WORDS),
        Event("bird.sang", "bird", "A bird sang.", WORDS),
    ),
)
REGISTRY = Room(
    "registry",
    events=(Event("bird.registered", "bird", "A bird was registered.", WORDS),),
    consumers=(COUNTER,),
)
AVIARY_HOUSE = gather([*HOUSE.rooms, AVIARY, REGISTRY])
TABLE = """
CREATE TABLE rings (ring int PRIMARY KEY);
CREATE TABLE births (
    position bigint, bird text, seq bigserial,
    ring int REFERENCES rings DEFERRABLE INITIALLY DEFERRED
)"""


class BirdRefusedError(InvalidInputError):
    """For the tests."""

    code = "bird_refused"


def count_birth(uow: WritingUnitOfWork, event: ConsumedEvent) -> None:
    """Write the birth down, without a constraint that would hide a second time."""
    uow.session.execute(
        text("INSERT INTO births (position, bird) VALUES (:position, :bird)"),
        {"position": event.position, "bird": event.subject_id},
    )
    time.sleep(float(event.payload.get("takes_s", 0.0)))
    ill = event.payload.get("ill")
    if ill == "domain":
        raise BirdRefusedError("This bird has no ring. Ring it and try again.")
    if ill == "code":
        raise KeyError("13800138000")
    if ill == "sql":
        uow.session.execute(text("SELECT 1/0"))
    if ill == "commit":
        uow.session.execute(text("INSERT INTO births (bird, ring) VALUES ('late', 13)"))
    if event.payload.get("announce"):
        uow.emit(NewEvent("bird", event.subject_id, "bird.registered", {}, uow.clock.now()))


def main(url: str) -> None:
    """Consume until killed."""
    keep_consuming(Database(url, house=AVIARY_HOUSE), threading.Event())


if __name__ == "__main__":
    main(sys.argv[1])
