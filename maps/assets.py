"""Third-party files of the web pages: brought from npm at set-up, pinned by hash.

`package-lock.json` pins what npm unpacks (sha512 of each package); `maps/web/vendor.toml` pins each
file that is then served (sha256). The files are git-ignored and stand in the built wheel.

Beside each that travels compressed stands its brotli, made once at set-up and named after the
file's own hash, so that no server spends a second on it before its first page.

`python -m maps.assets --install` brings them, `--check` only looks; `./run` calls both.
"""

import hashlib
import shutil
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import brotli

from maps.errors import AssetsInstallError, AssetsMissingError
from maps.npm import npm_ci

WEB_FOLDER = Path(__file__).parent / "web"
STATIC_FOLDER = WEB_FOLDER / "static"
VENDOR_FOLDER = STATIC_FOLDER / "vendor"
PROJECT_FOLDER = Path(__file__).parents[1]
COMPRESSED_TYPES = frozenset({".js", ".mjs", ".css", ".svg", ".json", ".html", ".txt"})
_BROTLI_QUALITY = 11
"""The smallest: 4 s of a processor for all libraries, once at set-up."""


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

    @property
    def compressed(self) -> Path | None:
        """Return where its brotli stands; None where it travels as it is."""
        if self.path.suffix not in COMPRESSED_TYPES:
            return None
        return self.path.with_name(f"{self.path.name}.{self.sha256[:16]}.br")


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


def is_compressed() -> bool:
    """Return whether every brotli is there and holds the file beside it."""
    return all(
        file.compressed is None
        or (file.compressed.is_file() and _holds(file.compressed, file.path.read_bytes()))
        for file in vendor_files()
    )


def _holds(compressed: Path, content: bytes) -> bool:
    try:
        return bool(brotli.decompress(compressed.read_bytes()) == content)
    except brotli.error:
        return False


def install_assets() -> Path:
    """Bring the pinned files with `npm ci --ignore-scripts`, compress and return their folder.

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
    if not is_compressed():
        _compress()
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
        _put(file.path, (node_modules / file.package / file.source).read_bytes())


def _compress() -> None:
    for file in vendor_files():
        if file.compressed is not None:
            content = file.path.read_bytes()
            _put(file.compressed, brotli.compress(content, quality=_BROTLI_QUALITY))


def _put(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    partial = path.with_suffix(f"{path.suffix}.partial")
    partial.write_bytes(content)
    partial.replace(path)


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
    return 0 if is_compressed() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
