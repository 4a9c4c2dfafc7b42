"""The syndromes, read once from their data file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from gis.words import Words
from surveillance.syndromic.errors import SyndromesRefusedError
from surveillance.syndromic.model import Syndrome

SYNDROMES_FILE = Path(__file__).with_name("syndromes.yaml")


class Syndromes:
    """Syndromes by code, found by complaint."""

    def __init__(self, version: str, syndromes: Mapping[str, Syndrome]) -> None:
        self.version = version
        self.by_code = MappingProxyType(dict(syndromes))
        found: dict[str, list[str]] = {}
        for one in syndromes.values():
            for complaint in one.complaints:
                found.setdefault(complaint, []).append(one.code)
        self._by_complaint = {key: tuple(sorted(codes)) for key, codes in found.items()}

    def of(self, complaint_code: str) -> tuple[str, ...]:
        """Return the codes of all syndromes that a complaint stands in."""
        return self._by_complaint.get(complaint_code, ())


@cache
def syndromes() -> Syndromes:
    """Return the syndromes of the file that comes with GoldenHour.

    Raises
    ------
    SyndromesRefusedError
    """
    return parse(yaml.safe_load(SYNDROMES_FILE.read_text(encoding="utf-8")))


def parse(document: Any) -> Syndromes:
    """Return the syndromes of a document.

    Raises
    ------
    SyndromesRefusedError
        Something is missing, or is not what it should be.
    """
    try:
        version, entries = str(document["version"]), dict(document["syndromes"])
        made = {code: _syndrome(code, entry) for code, entry in entries.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise SyndromesRefusedError(f"it lacks {error}") from error
    if not made:
        raise SyndromesRefusedError("it names no syndrome")
    return Syndromes(version, made)


def _syndrome(code: str, entry: Mapping[str, Any]) -> Syndrome:
    complaints = entry["complaints"]
    if not complaints or not all(isinstance(one, str) and one.isdigit() for one in complaints):
        raise SyndromesRefusedError(f"the complaints of {code} are no list of codes in quotes")
    if len(set(complaints)) != len(complaints):
        raise SyndromesRefusedError(f"{code} names a complaint twice")
    words = entry["words"]
    return Syndrome(
        code=code, words=Words(en=words["en"], zh=words["zh"]), complaints=frozenset(complaints)
    )
