"""What if: stations closed or added, water on the roads, roads closed or new. As it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely

from planning.coverage.errors import CoverageInputError
from planning.coverage.model import Fleet, FloatArray, SecondsArray
from planning.coverage.new_roads import Joints, along_roads, by_new_roads
from routing.conditions.supposed import Supposed
from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile
from routing.roads.plane import LocalPlane

END_M = 100.0
"""How far from a road a new one may begin or end."""
JOINT_M = 20.0
"""A corner of a new road so near to a road is a crossing with it."""
MOST_JOINTS = 200


@dataclass(frozen=True, slots=True)
class NewSite:
    """A station that is not there: where, and how many units of which level stand at it all day."""

    name: str
    lon: float
    lat: float
    units: int
    level: str


@dataclass(frozen=True, slots=True)
class NewRoad:
    """A road that is not there: line (k, 2) in degrees WGS-84, its speed, and which way it runs."""

    line: FloatArray
    speed_kmh: float
    one_way: bool = False


@dataclass(frozen=True, slots=True)
class Suppositions:
    """All that is supposed at once.

    closed : stations as if closed, their units gone; drawn_at : roadworks and closures on record as
    they hold then
    """

    closed: tuple[int, ...] = ()
    sites: tuple[NewSite, ...] = ()
    conditions: tuple[Supposed, ...] = ()
    roads: tuple[NewRoad, ...] = ()
    drawn_at: datetime | None = None

    @property
    def any(self) -> bool:
        """Whether anything is supposed."""
        return bool(self.closed or self.sites or self.of_roads)

    @property
    def of_roads(self) -> bool:
        """Whether the ways of what stands may be others."""
        return bool(self.conditions or self.roads or self.drawn_at)


NOTHING = Suppositions()


def key_of(number: int) -> int:
    """Return the key of a new site by its place in the list: no station has a number below 0."""
    return -1 - number


def with_sites(fleet: Fleet, sites: Sequence[NewSite]) -> Fleet:
    """Return the fleet with the units of new sites, on duty at all hours."""
    more = [
        (key_of(number), site.level) for number, site in enumerate(sites) for _ in range(site.units)
    ]  # fmt: skip
    on_duty = np.ones((len(more), len(fleet.hours)), np.bool_)
    return Fleet(
        (*fleet.station, *(key for key, _ in more)),
        (*fleet.unit_class, *(level for _, level in more)),
        np.concatenate([fleet.on_duty, on_duty]),
        fleet.hours,
    )


def supposed_times(
    roads: PinnedRoads,
    supposed: Suppositions,
    *,
    origins: FloatArray,
    destinations: FloatArray,
    profile: Profile,
) -> SecondsArray:
    """Return (m, n) float32 seconds between places (m, 2) and (n, 2), as if all of it were so.

    Raises
    ------
    CoverageInputError
        A new road begins or ends away from all roads, or there are too many joints.
    """
    held = roads
    if supposed.conditions or supposed.drawn_at is not None:
        held = roads.supposing(supposed.conditions, drawn_at=supposed.drawn_at)
    direct = _matrix(held, origins, destinations, profile)
    if not supposed.roads:
        return direct
    places, along = _joints(held, supposed.roads, profile)
    return by_new_roads(
        direct,
        Joints(
            _matrix(held, origins, places, profile), _matrix(held, places, places, profile),
            _matrix(held, places, destinations, profile), along,
        ),
    )  # fmt: skip


def check_sites(roads: PinnedRoads, sites: Sequence[NewSite], profile: Profile) -> None:
    """Refuse sites that no road is near.

    Raises
    ------
    CoverageInputError
    """
    if not sites:
        return
    lonlat = np.array([(one.lon, one.lat) for one in sites], np.float64)
    found, _ = roads.snap(lonlat, profile=profile, max_distance_m=END_M * 5.0)
    lost = [one.name for one, near in zip(sites, found.found.tolist(), strict=True) if not near]
    if lost:
        raise CoverageInputError(
            f"No road lies within {END_M * 5.0:.0f} m of {', '.join(lost[:5])}: a station needs "
            "one. Move it to a road of this city."
        )


def _matrix(
    roads: PinnedRoads, origins: FloatArray, destinations: FloatArray, profile: Profile
) -> SecondsArray:
    blocks = list(roads.matrix(origins, destinations, profile=profile).blocks)
    if not blocks:
        return np.empty((len(origins), len(destinations)), np.float32)
    return np.concatenate(blocks).astype(np.float32, copy=False)


def _joints(
    roads: PinnedRoads, new: Sequence[NewRoad], profile: Profile
) -> tuple[FloatArray, SecondsArray]:
    """Return where new roads meet others, (p, 2), and the seconds along them, (p, p)."""
    places, along = [], []
    for number, road in enumerate(new, start=1):
        found, _ = roads.snap(road.line, profile=profile, max_distance_m=END_M)
        near = np.where(found.found, found.distance_m, np.inf)
        meets = near <= JOINT_M
        meets[0], meets[-1] = np.isfinite(near[0]), np.isfinite(near[-1])
        if not (meets[0] and meets[-1]):
            raise CoverageInputError(
                f"The new road {number} begins or ends farther than {END_M:.0f} m from all roads, "
                "so nobody could drive on it. Draw it from one road to another."
            )
        xy = LocalPlane.around(road.line).to_xy(road.line)
        metres = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        places.append(road.line[meets])
        along.append((metres[meets], road.speed_kmh, road.one_way))
    joints = np.concatenate(places)
    if len(joints) > MOST_JOINTS:
        raise CoverageInputError(
            f"The new roads meet others {len(joints)} times; up to {MOST_JOINTS} can be reckoned."
        )
    return joints, along_roads(along)


def line_of(geometry: shapely.Geometry) -> FloatArray:
    """Return the corners of a drawn line, (k, 2).

    Raises
    ------
    CoverageInputError
        It is no single line.
    """
    if not isinstance(geometry, shapely.LineString):
        raise CoverageInputError("A new road is one line, drawn from a road to another.")
    return np.asarray(shapely.get_coordinates(geometry), np.float64)
