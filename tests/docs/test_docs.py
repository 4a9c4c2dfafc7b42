"""The documentation: what it names exists, links lead somewhere, what is generated is fresh."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import typer.main

from api.cli.main import app as command_line
from api.rooms import HOUSE
from docs import make_types
from docs.make_reference import FOLDER, PAGES, PRIVACY, privacy
from gis.settings import PROJECT_FOLDER, Settings

README = PROJECT_FOLDER / "README.md"
ARCHITECTURE = PROJECT_FOLDER / "docs" / "architecture.md"
WRITTEN = (
    *sorted(PROJECT_FOLDER.glob("*.md")),
    *sorted((PROJECT_FOLDER / "docs").glob("*.md")),
    *sorted((PROJECT_FOLDER / "docs" / "studies").glob("*.md")),
    *sorted((PROJECT_FOLDER / "docs" / "dispatch").glob("*.md")),
    PROJECT_FOLDER / "data" / "sample" / "README.md",
)
PAIRS = (
    (README, PROJECT_FOLDER / "README.zh.md"),
    (PROJECT_FOLDER / "docs/first-hour.md", PROJECT_FOLDER / "docs/first-hour.zh.md"),
)
PUBLISHED = (*WRITTEN, *sorted(FOLDER.glob("*.md")), PROJECT_FOLDER / "NOTICE",
             *sorted(PROJECT_FOLDER.glob("requirements*.lock")))  # fmt: skip

FENCE = re.compile(r"^```(?:\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(
    r"(?:^|[\s(])(?:GOLDENHOUR_\w+=\S+ )?(goldenhour|\./run|\.venv/bin/goldenhour)"
    r" ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?"
)
VARIABLE = re.compile(r"\bGOLDENHOUR_[A-Z_]+\b")
EVENT = re.compile(r"\b(?:incident|assignment|unit|hospital|simulation|city)\.[a-z_]+\b")
# Written in pieces: no file of the project names a registry's host.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home|Users|builds)/")
LATER: set[str] = set()
"""Files that the documentation needs and that are made by a run of the program."""


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT_FOLDER).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(path: Path) -> str:
    return FENCE.sub("", text_of(path))


def code_of(path: Path) -> Iterator[str]:
    """Yield every line of code blocks and every code span."""
    for block in FENCE.findall(text_of(path)):
        yield from block.splitlines()
    yield from SPAN.findall(prose_of(path))


def anchors_of(path: Path) -> set[str]:
    """Return a page's anchors: explicit ids, and headings the way GitHub makes them."""
    found = set(re.findall(r'<a id="([^"]+)"', text_of(path)))
    for _, title in HEADING.findall(prose_of(path)):
        plain = re.sub(r"[^\w\- ]", "", title.replace("`", "").lower())
        found.add(plain.strip().replace(" ", "-"))
    return found


def known_commands() -> dict[str, set[str]]:
    """Return every top-level command of `goldenhour` with the names of its subcommands."""
    top = typer.main.get_command(command_line)
    return {
        name: set(getattr(command, "commands", {}))
        for name, command in top.commands.items()  # type: ignore[attr-defined]
    }


def script_commands() -> set[str]:
    """Return what `./run` itself understands."""
    cases = re.findall(r"^    ([a-z|\-]+)\)", text_of(PROJECT_FOLDER / "run"), re.MULTILINE)
    return {word for case in cases for word in case.split("|")}


def test_the_pages_types_are_what_the_interface_says():
    made = make_types.declarations(make_types.document())
    assert text_of(make_types.FILE) == made, "run: python -m docs.make_reference"


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_reference_is_what_the_code_says(page: str) -> None:
    committed = FOLDER / page
    assert committed.is_file(), "run: python -m docs.make_reference"
    assert text_of(committed) == PAGES[page](), "run: python -m docs.make_reference"


def test_the_register_of_personal_fields_is_what_the_rooms_say() -> None:
    assert text_of(PRIVACY) == privacy(), "run: python -m docs.make_reference"
    assert all(field.what.en in text_of(PRIVACY) for field in HOUSE.personal_fields.values())


def test_every_reference_page_is_generated_and_indexed() -> None:
    assert {path.name for path in FOLDER.glob("*.md")} == set(PAGES)
    index = text_of(PROJECT_FOLDER / "docs" / "README.md")
    assert [page for page in PAGES if f"reference/{page}" not in index] == []


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_command_named_exists(path: Path) -> None:
    known, script = known_commands(), script_commands()
    wrong = []
    for line in code_of(path):
        for program, command, sub in COMMAND.findall(line):
            if program == "./run" and command in script:
                continue
            if command not in known or (known[command] and sub and sub not in known[command]):
                wrong.append(f"{program} {command} {sub}".strip())
    assert wrong == []


def test_every_option_named_exists() -> None:
    reference = text_of(FOLDER / "commands.md")
    benchmarks = "".join(text_of(path) for path in (PROJECT_FOLDER / "bench").glob("*.py"))
    wrong = [
        f"{name_of(path)}: {option}"
        for path in WRITTEN
        for line in code_of(path)
        if COMMAND.search(line)
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", line.split("#")[0])
        if f"`{option}`" not in reference
        and not ("./run bench " in line and f'"{option}"' in benchmarks)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(prose_of(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists():
            if not (there.is_relative_to(PROJECT_FOLDER) and name_of(there) in LATER):
                broken.append(target)
        elif anchor and anchor not in anchors_of(there):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=["README", "first-hour"])
def test_both_languages_have_the_same_shape(english: Path, chinese: Path) -> None:
    levels = [
        [len(marks) for marks, _ in HEADING.findall(prose_of(path))] for path in (english, chinese)
    ]
    assert levels[0] == levels[1]
    rows = [prose_of(path).count("\n|") for path in (english, chinese)]
    assert rows[0] == rows[1]
    assert text_of(english).count("```") == text_of(chinese).count("```")


@pytest.mark.parametrize("path", PAIRS[0], ids=name_of)
def test_the_readme_begins_with_the_two_commands(path: Path) -> None:
    first = FENCE.search(text_of(path))
    assert first is not None
    assert first.start() == 0
    commands = [line.split("#")[0].strip() for line in first.group(1).splitlines()]
    assert commands == ["./run demo", "./run test"]


@pytest.mark.parametrize("path", PUBLISHED, ids=name_of)
def test_no_machine_and_no_registry_is_named(path: Path) -> None:
    text = text_of(path)
    assert MACHINE_PATHS.findall(text) == []
    assert [host for host in REGISTRY_HOSTS if host in text] == []


def test_every_python_folder_is_described() -> None:
    folders = {
        path.parent.name
        for path in PROJECT_FOLDER.glob("*/*.py")
        if not path.parent.name.startswith(".")
    }
    rooms = text_of(ARCHITECTURE)
    assert [name for name in sorted(folders) if f"| `{name}/` |" not in rooms] == []


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_file_of_the_project_that_is_named_exists(path: Path) -> None:
    rooms = {one.name for one in PROJECT_FOLDER.iterdir() if one.is_dir()}
    named = {
        span
        for span in SPAN.findall(prose_of(path))
        if re.fullmatch(r"[\w./-]+\.(?:py|sql|yaml|toml|js|json)", span)
        and span.split("/")[0] in rooms
    }
    assert [name for name in sorted(named) if not (PROJECT_FOLDER / name).exists()] == []


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_every_setting_and_event_named_exists(path: Path) -> None:
    settings = {f"GOLDENHOUR_{name.upper()}" for name in Settings.model_fields}
    assert set(VARIABLE.findall(text_of(path))) - settings == set()
    named = {
        event
        for span in SPAN.findall(prose_of(path))
        for event in EVENT.findall(span)
        if not span.endswith(".py") and span == event
    }
    assert named - set(HOUSE.events) == set()


def test_the_changelog_holds_this_version() -> None:
    versions = re.findall(r"(?m)^## \[([^\]]+)\]", text_of(PROJECT_FOLDER / "CHANGELOG.md"))
    declared = re.search(r'(?m)^version = "([^"]+)"', text_of(PROJECT_FOLDER / "pyproject.toml"))
    assert declared is not None
    assert versions[0] == "Unreleased"
    assert declared.group(1) in versions
    numbers = [tuple(map(int, one.split("."))) for one in versions[1:]]
    assert all(newer > older for newer, older in pairwise(numbers))


def test_every_page_is_documented() -> None:
    text = text_of(PROJECT_FOLDER / "docs" / "pages.md")
    assert [path for path in HOUSE.pages if f"| `{path}` |" not in text] == []
