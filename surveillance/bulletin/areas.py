"""The areas that a bulletin tells apart: districts, or what a right within one is for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from surveillance.bulletin.repository import AreaNode

LEVEL = "district"


@dataclass(frozen=True, slots=True)
class ToldAreas:
    """Areas told apart by code, and which of them each code lies in."""

    nodes: tuple[AreaNode, ...]
    of_code: Mapping[str, str]


def told_areas(nodes: Sequence[AreaNode], reach: Collection[str] | None) -> ToldAreas:
    """Return the areas that are told apart for a right that is for `reach`; None: for everything.

    Districts within it; of a right within a district the areas that it is for, the highest of them.
    """
    inside = [one for one in nodes if reach is None or not set(one.path).isdisjoint(reach)]
    chosen = {one.code for one in inside if one.level == LEVEL}
    above = {code for one in inside if one.level == LEVEL for code in one.path}
    for one in inside:
        # Finer than any chosen district and named by the right itself, but for what lies within.
        if (
            reach is not None and one.code in reach and one.code not in above
            and chosen.isdisjoint(one.path) and set(one.path[:-1]).isdisjoint(reach)
        ):  # fmt: skip
            chosen.add(one.code)
    of_code = {
        one.code: code for one in nodes for code in reversed(one.path) if code in chosen
    }  # fmt: skip
    return ToldAreas(tuple(one for one in nodes if one.code in chosen), of_code)


def residents_of(nodes: Sequence[AreaNode], code: str) -> int | None:
    """Return who lives in an area: as counted, else its parts together; None if one is unknown."""
    own = next((one for one in nodes if one.code == code), None)
    if own is not None and own.residents is not None:
        return own.residents
    parts = [one.code for one in nodes if len(one.path) > 1 and one.path[-2] == code]
    known = [residents_of(nodes, part) for part in parts]
    counted = [one for one in known if one is not None]
    return sum(counted) if counted and len(counted) == len(known) else None
