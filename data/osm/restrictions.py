"""Turn restriction relations into rows that name ways and nodes, one row per from-to pair."""

from itertools import product

import pandas as pd

from data.frames import make_table
from data.model import RESTRICTION_COLUMNS
from data.osm.raw import RawRestriction

# From the most to the least specific for a motor car, with the `except` values that a narrower key
# amounts to; restrictions on lorries, buses or coaches are not ours.
EXCEPT_OF_KEY = {
    "restriction:motorcar": ("motorcycle", "bicycle"),
    "restriction:motor_vehicle": ("bicycle",),
    "restriction:vehicle": (),
    "restriction": (),
}
EXCEPT_OF_BICYCLE_KEY = ("motor_vehicle",)
EXCEPT_OF_MODE = {"": (), "motorcar": ("motorcycle", "bicycle"), "motor_vehicle": ("bicycle",),
                  "vehicle": (), "bicycle": EXCEPT_OF_BICYCLE_KEY}  # fmt: skip
HOUR_KEYS = ("day_on", "day_off", "hour_on", "hour_off")
"""How hours were written before `restriction:conditional`."""
RESTRICTION_KEYS = (*EXCEPT_OF_KEY, *(f"{key}:conditional" for key in EXCEPT_OF_KEY),
                    "restriction:bicycle")  # fmt: skip


def build_restrictions(
    restrictions: list[RawRestriction], *, road_way_ids: frozenset[int]
) -> pd.DataFrame:
    """Return the frame of turn restrictions (`RESTRICTION_COLUMNS`).

    `via_node` is None where the way through is a chain of ways (`via_way_ids`, in order).
    A restriction of some hours keeps them behind an `@` in `kind`, and `routing` counts it without
    enforcing it. One for motor vehicles only excepts `bicycle`; one for bicycles only excepts
    `motor_vehicle`. Relations without a from, a via and a to, or with ways outside
    `road_way_ids`, are left out.
    """
    rows = [row for one in restrictions for row in _rows(one, road_way_ids)]
    return make_table(
        RESTRICTION_COLUMNS, {name: [row[name] for row in rows] for name in RESTRICTION_COLUMNS}
    )


def _rows(restriction: RawRestriction, road_way_ids: frozenset[int]) -> list[dict[str, object]]:
    tags, members = restriction
    kind, excepted = _kind(tags)
    if not kind.startswith(("no_", "only_")):
        return []

    def of(role: str, letter: str) -> list[int]:
        return [ref for kind_, ref, role_ in members if (role_, kind_) == (role, letter)]

    from_ways, to_ways = of("from", "w"), of("to", "w")
    via_nodes, via_ways = of("via", "n"), of("via", "w")
    if len(via_nodes) > 1 or bool(via_nodes) == bool(via_ways):
        return []
    if not road_way_ids.issuperset({*from_ways, *to_ways, *via_ways}):
        return []
    named = [mode.strip() for mode in tags.get("except", "").split(";") if mode.strip()]
    return [
        {
            "kind": kind,
            "from_way_id": from_way,
            "via_node": via_nodes[0] if via_nodes else None,
            "via_way_ids": via_ways,
            "to_way_id": to_way,
            "except_modes": list(dict.fromkeys((*named, *excepted))),
        }
        for from_way, to_way in product(from_ways, to_ways)
    ]


def _kind(tags: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return kind and implied exceptions; the kind is empty if it concerns none of our modes."""
    mode = tags["type"].partition(":")[2]
    if mode not in EXCEPT_OF_MODE:
        return "", ()
    for key, excepted in EXCEPT_OF_KEY.items():
        if key in tags:
            hours = [f"{name}={tags[name]}" for name in HOUR_KEYS if name in tags]
            suffix = f" @ ({' '.join(hours)})" if hours else ""
            return tags[key] + suffix, (*excepted, *EXCEPT_OF_MODE[mode])
    for key, excepted in EXCEPT_OF_KEY.items():
        if f"{key}:conditional" in tags:
            value = tags[f"{key}:conditional"]
            return (value if "@" in value else f"{value} @ ()"), excepted
    return tags.get("restriction:bicycle", ""), EXCEPT_OF_BICYCLE_KEY
