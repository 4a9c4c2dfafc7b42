"""Texts in every language of the house.

A language is a field of `Words`: with another one the type checker names every text that lacks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text in every language; names in braces are to be filled."""

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """Return the text in one language."""
        text: str = getattr(self, language)
        return text

    def as_json(self) -> dict[str, str]:
        """Return language → text, as it is stored."""
        return {language: self.in_language(language) for language in LANGUAGES}

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> "Words":
        """Return stored words; a language they lack, since it came later, says the English."""
        return Words(**{language: stored.get(language, stored["en"]) for language in LANGUAGES})

    def filled(self, **values: "str | int | Words") -> "Words":
        """Return the text with its braces filled: by a value, or by words in the same language."""
        return Words(**{
            language: self.in_language(language).format(**{
                name: value.in_language(language) if isinstance(value, Words) else value
                for name, value in values.items()
            })
            for language in LANGUAGES
        })  # fmt: skip


LANGUAGES: tuple[Language, ...] = tuple(field.name for field in fields(Words))  # type: ignore[misc]
"""In the order of the fields."""

_COMMA = Words(en=", ", zh="、")


def alike(text: str) -> Words:
    """Return a text that is the same in every language, such as a name or a number."""
    return Words(**dict.fromkeys(LANGUAGES, text))


def listed(parts: Sequence[Words]) -> Words:
    """Return several texts as a list in each language."""
    return Words(**{
        language: _COMMA.in_language(language).join(part.in_language(language) for part in parts)
        for language in LANGUAGES
    })  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Words):
    """Why something is ranked, refused or missing: a stable code and its words."""

    code: str


def reason(code: str, words: Words) -> Reason:
    """Return words as the reason of a code."""
    return Reason(code=code, **{language: words.in_language(language) for language in LANGUAGES})
