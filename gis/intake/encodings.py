"""Which encoding a text file has: certain where its bytes prove it, else a guess that says so."""

import codecs
import io
import re
from dataclasses import dataclass
from pathlib import Path

from gis.intake.errors import UnreadableFileError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; that of UTF-32-LE begins with that of UTF-16-LE, so it stands before it."""

SAMPLE_BYTES = 65_536
PIECE_BYTES = 1 << 20
MAX_BROKEN_SHARE = 0.1
"""Of the characters past ASCII, how many may be broken before the encoding is not believed."""

_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_WESTERN = re.compile("[A-Za-zÀ-ÖØ-öø-ýœŒŠšŽž«»¿¡ºª°·’‘“”„–—…€£§²³½µ´×®©\xa0]")
_WRITTEN_HERE = re.compile(
    "[\u00a0-\u017f\u0386-\u03ce\u0401\u0410-\u044f\u0451\u05d0-\u05ea\u0600-\u06ff]"
)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes of a text and how to read them; what is broken becomes a lone surrogate."""

    content: bytes
    encoding: str
    errors: str = "surrogateescape"
    guessed: bool = False
    remarks: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the whole text."""
        return self.content.decode(self.encoding, errors=self.errors)

    def lines(self) -> io.TextIOWrapper:
        """Return its lines one by one, line ends as they stand."""
        stream = io.BytesIO(self.content)
        return io.TextIOWrapper(stream, encoding=self.encoding, errors=self.errors, newline="")


def recognise(content: bytes, *, path: Path, encoding: str | None = None) -> Encoded:
    """Return how to read the text of a file.

    A mark at the beginning decides; then zero bytes (UTF-16 without a mark), valid UTF-8,
    GB 18030 where the bytes look Chinese, and last Windows-1252, always told as a guess. A file
    that is nearly all UTF-8 or GB 18030 keeps its broken bytes as surrogates, so that they cost
    the field they stand in and not the file.

    Raises
    ------
    UnreadableFileError
        If it is no text, or not in the `encoding` asked for.
    """
    if encoding is not None:
        encoded: Encoded | None = _as_asked(content, encoding, path)
    else:
        encoded = _by_marks(content) or _by_bytes(content)
    if encoded is not None:
        return _checked(encoded, path)
    raise UnreadableFileError(
        path, reason="its text is neither UTF-8 nor GB 18030; save it as UTF-8"
    )


def _by_marks(content: bytes) -> Encoded | None:
    for mark, name in MARKS:
        if content.startswith(mark):
            return Encoded(content[len(mark) :], name, _errors(name))
    wide = _wide_without_mark(content)
    return None if wide is None else Encoded(content, wide, _errors(wide), guessed=True)


def _by_bytes(content: bytes) -> Encoded | None:
    chinese = _looks_chinese(content)
    if _is_valid(content, "utf-8"):
        by_chance = chinese and _is_unlikely_utf8(content) and _is_valid(content, "gb18030")
        return Encoded(content, "gb18030" if by_chance else "utf-8", guessed=by_chance)
    if chinese and _is_valid(content, "gb18030"):
        return Encoded(content, "gb18030", guessed=True)
    for name in ("utf-8", "gb18030"):
        torn = Encoded(content, name, guessed=True)
        if (name == "utf-8" or chinese) and _hardly_broken(torn.text()):
            return torn
    western = Encoded(content, "cp1252", guessed=True, remarks=(WESTERN_REMARK,))
    letters = {char for char in western.text() if char > "\x7f"}
    return western if all(_WESTERN.match(char) for char in letters) else None


WESTERN_REMARK = (
    "The encoding is not told by the file. It was read as Windows-1252 (Latin-1): check the "
    "accents, or save it as UTF-8."
)


def _as_asked(content: bytes, encoding: str, path: Path) -> Encoded:
    try:
        content[:0].decode(encoding)
        valid = _is_valid(content, encoding)
    except LookupError:
        raise UnreadableFileError(path, reason=f"“{encoding}” is no encoding") from None
    if not valid:
        raise UnreadableFileError(path, reason=f"its text is not in {encoding}")
    mark = next((m for m, name in MARKS if content.startswith(m) and name in encoding), b"")
    return Encoded(content[len(mark) :], encoding)


def _errors(encoding: str) -> str:
    # Surrogates are 16 bits wide: those that stand alone in UTF-16 cannot be escaped bytes.
    return "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def _is_valid(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), PIECE_BYTES):
            decoder.decode(content[start : start + PIECE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _checked(encoded: Encoded, path: Path) -> Encoded:
    head = encoded.content[:SAMPLE_BYTES]
    sample = head.decode(encoded.encoding, errors="ignore")
    if len(_NOT_TEXT.findall(sample)) > len(sample) // 50:
        raise UnreadableFileError(path, reason="it is no text but binary data")
    return encoded


def _wide_without_mark(content: bytes) -> str | None:
    """Return UTF-16's byte order where every other byte of ASCII text is zero."""
    sample = content[:SAMPLE_BYTES]
    if len(sample) < 4 or len(content) % 2:
        return None
    half = len(sample) // 2
    zeros_first = sample[0 : 2 * half : 2].count(0) / half
    zeros_second = sample[1 : 2 * half : 2].count(0) / half
    if zeros_second > 0.2 and zeros_first < 0.02:
        return "utf-16-le"
    if zeros_first > 0.2 and zeros_second < 0.02:
        return "utf-16-be"
    return None


def _looks_chinese(content: bytes) -> bool:
    """Return whether bytes past ASCII stand in pairs, as in GB 18030, and not alone, as accents."""
    runs = _HIGH_RUN.findall(content[: SAMPLE_BYTES * 16])
    if not runs:
        return False
    high = sum(len(run) for run in runs)
    alone = sum(1 for run in runs if len(run) == 1)
    return alone <= 0.2 * high


def _is_unlikely_utf8(content: bytes) -> bool:
    """Return whether text valid in UTF-8 is few Chinese characters of GB 18030 by chance.

    Their two bytes then make letters of scripts that nobody here writes: 一 becomes U+04BB.
    """
    if len(content) > SAMPLE_BYTES or max(content) >= 0xE0:
        return False
    letters = [char for char in content.decode("utf-8") if char > "\x7f"]
    return not any(_WRITTEN_HERE.match(char) for char in letters)


def _hardly_broken(text: str) -> bool:
    if text.isascii():
        return True
    broken = sum(1 for char in text if "\ud800" <= char <= "\udfff")
    past_ascii = sum(1 for char in text if char > "\x7f") - broken
    return broken <= MAX_BROKEN_SHARE * past_ascii
