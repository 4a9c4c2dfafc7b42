"""Text that the gazetteer is searched in: folded names, and Chinese names also in pinyin."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

from gis.text_fold import fold

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


def has_han(text: str) -> bool:
    """Say whether `text` holds at least one Chinese character."""
    return _HAN.search(text) is not None


def is_chinese(text: str) -> bool:
    """Say whether `text` is Chinese: Han characters and neither kana nor hangul."""
    return has_han(text) and not any(
        "\u3040" <= c <= "\u30ff" or "\uac00" <= c <= "\ud7af" for c in text
    )


@lru_cache(maxsize=65_536)
def pinyin(text: str) -> tuple[str, str]:
    """Return the toneless pinyin of the Chinese parts of `text`: joined, and spaced."""
    syllables = [s for part in _HAN.findall(text) for s in lazy_pinyin(part)]
    folded = [fold(s) for s in syllables]
    return "".join(folded), " ".join(folded)


@lru_cache(maxsize=65_536)
def _forms(name: str) -> tuple[str, ...]:
    forms = (fold(name), *pinyin(name)) if has_han(name) else (fold(name),)
    return tuple(form for form in forms if form)


def search_text(*names: str | None) -> str:
    """Join the searchable forms of `names`, each form once.

    Each name gives its folded form (`gis.text_fold.fold`); a Chinese one also its pinyin without
    tones, joined and spaced: 深南大道 → `深南大道 shennandadao shen nan da dao`.
    """
    forms = dict.fromkeys(form for name in names if name for form in _forms(name))
    return " ".join(forms)
