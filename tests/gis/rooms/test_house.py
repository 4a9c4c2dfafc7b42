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
from gis.rooms.layers import (
    GREY,
    OKABE_ITO,
    ON_DARK,
    RAMPS,
    Categories,
    Category,
    Export,
    Field,
    Group,
    Layer,
    Privacy,
    Ramp,
    Shown,
    Sql,
    TimeChoice,
    TimeChoices,
)
from gis.rooms.model import Event, Page, Report, Right, Role, Room, Subject
from gis.words import Words

WORDS = Words(en="{name} seen", zh="发现{name}")
BIRD_READ, BIRD_RING = Permission("bird_read"), Permission("bird_ring")
READ = Right(BIRD_READ, Words(en="see birds", zh="看鸟"))
RING = Right(BIRD_RING, Words(en="ring birds", zh="环志"), held_by=("keeper",))
KEEPER = Role("keeper", Words(en="keeper", zh="饲养员"), (BIRD_READ,))
BIRD = Subject("bird", BIRD_READ)
SEEN = Event("bird.seen", "bird", "A bird was seen.", WORDS)
ROOM = Room("aviary", permissions=(READ, RING), roles=(KEEPER,), subjects=(BIRD,), events=(SEEN,))
KIND = Field("kind", "string", Words(en="kind", zh="类别"))
EGGS = Field("eggs", "integer", Words(en="eggs", zh="鸟蛋"))
BY_KIND = Categories("kind", (
    Category("storm", Words(en="storm-beaten", zh="受损"), OKABE_ITO["blue"], "S"),
    Category("whole", Words(en="whole", zh="完好"), OKABE_ITO["orange"], "W"),
))  # fmt: skip
NESTS = Layer(
    "nests", Words(en="Nests", zh="鸟巢"), Words(en="Nests.", zh="鸟巢。"), "point", 9,
    (KIND, EGGS), Sql(tile="maps:sql/aeds.sql"), Group.RESOURCES, as_of="gis.features:now",
    empty=Words(en="No nests.", zh="没有鸟巢。"), classes=BY_KIND,
)  # fmt: skip
AT = datetime(2026, 5, 4, tzinfo=UTC)


AVIARY = Page(
    "/aviary", Words(en="Aviary", zh="鸟舍"), "home/main.js", Words(en="Birds.", zh="鸟。"),
    (BIRD_READ,), landing_for=("keeper",),
)  # fmt: skip


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
        ({"minzoom": 9, "maxzoom": 8}, "no zooms"),
        ({"says": Words(en="", zh="鸟巢。")}, "no words in en"),
        ({"empty": Words(en="No nests.", zh="")}, "no words in zh"),
        ({"fields": (replace(KIND, words=Words(en="", zh="类别")),)}, "no words in en"),
        ({"fields": (KIND, KIND)}, "names a field twice"),
        ({"fields": (KIND, replace(EGGS, unit="eggs/nest"))}, "unknown unit 'eggs/nest'"),
        ({"unit": "furlong"}, "unknown unit 'furlong'"),
        ({"name": "base"}, "called as the combined base tile"),
        ({"name": "Nests!"}, "not named in small letters"),
        ({"classes": None}, "has no style"),
        ({"opacity": 0.0}, "an opacity"),
        ({"source": Sql()}, "gives no statement"),
        ({"exports": (Export.CSV,)}, "may be exported and has no rows"),
        ({"shown": Shown.BASE, "permission": BIRD_READ}, "part of the base tile"),
        ({"shown": Shown.ALWAYS, "permission": BIRD_READ}, "in the style of every map"),
        (
            {"time": TimeChoices((TimeChoice("day", Words(en="day", zh="白天")),), "night")},
            "a time by default that it does not offer",
        ),
        (
            {"time": TimeChoices((TimeChoice("day", Words(en="day", zh="")),), "day")},
            "no words in zh",
        ),
        ({"fields": (KIND, replace(EGGS, counts_people=True))}, "not say on which base"),
        ({"fields": (KIND, replace(EGGS, counts_people=True))}, "says that it shows none"),
        ({"privacy": Privacy.PUBLIC_STATISTICS}, "not say on which base"),
        ({"privacy": Privacy.SUPPRESSED}, "suppressed counts and asks for no permission"),
        ({"privacy": Privacy.SUPPRESSED}, "names no published count"),
        ({"published": "aviary.chicks"}, "unknown published count aviary.chicks"),
        (
            {
                "privacy": Privacy.PERSONAL,
                "permission": BIRD_READ,
                "exports": (Export.CSV,),
                "source": Sql(rows="maps:sql/rows/aeds.sql"),
            },
            "leave the house only on record",
        ),
        ({"classes": replace(BY_KIND, field="colour")}, "which is none of its fields"),
        ({"classes": replace(BY_KIND, field=None)}, "no field to tell them apart"),
        ({"classes": Categories("kind", ())}, "has no class"),
        ({"classes": Categories("kind", BY_KIND.entries[:1] * 2)}, "two classes of one value"),
        (
            {
                "classes": Categories(
                    "kind", tuple(replace(one, colour=GREY, shape="N") for one in BY_KIND.entries)
                )
            },
            "look the same",
        ),
        (
            {"classes": Categories("kind", (replace(BY_KIND.entries[0], colour="#ff0000"),))},
            "not of Okabe and Ito",
        ),
        ({"classes": replace(BY_KIND, field="eggs")}, "not of its field's type"),
        ({"classes": Ramp("kind", (1, 2, 3, 4), RAMPS["blue"])}, "no number of its fields"),
        ({"classes": Ramp("eggs", (1, 2, 3), RAMPS["blue"])}, "5 colours for 4 classes"),
        ({"classes": Ramp("eggs", (1, 2, 2, 4), RAMPS["blue"])}, "breaks that do not rise"),
        ({"classes": Ramp("eggs", (1,), ("#ff0000", "#00ff00"))}, "outside the sequential ramps"),
    ],
)
def test_a_layer_that_does_not_fit_is_refused(changed: dict[str, Any], says: str) -> None:
    room = replace(ROOM, layers=(replace(NESTS, **changed),))
    assert any(says in problem for problem in problems_of(room))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"source": Sql(rows="maps:sql/nests.sql")}, "maps:sql/nests.sql, which is not there"),
        (
            {"source": Sql(tile="maps:sql/aeds.sql", tile_below=(9, "aviary:nests.sql"))},
            "aviary:nests.sql, which is not there",
        ),
        (
            {"source": Sql(rows="maps:sql/aeds.sql", parameters="maps.tiles:nests")},
            "maps.tiles:nests, which is not there",
        ),
        ({"as_of": "maps.tiles:nests"}, "maps.tiles:nests, which is not there"),
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


def test_a_report_that_does_not_fit_is_refused() -> None:
    report = Report("Birds-2", WORDS, WORDS, Permission("fish_read"), "gis.words:nobody")
    problems = list(problems_of(replace(ROOM, reports=(report, report))))
    assert "The report Birds-2 is declared 2 times." in problems
    assert "The report Birds-2 is not named in small letters and underscores." in problems
    assert "The report Birds-2 names the unknown permission fish_read." in problems
    house = gather([replace(ROOM, reports=(replace(report, name="birds", permission=BIRD_READ),))])
    with pytest.raises(HouseRefusedError, match=r"The report birds names gis\.words:nobody"):
        check_references(house)


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (replace(AVIARY, path="/Aviary"), "no address of small letters"),
        (replace(AVIARY, path="/v1/aviary"), "that is free"),
        (replace(AVIARY, words=Words(en="Aviary", zh="")), "has no words in zh"),
        (replace(AVIARY, permission=(Permission("bird_eat"),)), "unknown permission bird_eat"),
        (replace(AVIARY, landing_for=("cat",)), "landing of the unknown role cat"),
        (replace(AVIARY, permission=(BIRD_RING,)), None),
    ],
)
def test_a_page_that_does_not_fit_is_refused(page: Page, says: str | None) -> None:
    if says is None:
        gather([replace(ROOM, pages=(page,))])
    else:
        assert says in next(problems_of(replace(ROOM, pages=(page,))))


def test_two_pages_of_one_address_and_a_landing_one_may_not_use_are_refused() -> None:
    assert "declared 2 times" in next(problems_of(replace(ROOM, pages=(AVIARY, AVIARY))))
    closed = replace(ROOM, pages=(replace(AVIARY, permission=(BIRD_RING,)),), permissions=(
        READ, replace(RING, held_by=()),
    ))  # fmt: skip
    assert "which may not use it" in next(problems_of(closed))


def test_pages_and_landing_follow_what_is_held() -> None:
    door = replace(AVIARY, path="/", permission=None, order=0, landing_for=())
    desk = replace(AVIARY, path="/desk", permission=(), order=50, landing_for=())
    house = gather([replace(ROOM, pages=(AVIARY, desk, door))])
    assert [page.path for page in house.pages_for(None)] == ["/"]
    assert [page.path for page in house.pages_for(())] == ["/", "/desk"]
    assert [page.path for page in house.pages_for({BIRD_READ})] == ["/", "/desk", "/aviary"]
    assert house.landing_for(["keeper"], {BIRD_READ}) == "/aviary"
    assert house.landing_for(["keeper"], ()) == "/"


def test_a_page_whose_script_is_not_there_stops_the_start() -> None:
    house = gather([replace(ROOM, pages=(replace(AVIARY, script="aviary/main.js"),))])
    with pytest.raises(HouseRefusedError, match=r"/aviary names static/js/aviary/main\.js"):
        check_references(house)


def lightness(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", sorted(RAMPS))
def test_what_is_most_unusual_stands_out_from_the_ground_of_both_themes(name: str) -> None:
    light, usual = RAMPS[name], 2 if name == "about_one" else 0
    dark = [ON_DARK[one] for one in light]
    assert len(set(dark)) == len(dark)
    for ground, colours in (("light", [-lightness(one) for one in light]),
                            ("dark", [lightness(one) for one in dark])):  # fmt: skip
        rising = colours[usual:]
        assert rising == sorted(rising), ground
        assert colours[: usual + 1] == sorted(colours[: usual + 1], reverse=True), ground
