"""Pages whose words stand in the HTML itself: read before a script runs, or without one.

The texts are those of the page's own `words.js` and of `words/common.js`, so that each is written
once; the styles stand in the page too, so that the first words need one answer of the server.
"""

import re
from functools import cache
from html import escape

from dispatch.aeds.emergency_numbers import EmergencyNumbers
from maps.assets import STATIC_FOLDER
from maps.files import TREE

TAGS = {"zh": "zh-CN", "en": "en", "es": "es"}
"""Language of a page for anybody → as HTML names it."""

_QUOTED = r"'(?:[^'\\]|\\.)*'"
_ENTRY = re.compile(rf"^ *'([^']+)': \{{ ((?:\w+: {_QUOTED}(?:, )?)+) \}},$", re.MULTILINE)
_TEXT = re.compile(rf"(\w+): ({_QUOTED})")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_MARKED = re.compile(r'(data-i18n="([^"]+)"[^>]*>)(?=</)')
_LABELLED = re.compile(r'data-i18n-label="([^"]+)"')
_DARK = re.compile(r'\[data-theme="dark"\] (\{[^}]*\})')


def wanted_language(asked: str | None, accept_language: str) -> str:
    """Return the language of a page: the one asked for by name, else the best one accepted."""
    if asked in TAGS:
        return asked
    wanted = []
    for place, part in enumerate(accept_language.lower().split(",")):
        tag, _, weight = part.strip().partition(";")
        match = re.fullmatch(r"\s*q=([01](?:\.\d{1,3})?)\s*", weight)
        quality = float(match[1]) if match else 1.0
        if quality > 0 and tag[:2] in TAGS:
            wanted.append((-quality, place, tag[:2]))
    return min(wanted)[2] if wanted else "en"


def style_element(names: tuple[str, ...]) -> str:
    """Return the style sheets as one element; dark follows the system until a script has run."""
    text = "\n".join((STATIC_FOLDER / "css" / name).read_text(encoding="utf-8") for name in names)
    dark = " ".join(f":root:not([data-theme]) {block}" for block in _DARK.findall(text))
    return f"<style>{text}\n@media (prefers-color-scheme: dark) {{ {dark} }}</style>"


def spoken(html: str, script: str, language: str, numbers: EmergencyNumbers) -> str:
    """Return the HTML with the text of every marked element in it.

    script : the page's first module, below static/js; its `words.js` stands beside it
    """
    words = _words(script.rpartition("/")[0], TREE.number())

    def text(key: str) -> str:
        return escape(words[key][language])

    html = _MARKED.sub(lambda found: found[1] + text(found[2]), html)
    html = _LABELLED.sub(lambda found: f'{found[0]} aria-label="{text(found[1])}"', html)
    return (
        html.replace('<html lang="zh">', f'<html lang="{TAGS[language]}">')
        .replace("<!-- numbers -->", _numbers(language, numbers))
    )  # fmt: skip


def _numbers(language: str, numbers: EmergencyNumbers) -> str:
    return "".join(
        f'<li>{escape(row.name_in(language))} <a href="tel:{row.number}">{row.number}</a></li>'
        for row in numbers.said()
    )


@cache
def _words(folder: str, number: str) -> dict[str, dict[str, str]]:  # noqa: ARG001 (the number of the tree it holds for)
    found = {}
    for path in (f"{folder}/words.js", "words/common.js"):
        text = (STATIC_FOLDER / "js" / path).read_text(encoding="utf-8")
        for key, texts in _ENTRY.findall(text):
            found[key] = {name: _unquoted(value) for name, value in _TEXT.findall(texts)}
    return found


def _unquoted(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) > 1 else found[1], text[1:-1]
    )
