"""Compiled kernels are shared, and never those of other code."""

import os

import pytest

from api.processes import kernel_cache
from gis.settings import PROJECT_FOLDER, Settings


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two files, one with a kernel."""
    (tmp_path / "project/routing").mkdir(parents=True)
    (tmp_path / "project/routing/search.py").write_text("@compiled\ndef search(): pass\n")
    (tmp_path / "project/routing/words.py").write_text("WORDS = 1\n")
    monkeypatch.setattr(kernel_cache, "PROJECT_FOLDER", tmp_path / "project")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "set, so that it is put back")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    return tmp_path / "project"


def test_a_changed_kernel_means_another_folder(project, tmp_path):
    settings = Settings(state_folder=tmp_path / "state")
    first = kernel_cache.kernel_cache(settings)
    (project / "routing/words.py").write_text("WORDS = 2\n")
    assert kernel_cache.kernel_cache(settings) == first
    (project / "routing/search.py").write_text("@compiled\ndef search(): return 1\n")
    assert kernel_cache.kernel_cache(settings) != first


def test_every_room_that_compiles_is_named():
    rooms = {
        path.relative_to(PROJECT_FOLDER).parts[0]
        for room in ("dispatch", "gis", "planning", "referral", "routing", "surveillance")
        for path in (PROJECT_FOLDER / room).rglob("*.py")
        if "@compiled" in path.read_text(encoding="utf-8")
    }
    assert rooms <= set(kernel_cache.KERNEL_ROOMS)


def test_the_newest_two_folders_are_kept(project, tmp_path, monkeypatch):
    settings = Settings(state_folder=tmp_path / "state")
    for number in range(4):
        (project / "routing/search.py").write_text(f"@compiled\ndef search(): return {number}\n")
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
        newest = kernel_cache.kernel_cache(settings)
        newest.mkdir(parents=True)
        kernel_cache.use_kernel_cache(settings)
        os.utime(newest, (number + 1e9, number + 1e9))
        assert os.environ["NUMBA_CACHE_DIR"] == str(newest)
    assert newest.is_dir()
    assert len(list(newest.parent.iterdir())) == 2


def test_a_folder_of_ones_own_wins_and_nothing_is_made_before_there_is_a_kernel(
    project, tmp_path, monkeypatch
):
    settings = Settings(state_folder=tmp_path / "state")
    kernel_cache.use_kernel_cache(settings)
    assert os.environ["NUMBA_CACHE_DIR"] == str(kernel_cache.kernel_cache(settings))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    kernel_cache.use_kernel_cache(settings)
    assert os.environ["NUMBA_CACHE_DIR"] == "/elsewhere"
    assert not (tmp_path / "state").exists()
