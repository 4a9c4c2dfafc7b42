"""Which cells of a release are told: every area × every group with all totals, decided together.

The areas of all levels and their totals are one table, so that a map that is zoomed out, a chart
and a sentence can say nothing that a map zoomed in had to hide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.disclosure.model import ALL, NO_AREA, Cell, Counted, PublishedCount
from gis.kernels.disclosure import Dimension, suppress, table_of

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AreaNode:
    """One area: its level, and the codes above it and its own, from the outermost."""

    code: str
    level: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The published values along one axis, and which row of the table tells each.

    `rows`: (n_values,); values that sum the same leaves share a row: what is hidden of one is
    hidden of the other.
    """

    keys: tuple[str, ...]
    rows: tuple[int, ...]
    dimension: Dimension


def area_axis(areas: Iterable[AreaNode], leaf_level: str) -> Axis:
    """Return the areas of `leaf_level`, all above them, the unknown place and the whole city."""
    nodes = sorted(areas, key=lambda node: node.code)
    leaves = [node for node in nodes if node.level == leaf_level]
    place = {node.code: index for index, node in enumerate(leaves)}
    members = {NO_AREA: [len(leaves)]}
    members |= {code: [index] for code, index in place.items()}
    for leaf in leaves:
        for above in leaf.path[:-1]:
            members.setdefault(above, []).append(place[leaf.code])
    members[ALL] = list(range(len(leaves) + 1))
    return _axis(members, len(leaves) + 1)


def group_axis(codes: Sequence[str]) -> Axis:
    """Return the groups and all of them together."""
    members = {code: [index] for index, code in enumerate(codes)}
    members[ALL] = list(range(len(codes)))
    return _axis(members, len(codes))


def _axis(members: dict[str, list[int]], leaves: int) -> Axis:
    rows = [np.eye(leaves, dtype=bool)[index] for index in range(leaves)]
    row_of = {row.tobytes(): index for index, row in enumerate(rows)}
    places: list[int] = []
    for its in members.values():
        row = np.zeros(leaves, dtype=bool)
        row[its] = True
        if row.tobytes() not in row_of:
            row_of[row.tobytes()] = len(rows)
            rows.append(row)
        places.append(row_of[row.tobytes()])
    return Axis(tuple(members), tuple(places), Dimension(np.array(rows)))


def leaf_of(areas: Iterable[AreaNode], leaf_level: str) -> dict[str, str]:
    """Return the published area of each area at or below `leaf_level`."""
    nodes = list(areas)
    leaves = {node.code for node in nodes if node.level == leaf_level}
    return {
        node.code: code for node in nodes for code in node.path if code in leaves
    }  # fmt: skip


def decide(
    subject: PublishedCount, areas: Sequence[AreaNode], counted: Sequence[Counted]
) -> list[Cell]:
    """Return every cell of a release, those hidden that could point at a person.

    Whoever is in no area of the published level, or in one above it, counts as of unknown place.
    """
    by_area = area_axis(areas, subject.area_level)
    by_group = group_axis([group.code for group in subject.groups])
    column = dict(zip(by_group.keys, by_group.rows, strict=True))
    row = dict(zip(by_area.keys, by_area.rows, strict=True))
    leaf = leaf_of(areas, subject.area_level)
    shape = (by_area.dimension.members.shape[1], by_group.dimension.members.shape[1])
    counts = np.zeros(shape, dtype=np.int64)
    for one in counted:
        counts[row[leaf.get(one.area_code or NO_AREA, NO_AREA)], column[one.group]] += one.people
    table = table_of(counts, (by_area.dimension, by_group.dimension))
    hidden = suppress(table, smallest_told=subject.k).hidden
    return [
        Cell(area, group, None if hidden[r, c] else int(table.counts[r, c]))
        for area, r in zip(by_area.keys, by_area.rows, strict=True)
        for group, c in zip(by_group.keys, by_group.rows, strict=True)
    ]
