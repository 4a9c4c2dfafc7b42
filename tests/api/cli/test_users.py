"""Accounts and roles from the command line."""

import re

import pytest
from sqlalchemy import text

from gis.access import SYSTEM
from gis.database import Database
from tests.api.cli.said import Run, count, done, refusal

PASSWORD = "a long password"


@pytest.mark.database
def test_an_account_from_first_to_last(goldenhour: Run, database: Database) -> None:
    add = ("user", "add", "li.na", "--role", "dispatcher@4403", "--role", "planner")
    assert "li.na may log in now" in done(goldenhour(*add, "--password", PASSWORD))
    assert "li.na" in refusal(goldenhour(*add, "--password", PASSWORD))
    done(goldenhour("user", "password", "li.na", words=f"{PASSWORD} 2\n{PASSWORD} 2\n"))
    token = done(goldenhour("user", "token", "li.na", "--name", "export", "--days", "3")).strip()
    assert len(token) > 40
    revoke = ("user", "revoke-token", "li.na", "--name")
    said = refusal(goldenhour(*revoke, "import"))
    assert "import" in said
    assert "export" in said
    assert "1 token of li.na" in done(goldenhour(*revoke, "export"))
    assert "none" in refusal(goldenhour(*revoke, "export"))
    assert count(database, "api_tokens") == 0
    (line,) = done(goldenhour("user", "list")).splitlines()
    assert {"dispatcher@4403", "planner"} <= set(re.split(r"[ ,]+", line))
    assert "closed" in done(goldenhour("user", "close", "li.na"))
    assert "closed" in done(goldenhour("user", "list"))
    with database.read(SYSTEM) as uow:
        stored = uow.session.execute(text("SELECT password_hash FROM users")).scalar_one()
    assert PASSWORD not in stored


@pytest.mark.database
def test_a_role_from_first_to_last(goldenhour: Run, database: Database) -> None:
    add = ("role", "add", "auditor", "--name", "auditor", "--name-zh", "审计员")
    done(goldenhour(*add, "--permission", "events_read"))
    assert "auditor" in refusal(goldenhour(*add))
    done(goldenhour("role", "grant", "auditor", "incident_read"))
    done(goldenhour("role", "revoke", "auditor", "events_read"))
    shown = done(goldenhour("role", "show", "auditor"))
    assert "incident_read" in shown
    assert "events_read" not in shown
    assert "bird_read" in refusal(goldenhour("role", "grant", "auditor", "bird_read"))
    assert "belongs to the program" in refusal(goldenhour("role", "remove", "dispatcher"))
    done(goldenhour("role", "remove", "auditor"))
    assert "auditor" not in done(goldenhour("role", "list"))


@pytest.mark.database
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "wu", "--role", "wizard", "--password", PASSWORD), "wizard"),
        (("add", "wu", "--role", "planner", "--password", "short"), "10"),
        (("add", "w u", "--role", "planner", "--password", PASSWORD), "w u"),
        (("add", "wu", "--role", "planner@a b", "--password", PASSWORD), "a b"),
        (("add", "wu", "--role", "planner", "--password", PASSWORD, "--language", "xx"), "xx"),
        (("token", "nobody", "--name", "x"), "nobody"),
        (("password", "nobody", "--password", PASSWORD), "nobody"),
        (("close", "nobody"), "nobody"),
    ],
)
def test_what_no_account_can_be(
    goldenhour: Run, database: Database, arguments: tuple[str, ...], words: str
) -> None:
    result = goldenhour("user", *arguments)
    assert result.returncode in {1, 2}
    assert "Traceback" not in result.stderr
    assert words in result.stderr
    assert count(database, "users") == 0


@pytest.mark.database
def test_roles_and_names_are_checked_before_a_password_is_asked(
    goldenhour: Run, database: Database
) -> None:
    for name, role, words in (
        ("wu", "wizard", "wizard"), ("w u", "planner", "w u"), ("wu", "planner@a b", "a b"),
    ):  # fmt: skip
        asked = goldenhour("user", "add", name, "--role", role, words=f"{PASSWORD}\n{PASSWORD}\n")
        assert words in refusal(asked)
        assert "assword" not in asked.stdout
    typed = goldenhour("user", "add", "wu", "--role", "planner", words=f"{PASSWORD}\n{PASSWORD}\n")
    assert "wu may log in now" in done(typed)
    again = goldenhour("user", "add", "wu", "--role", "planner", words=f"{PASSWORD}\n{PASSWORD}\n")
    assert "assword" not in again.stdout
    assert "wu" in refusal(again)
