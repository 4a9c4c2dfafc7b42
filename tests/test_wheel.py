"""The wheel carries everything the program reads and is not built without the map library."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from gis.settings import PROJECT_FOLDER
from maps.assets import VENDOR_FOLDER, WEB_FOLDER, vendor_files

PACKAGES = {"gis", "data", "routing", "dispatch", "surveillance", "planning", "referral", "maps",
            "api"}  # fmt: skip


def build(project: Path, into: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """The names and sizes of what is in the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    built = build(PROJECT_FOLDER, folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return {entry.filename: entry.file_size for entry in archive.infolist()}


def test_all_nine_packages_and_nothing_else(members: dict[str, int]) -> None:
    tops = {name.split("/")[0] for name in members}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES
    for package in PACKAGES:
        assert f"{package}/__init__.py" in members
    assert not [name for name in members if "__pycache__" in name or name.endswith(".partial")]


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("maps/web", "*.html"), ("maps/web", "*.js"), ("maps/web", "*.css"), ("maps/web", "*.svg"),
        ("maps/web", "*.toml"), ("maps/sql", "*.sql"), ("routing/sql", "*.sql"),
        ("gis/migrations", "*.sql"),
        ("gis/migrations/versions", "*.py"), ("gis/migrations", "*.mako"),
        ("dispatch", "*.yaml"), ("data/sample", "*"), ("surveillance", "*.py"),
    ],
)  # fmt: skip
def test_what_the_code_reads_beside_itself(
    members: dict[str, int], folder: str, pattern: str
) -> None:
    wanted = {
        path.relative_to(PROJECT_FOLDER).as_posix(): path.stat().st_size
        for path in (PROJECT_FOLDER / folder).rglob(pattern)
        if path.is_file()
    }
    assert wanted
    assert {name: members.get(name) for name in wanted} == wanted


def test_the_map_library_stands_in_the_wheel(members: dict[str, int]) -> None:
    for file in vendor_files():
        assert members[file.path.relative_to(PROJECT_FOLDER).as_posix()] > 0
    assert any(name.endswith("/maplibre-gl.mjs") for name in members)


def test_licence_and_command_are_there(members: dict[str, int]) -> None:
    names = {name.split(".dist-info/")[1] for name in members if ".dist-info/" in name}
    assert {"licenses/LICENSE", "licenses/NOTICE", "entry_points.txt"} <= names


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as a build reads, without the map library."""
    project = tmp_path / "checkout"
    packages = tomllib.loads((PROJECT_FOLDER / "pyproject.toml").read_text("utf-8"))["tool"][
        "hatch"
    ]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) == PACKAGES
    for package in packages:
        (project / package).mkdir(parents=True)
        (project / package / "__init__.py").touch()
    (project / "maps" / "web").mkdir()
    shutil.copy(WEB_FOLDER / "vendor.toml", project / "maps" / "web")
    for name in (
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
        "NOTICE",
        ".gitignore",
    ):
        shutil.copy(PROJECT_FOLDER / name, project)
    return project


def test_no_wheel_without_the_map_library(checkout: Path, tmp_path: Path) -> None:
    refused = build(checkout, tmp_path / "dist")
    assert refused.returncode != 0
    assert "maplibre-gl.mjs of maplibre-gl is missing" in refused.stderr
    assert "./run assets" in refused.stderr
    assert not list(tmp_path.glob("dist/*.whl"))


def test_no_wheel_with_another_file_than_the_pinned_one(checkout: Path, tmp_path: Path) -> None:
    vendor = checkout / VENDOR_FOLDER.relative_to(PROJECT_FOLDER)
    shutil.copytree(VENDOR_FOLDER, vendor)
    assert build(checkout, tmp_path / "dist").returncode == 0
    next(vendor.rglob("*.mjs")).write_text("export {};\n")
    refused = build(checkout, tmp_path / "again")
    assert refused.returncode != 0
    assert "not the pinned file" in refused.stderr
