"""Fold text so that two spellings of one name compare equal. Shared by gazetteer and search."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŋ": "n",
        "'": None, "’": None, "‘": None, "`": None, "´": None, "ʼ": None, "·": " ",
    }
)  # fmt: skip


_PLAIN = re.compile("[0-9a-z\u4e00-\u9fa5]*")
"""Letters, digits and unified ideographs that stay as they are."""
_ASCII_AND_IDEOGRAPHS = re.compile("[\x00-\x7f\u4e00-\u9fa5]*")
_ASCII = {
    code: None if chr(code) in "'`" else chr(code).lower() if chr(code).isalnum() else " "
    for code in range(128)
}


def fold(text: str) -> str:
    """Return `text` lower-cased, NFKC, without Latin accents and punctuation.

    Full-width letters and digits become narrow, `ñ` becomes `n`, `ß` `ss`, apostrophes vanish,
    every other sign becomes one space. Chinese, kana and hangul stay as they are.
    """
    # Most names and codes of a register need no table of Unicode.
    if _PLAIN.fullmatch(text):
        return text
    if _ASCII_AND_IDEOGRAPHS.fullmatch(text):
        return " ".join(text.translate(_ASCII).split())
    return fold_any(text)


def fold_any(text: str) -> str:
    """Return what `fold` does, by the tables of Unicode alone: its plain reference."""
    narrow = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFD", narrow) if not _is_latin_accent(c))
    whole = unicodedata.normalize("NFC", bare)
    # Combining marks (category M) that are not Latin accents belong to Thai, Hindi and the like.
    spaced = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in whole)
    return " ".join("".join(spaced).split())


def _is_latin_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"
