"""How the columns of a source are read: a YAML file, remembered with the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from gis.datum import Datum, parse_datum
from gis.intake.columns import CONSTANT_MARK
from gis.intake.model import Schema
from gis.intake.moments import TimeOptions
from gis.intake.read import ReadingOptions
from gis.text_fold import fold
from surveillance.counting.frame import RHYTHM_DAYS, Rhythm
from surveillance.diseases.table import DiseaseTable
from surveillance.intake.errors import MappingRefusedError
from surveillance.intake.schemas import COUNTS, LINE_LIST
from surveillance.series.weeks import SYSTEMS

SourceKind = Literal["line_list", "counts"]
SCHEMAS: Mapping[str, Schema] = {"line_list": LINE_LIST, "counts": COUNTS}
REPORT_CARD_FILE = Path(__file__).with_name("report_card.yaml")
CARD_COLUMNS = ("卡片ID", "病例分类", "病例分类2", "审核状态", "报告卡录入时间")
"""What tells an export of report cards: most of these stand in its header."""
CARD_COLUMNS_NEEDED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Who of a source is to report, how often, since when: missing reports are then said.

    areas: codes, or a level of areas (`district`); None: one report for the whole city.
    """

    rhythm: Rhythm
    since: date
    areas: tuple[str, ...] | str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is said, as it is stored."""
        areas = list(self.areas) if isinstance(self.areas, tuple) else self.areas
        told = {"rhythm": self.rhythm, "since": self.since.isoformat(), "areas": areas}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMapping:
    """How a file of a source is read. What is left out is found out, and told.

    columns : field → column of the file, or `=value` for all rows (`=` alone: nothing)
    diseases : word of the source → code of the table of diseases
    time_zone : IANA name; None is the city's own
    week_system : of tables of counts by week
    frame : who is to report, where that is said
    """

    kind: SourceKind = "line_list"
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    diseases: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    time_zone: str | None = None
    day_first: bool | None = None
    datum: Datum | None = None
    week_system: str = "iso"
    date_basis: str = "onset"
    place_basis: str = "residence"
    frame: Frame | None = None

    def reading(self) -> ReadingOptions:
        """Return how the file itself is read."""
        return ReadingOptions(self.encoding, self.delimiter, self.sheet)

    def time(self, city_zone: str) -> TimeOptions:
        """Return how times are read."""
        return TimeOptions(self.time_zone or city_zone, self.day_first)

    def as_json(self) -> dict[str, Any]:
        """Return what is said, as it is stored."""
        told = {
            "name": self.name, "kind": self.kind, "columns": dict(self.columns),
            "diseases": dict(self.diseases), "encoding": self.encoding,
            "delimiter": self.delimiter, "sheet": self.sheet, "time_zone": self.time_zone,
            "day_first": self.day_first, "datum": self.datum and self.datum.value,
            "week_system": self.week_system, "date_basis": self.date_basis,
            "place_basis": self.place_basis, "frame": self.frame and self.frame.as_json(),
        }  # fmt: skip
        return {name: value for name, value in told.items() if value not in (None, "", {})}

    def as_yaml(self) -> str:
        """Return what is said, as a file."""
        return yaml.safe_dump(self.as_json(), allow_unicode=True, sort_keys=False)


_TEXTS = ("name", "encoding", "delimiter", "sheet", "time_zone")
_CHOICES: Mapping[str, Sequence[str]] = {
    "kind": tuple(SCHEMAS), "week_system": tuple(SYSTEMS),
    "date_basis": ("onset", "diagnosis", "entry", "review"),
    "place_basis": ("residence", "reporting", "exposure"),
}  # fmt: skip


def parse_mapping(content: str, table: DiseaseTable) -> SourceMapping:
    """Return the mapping of a YAML file.

    Raises
    ------
    MappingRefusedError
        It is no YAML, or says something that no mapping has.
    """
    try:
        told = yaml.safe_load(content)
    except yaml.YAMLError as problem:
        raise MappingRefusedError(f"it is no YAML ({problem})") from None
    if not isinstance(told, dict):
        raise MappingRefusedError("it has no names with values")
    return mapping_of(told, table)


def mapping_of(told: Mapping[str, Any], table: DiseaseTable) -> SourceMapping:
    """Return the mapping that is said, each part checked.

    Raises
    ------
    MappingRefusedError
    """
    known = {*_TEXTS, *_CHOICES, "columns", "diseases", "day_first", "datum", "frame"}
    if unknown := [str(name) for name in told if name not in known]:
        raise MappingRefusedError(f"“{unknown[0]}” is no part of one ({', '.join(sorted(known))})")
    given: dict[str, Any] = {}
    for name in _TEXTS:
        if told.get(name) is not None:
            given[name] = str(told[name])
    for name, choices in _CHOICES.items():
        if told.get(name) is not None:
            if told[name] not in choices:
                raise MappingRefusedError(f"{name} is one of {', '.join(choices)}")
            given[name] = told[name]
    if told.get("day_first") is not None:
        if not isinstance(told["day_first"], bool):
            raise MappingRefusedError("day_first is true or false")
        given["day_first"] = told["day_first"]
    if told.get("datum") is not None:
        given["datum"] = parse_datum(str(told["datum"]))
    if told.get("frame") is not None:
        given["frame"] = _frame(told["frame"])
    given["columns"] = _columns(told.get("columns") or {}, str(given.get("kind", "line_list")))
    given["diseases"] = _diseases(told.get("diseases") or {}, table)
    return SourceMapping(**given)


def _frame(told: Any) -> Frame:
    try:
        since, areas = told["since"], told.get("areas")
        return Frame(
            rhythm=next(one for one in RHYTHM_DAYS if one == told["rhythm"]),
            since=since if isinstance(since, date) else date.fromisoformat(str(since)),
            areas=tuple(str(one) for one in areas) if isinstance(areas, list)
            else None if areas is None else str(areas),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        raise MappingRefusedError(
            "frame has a rhythm (day, week or month), since (a day) and perhaps areas: codes, or"
            " a level such as district"
        ) from None


def _columns(told: Any, kind: str) -> dict[str, str]:
    if not isinstance(told, dict):
        raise MappingRefusedError("columns has fields with the names of columns")
    fields = [one.name for one in SCHEMAS[kind].fields]
    for name in told:
        if name not in fields:
            raise MappingRefusedError(f"“{name}” is no field; those are {', '.join(fields)}")
    return {str(name): "=" if column is None else str(column) for name, column in told.items()}


def _diseases(told: Any, table: DiseaseTable) -> dict[str, str]:
    if not isinstance(told, dict):
        raise MappingRefusedError("diseases has words with codes of the table of diseases")
    for word, code in told.items():
        if code not in table.diseases:
            raise MappingRefusedError(f"“{code}”, for {word}, is no code of the table of diseases")
    return {str(word): str(code) for word, code in told.items()}


@cache
def report_card() -> SourceMapping:
    """Return the built-in mapping of the national report card's export."""
    told = yaml.safe_load(REPORT_CARD_FILE.read_text(encoding="utf-8"))
    return SourceMapping(
        kind="line_list", name=told["name"], time_zone=told["time_zone"], columns=told["columns"]
    )


def is_report_card(columns: Sequence[str]) -> bool:
    """Return whether a header is that of report cards."""
    there = {fold(column) for column in columns}
    return sum(fold(name) in there for name in CARD_COLUMNS) >= CARD_COLUMNS_NEEDED


def columns_for(mapping: SourceMapping, columns: Sequence[str]) -> dict[str, str]:
    """Return field → column for a file that has `columns`.

    What the mapping names and this file lacks is left to be guessed only if another file of the
    same source may well lack it: the built-in mapping, whose exports differ.
    """
    if mapping.name == report_card().name:
        there = {fold(column): column for column in columns}
        return {
            name: column if column.startswith(CONSTANT_MARK) else there[fold(column)]
            for name, column in mapping.columns.items()
            if column.startswith(CONSTANT_MARK) or fold(column) in there
        }
    return dict(mapping.columns)
