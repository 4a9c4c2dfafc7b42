"""Which database a command reads, and what it does without one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from api.cli.main import app as command_line
from tests.api.cli.said import Run, done, process, refusal
from tests.api.conftest import World

READING = [
    ("verify",), ("city", "list"), ("user", "list"), ("role", "list"), ("role", "show", "planner"),
    ("replay", "1"), ("incidents", "grid", "--number", "1"), ("jobs", "list"),
    ("jobs", "show", "1"), ("roads", "list", "grid"),
    ("roads", "metrics", "grid"),
    ("roads", "calibration", "grid"), ("backup", "never.tar"), ("db", "psql"),
]  # fmt: skip

UNREACHABLE = "postgresql://me:secret@127.0.0.1:1/none"


@pytest.mark.parametrize("command", READING, ids=" ".join)
@pytest.mark.parametrize(
    ("there", "words"),
    [
        ((), "no live database here yet. Make one: goldenhour db up"),
        (("simulation",), "only a simulation one: add --simulation"),
        (("live", "simulation"), "The live database is not running"),
    ],
)
def test_reading_makes_and_starts_no_database(
    command: tuple[str, ...], there: tuple[str, ...], words: str, tmp_path: Path, run_with: Run
) -> None:
    for purpose in there:
        (tmp_path / purpose / "pgdata").mkdir(parents=True)
        (tmp_path / purpose / "pgdata" / "PG_VERSION").write_text("15\n")
    before = sorted(tmp_path.rglob("*"))
    said = refusal(run_with({"GOLDENHOUR_STATE_FOLDER": str(tmp_path)}, *command))
    assert words in said
    assert sorted(tmp_path.rglob("*")) == before
    if not there:
        other = run_with({"GOLDENHOUR_STATE_FOLDER": str(tmp_path)}, *command, "--simulation")
        assert "Make one: goldenhour db up --simulation" in refusal(other)


@pytest.mark.database
def test_reading_says_which_database(goldenhour: Run, world: World) -> None:
    listed = goldenhour("city", "list")
    assert "grid" in done(listed)
    assert listed.stderr.splitlines() == [
        "Using the simulation database (GOLDENHOUR_DATABASE_URL)."
    ]
    assert "This database is for 'simulation', not for 'live'" in refusal(
        goldenhour("verify", "--live")
    )


def test_every_command_on_a_database_takes_simulation() -> None:
    root = typer.main.get_command(command_line)

    def commands(group: Any, words: str) -> Iterator[tuple[str, set[str]]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from commands(command, f"{words}{name} ")
            else:
                yield f"{words}{name}", {opt for param in command.params for opt in param.opts}

    without = {words for words, options in commands(root, "") if "--simulation" not in options}
    # These have no database, look at both, or are about one of the two by what they are.
    assert without == {
        "assets", "doctor", "demo",
        "surveillance simulate", "surveillance evaluate", "surveillance compare-zones",
        "surveillance indicators list", "plan schema", "protocol lint", "protocol test",
        "exchange simulate",
    }  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        ("db", "up"), ("db", "psql"), ("verify",), ("user", "list"), ("city", "list"),
        ("backup", "never.tar"), ("serve", "--port", "0"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_database_that_is_away(command: tuple[str, ...], tmp_path: Path, run_with: Run) -> None:
    environment = {
        "GOLDENHOUR_DATABASE_URL": UNREACHABLE, "GOLDENHOUR_STATE_FOLDER": str(tmp_path),
    }  # fmt: skip
    said = refusal(run_with(environment, *command))
    assert "does not answer" in said
    assert "GOLDENHOUR_DATABASE_URL" in said
    assert "secret" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_away_from_a_shell() -> None:
    settings = {"GOLDENHOUR_DATABASE_URL": UNREACHABLE}
    assert "does not answer" in refusal(process("db", "up", settings=settings))


@pytest.mark.parametrize("command", ["down", "reset"])
def test_a_given_server_is_never_stopped_or_emptied(command: str, run_with: Run) -> None:
    said = refusal(run_with({"GOLDENHOUR_DATABASE_URL": UNREACHABLE}, "db", command))
    assert "GOLDENHOUR_DATABASE_URL is set" in said


@pytest.mark.database
def test_psql_and_backup(goldenhour: Run, world: World, tmp_path: Path) -> None:
    shown = done(goldenhour("db", "psql", words="SELECT key FROM cities;\n"))
    assert "grid" in shown
    file = tmp_path / "whole.goldenhour"
    assert "chain intact" in done(goldenhour("backup", file))
    assert file.stat().st_size > 0
    said = refusal(goldenhour("restore", tmp_path / "absent", "--yes"))
    assert "The present database was not touched" in said
    assert "nowhere" in refusal(goldenhour("backup", tmp_path / "nowhere" / "whole"))
