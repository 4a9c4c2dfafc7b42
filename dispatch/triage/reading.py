"""Fields of a protocol's file: each is taken as it should be, or refused with its place."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from dispatch.triage.errors import ProtocolInvalidError
from gis.words import LANGUAGES, Words

_Value = TypeVar("_Value")


def words(raw: Any, where: str) -> Words:
    """Return a text that stands there in every language."""
    fields = mapping(raw, where)
    for language in LANGUAGES:
        text = fields.get(language)
        if not isinstance(text, str) or not text.strip():
            raise ProtocolInvalidError(where, f"the text in `{language}` is missing")
    return Words(**{language: str(fields[language]) for language in LANGUAGES})


def text(raw: Any, where: str) -> str:
    """Return a short text."""
    if not isinstance(raw, str) or not raw.strip() or len(raw) > 200:
        raise ProtocolInvalidError(where, f"a short text in quotes is expected, not “{raw}”")
    return raw


def get(fields: Mapping[str, Any], key: str, where: str) -> Any:
    """Return a field that must be there."""
    if key not in fields:
        raise ProtocolInvalidError(where, f"`{key}` is missing")
    return fields[key]


def only(fields: Mapping[Any, Any], known: Collection[str], where: str) -> None:
    """Refuse a field that nobody reads: it is a slip of the pen."""
    for key in fields:
        if not isinstance(key, str) or key not in known:
            raise ProtocolInvalidError(where, f"“{key}” is none of {', '.join(known)}")


def known(table: Mapping[str, _Value], key: Any, where: str) -> _Value:
    """Return what a key of `table` stands for."""
    if not isinstance(key, str) or key not in table:
        raise ProtocolInvalidError(where, f"“{key}” is not defined")
    return table[key]


def one_of(known: Collection[str], value: Any, where: str) -> str:
    """Return a value that is one of `known`."""
    if not isinstance(value, str) or value not in known:
        raise ProtocolInvalidError(where, f"“{value}” is none of {', '.join(sorted(known))}")
    return value


def mapping(raw: Any, where: str) -> Mapping[str, Any]:
    """Return a mapping."""
    if not isinstance(raw, dict):
        raise ProtocolInvalidError(where, "a mapping is expected here")
    return raw


def sequence(raw: Any, where: str) -> Iterator[Any]:
    """Return the members of a list."""
    if not isinstance(raw, list):
        raise ProtocolInvalidError(where, "a list is expected here")
    return iter(raw)
