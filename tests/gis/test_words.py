"""Texts in every language: filled and listed alike, and none left out."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import get_args

import pytest

from dispatch.triage.protocol import default_protocol
from gis.words import LANGUAGES, Language, Reason, Words, alike, listed, reason

ROOMS = ("gis", "data", "routing", "dispatch", "surveillance", "planning", "referral")


def modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".migrations" not in module.name:
                yield importlib.import_module(module.name)


def texts_in(value: object) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts_in(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))


def test_a_language_is_a_field() -> None:
    assert set(get_args(Language)) == set(LANGUAGES)
    with pytest.raises(TypeError, match="zh"):
        Words(en="only English")  # type: ignore[call-arg]


def test_no_text_of_the_rooms_is_untranslated() -> None:
    found = [text for module in modules() for text in texts_in(vars(module))]
    found += texts_in(default_protocol())
    assert len(found) > 150
    for text in found:
        if text == alike(""):
            continue  # a number without a unit
        said = [text.in_language(language) for language in LANGUAGES]
        assert all(part.strip() for part in said), text
        assert len({tuple(sorted(re.findall(r"\{\w+\}", part))) for part in said}) == 1, text
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text


def test_braces_are_filled_in_each_language() -> None:
    text = Words(en="{n} in {where}", zh="{where}{n}个")
    assert text.filled(n=3, where=Words(en="town", zh="城里")) == Words(
        en="3 in town", zh="城里3个"
    )


def test_a_list_is_joined_as_each_language_does() -> None:
    parts = [alike("A1"), Words(en="burn unit", zh="烧伤科")]
    assert listed(parts) == Words(en="A1, burn unit", zh="A1、烧伤科")
    assert listed([]) == alike("")


def test_a_reason_is_its_words_and_a_code() -> None:
    assert reason("off_shift", Words(en="Off shift", zh="不在班")) == Reason(
        code="off_shift", en="Off shift", zh="不在班"
    )
