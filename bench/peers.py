"""Named peers, installed outside the project's environment: `./run bench peers`.

OSRM and Valhalla come as programs inside wheels for a newer Python than ours; they are unpacked and
run as they are. The libraries get a virtual environment of their own. Several are under the GPL or
AGPL (igraph, pandana, pgRouting): they are measured, never imported by the project. What is not
there is reported as not there.
"""

import argparse
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gis.cluster import find_installation
from gis.settings import load_settings

LIBRARIES = (
    "networkx", "scipy", "igraph", "pandana", "rustworkx", "networkit", "routingkit-cch",
    "pyarrow",  # reads the Parquet files of the Auckland graph and of the taxi trips
)  # fmt: skip
NOT_THERE = "not there"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that carries programs: where they lie in it."""

    package: str
    programs: str


WHEELS = {
    "osrm": Wheel("osrm-bindings", "osrm/bin"),
    "valhalla": Wheel("pyvalhalla", "valhalla/bin"),
}


def peers_folder() -> Path:
    """Return the folder of everything the peers need and make."""
    return load_settings().state_folder / "peers"


def work_folder(name: str) -> Path:
    """Return a folder for what peer `name` prepares, made if missing."""
    folder = peers_folder() / "work" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def programs(name: str) -> Path | None:
    """Return the folder of the programs of peer `name` (a key of WHEELS), None if not there."""
    folder = peers_folder() / name / WHEELS[name].programs
    return folder if folder.is_dir() else None


def library_python() -> Path | None:
    """Return the interpreter of the libraries' environment, None if not there."""
    python = peers_folder() / "venv/bin/python"
    return python if python.exists() else None


def has_library(name: str) -> bool:
    """Return whether the libraries' environment holds module `name`."""
    python = library_python()
    if python is None:
        return False
    found = subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False)
    return found.returncode == 0


def absent(names: Iterable[str]) -> list[str]:
    """Return which of these peers are not there."""
    there = {
        "osrm": lambda: programs("osrm") is not None,
        "valhalla": lambda: programs("valhalla") is not None,
        "pgrouting": has_pgrouting,
    }
    return [name for name in names if not there.get(name, lambda n=name: has_library(n))()]


def has_pgrouting() -> bool:
    """Return whether the newest PostgreSQL found carries pgRouting."""
    major = find_installation().major_version
    return Path(f"/usr/share/postgresql/{major}/extension/pgrouting.control").exists()


def install_programs(name: str) -> str:
    """Download the wheel of peer `name` and unpack it; returns what came of it."""
    wheel = WHEELS[name]
    if programs(name):
        return "already there"
    machine = platform.machine()
    if sys.platform != "linux":
        return f"{NOT_THERE}: no recipe for {sys.platform}"
    store = peers_folder() / "wheels"
    store.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
         "--implementation", "cp", "--abi", "abi3", "--python-version", "3.12",
         "--platform", f"manylinux_2_28_{machine}", "--platform", f"manylinux_2_34_{machine}",
         "--dest", store, wheel.package],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    files = sorted(store.glob(f"{wheel.package.replace('-', '_')}-*.whl"))
    if done.returncode != 0 or not files:
        return f"{NOT_THERE}: {(done.stderr.strip().splitlines() or ['no wheel'])[-1]}"
    unpacked = peers_folder() / f"{name}.unfinished"
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(files[-1]) as archive:
        archive.extractall(unpacked)
    for program in (unpacked / wheel.programs).iterdir():
        program.chmod(0o755)
    unpacked.rename(peers_folder() / name)
    return files[-1].name


def install_libraries() -> str:
    """Make the libraries' environment; each library that fails is left out."""
    folder = peers_folder() / "venv"
    if not (folder / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    missing = []
    for library in LIBRARIES:
        done = subprocess.run(
            [folder / "bin/python", "-m", "pip", "install", "--quiet", "--only-binary=:all:",
             "--disable-pip-version-check", library],
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            missing.append(library)
    return f"{NOT_THERE}: {', '.join(missing)}" if missing else "all there"


def install_pgrouting() -> str:
    """Install Debian's pgRouting for the PostgreSQL found, when we may."""
    if has_pgrouting():
        return "already there"
    package = f"postgresql-{find_installation().major_version}-pgrouting"
    if shutil.which("apt-get") is None:
        return f"{NOT_THERE}: install it with your package manager"
    done = subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
        capture_output=True, check=False,
    )  # fmt: skip
    return package if done.returncode == 0 else f"{NOT_THERE}: apt-get install {package}"


def main() -> None:
    """Install what is missing, or only say what is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="install nothing, say what is there")
    arguments = parser.parse_args()
    found = {}
    for name in WHEELS:
        if arguments.check:
            found[name] = "there" if programs(name) else NOT_THERE
        else:
            found[name] = install_programs(name)
    if arguments.check:
        found["libraries"] = "there" if library_python() else NOT_THERE
        found["pgrouting"] = "there" if has_pgrouting() else NOT_THERE
    else:
        found["libraries"] = install_libraries()
        found["pgrouting"] = install_pgrouting()
    for name, what in found.items():
        print(f"{name:10} {what}")


if __name__ == "__main__":
    main()
