"""The command line as a person meets it: a process, its words, its exit code."""

import csv
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main
from sqlalchemy import text

import maps.assets
from api.cli.main import app as command_line
from dispatch.incidents import calls
from dispatch.model import CallSource
from gis.access import SYSTEM
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.jobs import repository, service
from gis.jobs.model import JobState
from gis.settings import PROJECT_FOLDER
from routing.jobs import BUILD
from tests.api.conftest import World
from tests.cities import SOUTH, STEP, WEST, corner

Run = Callable[..., subprocess.CompletedProcess[str]]
SIZE = 6
PASSWORD = "a long password"


def environment_with(settings: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with no other settings of ours than `settings`."""
    inherited = {name: value for name, value in os.environ.items() if "GOLDENHOUR" not in name}
    return inherited | {"PYTHONPATH": str(PROJECT_FOLDER)} | settings


@pytest.fixture(scope="module")
def run_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Return a function that runs `goldenhour` under given settings in a process of its own."""
    folder = tmp_path_factory.mktemp("words")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.command_server"], cwd=PROJECT_FOLDER, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment_with({}),
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None

    def run(
        settings: dict[str, str], *arguments: object, words: str = ""
    ) -> subprocess.CompletedProcess[str]:
        files = {name: folder / name for name in ("stdin", "stdout", "stderr")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        files["stdin"].write_text(words, encoding="utf-8")
        said = {name: str(file) for name, file in files.items()}
        request = said | {
            "arguments": list(map(str, arguments)), "environment": environment_with(settings),
        }  # fmt: skip
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        out, err = (files[name].read_text("utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(arguments, code, out, err)

    yield run
    server.stdin.close()
    server.wait(20)
    server.stdout.close()


@pytest.fixture
def goldenhour(owner_url: str, state_folder: Path, run_with: Run) -> Run:
    """Return a function that runs a command on this test's own database."""
    environment = {
        "GOLDENHOUR_DATABASE_URL": owner_url, "GOLDENHOUR_STATE_FOLDER": str(state_folder),
        "GOLDENHOUR_PURPOSE": "simulation",
    }  # fmt: skip

    def run(*arguments: object, words: str = "") -> subprocess.CompletedProcess[str]:
        return run_with(environment, *arguments, words=words)

    return run


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    """Return the sentence on stderr; no traceback, nothing on stdout, exit code 1."""
    assert result.returncode == 1, (result.stdout, result.stderr)
    said = (line for line in result.stderr.strip().splitlines() if line.strip())
    lines = [line for line in said if not line.startswith("Using the ")]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("goldenhour: ")
    assert lines[0].endswith((".", "!", "?", "goldenhour city add"))
    return lines[0]


def count(database: Database, table: str) -> int:
    with database.read(SYSTEM) as uow:
        return uow.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def process(
    *arguments: str, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m api.cli` as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        cwd=PROJECT_FOLDER, env=environment_with(settings or {}), stdin=subprocess.DEVNULL,
        text=True, capture_output=True, check=False, timeout=60,
    )  # fmt: skip


def test_help_is_quick() -> None:
    def used_s() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    took_s = []
    for _ in range(3):
        before_s = used_s()
        assert "city" in done(process("--help"))
        took_s.append(used_s() - before_s)
    assert min(took_s) < 0.3


def osm_file(folder: Path) -> Path:
    """Write a grid of streets with a hospital, a station and a defibrillator (OPL)."""
    lines = [
        f"n{1 + column + row * SIZE} v1 x{WEST + column * STEP} y{SOUTH + row * STEP} T"
        for row in range(SIZE) for column in range(SIZE)
    ]  # fmt: skip
    for number, tags in enumerate((
        "amenity=hospital,name=Grid,emergency=yes", "emergency=ambulance_station,name=North",
        "emergency=defibrillator,opening_hours=24/7,access=yes",
    )):  # fmt: skip
        lon, lat = corner(1 + number, 1)
        lines.append(f"n{900 + number} v1 x{lon + 0.0002} y{lat + 0.0002} T{tags}")
    ways = {}
    for n in range(SIZE):
        row = ",".join(f"n{1 + column + n * SIZE}" for column in range(SIZE))
        column = ",".join(f"n{1 + n + row * SIZE}" for row in range(SIZE))
        ways[1 + n] = f"Thighway=residential,name=Row%20%{n} N{row}"
        ways[101 + n] = f"Thighway=residential,name=Column%20%{n} N{column}"
    lines += [f"w{number} v1 {way}" for number, way in sorted(ways.items())]
    path = folder / "grid.opl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.database
def test_a_city_from_an_extract(
    goldenhour: Run, database: Database, tmp_path: Path, state_folder: Path
) -> None:
    file = osm_file(tmp_path)
    before = {table: count(database, table) for table in ("cities", "road_segments", "units")}
    told = done(goldenhour("city", "add", "fresh", "--pbf", file, "--units"))
    assert re.search(r"network version \d+\.", told)
    assert re.search(r"aeds: +1\b", told)
    segments = count(database, "road_segments") - before["road_segments"]
    assert segments == 2 * SIZE * (SIZE - 1)
    assert count(database, "units") > before["units"]
    assert list((state_folder / "graphs").iterdir())
    done(goldenhour("city", "add", "fresh", "--pbf", file))  # a refresh, not a second city
    assert count(database, "cities") == before["cities"] + 1
    assert "fresh" in done(goldenhour("city", "list"))
    assert "grid.opl" in refusal_words(goldenhour, "city", "add", "b", "--pbf", broken(file))
    assert count(database, "cities") == before["cities"] + 1


def broken(file: Path) -> Path:
    folder = file.parent / "broken"
    folder.mkdir()
    copy = folder / file.name
    copy.write_text("this is no OpenStreetMap file\n")
    return copy


def refusal_words(goldenhour: Run, *arguments: object) -> str:
    """Return the refusal's last line; a progress bar may have been drawn before it."""
    result = goldenhour(*arguments)
    assert result.returncode == 1, (result.stdout, result.stderr)
    assert "Traceback" not in result.stderr
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.database
@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ([], "one of --pbf, --place, --sample, --model"),
        (["--sample", "coquimbo", "--model", "shenzhen"], "one of --pbf"),
        (["--sample", "atlantis"], "atlantis"),
        (["--model", "atlantis"], "atlantis"),
        (["--pbf", "absent.osm.pbf"], "absent.osm.pbf"),
    ],
)
def test_a_city_from_nowhere_is_refused(goldenhour: Run, sources: list[str], words: str) -> None:
    said = refusal_words(goldenhour, "city", "add", "x", *sources)
    assert said.startswith("goldenhour: ")
    assert words in said


@pytest.mark.database
def test_a_register_with_bad_rows(
    goldenhour: Run, world: World, database: Database, tmp_path: Path
) -> None:
    before = count(database, "aeds")
    file = tmp_path / "register.csv"
    file.write_text(
        "id,name,lon,lat,opening_hours\n"
        "7,Library,114.002,22.502,24/7\n"
        "8,Swapped,22.502,114.002,24/7\n"
        "9,Gym,114.003,22.503,whenever\n"
        "10,School,114.004,22.504,Mo-Fr 08:00-17:00\n"
        ",,,,\n"
    )
    load = ("city", "import", "grid", "aeds", file, "--datum", "wgs84")
    told = done(goldenhour(*load))
    with file.with_suffix(".rejects.csv").open(encoding="utf-8-sig", newline="") as handle:
        rejected = {int(row["row_number"]): row for row in csv.DictReader(handle)}
    stored = count(database, "aeds") - before
    assert f"{stored} rows stored." in told
    assert f"{len(rejected)} rows refused" in told
    assert rejected.keys() == {3}
    assert stored == 3
    assert rejected[3]["name"] == "Swapped"
    assert all(row["reason"] for row in rejected.values())
    dry = goldenhour(*load, "--dry-run", "--source", "another")
    assert "3 rows would be stored." in done(dry)
    assert "name: guessed “name”" in dry.stderr
    assert "row 4: “whenever” is not in the opening-hours syntax" in dry.stderr
    assert count(database, "aeds") == before + stored
    done(goldenhour(*load))
    assert count(database, "aeds") == before + stored


@pytest.mark.database
def test_a_register_that_cannot_load(goldenhour: Run, world: World, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("id,name,lon,lat\n")
    undeclared = goldenhour("city", "import", "grid", "aeds", empty)
    assert undeclared.returncode == 2
    assert "--datum" in undeclared.stderr
    assert "Traceback" not in undeclared.stderr
    load = ("--datum", "wgs84")
    assert "empty.csv" in refusal(goldenhour("city", "import", "grid", "aeds", empty, *load))
    absent = tmp_path / "absent.csv"
    assert "absent.csv" in refusal(goldenhour("city", "import", "grid", "aeds", absent, *load))
    assert "Loaded: grid" in refusal(goldenhour("city", "import", "oz", "aeds", empty, *load))
    mapped = ("city", "import", "grid", "aeds", empty, *load, "--map", "name")
    assert "FIELD=COLUMN" in refusal(goldenhour(*mapped))


@pytest.mark.database
def test_an_account_from_first_to_last(goldenhour: Run, database: Database) -> None:
    add = ("user", "add", "li.na", "--role", "dispatcher@4403", "--role", "planner")
    assert "li.na may log in now" in done(goldenhour(*add, "--password", PASSWORD))
    assert "li.na" in refusal(goldenhour(*add, "--password", PASSWORD))
    done(goldenhour("user", "password", "li.na", words=f"{PASSWORD} 2\n{PASSWORD} 2\n"))
    token = done(goldenhour("user", "token", "li.na", "--name", "export", "--days", "3")).strip()
    assert len(token) > 40
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
    assert "2 personal values erased" in done(goldenhour("forget", incident.number, "--yes"))
    assert count(database, "personal_values") == 0
    assert "Intact." in done(goldenhour("verify"))
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


READING = [
    ("verify",), ("city", "list"), ("user", "list"), ("role", "list"), ("role", "show", "planner"),
    ("replay", "1"), ("jobs", "list"), ("jobs", "show", "1"), ("roads", "list", "grid"),
    ("roads", "metrics", "grid"),
    ("roads", "calibration", "grid"), ("backup", "never.tar"), ("db", "psql"),
]  # fmt: skip


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
    assert without == {"assets", "doctor", "demo"}


def test_usage_names_the_program_and_help_needs_nothing_installed(tmp_path: Path) -> None:
    assert "Usage: goldenhour city" in process("city", "--help").stdout
    assert "python -m" not in process("city", "import", "--help").stdout
    for name in ("run", "docs/reference/commands.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((PROJECT_FOLDER / name).read_bytes())
    (tmp_path / "bench").symlink_to(PROJECT_FOLDER / "bench")

    def run(*words: str) -> str:
        return subprocess.run(
            ["sh", "run", *words], cwd=tmp_path, text=True, capture_output=True, check=True
        ).stdout

    told = run("--help")
    for command in ("demo", "city import", "user add", "verify"):
        assert re.search(rf"^ +{command} +[A-Z].+[.]$", told, re.MULTILINE), command
    assert "./run test" in told
    benchmarks = run("bench")
    for name in ("house", "routing", "intake", "peers"):
        assert re.search(rf"^  ./run bench {name} +[A-Z]", benchmarks, re.MULTILINE), name
    assert not (tmp_path / ".venv").exists()


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


UNREACHABLE = "postgresql://me:secret@127.0.0.1:1/none"


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


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GOLDENHOUR_DATABASE_URL", "my database secret", "postgresql://user@host"),
        ("GOLDENHOUR_DATABASE_URL", "mysql://me:secret@host/x", "postgresql://user@host"),
        ("GOLDENHOUR_PORT", "many", "GOLDENHOUR_PORT"),
        ("GOLDENHOUR_PURPOSE", "fun", "GOLDENHOUR_PURPOSE"),
    ],
)
def test_settings_that_make_no_sense(name: str, value: str, words: str, run_with: Run) -> None:
    said = refusal(run_with({name: value}, "db", "up"))
    assert words in said
    assert "secret" not in said


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


def test_what_the_run_script_starts_does_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = (PROJECT_FOLDER / "run").read_text(encoding="utf-8")
    modules = set(re.findall(r"python -m ([a-z_.]+)", script)) - {"venv", "pip"}
    assert {"api.cli", "maps.assets", "tests.suite"} <= modules
    for name in modules - {"bench."}:
        spec = find_spec(name)
        assert spec is not None, name
        if spec.submodule_search_locations is None:
            assert '__name__ == "__main__"' in Path(str(spec.origin)).read_text("utf-8"), name
        else:
            assert find_spec(f"{name}.__main__") is not None, name
    assert maps.assets.main(["--check"]) == 0
    monkeypatch.setattr(maps.assets, "VENDOR_FOLDER", tmp_path)
    assert maps.assets.main(["--check"]) == 1
    assert "./run assets" in capsys.readouterr().err


def test_speeds_are_learned_and_arrival_times_judged(
    goldenhour: Run, world: World, tmp_path: Path
) -> None:
    assert "0 trips" in done(goldenhour("roads", "learn", "grid", "--dry-run"))
    told = done(goldenhour("roads", "learn", "grid", "--from", "2026-01-01", "--to", "2026-01-02"))
    assert "nothing new to store" in told
    file = tmp_path / "report.json"
    period = ("--from", "2026-01-01", "--to", "2026-01-31T08:30:00")
    told = done(goldenhour("roads", "calibration", "grid", *period, "--json", file))
    assert "派车 0，计入 0。\n0 assignments, 0 compared." in told
    # A day typed is the city's day, wherever the workstation stands.
    assert "2026-01-01 00:00 - 2026-01-31 08:30 (Asia/Shanghai)" in told
    report = json.loads(file.read_text("utf-8"))
    assert report["city_id"] == world.city_id
    shanghai = timezone(timedelta(hours=8))
    assert datetime.fromisoformat(report["from_at"]) == datetime(2026, 1, 1, tzinfo=shanghai)
    done(goldenhour("roads", "calibration", "grid"))


def test_jobs_are_listed_shown_stopped_and_begun_again(goldenhour: Run, database: Database) -> None:
    assert done(goldenhour("jobs", "list")) == "None.\n"
    with database.unit_of_work(SYSTEM) as uow:
        waiting, failed = (service.defer(uow, BUILD) for _ in range(2))
        repository.note_error(uow.session, failed, code="x", sentence="The disk is full.")
        repository.finish(uow.session, failed, JobState.FAILED)
    listed = done(goldenhour("jobs", "list")).splitlines()
    assert [line.split()[:2] for line in listed] == [
        [str(failed), "failed"], [str(waiting), "waiting"],
    ]  # fmt: skip
    assert "The disk is full." in done(goldenhour("jobs", "show", failed))
    assert "cancelled" in done(goldenhour("jobs", "cancel", waiting))
    assert "is over" in refusal(goldenhour("jobs", "cancel", failed))
    assert "waiting" in done(goldenhour("jobs", "retry", failed))
    assert "only a job that failed" in refusal(goldenhour("jobs", "retry", failed))
    assert "no job 99" in refusal(goldenhour("jobs", "show", 99))
    assert "cancelled" in done(goldenhour("jobs", "watch", waiting))


def test_what_a_command_does_is_a_job_with_its_end(
    goldenhour: Run, database: Database, tmp_path
) -> None:
    file = tmp_path / "aeds.csv"
    file.write_text("id,name,lon,lat\n")
    refusal(goldenhour("city", "import", "nowhere", "aeds", file, "--datum", "wgs84"))
    (line,) = done(goldenhour("jobs", "list")).splitlines()
    assert "failed" in line
    assert "Import a register (city.import)" in line
    assert "nowhere" in line
