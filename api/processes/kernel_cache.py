"""Where compiled kernels are kept: one folder for all processes, another for other code.

numba looks at a kernel's own file only: one that calls a changed kernel of another file would be
taken from the cache as it was. The folder is named after all files with kernels instead.
"""

import os
import shutil
from hashlib import blake2b
from pathlib import Path

from gis.settings import PROJECT_FOLDER, Settings

_MARK = b"compiled"
KERNEL_ROOMS = ("gis", "planning", "routing", "surveillance")
"""Rooms that compile something."""
_KEPT = 2
"""Folders of the newest code; a server of the code before may still run while it is replaced."""


def kernel_cache(settings: Settings) -> Path:
    """Return the folder of compiled kernels of just this code."""
    digest = blake2b(digest_size=8)
    for room in KERNEL_ROOMS:
        for path in sorted((PROJECT_FOLDER / room).rglob("*.py")):
            content = path.read_bytes()
            if _MARK in content:
                digest.update(path.relative_to(PROJECT_FOLDER).as_posix().encode() + content)
    return settings.state_folder / "numba" / digest.hexdigest()


def use_kernel_cache(settings: Settings) -> None:
    """Have this process, before it imports any kernel, share the folder; its own choice wins.

    numba makes the folder with the first kernel; where it cannot, kernels are kept beside their
    files, or compiled anew.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    folder = kernel_cache(settings)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if folder.is_dir() and os.access(folder, os.W_OK):
        _forget_others(folder)


def _forget_others(folder: Path) -> None:
    os.utime(folder)
    others = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
