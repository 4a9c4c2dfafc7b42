"""Roles are data: an installation makes its own, and what they hold counts at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text

from api.rooms import HOUSE
from dispatch.permissions import DISPATCH, INCIDENT_READ, PERSONAL_READ
from gis.access import SYSTEM, Grant, Permission
from gis.database import Database
from gis.identity import Accounts, Credential, identified_by
from gis.identity_errors import (
    PermissionUnknownError,
    RoleDeclaredError,
    RoleNameInvalidError,
    RoleTakenError,
    RoleUnknownError,
)
from gis.permissions import EVENTS_READ
from gis.roles import (
    add_role,
    grant_permissions,
    list_roles,
    remove_role,
    revoke_permissions,
    show_role,
)
from gis.roles_repository import seed_roles
from gis.rooms.house import House, gather
from gis.rooms.model import Right, Role, Room
from gis.words import Words, alike

pytestmark = pytest.mark.database
WORDS = Words(en="auditor", zh="审计员")
BIRD_READ = Permission("bird_read")
AVIARY = Room(
    "aviary",
    permissions=(Right(BIRD_READ, Words(en="see birds", zh="看鸟"), held_by=("dispatcher",)),),
    roles=(Role("keeper", Words(en="keeper", zh="饲养员"), (BIRD_READ,)),),
)


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def token_of(database: Database, accounts: Accounts, *grants: Grant) -> Credential:
    name = f"user-{uuid4().hex[:8]}"
    with database.unit_of_work(SYSTEM) as uow:
        accounts.create_user(uow, name, password="correct horse battery", grants=grants)
        return Credential("bearer", accounts.create_token(uow, name, name="test"))


def held_by(database: Database, credential: Credential) -> frozenset[Permission]:
    with database.read(identified_by(credential)) as uow:
        return uow.identity.permissions


def test_the_rooms_roles_are_there_with_what_they_hold(database: Database) -> None:
    with database.read(SYSTEM) as uow:
        stored = {role.role: role for role in list_roles(uow)}
    assert {role: set(one.permissions) for role, one in stored.items()} == HOUSE.holdings
    assert all(one.declared for one in stored.values())


def test_a_role_made_here_needs_no_migration(database: Database, accounts: Accounts) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        add_role(uow, "auditor", words=WORDS, permissions=[EVENTS_READ, INCIDENT_READ])
    credential = token_of(database, accounts, Grant("auditor", "4403"))
    assert held_by(database, credential) == {EVENTS_READ, INCIDENT_READ}
    with database.read(identified_by(credential)) as uow:
        assert uow.identity.jurisdictions(INCIDENT_READ) == ("4403",)
    with database.unit_of_work(SYSTEM) as uow:
        grant_permissions(uow, "auditor", [PERSONAL_READ])
        revoke_permissions(uow, "auditor", [INCIDENT_READ])
    assert held_by(database, credential) == {EVENTS_READ, PERSONAL_READ}
    with database.unit_of_work(SYSTEM) as uow:
        assert show_role(uow, "auditor").accounts == 1
        remove_role(uow, "auditor")
    with database.read(identified_by(credential)) as uow:
        assert uow.identity.grants == ()


@pytest.mark.parametrize(
    ("role", "permissions", "error"),
    [
        ("auditor", ["bird_read"], PermissionUnknownError),
        ("dispatcher", [], RoleTakenError),
        ("break_glass", [], RoleTakenError),
        ("Auditor", [], RoleNameInvalidError),
        ("a'; --", [], RoleNameInvalidError),
        ("", [], RoleNameInvalidError),
    ],
)
def test_a_role_that_cannot_be_is_refused(
    database: Database, role: str, permissions: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error), database.unit_of_work(SYSTEM) as uow:
        add_role(uow, role, words=WORDS, permissions=permissions)


def test_a_role_that_is_not_there_and_one_of_the_program(
    database: Database, accounts: Accounts
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        with pytest.raises(RoleUnknownError):
            grant_permissions(uow, "auditor", [EVENTS_READ])
        with pytest.raises(RoleDeclaredError):
            remove_role(uow, "dispatcher")
    with pytest.raises(RoleUnknownError, match="dispatcher"):
        token_of(database, accounts, Grant("auditor"))


def test_a_restart_keeps_what_was_given_and_taken(database: Database, owner_url: str) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        revoke_permissions(uow, "dispatcher", [DISPATCH])
        grant_permissions(uow, "cdc", [EVENTS_READ])
        add_role(uow, "auditor", words=WORDS, permissions=[EVENTS_READ])
    seed(owner_url, HOUSE)
    with database.read(SYSTEM) as uow:
        assert DISPATCH not in show_role(uow, "dispatcher").permissions
        assert EVENTS_READ in show_role(uow, "cdc").permissions
        assert show_role(uow, "auditor").permissions == (EVENTS_READ,)


def test_what_a_new_version_declares_or_no_longer_declares(
    database: Database, owner_url: str
) -> None:
    larger = gather([*HOUSE.rooms, AVIARY])
    seed(owner_url, larger)
    with database.read(SYSTEM) as uow:
        assert BIRD_READ in show_role(uow, "dispatcher").permissions
        assert show_role(uow, "keeper").permissions == (BIRD_READ,)
    seed(owner_url, HOUSE)
    with database.read(SYSTEM) as uow:
        assert BIRD_READ not in show_role(uow, "dispatcher").permissions
        with pytest.raises(RoleUnknownError):
            show_role(uow, "keeper")


def test_a_role_no_longer_declared_stays_with_those_who_have_it(
    database: Database, owner_url: str, accounts: Accounts
) -> None:
    aviary = replace(AVIARY, roles=(replace(AVIARY.roles[0], holds=(BIRD_READ, EVENTS_READ)),))
    seed(owner_url, gather([*HOUSE.rooms, aviary]))
    credential = token_of(database, accounts, Grant("keeper"))
    for _ in range(2):
        seed(owner_url, HOUSE)
        assert held_by(database, credential) == {EVENTS_READ}
    with database.unit_of_work(SYSTEM) as uow:
        left = show_role(uow, "keeper")
        assert (left.declared, left.accounts) == (False, 1)
        remove_role(uow, "keeper")
    assert held_by(database, credential) == frozenset()
    seed(owner_url, gather([*HOUSE.rooms, aviary]))
    with database.read(SYSTEM) as uow:
        assert show_role(uow, "keeper").declared


def test_a_role_given_while_a_new_version_starts_is_kept(
    database: Database, owner_url: str, accounts: Accounts
) -> None:
    seed(owner_url, gather([*HOUSE.rooms, AVIARY]))
    with ThreadPoolExecutor(1) as other:
        with database.unit_of_work(SYSTEM) as uow:
            accounts.create_user(uow, "yan", password="correct horse", grants=[Grant("keeper")])
            starting = other.submit(seed, owner_url, HOUSE)
            with pytest.raises(TimeoutError):
                starting.result(timeout=0.5)
        starting.result()
    with database.read(SYSTEM) as uow:
        assert show_role(uow, "keeper").accounts == 1


def test_a_role_stored_without_words_is_called_by_its_name(
    database: Database, owner_url: str
) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO roles (role, words) VALUES ('porter', '{}')"))
    engine.dispose()
    with database.read(SYSTEM) as uow:
        assert show_role(uow, "porter").words == alike("porter")


def seed(owner_url: str, house: House) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        seed_roles(connection, house)
    engine.dispose()


@pytest.fixture
def aviary(database: Database, owner_url: str) -> Iterator[Database]:
    """A database with a room more, whose table only its own permission opens."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE birds (name text, area_code text)"))
        connection.execute(text("INSERT INTO birds VALUES ('hoopoe', '440305'), ('kite', '4404')"))
        connection.execute(text("ALTER TABLE birds ENABLE ROW LEVEL SECURITY"))
        connection.execute(text(
            "CREATE POLICY birds_read ON birds FOR SELECT"
            " USING (identity_may('bird_read', area_code))"
        ))  # fmt: skip
    house = gather([*HOUSE.rooms, AVIARY])
    seed(owner_url, house)
    engine.dispose()
    opened = Database(database.url, house=house)
    yield opened
    opened.close()


def test_row_level_security_reads_a_permission_no_code_of_gis_names(
    aviary: Database, accounts: Accounts
) -> None:
    def birds(asker: object) -> int:
        with aviary.read(asker) as uow:
            return uow.session.execute(text("SELECT count(*) FROM birds")).scalar_one()

    assert birds(SYSTEM) == 2
    for grants, seen in [
        ((Grant("keeper"),), 2),
        ((Grant("keeper", "440305"),), 1),
        ((Grant("dispatcher", "4404"),), 1),
        ((Grant("cdc"),), 0),
        ((), 0),
    ]:
        credential = token_of(aviary, accounts, *grants)
        assert birds(identified_by(credential)) == seen, grants
        with aviary.read(identified_by(credential)) as uow:
            identity = uow.identity
        assert birds(identity) == seen, grants


def test_every_policy_asks_for_a_permission_that_a_room_declares(database: Database) -> None:
    with database.read(SYSTEM) as uow:
        asked = set(uow.session.execute(text(
            "SELECT unnest(regexp_matches(coalesce(qual, '') || ' ' || coalesce(with_check, ''),"
            r" 'identity_may\(''([a-z_]+)''', 'g')) FROM pg_policies"
        )).scalars())  # fmt: skip
    assert asked
    assert asked <= set(HOUSE.permissions)
