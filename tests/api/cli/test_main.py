"""Help, usage, settings: the program before it does anything."""

import re
import resource
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

import maps.assets
from api.cli.main import app
from gis.settings import PROJECT_FOLDER
from tests.api.cli.said import Run, done, process, refusal


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


def test_help_lists_every_command_by_its_own_words_and_makes_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program: Any = get_command(app)
    with program.make_context("goldenhour", [], resilient_parsing=True) as context:
        formatter = context.make_formatter()
        TyperGroup.format_commands(program, context, formatter)
        told = formatter.getvalue()
        assert told.count("\n") > len(program.commands) > 10

        monkeypatch.setattr("api.cli.found._make", pytest.fail)
        fresh: Any = get_command(app)
        formatter = context.make_formatter()
        fresh.format_commands(context, formatter)
        assert formatter.getvalue() == told


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
