"""Compiled kernels are shared, and never those of other code."""

import os

import pytest

from api import kernel_cache
from gis.settings import Settings


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two files, one with a kernel."""
    (tmp_path / "project/routing").mkdir(parents=True)
    (tmp_path / "project/routing/search.py").write_text("@compiled\ndef search(): pass\n")
    (tmp_path / "project/routing/words.py").write_text("WORDS = 1\n")
    monkeypatch.setattr(kernel_cache, "PROJECT_FOLDER", tmp_path / "project")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    return tmp_path / "project"


def test_a_changed_kernel_means_another_folder(project, tmp_path):
    settings = Settings(state_folder=tmp_path / "state")
    first = kernel_cache.kernel_cache(settings)
    (project / "routing/words.py").write_text("WORDS = 2\n")
    assert kernel_cache.kernel_cache(settings) == first
    (project / "routing/search.py").write_text("@compiled\ndef search(): return 1\n")
    assert kernel_cache.kernel_cache(settings) != first


def test_the_newest_two_folders_are_kept(project, tmp_path, monkeypatch):
    settings = Settings(state_folder=tmp_path / "state")
    for number in range(4):
        (project / "routing/search.py").write_text(f"@compiled\ndef search(): return {number}\n")
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
        kernel_cache.use_kernel_cache(settings)
        newest = kernel_cache.kernel_cache(settings)
        os.utime(newest, (number + 1e9, number + 1e9))
        assert os.environ["NUMBA_CACHE_DIR"] == str(newest)
    assert newest.is_dir()
    assert len(list(newest.parent.iterdir())) == 2


def test_a_folder_of_ones_own_wins_and_one_that_cannot_be_made_stops_nothing(
    project, tmp_path, monkeypatch
):
    (tmp_path / "blocked").write_text("")
    kernel_cache.use_kernel_cache(Settings(state_folder=tmp_path / "blocked"))
    assert "NUMBA_CACHE_DIR" not in os.environ
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    kernel_cache.use_kernel_cache(Settings(state_folder=tmp_path / "state"))
    assert os.environ["NUMBA_CACHE_DIR"] == "/elsewhere"
    assert not (tmp_path / "state").exists()
