"""Jurisdictions are compared by the tree of areas: by segments, never by the spelling of codes."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from dispatch.permissions import DISPATCH, PERSONAL_READ
from gis.access import EVERYWHERE, SYSTEM, Identity
from gis.database import Database, UnitOfWork
from gis.identity_repository import load_identity
from gis.jurisdiction import common_area, within
from gis.tables import PersonalValue
from tests.areas import LEVELS, add_areas
from tests.identities import granted

pytestmark = pytest.mark.database

Tree = dict[str, str | None]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Trees whose codes are beginnings of one another: osm-1, osm-12, osm-123, osm-1-2, …."""
    tails = st.text(alphabet="12-", min_size=1, max_size=4)
    codes = draw(st.lists(tails.map("osm-".__add__), min_size=1, max_size=12, unique=True))
    parents: Tree = {}
    depth: dict[str | None, int] = {None: -1}
    for code in codes:
        above = [one for one in (None, *parents) if depth[one] < len(LEVELS) - 1]
        parents[code] = draw(st.sampled_from(above))
        depth[code] = depth[parents[code]] + 1
    return parents


def at_or_below(tree: Tree, code: str, top: str) -> bool:
    """The oracle: walk up from `code`."""
    walk: str | None = code
    while walk is not None:
        if walk == top:
            return True
        walk = tree.get(walk)
    return False


@pytest.fixture
def uow(database: Database) -> Iterator[UnitOfWork]:
    with database.unit_of_work(SYSTEM) as opened:
        yield opened


def codes_within(uow: UnitOfWork, *jurisdictions: str) -> set[str]:
    found = uow.session.execute(text("SELECT codes_within(:named)"), {"named": list(jurisdictions)})
    return set(found.scalars())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees(), data=st.data())
def test_a_jurisdiction_holds_exactly_the_areas_below_it(
    uow: UnitOfWork, tree: Tree, data: st.DataObject
) -> None:
    granted = data.draw(st.lists(st.sampled_from(sorted(tree)), min_size=1, max_size=3))
    expected = {c for c in tree if any(at_or_below(tree, c, top) for top in granted)}
    with uow.session.begin_nested() as nested:
        add_areas(uow, tree)
        for number, code in enumerate(tree):
            uow.remember("call", f"{number}", "name", "n", purpose="call", area_code=code)
        seen = uow.session.execute(
            select(PersonalValue.area_code).where(within(PersonalValue.area_code, granted))
        )
        assert codes_within(uow, *granted) == expected
        assert set(seen.scalars()) == expected
        nested.rollback()


def test_row_level_security_and_memory_say_the_same(database: Database) -> None:
    tree: Tree = {
        "osm-1": None, "osm-12": "osm-1", "osm-123": "osm-1", "osm-7": "osm-12", "4403-x": "osm-7",
    }  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        add_areas(uow, tree)
        for code in tree:
            uow.remember("call", code, "name", "n", purpose="call", area_code=code)
        uow.remember("call", "nowhere", "name", "n", purpose="call")
    for code_held in (*tree, "osm-", "osm", "nobody", EVERYWHERE):
        user_id = add_user(database, code_held)
        with database.read(SYSTEM) as uow:
            identity = load_identity(uow.session, user_id)
        assert identity is not None
        expected = {
            code for code in tree if code_held == EVERYWHERE or at_or_below(tree, code, code_held)
        }
        in_memory = {code for code in tree if identity.allows(PERSONAL_READ, code)}
        with database.read(identity) as uow:
            seen = set(uow.session.execute(select(PersonalValue.area_code)).scalars())
        assert in_memory == expected, code_held
        assert seen == expected | {None}, code_held


def add_user(database: Database, jurisdiction: str) -> object:
    with database.unit_of_work(SYSTEM) as uow:
        user_id = uow.ids.new()
        name = f"user-{user_id}"
        uow.session.execute(
            text(
                "INSERT INTO users (user_id, username, display_name, password_hash)"
                " VALUES (:id, :name, :name, 'x')"
            ),
            {"id": user_id, "name": name},
        )
        uow.session.execute(
            text(
                "INSERT INTO user_roles (user_id, role, jurisdiction)"
                " VALUES (:id, 'dispatcher', :jurisdiction)"
            ),
            {"id": user_id, "jurisdiction": jurisdiction},
        )
    return user_id


def test_chinese_codes_name_what_stands_above_them(uow: UnitOfWork) -> None:
    add_areas(uow, {"440305": None, "440306": None, "110101": None})
    assert codes_within(uow, "4403") == {"4403", "440300", "440305", "440306"}
    assert codes_within(uow, "440300") == {"440300", "440305", "440306"}
    assert {"440305", "440306"} < codes_within(uow, "44")
    assert codes_within(uow, "44030") == {"44030"}


def test_a_moved_area_takes_what_is_below_it_along(uow: UnitOfWork) -> None:
    add_areas(uow, {"a": None, "b": None, "c": "a", "d": "c"})
    assert codes_within(uow, "b") == {"b"}
    uow.session.execute(
        text(
            "UPDATE areas SET parent_id = (SELECT area_id FROM areas WHERE code = 'b')"
            " WHERE code = 'c'"
        )
    )
    assert codes_within(uow, "b") == {"b", "c", "d"}
    assert codes_within(uow, "a") == {"a"}


def test_a_path_cannot_be_written_past_the_tree(uow: UnitOfWork) -> None:
    add_areas(uow, {"a": None, "b": "a"})
    uow.session.execute(text("UPDATE areas SET path = '{z}'"))
    assert codes_within(uow, "a") == {"a", "b"}


def test_a_street_does_not_stand_above_a_city(uow: UnitOfWork) -> None:
    add_areas(uow, {"a": None, "b": "a"})
    with pytest.raises(IntegrityError, match="is not above"):
        uow.session.execute(
            text(
                "UPDATE areas SET parent_id = (SELECT area_id FROM areas WHERE code = 'b')"
                " WHERE code = 'a'"
            )
        )
    uow.session.rollback()


def test_the_lowest_area_above_several(uow: UnitOfWork) -> None:
    add_areas(uow, {"a": None, "b": "a", "c": "b", "d": "b"})
    assert common_area(uow.session, ["c"]) == "c"
    assert common_area(uow.session, ["c", "d"]) == "b"
    assert common_area(uow.session, ["d", "a"]) == "a"
    assert common_area(uow.session, []) is None
    assert common_area(uow.session, ["c", "unheard-of"]) is None


def test_grants_without_areas_hold_their_own_code() -> None:
    identity = Identity(None, "li", "Li", grants=(granted("dispatcher", "osm-12"),))
    assert identity.allows(DISPATCH, "osm-12")
    assert not identity.allows(DISPATCH, "osm-123")
