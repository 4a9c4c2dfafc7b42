"""Which AEDs somebody can be sent for now: access, hours and service all known. Pure functions."""

import re
from datetime import datetime
from enum import StrEnum

from gis.words import Words


class Apart(StrEnum):
    """Why nobody is sent for an AED; it is listed apart."""

    CLAIMED = "claimed"
    OUT = "out"
    SERVICE_UNKNOWN = "service_unknown"
    REPORTED = "reported"
    PRIVATE = "private"
    ACCESS_UNKNOWN = "access_unknown"
    CLOSED = "closed"
    HOURS_UNKNOWN = "hours_unknown"


APART_WORDS = {
    Apart.CLAIMED: Words(en="somebody fetches it already", zh="已有人去取"),
    Apart.OUT: Words(en="in use, missing or out of service", zh="使用中、丢失或停用"),
    Apart.SERVICE_UNKNOWN: Words(en="not known whether it is in service", zh="不知是否可用"),
    Apart.REPORTED: Words(en="reported missing or broken", zh="有人上报丢失或损坏"),
    Apart.PRIVATE: Words(en="private", zh="非公开"),
    Apart.ACCESS_UNKNOWN: Words(en="access not known", zh="不知能否进入"),
    Apart.CLOSED: Words(en="closed now", zh="现在关闭"),
    Apart.HOURS_UNKNOWN: Words(en="hours not known", zh="开放时间不详"),
}


def why_apart(
    *,
    state: str | None,
    claimed_until_at: datetime | None,
    reported: bool,
    access: str,
    open_by_hours: bool | None,
) -> Apart | None:
    """Return why nobody is sent for an AED, None: it can be fetched. Unknown is never open."""
    checks = (
        (claimed_until_at is not None, Apart.CLAIMED),
        (state in {"in_use", "missing", "out_of_service"}, Apart.OUT),
        (state != "in_service", Apart.SERVICE_UNKNOWN),
        (reported, Apart.REPORTED),
        (access == "private", Apart.PRIVATE),
        (access not in {"public", "customers"}, Apart.ACCESS_UNKNOWN),
        (open_by_hours is False, Apart.CLOSED),
        (open_by_hours is None, Apart.HOURS_UNKNOWN),
    )
    return next((why for holds, why in checks if holds), None)


TAKE_S = 20.0
"""To open the box and take the device out. An assumption, not measured."""
STOREY_S = 20.0
"""A storey by stairs or lift, one way, waiting included. An assumption, not measured."""
FLOOR_UNKNOWN_S = 60.0
"""Of a device indoors whose floor nobody wrote down, both ways: two storeys at a quick walk."""

_STREET = {"g", "gf", "ground", "0", "l", "lobby", "street", "一层", "首层", "地面", "大堂"}
_FLOOR = re.compile(
    r"^(?:(?P<cellar>b|basement|负|地下|-)\s*)?(?:l|f|level|floor)?\s*(?P<number>\d{1,3})\s*"
    r"(?:f|/f|层|楼|th floor|rd floor|nd floor|st floor|floor)?$",
    re.IGNORECASE,
)


def storeys_from_street(floor: str | None, *, chinese: bool = True) -> int | None:
    """Return how many storeys a device is above or below the street; None: not known.

    chinese : the first floor is the one at street level; else it is one above
    """
    if floor is None:
        return None
    said = floor.strip().lower()
    if said in _STREET:
        return 0
    match = _FLOOR.match(said)
    if match is None:
        return None
    number = int(match["number"])
    if match["cellar"]:
        return number
    return max(number - 1, 0) if chinese else number


def pick_up_s(floor: str | None, *, indoor: bool | None, chinese: bool = True) -> float:
    """Return seconds from the door to the device and back to the door, taking it included.

    What is not known costs time: only a device said to be outdoors costs no storeys.
    """
    storeys = storeys_from_street(floor, chinese=chinese)
    if storeys is not None:
        return TAKE_S + 2.0 * STOREY_S * storeys
    return TAKE_S + (0.0 if indoor is False else FLOOR_UNKNOWN_S)
