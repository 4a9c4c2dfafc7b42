"""The map library: the files that are served are the files that were pinned."""

import hashlib
import json
from pathlib import Path

import brotli
import pytest

import maps.assets
import maps.npm
from maps.assets import (
    PROJECT_FOLDER,
    WEB_FOLDER,
    VendorFile,
    check_assets,
    install_assets,
    is_compressed,
    vendor_files,
)
from maps.errors import AssetsInstallError, AssetsMissingError


def test_served_files_are_the_pinned_ones():
    check_assets()
    for file in vendor_files():
        assert hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256
        assert file.path.is_relative_to(WEB_FOLDER / "static" / "vendor")


def test_the_licence_is_served_with_the_code():
    by_package: dict[str, set[str]] = {}
    for file in vendor_files():
        by_package.setdefault(file.package, set()).add(file.path.name)
    assert {"maplibre-gl", "preact", "htm", "@preact/signals", "@preact/signals-core"} <= set(
        by_package
    )
    for package, names in by_package.items():
        assert names & {"LICENSE", "LICENSE.txt"}, package


def test_lock_file_pins_every_package_by_hash_and_names_no_host():
    lock = json.loads((PROJECT_FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((PROJECT_FOLDER / "package.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    for file in vendor_files():
        assert wanted["dependencies"][file.package] == file.version
        assert packages[f"node_modules/{file.package}"]["version"] == file.version


@pytest.fixture
def empty_vendor_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(maps.assets, "VENDOR_FOLDER", tmp_path / "vendor")
    return tmp_path / "vendor"


def test_missing_files_are_said_with_the_command_that_brings_them(empty_vendor_folder: Path):
    with pytest.raises(AssetsMissingError, match=r"\./run assets"):
        check_assets()


def test_a_changed_file_is_noticed(empty_vendor_folder: Path):
    for file in vendor_files():
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(b"something else")
    with pytest.raises(AssetsMissingError, match="not the file that was pinned"):
        check_assets()


def test_a_wrong_package_is_never_copied(empty_vendor_folder: Path, tmp_path: Path):
    file = vendor_files()[0]
    source = tmp_path / "node_modules" / file.package / file.source
    source.parent.mkdir(parents=True)
    source.write_bytes(b"something else")
    with pytest.raises(AssetsInstallError, match="nothing was installed"):
        maps.assets._copy_verified(tmp_path / "node_modules")
    assert not empty_vendor_folder.exists()


def test_an_installed_program_says_that_it_carries_the_files(
    empty_vendor_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(maps.assets, "PROJECT_FOLDER", tmp_path)
    with pytest.raises(AssetsInstallError, match="install it again"):
        install_assets()


def test_without_npm_the_node_of_the_registry_wheel_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(maps.npm.shutil, "which", lambda _: None)
    command, _ = maps.npm.npm_command()
    assert all(Path(part).is_file() for part in [*command, *maps.npm.node_command()])


def test_the_path_carries_the_version():
    file = VendorFile("some-library", "1.2.3", "dist/some.mjs", "0" * 64)
    assert file.path.parts[-2:] == ("some-library-1.2.3", "some.mjs")


def test_what_is_compressed_at_set_up_is_the_file_and_is_noticed_when_it_is_not(
    empty_vendor_folder: Path,
):
    for file in vendor_files():
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(f"the content of {file.path.name}".encode() * 99)
    assert not is_compressed()
    maps.assets._compress()
    assert is_compressed()
    made = [file for file in vendor_files() if file.compressed is not None]
    assert len(made) > len(vendor_files()) / 2
    for file in made:
        assert brotli.decompress(file.compressed.read_bytes()) == file.path.read_bytes()
    for wrong in (brotli.compress(b"something else"), b"nothing at all", b""):
        made[0].compressed.write_bytes(wrong)
        assert not is_compressed()
    maps.assets._compress()
    made[0].path.write_bytes(b"another version")
    assert not is_compressed()
