"""The files below `web/static`, as they go over the wire: numbered by content, compressed.

`/static/NUMBER/js/…` is kept by browsers for ever: NUMBER is a hash over our whole tree, so that a
module's relative imports stay within one state of it. `vendor/` carries versions in its names and
is outside the number. Nothing is built: a changed file gives the tree another number at once.
"""

import gzip
import hashlib
import re
import threading
from pathlib import Path

import brotli

from maps.assets import COMPRESSED_TYPES, STATIC_FOLDER, VENDOR_FOLDER, vendor_files

ENCODINGS = ("br", "gzip")
"""In the order in which they are preferred."""
_SMALLEST_BYTES = 256
_BROTLI_QUALITY = 9
"""Of libraries whose brotli was not made at set-up: a third of a second for the map's."""
_BROTLI_QUALITY_OF_OURS = 11
"""Smaller by a twelfth; half a second of a processor for all our files, once a process."""
_GZIP_LEVEL = 9

_NOTES = re.compile(rb"^[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*$", re.MULTILINE)
"""Notes of types and purpose that stand on lines of their own."""

_Signature = tuple[tuple[str, int, int], ...]


class StaticTree:
    """Our own files below a folder, with the number of their present state."""

    def __init__(self, folder: Path, *, without: Path) -> None:
        self._folder = folder
        self._without = without
        self._lock = threading.Lock()
        self._known: tuple[_Signature, str] | None = None

    def number(self) -> str:
        """Return the number of the tree: twelve hexadecimal digits over names and contents."""
        signature = self._signature()
        with self._lock:
            if self._known is None or self._known[0] != signature:
                self._known = (signature, self._hash(signature))
            return self._known[1]

    def _signature(self) -> _Signature:
        found = []
        for path in self._folder.rglob("*"):
            if path.suffix and not path.is_relative_to(self._without) and path.is_file():
                status = path.stat()
                name = path.relative_to(self._folder).as_posix()
                found.append((name, status.st_mtime_ns, status.st_size))
        return tuple(sorted(found))

    def _hash(self, signature: _Signature) -> str:
        digest = hashlib.blake2b(digest_size=6)
        for name, _, _ in signature:
            content = (self._folder / name).read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


TREE = StaticTree(STATIC_FOLDER, without=VENDOR_FOLDER)


class CompressedFiles:
    """Compressed contents of files, kept in memory while the file does not change."""

    def __init__(self) -> None:
        self._made = {one.path: one.compressed for one in vendor_files() if one.compressed}
        self._kept: dict[tuple[Path, str], tuple[tuple[int, int], bytes | None]] = {}

    def content(self, path: Path, encoding: str) -> bytes | None:
        """Return the file's content in `encoding`; None where that saves nothing."""
        if path.suffix not in COMPRESSED_TYPES:
            return None
        status = path.stat()
        signature = (status.st_mtime_ns, status.st_size)
        kept = self._kept.get((path, encoding))
        if kept is None or kept[0] != signature:
            kept = (signature, self._compressed(path, encoding))
            self._kept[path, encoding] = kept
        return kept[1]

    def _compressed(self, path: Path, encoding: str) -> bytes | None:
        made = self._made.get(path)
        if encoding == "br" and made is not None and made.is_file():
            return made.read_bytes()
        content, ours = path.read_bytes(), not path.is_relative_to(VENDOR_FOLDER)
        if path.suffix == ".js" and ours:
            content = without_notes(content)
        quality = _BROTLI_QUALITY_OF_OURS if ours else _BROTLI_QUALITY
        return compress(content, encoding, quality)


def without_notes(script: bytes) -> bytes:
    """Return a script of ours without its notes; every line keeps its number."""
    return _NOTES.sub(lambda note: b"\n" * note[0].count(b"\n"), script)


def compress(content: bytes, encoding: str, brotli_quality: int) -> bytes | None:
    """Return `content` in `encoding`; None where that saves nothing."""
    if len(content) < _SMALLEST_BYTES:
        return None
    if encoding == "br":
        smaller: bytes = brotli.compress(content, quality=brotli_quality)
    else:
        smaller = gzip.compress(content, _GZIP_LEVEL, mtime=0)
    return smaller if len(smaller) < len(content) else None


def accepted_encoding(accept_encoding: str) -> str | None:
    """Return which of `ENCODINGS` an Accept-Encoding header allows, the best first."""
    allowed = set()
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            allowed.add(name.strip())
    return next((encoding for encoding in ENCODINGS if encoding in allowed), None)
