"""The log from the command line: stories, erasure, checks, consumers."""

import re

import pytest
from sqlalchemy import text

from dispatch.incidents import calls
from dispatch.model import CallSource
from gis.access import SYSTEM
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from tests.api.cli.said import Run, count, done, refusal
from tests.api.conftest import World
from tests.cities import corner


@pytest.mark.database
def test_consumers_are_listed_with_what_they_gave_up_on(
    goldenhour: Run, database: Database
) -> None:
    assert "No consumer has begun" in done(goldenhour("consumer", "list"))
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("INSERT INTO consumer_cursors (consumer) VALUES ('a.b')"))
        uow.session.execute(text(
            "INSERT INTO parked_events VALUES"
            " ('a.b', 7, 'bird.hatched', 'bird', '1', 'It has no ring.', now())"
        ))  # fmt: skip
    assert "It has no ring." in done(goldenhour("consumer", "list"))
    assert "a.b" in refusal(goldenhour("consumer", "retry", "a.b", "7"))


def database_value(database: Database, query: str) -> str:
    with database.read(SYSTEM) as uow:
        return str(uow.session.execute(text(query)).scalar_one())


@pytest.mark.database
def test_story_erasure_and_check(goldenhour: Run, world: World, database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        point = DeclaredPoint(*corner(2, 2), Datum.WGS84, 10.0)
        call = calls.NewCall(
            world.city_id, CallSource.PHONE, caller_number="13800138000", words="help", point=point
        )
        incident = calls.take_call(uow, call).incident
    english = done(goldenhour("replay", incident.number))
    chinese = done(goldenhour("replay", incident.incident_id, "--language", "zh"))
    assert len(english.splitlines()) == len(chinese.splitlines()) > 1
    assert not re.search(r"[一-鿿]", english)
    assert re.search(r"[一-鿿]", chinese)
    assert "13800138000" not in english + chinese
    found = done(goldenhour("incidents", "grid", "--number", incident.number[-6:]))
    assert incident.number in found
    assert "13800138000" not in found
    assert "No incident fits" in goldenhour("incidents", "grid", "--place", "nowhere").stderr
    assert "Nothing to look for" in refusal(goldenhour("incidents", "grid"))
    call_id = database_value(database, "SELECT call_id::text FROM calls")
    right = goldenhour(
        "correct", "call", call_id, "words", "--asked-by", "person", "--reason",
        "the person heard the tape", words="come quickly\n",
    )  # fmt: skip
    assert f"words of call {call_id} corrected." in done(right)
    assert "come quickly" in database_value(
        database, "SELECT string_agg(value, ' ') FROM personal_values"
    )
    assert "3 personal values erased" in done(goldenhour("forget", incident.number, "--yes"))
    assert count(database, "personal_values") == 0
    assert "Intact." in done(goldenhour("verify"))
    assert "Nothing is kept" in refusal(goldenhour("forget", "--number", "13800138000", "--yes"))
    assert "Name an incident" in goldenhour("forget", "--yes").stderr
    asked = goldenhour("forget", incident.number, words="n\n")
    assert asked.returncode == 1
    assert "Abort" in asked.stderr
    for command in ("replay", "forget"):
        more = ["--yes"] if command == "forget" else []
        assert "x-404" in refusal(goldenhour(command, "x-404", *more))


@pytest.mark.database
def test_a_broken_chain_fails_the_check(goldenhour: Run, world: World, owner_url: str) -> None:
    owner = Database(owner_url, as_owner=True)
    with owner.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("SET session_replication_role = replica"))
        uow.session.execute(text("UPDATE events SET actor = 'somebody else'"))
    owner.close()
    checked = goldenhour("verify")
    assert checked.returncode == 1
    assert "does not fit its chain" in checked.stderr
    assert "Intact" not in checked.stdout
