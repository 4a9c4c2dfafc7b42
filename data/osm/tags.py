"""Turn the tags of one OpenStreetMap way or barrier into the facts that routing needs."""

import re
from collections.abc import Mapping

from data.search_text import is_chinese

Tags = Mapping[str, str]

DRIVE_CLASSES = frozenset(
    {
        "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link",
        "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential",
        "living_street", "service", "road", "track", "busway",
    }
)  # fmt: skip
WALK_ONLY_CLASSES = frozenset(
    {"pedestrian", "footway", "path", "steps", "cycleway", "bridleway", "corridor", "elevator",
     "platform"}
)  # fmt: skip
FERRY = "ferry"
"""Class of ways with `route=ferry`, which carry no `highway`."""
ROAD_CLASSES = DRIVE_CLASSES | WALK_ONLY_CLASSES | {FERRY}

DRIVE_DEFAULTS = {"busway": "bus", **dict.fromkeys({*WALK_ONLY_CLASSES, FERRY}, "no")}
"""Access for cars where no tag says otherwise; classes not named are open.

A ferry without a motor tag carries people only: most city ferries do, and an ambulance sent to a
quay for nothing loses more than one that drives round.
"""

WALK_DEFAULTS = dict.fromkeys(
    ("motorway", "motorway_link", "trunk", "trunk_link", "busway", "bridleway"), "no"
)
SIDEWALK_KEYS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
SIDEWALK_SAYS = frozenset({"both", "left", "right", "yes", "separate"})

ACCESS_OF_VALUE = {
    "yes": "yes", "permissive": "yes", "designated": "yes", "official": "yes", "public": "yes",
    "discouraged": "yes", "unknown": "yes", "destination": "destination",
    "delivery": "destination", "customers": "destination", "residents": "private",
    "private": "private", "permit": "private", "agricultural": "private", "forestry": "private",
    "military": "private", "no": "no", "use_sidepath": "no", "emergency": "emergency",
    "psv": "bus", "bus": "bus",
}  # fmt: skip
DRIVE_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""From the most to the least specific: the first present one decides."""
DRIVE_KEYS_SET = frozenset(DRIVE_KEYS)
ALLOWS = frozenset({"yes", "designated", "official", "permissive"})

ONEWAY_OF_VALUE = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0,
                   "0": 0, "alternating": 0, "reversible": 0}  # fmt: skip
ONEWAY_JUNCTIONS = frozenset({"roundabout", "circular"})
BACKWARD_KEYS = tuple(f"{key}:backward" for key in DRIVE_KEYS)
FORWARD_KEYS = tuple(f"{key}:forward" for key in DRIVE_KEYS)

# What a car does at a barrier whose tags name no access; absent here: it passes.
BARRIER_DRIVE = {
    "bollard": "no", "block": "no", "cycle_barrier": "no", "log": "no", "jersey_barrier": "no",
    "motorcycle_barrier": "no", "stile": "no", "turnstile": "no", "kissing_gate": "no",
    "full-height_turnstile": "no", "chain": "private", "debris": "no", "planter": "no",
    "rising_bollard": "emergency", "bus_trap": "bus", "sump_buster": "bus",
    "horse_stile": "no", "step": "no", "wall": "no", "fence": "no", "hedge": "no",
}  # fmt: skip
BARRIER_WALK = {"wall": "no", "fence": "no", "hedge": "no"}

KEPT_KEYS = frozenset(
    {
        "surface", "smoothness", "junction", "toll", "lit", "service", "busway", "incline", "steps",
        "tracktype", "width", "maxheight", "maxweight", "maxwidth", "oneway", "sidewalk", "access",
        "emergency", "foot", "footway", "step_count", "handrail", "ramp", "wheelchair", "level",
        "indoor", "hgv", "turn:lanes", "turn:lanes:forward", "turn:lanes:backward", "covered",
        "embankment", "ford", "motorroad", "conveying", "crossing", "flood_prone", "psv", "bus",
    }
)  # fmt: skip
KEPT_PREFIXES = ("busway:", "lanes:", "bus:lanes", "psv:lanes", "maxspeed:conditional",
                 "access:conditional", "motor_vehicle:conditional", "oneway:emergency")  # fmt: skip

ALSO_NAMES = ("alt_name", "old_name", "official_name", "short_name", "loc_name", "int_name")
CHINESE_NAME_KEYS = ("name:zh", "name:zh-Hans", "name:zh-CN", "name:zh-Hant", "name:zh-TW",
                     "name:zh-HK")  # fmt: skip


def oneway(tags: Tags) -> int:
    """Return 1 along the node order, -1 against it, 0 both ways."""
    value = tags.get("oneway")
    if tagged := ONEWAY_OF_VALUE.get(value or "", 0):
        return tagged
    if _closed(tags, BACKWARD_KEYS) != _closed(tags, FORWARD_KEYS):
        return 1 if _closed(tags, BACKWARD_KEYS) else -1
    if value in ONEWAY_OF_VALUE:
        return 0
    implied = tags.get("highway") == "motorway" or tags.get("junction") in ONEWAY_JUNCTIONS
    return int(implied)


def road_class(tags: Tags) -> str | None:
    """Return the `highway` value, `ferry` for a ferry line, None for what is no road."""
    highway = tags.get("highway")
    return FERRY if highway is None and tags.get("route") == FERRY else highway


def drive_access(tags: Tags) -> str:
    """Return who may drive here: yes, private, destination, emergency, bus or no.

    Reversible lanes are closed: their direction at a given minute is not in the map. So are fords
    that one crosses on stones or by boat. `service=emergency_access` without a word on cars is
    for emergency vehicles.
    """
    if tags.get("oneway") == "reversible" or tags.get("ford") in {"stepping_stones", "boat"}:
        return "no"
    default = DRIVE_DEFAULTS.get(road_class(tags) or "", "yes")
    if tags.get("service") == "emergency_access":
        if DRIVE_KEYS_SET.isdisjoint(tags):
            return "emergency"
        tags = {"emergency": "yes", **tags}
    return _drive(tags, default=default)


def walk_access(tags: Tags) -> str:
    """Return `yes` or `no` for people on foot."""
    foot = tags.get("foot")
    if foot is not None:
        return "no" if ACCESS_OF_VALUE.get(foot, "yes") in {"no", "private"} else "yes"
    if any(tags.get(key) in SIDEWALK_SAYS for key in SIDEWALK_KEYS):
        return "yes"
    if tags.get("motorroad") == "yes":
        return "no"
    if ACCESS_OF_VALUE.get(tags.get("access", "yes"), "yes") in {"no", "private"}:
        return "no"
    return WALK_DEFAULTS.get(tags.get("highway", ""), "yes")


def barrier_access(tags: Tags) -> tuple[str, str]:
    """Return drive and walk access through a barrier node."""
    kind = tags.get("barrier", "")
    drive = _drive(tags, default=BARRIER_DRIVE.get(kind, "yes"))
    if "foot" in tags or "access" in tags:
        return drive, walk_access({k: v for k, v in tags.items() if k in {"foot", "access"}})
    return drive, BARRIER_WALK.get(kind, "yes")


def lanes(tags: Tags) -> int | None:
    """Return the number of lanes of both directions together; None if not tagged or absurd."""
    match = re.match(r"\s*(\d{1,2})", tags.get("lanes", ""))
    count = int(match[1]) if match else 0
    return count or None


def layer(tags: Tags) -> int:
    """Return the vertical order, 0 where it is not tagged or not a number."""
    match = re.match(r"\s*([+-]?\d{1,2})(?![\d])", tags.get("layer", ""))
    return int(match[1]) if match else 0


def is_set(value: str | None) -> bool:
    """Say whether a flag such as `bridge` or `tunnel` is there and not `no`."""
    return value is not None and value not in {"no", "false", "0"}


def names(tags: Tags) -> tuple[str | None, str | None, str | None]:
    """Return name, Chinese name and English name. A Chinese main name counts as Chinese name."""
    english = tags.get("name:en")
    chinese = next((tags[key] for key in CHINESE_NAME_KEYS if tags.get(key)), None)
    main = tags.get("name") or english or chinese
    if chinese is None and main and is_chinese(main):
        chinese = main
    return main, chinese, english


def other_names(tags: Tags) -> dict[str, str]:
    """Return the names that have no column, by language or by kind (`alt_name`)."""
    in_columns = {"name:en", "name:zh"}
    found = {k[5:]: v for k, v in tags.items() if k.startswith("name:") and k not in in_columns}
    return found | {key: tags[key] for key in ALSO_NAMES if key in tags}


def kept_tags(tags: Tags) -> dict[str, object]:
    """Return the tags that routing or the map may still ask for, and the other names."""
    kept: dict[str, object] = {
        key: value
        for key, value in tags.items()
        if key in KEPT_KEYS or key.startswith(KEPT_PREFIXES)
    }
    if further := other_names(tags):
        kept["names"] = further
    return kept


def is_road(tags: Tags) -> bool:
    """Say whether a way belongs to the drive or the walk network."""
    highway = road_class(tags)
    if highway not in ROAD_CLASSES:
        return False
    return not (tags.get("area") == "yes" and highway in DRIVE_CLASSES)


def _closed(tags: Tags, keys: tuple[str, ...]) -> bool:
    return next((tags[key] for key in keys if key in tags), None) == "no"


def _drive(tags: Tags, *, default: str) -> str:
    tagged = next((tags[key] for key in DRIVE_KEYS if key in tags), None)
    access = default if tagged is None else ACCESS_OF_VALUE.get(tagged.split(";")[0], "yes")
    opened_for_cars = "motorcar" in tags or "motor_vehicle" in tags
    if default in {"no", "bus"} and not opened_for_cars:
        # `access=yes` on a footway speaks of walkers: only a motor tag opens it to cars.
        access = default
    if access in {"no", "private"} and tags.get("emergency") in ALLOWS:
        return "emergency"
    if access == "no" and (tags.get("bus") in ALLOWS or tags.get("psv") in ALLOWS):
        return "bus"
    return access
