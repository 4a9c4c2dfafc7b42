"""Third-party files of the web pages: brought from npm at set-up, pinned by hash.

`package-lock.json` pins what npm unpacks (sha512 of each package); `maps/web/vendor.toml` pins each
file that is then served (sha256). The files are git-ignored and stand in the built wheel.

`python -m maps.assets --install` brings them, `--check` only looks; `./run` calls both.
"""

import hashlib
import shutil
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from maps.errors import AssetsInstallError, AssetsMissingError
from maps.npm import npm_ci

WEB_FOLDER = Path(__file__).parent / "web"
STATIC_FOLDER = WEB_FOLDER / "static"
VENDOR_FOLDER = STATIC_FOLDER / "vendor"
PROJECT_FOLDER = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class VendorFile:
    """One pinned file. `source` is its path inside the npm package."""

    package: str
    version: str
    source: str
    sha256: str

    @property
    def path(self) -> Path:
        """Return where the file is served from."""
        return VENDOR_FOLDER / f"{self.package}-{self.version}" / Path(self.source).name


def vendor_files() -> tuple[VendorFile, ...]:
    """Return every pinned file, as `vendor.toml` lists them."""
    table = tomllib.loads((WEB_FOLDER / "vendor.toml").read_text(encoding="utf-8"))
    return tuple(
        VendorFile(package, entry["version"], source, sha256)
        for package, entry in table.items()
        for source, sha256 in entry["files"].items()
    )


def vendor_file(package: str, name: str) -> Path:
    """Return where a pinned file stands; `AssetsMissingError` if it is not there."""
    found = next(
        file for file in vendor_files() if file.package == package and file.path.name == name
    )
    if not found.path.is_file():
        raise AssetsMissingError(found.path, "missing")
    return found.path


def check_assets() -> None:
    """Raise `AssetsMissingError` unless every pinned file is there and is the pinned one."""
    for file in vendor_files():
        if not file.path.is_file():
            raise AssetsMissingError(file.path, "missing")
        if _sha256(file.path) != file.sha256:
            raise AssetsMissingError(file.path, "not the file that was pinned")


def install_assets() -> Path:
    """Bring the pinned files with `npm ci --ignore-scripts` and return their folder.

    Does nothing when they are in place. Every file is verified before the first one is copied, so
    a wrong file never comes to be served.
    """
    try:
        check_assets()
    except AssetsMissingError:
        with tempfile.TemporaryDirectory(prefix="goldenhour-npm-") as name:
            folder = Path(name)
            _copy_lock(folder)
            npm_ci(folder, development=False)
            _copy_verified(folder / "node_modules")
    return VENDOR_FOLDER


def _copy_lock(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        source = PROJECT_FOLDER / name
        if not source.is_file():
            raise AssetsInstallError(
                f"{name} is not beside the program: this is no checkout. An installed GoldenHour "
                "carries the map library inside; install it again."
            )
        shutil.copy(source, folder / name)


def _copy_verified(node_modules: Path) -> None:
    files = vendor_files()
    for file in files:
        source = node_modules / file.package / file.source
        if not source.is_file() or _sha256(source) != file.sha256:
            raise AssetsInstallError(
                f"{file.source} of {file.package} {file.version} is not the file that "
                "maps/web/vendor.toml pins; nothing was installed."
            )
    for file in files:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        partial = file.path.with_suffix(file.path.suffix + ".partial")
        shutil.copyfile(node_modules / file.package / file.source, partial)
        partial.replace(file.path)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def main(arguments: list[str]) -> int:
    """Install the files, or with `--check` only check them; return the exit code."""
    try:
        if "--check" not in arguments:
            install_assets()
        check_assets()
    except (AssetsInstallError, AssetsMissingError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
