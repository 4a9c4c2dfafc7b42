"""Rooms that do not fit together are refused, with every problem in one sentence each."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from api.rooms import HOUSE
from gis.access import SYSTEM, Permission
from gis.database import Database
from gis.events import NewEvent
from gis.rooms.errors import HouseRefusedError, UndeclaredEventError
from gis.rooms.house import check_references, gather
from gis.rooms.layers import Layer, LegendEntry, Privacy
from gis.rooms.model import Event, Right, Role, Room, Subject
from gis.words import Words

WORDS = Words(en="{name} seen", zh="发现{name}")
BIRD_READ, BIRD_RING = Permission("bird_read"), Permission("bird_ring")
READ = Right(BIRD_READ, Words(en="see birds", zh="看鸟"))
RING = Right(BIRD_RING, Words(en="ring birds", zh="环志"), held_by=("keeper",))
KEEPER = Role("keeper", Words(en="keeper", zh="饲养员"), (BIRD_READ,))
BIRD = Subject("bird", BIRD_READ)
SEEN = Event("bird.seen", "bird", "A bird was seen.", WORDS)
ROOM = Room("aviary", permissions=(READ, RING), roles=(KEEPER,), subjects=(BIRD,), events=(SEEN,))
NESTS = Layer(
    "nests", Words(en="Nests", zh="鸟巢"), "Nests.", "point", 9, (), sql="maps:sql/aeds.sql"
)
AT = datetime(2026, 5, 4, tzinfo=UTC)


def problems_of(*rooms: Room) -> Iterator[str]:
    with pytest.raises(HouseRefusedError) as refused:
        gather(rooms)
    return iter(refused.value.problems)


def test_a_room_that_fits() -> None:
    house = gather([ROOM])
    assert house.events["bird.seen"] is SEEN
    assert house.permission_to_see("bird.seen", "bird") == BIRD_READ
    assert house.permission_to_see("bird.lost", "bird") is None
    assert house.permission_to_see("bird.seen", "fish") is None


def test_an_event_may_ask_for_more_than_its_subject() -> None:
    secret = replace(SEEN, permission=BIRD_RING)
    house = gather([replace(ROOM, events=(secret,))])
    assert house.permission_to_see("bird.seen", "bird") == BIRD_RING


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (replace(SEEN, subject="fish"), "unknown subject 'fish'"),
        (replace(SEEN, type="Seen"), "not named like"),
        (replace(SEEN, words=Words(en="{name} seen", zh="")), "no words in zh"),
        (replace(SEEN, words=Words(en="{name} seen", zh="发现{named}")), "names other fields"),
    ],
)  # fmt: skip
def test_an_event_that_does_not_fit_is_refused(event: Event, says: str) -> None:
    assert any(says in problem for problem in problems_of(replace(ROOM, events=(event,))))


def test_nothing_is_declared_twice() -> None:
    found = " ".join(problems_of(ROOM, ROOM))
    assert "room aviary" in found
    assert "event bird.seen" in found
    assert "subject bird" in found
    assert "permission bird_read" in found
    assert "role keeper" in found


def test_a_role_holds_what_it_names_and_what_is_declared_for_it() -> None:
    assert gather([ROOM]).holdings == {"keeper": {BIRD_READ, BIRD_RING}}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"roles": (replace(KEEPER, holds=(Permission("fish_read"),)),)}, "permission fish_read"),
        ({"roles": ()}, "unknown role keeper"),
        ({"roles": (replace(KEEPER, words=Words(en="keeper", zh="")),)}, "no words in zh"),
        ({"roles": (replace(KEEPER, name="Keeper of birds"),)}, "is not named"),
        ({"permissions": (RING,)}, "The subject bird names the unknown permission bird_read"),
        (
            {"permissions": (replace(READ, words=Words(en="", zh="")), RING)},
            "no words in en and zh",
        ),
        ({"permissions": (READ, RING, Right(Permission("Bird!"), READ.words))}, "is not named"),
        ({"events": (replace(SEEN, permission=Permission("owl_read")),)}, "permission owl_read"),
    ],
)
def test_a_permission_or_role_that_does_not_fit_is_refused(
    changed: dict[str, Any], says: str
) -> None:
    assert any(says in problem for problem in problems_of(replace(ROOM, **changed)))


def test_every_problem_is_named_at_once() -> None:
    bad = replace(
        ROOM, events=(replace(SEEN, subject="fish"), replace(SEEN, words=Words(en="", zh="")))
    )
    assert len(list(problems_of(bad))) >= 3


def test_a_function_that_is_not_there_is_refused() -> None:
    views = replace(BIRD, views="gis.rooms.house:no_such_function")
    with pytest.raises(HouseRefusedError, match="The subject bird names"):
        check_references(gather([replace(ROOM, subjects=(views,))]))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"permission": Permission("owl_read")}, "unknown permission owl_read"),
        ({"privacy": Privacy.PERSONAL}, "shows persons and asks for no permission"),
        ({"words": Words(en="Nests", zh="")}, "no words in zh"),
        ({"minzoom": 17}, "no zooms"),
        ({"legend": (LegendEntry(Words(en="nest", zh=""), "#000000", "dot"),)}, "no words in zh"),
    ],
)
def test_a_layer_that_does_not_fit_is_refused(changed: dict[str, Any], says: str) -> None:
    room = replace(ROOM, layers=(replace(NESTS, **changed),))
    assert any(says in problem for problem in problems_of(room))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"sql": "maps:sql/nests.sql"}, "maps:sql/nests.sql, which is not there"),
        ({"sql_below": (9, "aviary:nests.sql")}, "aviary:nests.sql, which is not there"),
        ({"draw": "maps.style:draw_nests"}, "maps.style:draw_nests, which is not there"),
    ],
)
def test_a_layer_without_its_parts_is_refused_at_start(changed: dict[str, Any], says: str) -> None:
    house = gather([replace(ROOM, layers=(replace(NESTS, **changed),))])
    with pytest.raises(HouseRefusedError, match=says):
        check_references(house)


def test_our_own_rooms_fit_and_name_only_what_is_there() -> None:
    check_references(HOUSE)
    assert {room.name for room in HOUSE.rooms} >= {"gis", "routing", "dispatch", "surveillance"}


def test_reading_the_manifests_loads_no_database_and_no_roads() -> None:
    heavy = ("sqlalchemy", "numpy", "fastapi", "numba", "shapely")
    code = f"import sys, api.rooms; print([m for m in {heavy!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.database
@pytest.mark.parametrize(
    ("type_", "subject"),
    [("bird.lost", "bird"), ("bird.seen", "incident"), ("incident.closed", "incident")],
)
def test_an_undeclared_event_cannot_be_emitted(
    database: Database, type_: str, subject: str
) -> None:
    aviary = Database(database.url, house=gather([ROOM]))
    with aviary.unit_of_work(SYSTEM) as uow:
        uow.emit(NewEvent("bird", "1", "bird.seen", {"name": "hoopoe"}, AT))
        with pytest.raises(UndeclaredEventError):
            uow.emit(NewEvent(subject, "1", type_, {}, AT))
    aviary.close()
