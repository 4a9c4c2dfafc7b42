"""What one OpenStreetMap way or barrier says of bicycles, motorcycles, buses and ambulances.

Most ways say nothing of them. What is said goes into the segment's `tags` under `MODES_KEY` and
is read there by `routing.roads.repository`; silence leaves the answer to the profile's class table.
"""

import re

from data.osm.tags import (
    ACCESS_OF_VALUE,
    ALLOWS,
    ONEWAY_JUNCTIONS,
    ONEWAY_OF_VALUE,
    Tags,
    drive_access,
    oneway,
)

MODES_KEY = "modes"
"""Key of these facts in a segment's `tags`."""

SIDES = ("", ":left", ":right", ":both")
OPPOSITE = frozenset({"opposite", "opposite_lane", "opposite_track", "opposite_share_busway"})
ONEWAY_BUS_KEYS = ("oneway:psv", "oneway:bus")
BACKWARD_BUS_LANES = ("lanes:psv:backward", "lanes:bus:backward")
BACKWARD_LANE_LISTS = ("bus:lanes:backward", "psv:lanes:backward")

MODE_KEYS = (
    "bicycle", "motorcycle", "emergency", "motorroad", "junction", "ford", "route", "duration",
    "oneway:emergency", "oneway:bicycle", *ONEWAY_BUS_KEYS, *BACKWARD_BUS_LANES,
    *BACKWARD_LANE_LISTS, *(f"busway{side}" for side in SIDES),
    *(f"cycleway{side}" for side in SIDES), *(f"cycleway{side}:oneway" for side in SIDES),
)  # fmt: skip
"""Every key that is read here, for readers that ask for keys by name."""

_DURATION = re.compile(r"^(?:(\d{1,3}):)?(\d{1,4})(?::(\d{2}))?$")
_ISO_DURATION = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")


def mode_facts(tags: Tags) -> dict[str, object]:
    """Return what differs from a car's rules, empty for most ways.

    bicycle, motorcycle: own access (`yes`, `dismount`, `private`, `destination`, `no`);
    emergency: `yes` or `no` where `emergency=*` says so; oneway_bicycle, oneway_bus,
    oneway_emergency: direction (1, -1, 0) where it is not that of cars; roundabout, ford: True.
    """
    facts: dict[str, object] = {
        "bicycle": bicycle_access(tags),
        "motorcycle": motorcycle_access(tags),
        "emergency": emergency_access(tags),
        "oneway_bicycle": oneway_bicycle(tags),
        "oneway_bus": oneway_bus(tags),
        "oneway_emergency": ONEWAY_OF_VALUE.get(tags.get("oneway:emergency", "")),
        "roundabout": True if tags.get("junction") in ONEWAY_JUNCTIONS else None,
        "ford": True if tags.get("ford") == "yes" else None,
    }
    general = oneway(tags)
    for key in ("oneway_bicycle", "oneway_bus", "oneway_emergency"):
        if facts[key] == general:
            facts[key] = None
    return {key: fact for key, fact in facts.items() if fact is not None}


def bicycle_access(tags: Tags) -> str | None:
    """Return the access that is tagged for bicycles, None where nothing is."""
    own = tags.get("bicycle")
    if own == "dismount":
        return "dismount"
    if own is not None:
        return ACCESS_OF_VALUE.get(own, "yes")
    if tags.get("motorroad") == "yes":
        return "no"
    tagged = next((tags[key] for key in ("vehicle", "access") if key in tags), "yes")
    access = ACCESS_OF_VALUE.get(tagged.split(";")[0], "yes")
    # `access=yes` is silent on bicycles: on a motorway or footway it does not open it to them.
    return None if access == "yes" and "vehicle" not in tags else access


def motorcycle_access(tags: Tags) -> str | None:
    """Return the access of motorcycles where it is not that of motor cars, else None."""
    own = tags.get("motorcycle")
    if own is not None:
        return ACCESS_OF_VALUE.get(own, "yes")
    if "motorcar" not in tags:
        return None
    access = drive_access({key: value for key, value in tags.items() if key != "motorcar"})
    return None if access == drive_access(tags) else access


def emergency_access(tags: Tags) -> str | None:
    """Return `yes` or `no` where `emergency` speaks of emergency vehicles, else None.

    The key also names hydrants, phones and the like: those values say nothing of access.
    """
    value = tags.get("emergency")
    if value in ALLOWS or value in {"destination", "private"}:
        return "yes"
    return "no" if value == "no" else None


def oneway_bicycle(tags: Tags) -> int | None:
    """Return the direction open to bicycles where it is tagged, else None."""
    value = tags.get("oneway:bicycle")
    if value in ONEWAY_OF_VALUE:
        return ONEWAY_OF_VALUE[value]
    contraflow = any(tags.get(f"cycleway{side}") in OPPOSITE for side in SIDES)
    contraflow |= any(tags.get(f"cycleway{side}:oneway") in {"no", "-1"} for side in SIDES)
    return 0 if contraflow else None


def oneway_bus(tags: Tags) -> int | None:
    """Return the direction open to buses where it is tagged, else None.

    A bus lane against a one-way street shows as `oneway:psv=no`, `oneway:bus=no`,
    `busway=opposite_lane`, `lanes:psv:backward=1` or `bus:lanes:backward=designated`.
    """
    for key in ONEWAY_BUS_KEYS:
        if tags.get(key) in ONEWAY_OF_VALUE:
            return ONEWAY_OF_VALUE[tags[key]]
    against = any(tags.get(f"busway{side}") in OPPOSITE for side in SIDES)
    against |= any(tags.get(key, "0") not in {"0", "no"} for key in BACKWARD_BUS_LANES)
    against |= any(ALLOWS.intersection(tags.get(key, "").split("|")) for key in BACKWARD_LANE_LISTS)
    return 0 if against else None


def barrier_modes(tags: Tags) -> dict[str, str]:
    """Return `bicycle_access` and `motorcycle_access` of a barrier where they are tagged."""
    facts = {
        "bicycle_access": bicycle_access(tags),
        "motorcycle_access": motorcycle_access(tags) if "motorcycle" in tags else None,
        "emergency_access": emergency_access(tags),
    }
    return {key: fact for key, fact in facts.items() if fact is not None}


def duration_s(value: str | None) -> float | None:
    """Return a `duration` tag in seconds: `20` (minutes), `01:10`, `00:05:30` or `PT20M`."""
    text = (value or "").strip()
    match = _ISO_DURATION.match(text) or _DURATION.match(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total_s = 3600.0 * hours + 60.0 * minutes + seconds
    return total_s if total_s > 0 else None
