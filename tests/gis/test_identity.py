"""Accounts, logins, sessions and tokens."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text

from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE, PERSONAL_READ
from gis.access import ANONYMOUS, SYSTEM, Grant
from gis.accounts.service import disable_account, find_account
from gis.clock import FixedClock
from gis.database import Database, UnitOfWork
from gis.identity import Accounts, Credential, identified_by, identities_of, token_hash
from gis.identity_errors import (
    BadCredentialsError,
    JurisdictionInvalidError,
    NotAuthenticatedError,
    PasswordTooShortError,
    TooManyAttemptsError,
    UsernameInvalidError,
    UsernameTakenError,
    UserUnknownError,
)
from gis.login_throttle import ADDRESS_ATTEMPTS, ATTEMPTS, WINDOW_S, LoginThrottle
from gis.tables import ApiToken, LoginSession, User
from tests.statements import counted

PASSWORD = "correct horse battery"
FAST = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(FAST)


@pytest.fixture
def clocked(database: Database) -> tuple[Database, FixedClock]:
    clock = FixedClock(NOW)
    database.clock = clock
    return database, clock


class CountingHasher(PasswordHasher):
    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
        self.verified += 1
        return super().verify(hash, password)


def make_user(database: Database, accounts: Accounts, username: str = "li.na", *grants: Grant):
    with database.unit_of_work(SYSTEM) as uow:
        return accounts.create_user(uow, username, password=PASSWORD, grants=grants)


def log_in(database: Database, accounts: Accounts, username: str = "li.na", *,
           password: str = PASSWORD, address: str = "127.0.0.1"):  # fmt: skip
    with database.unit_of_work(ANONYMOUS) as uow:
        return accounts.log_in(uow, username, password=password, address=address)


@pytest.mark.database
def test_login_gives_the_identity_with_its_grants(database: Database, accounts: Accounts) -> None:
    grants = Grant("dispatcher", "440305"), Grant("cdc")
    user_id = make_user(database, accounts, "li.na", *grants)
    identity = log_in(database, accounts, "LI.NA")
    assert identity.user_id == user_id
    assert identity.grants == grants
    assert identity.label == "user:li.na"


@pytest.mark.database
def test_passwords_are_stored_as_argon2id(database: Database) -> None:
    make_user(database, Accounts())
    with database.read(SYSTEM) as uow:
        stored = uow.session.execute(select(User.password_hash)).scalar_one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.database
def test_a_weak_hash_is_renewed_at_login(database: Database) -> None:
    make_user(database, Accounts(FAST))
    stronger = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    log_in(database, Accounts(stronger))
    with database.read(SYSTEM) as uow:
        stored = uow.session.execute(select(User.password_hash)).scalar_one()
    assert not stronger.check_needs_rehash(stored)


@pytest.mark.database
def test_unknown_name_and_wrong_password_cost_and_answer_the_same(database: Database) -> None:
    hasher = CountingHasher()
    accounts = Accounts(hasher)
    make_user(database, accounts)
    sentences = []
    for username in ("li.na", "nobody"):
        before = hasher.verified
        with pytest.raises(BadCredentialsError) as caught:
            log_in(database, accounts, username, password="wrong password")
        sentences.append(str(caught.value))
        assert hasher.verified == before + 1
    assert sentences[0] == sentences[1]


@pytest.mark.database
def test_after_too_many_failures_even_the_right_password_waits(
    clocked: tuple[Database, FixedClock],
) -> None:
    database, clock = clocked
    accounts = Accounts(FAST)
    make_user(database, accounts)
    for _ in range(ATTEMPTS):
        with pytest.raises(BadCredentialsError):
            log_in(database, accounts, password="wrong password")
    with pytest.raises(TooManyAttemptsError) as caught:
        log_in(database, accounts)
    assert caught.value.retry_after_s == WINDOW_S
    # Elsewhere the same name still works: nobody can lock a dispatcher out.
    assert log_in(database, accounts, address="10.0.0.9").username == "li.na"
    clock.advance(WINDOW_S + 1)
    assert log_in(database, accounts).username == "li.na"


def test_failures_that_no_longer_count_are_forgotten() -> None:
    throttle = LoginThrottle()
    throttle.failed("li", "10.0.0.1", now=NOW)
    throttle.failed("wu", "10.0.0.2", now=NOW + timedelta(seconds=WINDOW_S / 2))
    throttle.failed("ma", "10.0.0.3", now=NOW + timedelta(seconds=WINDOW_S + 1))
    assert {name for name, _ in throttle._failures} == {"wu", "ma", ""}
    assert {address for _, address in throttle._failures} == {"10.0.0.2", "10.0.0.3"}


def test_one_address_trying_many_names_is_slowed_down() -> None:
    throttle = LoginThrottle()
    for number in range(ADDRESS_ATTEMPTS):
        throttle.check(f"user{number}", "10.0.0.9", now=NOW)
        throttle.failed(f"user{number}", "10.0.0.9", now=NOW)
    with pytest.raises(TooManyAttemptsError):
        throttle.check("another", "10.0.0.9", now=NOW)
    throttle.check("another", "10.0.0.8", now=NOW)


@pytest.mark.database
def test_a_session_ends_by_time_by_logout_and_with_the_account(
    clocked: tuple[Database, FixedClock], accounts: Accounts
) -> None:
    database, clock = clocked
    user_id = make_user(database, accounts)

    def open_one() -> str:
        with database.unit_of_work(ANONYMOUS) as uow:
            return accounts.open_session(uow, user_id, hours=1)

    def is_open(token: str) -> bool:
        with database.read(ANONYMOUS) as uow:
            return bool(identities_of(uow, [Credential("session", token)]))

    token = open_one()
    assert is_open(token)
    assert not is_open("x" + token)
    clock.advance(3601)
    assert not is_open(token)

    token = open_one()
    with database.unit_of_work(ANONYMOUS) as uow:
        accounts.close_session(uow, token)
    assert not is_open(token)

    token = open_one()
    with database.unit_of_work(SYSTEM) as uow:
        disable_account(uow, find_account(uow, "li.na"), expected_version=None)
    assert not is_open(token)
    with pytest.raises(BadCredentialsError):
        log_in(database, accounts)


@pytest.mark.database
def test_a_new_password_ends_every_session(database: Database, accounts: Accounts) -> None:
    user_id = make_user(database, accounts)
    with database.unit_of_work(SYSTEM) as uow:
        token = accounts.open_session(uow, user_id, hours=1)
    with database.unit_of_work(SYSTEM) as uow:
        accounts.set_password(uow, "li.na", password="another good one")
    with database.read(ANONYMOUS) as uow:
        assert not identities_of(uow, [Credential("session", token)])
    assert log_in(database, accounts, password="another good one").user_id == user_id


@pytest.mark.database
def test_a_program_has_a_token_that_can_be_withdrawn(
    clocked: tuple[Database, FixedClock], accounts: Accounts
) -> None:
    database, clock = clocked
    make_user(database, accounts, "feeder", Grant("responder"))
    with database.unit_of_work(SYSTEM) as uow:
        lasting = accounts.create_token(uow, "feeder", name="AVL")
        short = accounts.create_token(uow, "feeder", name="test", days=1)
    clock.advance(86_401)
    with database.unit_of_work(ANONYMOUS) as uow:
        shown = [Credential("bearer", lasting), Credential("bearer", short)]
        found = identities_of(uow, shown)
        assert [(one.token, who.username) for one, who in found.items()] == [(lasting, "feeder")]
        accounts.withdraw_token(uow, lasting)
        assert not identities_of(uow, shown)


def told(uow: UnitOfWork) -> tuple[str, list[list[str]]]:
    """What row-level security reads: who is asking, and where it may do what."""
    setting = text("SELECT current_setting(:name)")
    actor, *held = (
        uow.session.execute(setting, {"name": f"goldenhour.{name}"}).scalar_one()
        for name in ("actor", INCIDENT_READ, INCIDENT_WRITE, PERSONAL_READ)
    )
    as_array = text("SELECT CAST(:literal AS text[])")
    arrays = [uow.session.execute(as_array, {"literal": one}).scalar_one() for one in held]
    return actor, arrays


@pytest.mark.database
@pytest.mark.parametrize("kind", ["session", "bearer"])
def test_who_asks_is_found_out_in_one_statement(
    database: Database, accounts: Accounts, kind: Literal["session", "bearer"]
) -> None:
    grants = (
        Grant("dispatcher", "440305"), Grant("supervisor", ""), Grant("clinic", "4403"),
    )  # fmt: skip
    user_id = make_user(database, accounts, "li.na", *grants)
    with database.unit_of_work(SYSTEM) as uow:
        token = (
            accounts.open_session(uow, user_id, hours=1) if kind == "session"
            else accounts.create_token(uow, "li.na", name="test")
        )  # fmt: skip
    for opened in (database.read, database.unit_of_work):
        with (
            counted(database.engine) as sent,
            opened(identified_by(Credential(kind, token))) as uow,
        ):
            assert len(sent) == 1, sent
            identity, announced = uow.identity, told(uow)
        assert identity.username == "li.na"
        assert identity.grants == grants
        with opened(identity) as uow:
            assert told(uow) == announced == ("user:li.na", [["440305", ""]] * 3)

    other: Literal["session", "bearer"] = "bearer" if kind == "session" else "session"
    with (
        pytest.raises(NotAuthenticatedError),
        database.read(identified_by(Credential(other, token))),
    ):
        pass


@pytest.mark.database
def test_only_hashes_of_secrets_are_stored(database: Database, accounts: Accounts) -> None:
    user_id = make_user(database, accounts)
    with database.unit_of_work(SYSTEM) as uow:
        cookie = accounts.open_session(uow, user_id, hours=1)
        token = accounts.create_token(uow, "li.na", name="x")
    with database.read(SYSTEM) as uow:
        sessions = uow.session.scalars(select(LoginSession.token_hash)).all()
        tokens = uow.session.scalars(select(ApiToken.token_hash)).all()
    assert [bytes(stored) for stored in sessions] == [token_hash(cookie)]
    assert [bytes(stored) for stored in tokens] == [token_hash(token)]


@pytest.mark.database
def test_what_an_account_cannot_be(database: Database, accounts: Accounts) -> None:
    make_user(database, accounts)
    refused = [
        ("LI.NA", PASSWORD, (), UsernameTakenError),
        ("li na", PASSWORD, (), UsernameInvalidError),
        ("wu", "short", (), PasswordTooShortError),
        ("wu", PASSWORD, (Grant("cdc", '4403","'),), JurisdictionInvalidError),
    ]
    for username, password, grants, error in refused:
        with pytest.raises(error), database.unit_of_work(SYSTEM) as uow:
            accounts.create_user(uow, username, password=password, grants=grants)
    with pytest.raises(UserUnknownError), database.unit_of_work(SYSTEM) as uow:
        find_account(uow, "wu")


@pytest.mark.database
def test_a_role_given_twice_is_held_once(database: Database, accounts: Accounts) -> None:
    user_id = make_user(database, accounts, "li.na", Grant("dispatcher", "4403"))
    with database.unit_of_work(SYSTEM) as uow:
        accounts.grant(uow, user_id, Grant("dispatcher", "4403"))
    assert log_in(database, accounts).grants == (Grant("dispatcher", "4403"),)
