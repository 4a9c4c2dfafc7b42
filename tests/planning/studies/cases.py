"""A street of cells with stations and sites on it: ways of one minute from one cell to the next."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse

from planning.access.model import Cells, District
from planning.recorded.calibrate import UNCALIBRATED
from planning.studies.model import Material, Points, StudySite


def on_foot(material: Material, *, beyond_s: float = 240.0) -> Material:
    """Return the street with its people on two points a cell, the second 30 s farther."""
    count = len(material.cells.cell)
    owner = np.repeat(np.arange(count), 2)
    seconds = material.travel_s[owner] + np.tile([0.0, 30.0], count)[:, np.newaxis]
    row, column = np.nonzero(seconds <= beyond_s)
    ways = scipy.sparse.csr_array(
        (seconds[row, column].astype(np.float32), (row, column)), shape=seconds.shape
    )
    people = np.where(material.known, material.cells.people, 0.0)[owner] / 2
    return replace(material, points=Points(owner, people, ways, beyond_s))


def street(
    *,
    stations: Sequence[int] = (0,),
    candidates: Sequence[int] = (3, 6, 9),
    people: Sequence[float] = tuple(100.0 for _ in range(10)),
    off_road: Sequence[int] = (),
    units: int = 1,
) -> Material:
    """Return cells in a row, the first half in district A, with sites at some of them."""
    count = len(people)
    places = [*stations, *candidates]
    cells = Cells(
        cell=[f"c{at}" for at in range(count)],
        lonlat=np.column_stack([np.arange(count) * 0.01, np.zeros(count)]),
        people=np.array(people, np.float64),
        modelled=[False] * count,
        district=np.where(np.arange(count) < count // 2, 0, 1).astype(np.int32),
        shapes=[b""] * count,
        source="test",
        counted_on=None,
    )
    sites = tuple(
        StudySite(
            f"station:{nth}" if nth < len(stations) else f"site:{at}", f"at {at}", None, None,
            at * 0.01, 0.0, nth < len(stations), units if nth < len(stations) else 0,
        )
        for nth, at in enumerate(places)
    )  # fmt: skip
    known = np.ones(count, np.bool_)
    known[list(off_road)] = False
    travel = 60.0 * np.abs(np.arange(count)[:, np.newaxis] - np.array(places)[np.newaxis])
    districts = (District("A", "A", "甲", "A"), District("B", "B", "乙", "B"))
    return Material(cells, districts, known, sites, travel.astype(np.float32), (), UNCALIBRATED, ())
