"""Every detector of the house; one file is one family."""

from collections.abc import Mapping
from types import MappingProxyType

from surveillance.detect import cidars, cusum, drop, ears, ewma, glr, mem, rare, switch
from surveillance.detect.farrington import method as farrington
from surveillance.detect.model import Member

FAMILIES = (
    ears.MEMBERS, ewma.MEMBERS, switch.MEMBERS, farrington.MEMBERS, cidars.MEMBERS,
    cusum.MEMBERS, glr.MEMBERS, mem.MEMBERS, rare.MEMBERS, drop.MEMBERS,
)  # fmt: skip

DETECTORS: Mapping[str, Member] = MappingProxyType(
    {member.name: member for family in FAMILIES for member in family}
)
"""Name → detector with the settings that the house ships."""

RECOMMENDED = "farrington_flexible"
"""Who finds most with the same false alarms: `goldenhour surveillance evaluate`."""
