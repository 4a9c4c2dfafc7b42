"""Rows of a file become inspections; a row that cannot be one costs itself only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from gis.datum import Datum
from gis.intake.model import Intake
from gis.intake.take import refuse
from surveillance.inspections.model import Composed, Inspected, Kind
from surveillance.intake.places import Areas

Cells = Mapping[str, Any]

ELSEWHERE = "the point lies in no area of this city"
FUTURE = "the day comes after the file was taken in"
NOTHING = (
    "the row has neither an outcome, nor inspected premises or containers with how many of them "
    "were positive"
)
MORE_THAN_ALL = "more are positive than were inspected"
BOTH = "the row has an outcome and counts of premises; give them as two rows"
REPEATED = "the same inspection stands in row {row}"


def compose(intake: Intake, *, areas: Areas, datum: Datum, last_day: date) -> Composed:
    """Return the inspections of a file. last_day : none may come after it."""
    reasons: dict[int, str] = {}
    first_row: dict[str, int] = {}
    made: list[Inspected] = []
    codes = areas.at(intake.lon, intake.lat)
    for row, cells in enumerate(intake.table.to_dict("records")):
        point = float(intake.lon[row]), float(intake.lat[row])
        named = {str(name): cell for name, cell in cells.items()}
        try:
            one = _row(named, point, codes[row], datum=datum, last_day=last_day)
        except _RefusedRowError as error:
            reasons[row] = str(error)
            continue
        before = first_row.setdefault(one.source_ref, row)
        if before != row:
            reasons[row] = REPEATED.format(row=intake.row_number[before])
            continue
        made.append(one)
    return Composed(inspections=tuple(made), intake=refuse(intake, reasons))


class _RefusedRowError(ValueError):
    """Why a row cannot be an inspection."""


def _row(
    cells: Cells, point: tuple[float, float], area: Any, *, datum: Datum, last_day: date
) -> Inspected:  # fmt: skip
    day: date = pd.Timestamp(cells["inspected_on"]).date()
    if area is None:
        raise _RefusedRowError(ELSEWHERE)
    if day > last_day:
        raise _RefusedRowError(FUTURE)
    outcome = cells["outcome"] if isinstance(cells["outcome"], str) else None
    premises, containers = _whole(cells["premises"]), _whole(cells["containers"])
    bad_premises = _whole(cells["premises_positive"])
    bad_containers = _whole(cells["containers_positive"])
    for part, whole in ((bad_premises, premises), (bad_containers, containers)):
        if part is not None and whole is not None and part > whole:
            raise _RefusedRowError(MORE_THAN_ALL)
    if bad_premises is not None and premises is None:
        raise _RefusedRowError(NOTHING)
    counted = bool(premises) and (bad_premises is not None or bad_containers is not None)
    counted = counted or (bool(containers) and bad_containers is not None)
    if not counted and outcome is None:
        raise _RefusedRowError(NOTHING)
    if counted and outcome is not None:
        raise _RefusedRowError(BOTH)
    kind = Kind.MOSQUITO if counted else Kind.OUTCOME
    given = cells["source_ref"]
    lon, lat = round(point[0], 7), round(point[1], 7)
    return Inspected(
        kind=kind, inspected_on=day, lon=lon, lat=lat, declared_datum=datum, area_code=str(area),
        premises=premises, premises_positive=bad_premises, containers=containers,
        containers_positive=bad_containers, outcome=outcome,
        source_ref=given.strip() if isinstance(given, str) and given.strip()
        else f"{day} {kind} {lon:.6f},{lat:.6f}",
    )  # fmt: skip


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | np.integer) else None
