"""Turn restriction relations into rows that name ways and nodes, one row per from-to pair."""

from itertools import product

import pandas as pd

from data.frames import make_table
from data.model import RESTRICTION_COLUMNS
from data.osm_raw import RawRestriction

# From the most to the least specific for a car; restrictions on lorries or bicycles are not ours.
CAR_KEYS = ("restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle",
            "restriction")  # fmt: skip
CAR_MODES = frozenset({"motorcar", "motor_vehicle", "vehicle"})


def build_restrictions(
    restrictions: list[RawRestriction], *, road_way_ids: frozenset[int]
) -> pd.DataFrame:
    """Return the frame of turn restrictions (`RESTRICTION_COLUMNS`).

    `via_node` is None where the way through is a chain of ways (`via_way_ids`, in order).
    Relations without a from, a via and a to, or with ways outside `road_way_ids`, are left out.
    """
    rows = [row for one in restrictions for row in _rows(one, road_way_ids)]
    return make_table(
        RESTRICTION_COLUMNS, {name: [row[name] for row in rows] for name in RESTRICTION_COLUMNS}
    )


def _rows(restriction: RawRestriction, road_way_ids: frozenset[int]) -> list[dict[str, object]]:
    tags, members = restriction
    kind = next((tags[key] for key in CAR_KEYS if key in tags), None)
    mode = tags["type"].partition(":")[2]
    if kind is None or not kind.startswith(("no_", "only_")) or (mode and mode not in CAR_MODES):
        return []

    def of(role: str, letter: str) -> list[int]:
        return [ref for kind_, ref, role_ in members if (role_, kind_) == (role, letter)]

    from_ways, to_ways = of("from", "w"), of("to", "w")
    via_nodes, via_ways = of("via", "n"), of("via", "w")
    if len(via_nodes) > 1 or bool(via_nodes) == bool(via_ways):
        return []
    if not road_way_ids.issuperset({*from_ways, *to_ways, *via_ways}):
        return []
    excepted = [mode.strip() for mode in tags.get("except", "").split(";") if mode.strip()]
    return [
        {
            "kind": kind,
            "from_way_id": from_way,
            "via_node": via_nodes[0] if via_nodes else None,
            "via_way_ids": via_ways,
            "to_way_id": to_way,
            "except_modes": excepted,
        }
        for from_way, to_way in product(from_ways, to_ways)
    ]
