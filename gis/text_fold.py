"""Fold text so that two spellings of one name compare equal. Shared by gazetteer and search."""

import unicodedata

_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŋ": "n",
        "'": None, "’": None, "‘": None, "`": None, "´": None, "ʼ": None, "·": " ",
    }
)  # fmt: skip


def _is_latin_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def fold(text: str) -> str:
    """Return `text` lower-cased, NFKC, without Latin accents and punctuation.

    Full-width letters and digits become narrow, `ñ` becomes `n`, `ß` `ss`, apostrophes vanish,
    every other sign becomes one space. Chinese, kana and hangul stay as they are.
    """
    narrow = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFD", narrow) if not _is_latin_accent(c))
    whole = unicodedata.normalize("NFC", bare)
    # Combining marks (category M) that are not Latin accents belong to Thai, Hindi and the like.
    spaced = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in whole)
    return " ".join("".join(spaced).split())
