"""Turn the fields of a register into the columns of our tables, or say why a row cannot be."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.osm.facilities import COMMUNITY_NAME
from data.registers.cells import squares_around
from data.search_text import has_han
from gis.facilities.kinds import KINDS
from gis.intake.model import GeometryArray, Intake
from gis.text_fold import fold

FACILITY_KIND_WORDS = {
    "krankenhaus": "hospital", "综合医院": "hospital", "专科医院": "hospital", "中医院": "hospital",
    "妇幼保健院": "maternity_hospital", "妇产科医院": "maternity_hospital",
    "精神专科医院": "psychiatric_hospital", "精神卫生中心": "psychiatric_hospital",
    "门诊部": "clinic", "doctors": "clinic", "clinica": "clinic", "consultorio": "clinic",
    "cesfam": "community_health_centre", "community health center": "community_health_centre",
    "社康": "community_health_centre", "社康中心": "community_health_centre",
    "社区卫生服务中心": "community_health_centre", "社区卫生服务站": "community_health_centre",
    "中心血站": "blood_bank", "blood donation": "blood_bank", "血透中心": "dialysis_centre",
    "dialysis center": "dialysis_centre", "疾控中心": "disease_control_centre",
    "cdc": "disease_control_centre",
} | {
    fold(written): name
    for name, kind in KINDS.items()
    for written in (name, kind.words.en, kind.words.zh)
}  # fmt: skip
"""Folded word → kind of facility: its code, its words, and what else registers write."""

HOSPITAL_NAME = re.compile(r"医院|hospital|krankenhaus|\bklinikum\b", re.IGNORECASE)
CLINIC_NAME = re.compile(r"诊所|门诊|clinic\b|\bclínica\b", re.IGNORECASE)

DEFAULT_CELL_M = 100.0

Columns = dict[str, list[Any]]
"""Column of the table → values of the accepted rows, None where missing."""

Composed = tuple[Columns, dict[int, str]]
"""The columns, and position → why a row cannot be stored after all."""


def aeds(intake: Intake) -> Composed:
    """Return the columns of AEDs."""
    table = intake.table
    called = _names(table)
    places = [
        ", ".join(part for part in parts if part)
        for parts in zip(table["location"], table["address"], strict=True)
    ]
    places_zh = table["location_zh"].tolist()
    both = list(zip(places, places_zh, strict=True))
    columns = {
        "name": called["name"],
        "name_zh": called["name_zh"],
        "location": [place or place_zh for place, place_zh in both],
        "location_zh": [zh or (place if has_han(place) else None) for place, zh in both],
        "access": [known or "unknown" for known in table["access"]],
        "opening_hours": table["opening_hours"].tolist(),
        "indoor": _or_none(table["indoor"]),
        "floor": table["floor"].tolist(),
        "entrance": table["entrance"].tolist(),
        "phone": table["phone"].tolist(),
        "last_checked_at": [
            None if moment is None else moment.to_pydatetime()
            for moment in _or_none(table["last_checked_at"])
        ],
    }
    return columns, {}


def facilities(intake: Intake) -> Composed:
    """Return the columns of facilities."""
    table = intake.table
    called = _names(table)
    reasons = _nameless(called)
    kinds = []
    for row, (written, name) in enumerate(zip(table["kind"], called["name"], strict=True)):
        kinds.append(facility_kind(written, name or ""))
        if kinds[-1] is None and row not in reasons:
            reasons[row] = (
                f"the kind “{(written or '')[:40]}” is not known; known are {', '.join(KINDS)}"
            )
    can = [known or [] for known in table["capabilities"]]
    emergency = _or_none(table["has_emergency_department"])
    tags = {"opening_hours": "opening_hours", "addr:full": "address", "grade": "grade"}
    rows = zip(*(table[column] for column in tags.values()), strict=True)
    columns = called | {
        "kind": kinds,
        "has_emergency_department": [
            True if any(name == "emergency_department" for name, _ in known) else says
            for says, known in zip(emergency, can, strict=True)
        ],
        "bed_count": _or_none(table["bed_count"]),
        "phone": table["phone"].tolist(),
        "tags": [
            {tag: value for tag, value in zip(tags, row, strict=True) if value is not None}
            for row in rows
        ],
        "capabilities": can,
        "same_as": table["same_as"].tolist(),
    }
    return columns, reasons


def stations(intake: Intake) -> Composed:
    """Return the columns of stations; their kind is `ambulance` where none is given."""
    table = intake.table
    called = _names(table)
    ours = {"ambulance_station", "急救站", "120急救站"}
    kinds = [kind or "ambulance" for kind in table["kind"]]
    columns = called | {
        "kind": ["ambulance" if kind.casefold() in ours else kind for kind in kinds],
        "unit_count_planned": _or_none(table["unit_count_planned"]),
    }
    return columns, _nameless(called)


def population(intake: Intake) -> Composed:
    """Return the columns of population cells."""
    table = intake.table
    people = table["population"]
    bands = intake.families["age_bands"]
    negative = (people < 0).to_numpy() | (bands < 0).any(axis=1).to_numpy(dtype=bool)
    several = _part_count(intake.geometry) > 1
    reasons = dict.fromkeys(
        np.flatnonzero(several).tolist(), "the cell has several parts; give one row for each"
    )
    reasons |= dict.fromkeys(np.flatnonzero(negative).tolist(), "a population is negative")
    counted = [
        {band: count for band, count in zip(bands.columns, row, strict=True) if count == count}  # noqa: PLR0124
        for row in bands.to_numpy(dtype=np.float64).tolist()
    ]
    columns: Columns = {
        "population": people.tolist(),
        "age_bands": counted,
        "counted_on": [
            None if day is None else day.date() for day in _or_none(table["counted_on"])
        ],
        "time_of_day": [part or "all" for part in table["time_of_day"]],
    }
    return columns, reasons


def population_cells(intake: Intake) -> GeometryArray:
    """Return points as squares of the cell's size, and areas of one part as that part."""
    cells = np.array(intake.geometry)
    size_m = intake.table["cell_size_m"].fillna(DEFAULT_CELL_M).to_numpy(dtype=np.float64)
    points = shapely.get_type_id(cells) == 0
    cells[points] = squares_around(intake.lon[points], intake.lat[points], size_m=size_m[points])
    multiple = shapely.get_type_id(cells) == 6
    cells[multiple] = shapely.get_geometry(cells[multiple], 0)
    return cells


def facility_kind(written: str | None, name: str) -> str | None:
    """Return the kind a facility is told to be, else the one its name shows; None for neither."""
    if written is not None and (kind := FACILITY_KIND_WORDS.get(fold(written))):
        return kind
    for pattern, kind in (
        (COMMUNITY_NAME, "community_health_centre"),
        (HOSPITAL_NAME, "hospital"),
        (CLINIC_NAME, "clinic"),
    ):
        if pattern.search(name):
            return kind
    return None


def _part_count(geometry: GeometryArray) -> Any:
    return np.where(shapely.get_type_id(geometry) == 6, shapely.get_num_geometries(geometry), 1)


def _names(table: pd.DataFrame) -> Columns:
    """Return name, name_zh and name_en; a Chinese main name is the Chinese name too."""
    named = list(zip(table["name"], table["name_zh"], table["name_en"], strict=True))
    names = [name or zh or en for name, zh, en in named]
    return {
        "name": names,
        "name_zh": [
            zh or (name if name is not None and has_han(name) else None)
            for name, (_, zh, _) in zip(names, named, strict=True)
        ],
        "name_en": [en for _, _, en in named],
    }


def _nameless(called: Columns) -> dict[int, str]:
    return {row: "the name is missing" for row, name in enumerate(called["name"]) if name is None}


def _or_none(column: "pd.Series[Any]") -> list[Any]:
    return [
        None if missing else value for value, missing in zip(column, column.isna(), strict=True)
    ]


COMPOSERS: Mapping[str, Callable[[Intake], Composed]] = {
    "aeds": aeds,
    "facilities": facilities,
    "stations": stations,
    "population": population,
}
"""Kind of register → what makes its columns."""
