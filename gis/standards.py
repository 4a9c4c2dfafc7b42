"""Standards of pre-hospital care as data: what a service is measured by, in planning and dispatch.

A profile is a set of standards with its source. One that contradicts itself is refused when it is
made, so that nobody reports by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType

from gis.errors import InvalidInputError
from gis.words import Words


class Measure(StrEnum):
    """What a standard limits, and in which unit."""

    RESPONSE = "response"
    """Seconds from the call's receipt to the first fit unit at the place; share of calls."""
    TRAVEL = "travel"
    """Seconds by road from the nearest station with a fit unit; share of people."""
    RADIUS = "radius"
    """Metres in a straight line from the nearest station; share of people."""
    PEOPLE_PER_UNIT = "people_per_unit"
    """At most so many people for each ambulance."""
    NEGATIVE_PRESSURE = "negative_pressure"
    """Share of ambulances with negative pressure; no limit."""
    ANSWERED = "answered"
    """Seconds until a call is answered; share of calls."""
    TURNOUT = "turnout"
    """Seconds from the order until the unit moves; share of orders."""


class Setting(StrEnum):
    """Where a standard holds; one without it holds everywhere."""

    URBAN = "urban"
    RURAL = "rural"


class StandardsContradictError(InvalidInputError):
    """Two standards of one profile cannot both be meant."""

    code = "standards_contradict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One standard: at most `limit`, for at least `share` of what is counted.

    limit : in the unit of the measure, included; None for a share alone
    share : 0 < share ≤ 1; None where the limit holds for a district as a whole
    unit_class : level of care that counts, None: any; triage : category of calls, None: all
    """

    code: str
    measure: Measure
    words: Words
    limit: float | None = None
    share: float | None = None
    setting: Setting | None = None
    unit_class: str | None = None
    triage: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Standards that belong together, and where they are written."""

    code: str
    words: Words
    source: str
    standards: tuple[Standard, ...]

    def __post_init__(self) -> None:
        """Refuse standards that contradict one another."""
        check(self.standards)

    def of(self, measure: Measure) -> tuple[Standard, ...]:
        """Return the standards of one measure."""
        return tuple(one for one in self.standards if one.measure is measure)


def check(standards: tuple[Standard, ...]) -> None:
    """Refuse what cannot be meant.

    Raises
    ------
    StandardsContradictError
        A code stands twice, a share or limit is out of its range, the same limit asks two shares,
        or a longer limit asks a smaller share than a shorter one, which says nothing.
    """
    codes = [one.code for one in standards]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise StandardsContradictError(
            f"The standard {twice[0]} is given twice. Give each a code of its own."
        )
    for one in standards:
        if (one.share is not None and not 0.0 < one.share <= 1.0) or (
            one.limit is not None and not 0.0 < one.limit < float("inf")
        ):
            raise StandardsContradictError(
                f"The standard {one.code} needs a limit above 0 and a share of at most 1."
            )
        if one.limit is None and one.share is None:
            raise StandardsContradictError(f"The standard {one.code} limits nothing.")
    for one, other in combinations(standards, 2):
        alike = (one.measure, one.setting, one.unit_class, one.triage) == (
            other.measure, other.setting, other.unit_class, other.triage,
        )  # fmt: skip
        if not alike or one.limit is None or other.limit is None:
            continue
        near, far = sorted((one, other), key=lambda standard: standard.limit or 0.0)
        if near.share is None or far.share is None:
            continue
        if near.limit == far.limit or far.share < near.share:
            raise StandardsContradictError(
                f"{near.code} asks {near.share:.0%} within {near.limit:g} and {far.code} "
                f"{far.share:.0%} within {far.limit:g}: both cannot be meant. Drop one."
            )


CHINA_2020 = Profile(
    "china_2020",
    Words(en="China, pre-hospital care, 2020", zh="中国院前医疗急救（2020年指导意见）"),
    "国卫医发〔2020〕19号，关于进一步完善院前医疗急救服务的指导意见",
    (
        Standard(
            code="radius_urban", measure=Measure.RADIUS, limit=5_000.0, share=1.0,
            setting=Setting.URBAN,
            words=Words(en="urban: a station within 5 km", zh="城市地区服务半径不超过5公里"),
        ),
        Standard(
            code="radius_rural", measure=Measure.RADIUS, limit=20_000.0, share=1.0,
            setting=Setting.RURAL,
            words=Words(
                en="rural: a station within 10 to 20 km", zh="农村地区服务半径10—20公里"
            ),
        ),
        Standard(
            code="people_per_ambulance", measure=Measure.PEOPLE_PER_UNIT, limit=30_000.0,
            words=Words(en="one ambulance for 30,000 people", zh="每3万人口配置1辆救护车"),
        ),
        Standard(
            code="negative_pressure", measure=Measure.NEGATIVE_PRESSURE, share=0.4,
            words=Words(
                en="negative pressure in 40 % of ambulances", zh="负压救护车占比不低于40%"
            ),
        ),
        Standard(
            code="answered_10_s", measure=Measure.ANSWERED, limit=10.0, share=0.95,
            words=Words(en="95 % of calls answered in 10 s", zh="95%的呼叫10秒内接听"),
        ),
        Standard(
            code="turnout_3_min", measure=Measure.TURNOUT, limit=180.0, share=0.95,
            words=Words(
                en="95 % of units out within 3 min of the order", zh="95%的指令3分钟内发车"
            ),
        ),
    ),
)  # fmt: skip

MINUTES_BY_ROAD = Profile(
    "minutes_by_road",
    Words(en="people by minutes of travel", zh="按行程时间统计人口"),
    "goldenhour",
    tuple(
        Standard(
            code=f"travel_{minutes}_min", measure=Measure.TRAVEL, limit=60.0 * minutes, share=share,
            words=Words(en=f"within {minutes} min by road", zh=f"道路行程{minutes}分钟内"),
        )
        for minutes, share in ((8, 0.75), (12, 0.9), (20, 0.95))
    ),
)  # fmt: skip
"""No norm: limits that planners ask for, which a city replaces by its own."""

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {one.code: one for one in (CHINA_2020, MINUTES_BY_ROAD)}
)
