"""Whom the free units reach in time, and what is lost when one of them goes: arrays, no I/O.

Expected coverage is MEXCLP's (M. S. Daskin, Transportation Science 17 (1983) 48-70) over the units
that are free now, each of which is called away with the measured busy share by itself: the live
form of it, DMEXCLP, is C. J. Jagtenberg, S. Bhulai, R. D. van der Mei, Operations Research for
Health Care 4 (2015) 27-35. What nobody knows is NaN or None, never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from gis.kernels.expected_coverage import Sets, cover_lost_of, nobody_free_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.int32]

FEWEST_UNIT_HOURS = 50.0
"""Of fewer hours on shift no busy share is measured: a stated rule, not a norm."""

LOWEST_LEVEL_RANK = 1
"""Levels of care that cover, as `LEVEL_RANK`: a first responder carries nobody."""


class Unknown(StrEnum):
    """Why coverage is not known."""

    POPULATION = "population"
    """No cells with people are loaded."""
    BUSY = "busy"
    """Too few hours are on record to measure how busy units are, and nobody has stated it."""
    STATIONS = "stations"
    """No station of the city is known, so nobody can say whom it could reach at all."""
    PREPARING = "preparing"
    """The roads have changed; who reaches whom is being worked out anew."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city holds to. `version` 0: nobody has set them, these are the defaults.

    standard : code of a standard of travel by road (`gis.standards`)
    assumed_busy : share of their time that units are busy, as stated where it is not measured
    void_opens_people, void_closes_people : of one area, who could be reached from a station and is
    reached by nobody free; a void opens at the one and closes below the other
    void_holds_s : so long the one or the other must last
    moves_per_hour : move-ups of the whole city; least_gain_points : of expected coverage, by one
    least_area_share : of the people of an area that are reached; no move takes it below that
    moves_per_shift, rest_s : of one crew, and between two of its moves
    """

    standard: str = "travel_8_min"
    assumed_busy: float | None = None
    void_opens_people: int = 5_000
    void_closes_people: int = 3_000
    void_holds_s: int = 60
    moves_per_hour: int = 12
    least_gain_points: float = 0.5
    least_area_share: float = 0.5
    moves_per_shift: int = 3
    rest_s: int = 1_800
    version: int = 0


@dataclass(frozen=True, slots=True)
class Busy:
    """The share of their time on shift that units are busy, and what it rests on.

    unit_hours : on shift, that were looked at; None where the share is stated, not measured
    """

    share: float
    unit_hours: float | None
    measured_at: datetime | None


@dataclass(frozen=True, slots=True)
class AreaName:
    """One area by its code and names."""

    code: str
    name: str
    name_zh: str | None
    name_en: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """n cells in which people live, of one count, in a areas.

    lonlat : (n, 2) a point of each; people : (n,); area : (n,) int32 row of `areas`, -1 outside all
    """

    lonlat: FloatArray
    people: FloatArray
    area: IndexArray
    areas: tuple[AreaName, ...]
    source: str | None
    counted_on: date | None
    modelled: bool


@dataclass(frozen=True, slots=True)
class Void:
    """People of one area whom no free unit reaches in time, though a station could.

    lon, lat : the middle of these people
    """

    area: AreaName
    people: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Coverage at one moment.

    sets : of m free units, each with the cells it reaches; busy : (m,) share of each
    people : (n,) of the cells whose time is known, 0 in the others
    nobody : (n,) chance that no unit that reaches a cell is free; count : how many reach it
    reachable : (n,) bool, a station reaches the cell; unknown_people : in cells without a road
    """

    ground: Ground
    sets: Sets
    busy: FloatArray
    people: FloatArray
    nobody: FloatArray
    count: FloatArray
    reachable: BoolArray
    unknown_people: float

    @classmethod
    def of(
        cls,
        ground: Ground,
        sets: Sets,
        busy: npt.ArrayLike,
        *,
        known: BoolArray,
        reachable: BoolArray,
    ) -> "Picture":
        """Reckon coverage by the sets of the free units."""
        shares = np.broadcast_to(np.asarray(busy, np.float64), (len(sets.start) - 1,))
        people = np.where(known, ground.people, 0.0)
        return cls(
            ground, sets, shares, people, nobody_free_of(sets, shares), sets.counted(),
            reachable, float(ground.people[~known].sum()),
        )  # fmt: skip

    @property
    def total(self) -> float:
        """Return the people whose time is known."""
        return float(self.people.sum())

    @property
    def expected(self) -> float:
        """Return the people expected to be covered."""
        return float(self.people @ (1.0 - self.nobody))

    @property
    def points(self) -> float:
        """Return expected coverage in percentage points; NaN where nobody lives."""
        return 100.0 * self.expected / self.total if self.total > 0.0 else float("nan")

    @property
    def reached_share(self) -> float:
        """Return the share of people whom at least one free unit reaches; NaN without people."""
        reached = float(self.people[self.count > 0.0].sum())
        return reached / self.total if self.total > 0.0 else float("nan")

    def unreached(self) -> FloatArray:
        """Return the people of each cell whom a station could reach and nobody free does."""
        return np.where(self.reachable & (self.count == 0.0), self.people, 0.0)

    def by_area(self, value: FloatArray) -> FloatArray:
        """Return the sums of (n,) values by area: (a,); what lies in none is left out."""
        inside = self.ground.area >= 0
        found = np.bincount(
            self.ground.area[inside], weights=value[inside], minlength=len(self.ground.areas)
        )
        return np.asarray(found, np.float64)

    def voids(self, least_people: float) -> tuple[Void, ...]:
        """Return the areas with so many unreached people or more, those with most first."""
        unreached = self.unreached()
        people = self.by_area(unreached)
        rows = np.flatnonzero((people >= least_people) & (people > 0.0))
        return tuple(
            self.void(int(row), unreached) for row in rows[np.argsort(-people[rows], kind="stable")]
        )

    def void(self, row: int, unreached: FloatArray) -> Void:
        """Return the void of one area: `unreached` (n,) people."""
        mine = np.where(self.ground.area == row, unreached, 0.0)
        people = float(mine.sum())
        lon, lat = (mine @ self.ground.lonlat) / people if people else (np.nan, np.nan)
        return Void(self.ground.areas[row], people, float(lon), float(lat))


@dataclass(frozen=True, slots=True, eq=False)
class CoverageCosts:
    """What each of n units costs the rest of the city when it is sent.

    lost_points : (n,) float64 percentage points of expected coverage; 0 of a unit that is busy, off
    shift or out of service and so covers nobody; NaN where it is not known, and `unknown` says why
    points : expected coverage as it is, in percentage points
    """

    lost_points: FloatArray
    points: float
    standard: str
    busy: Busy | None
    unknown: Unknown | None
    basis: str | None
    voids: Sequence[Void | None] = ()

    def void_of(self, index: int) -> Void | None:
        """Return the largest void that opens when the unit goes; None: none, or not known."""
        return self.voids[index] if len(self.voids) else None


def marginal_losses(picture: Picture) -> FloatArray:
    """Return the percentage points of expected coverage lost with each free unit: (m,) float64.

    For like units Σ d_i (1 - q) q^(k_i - 1) over the cells a unit reaches, k_i units reaching each;
    NaN where nobody lives.
    """
    if picture.total <= 0.0:
        return np.full(len(picture.sets.start) - 1, np.nan)
    lost = cover_lost_of(picture.people, picture.sets, picture.busy)
    return 100.0 * lost / picture.total


def voids_opened(picture: Picture, *, least_people: float) -> list[Void | None]:
    """Return for each free unit the largest void that opens when it goes, None where none does.

    A void opens in an area that has less than `least_people` unreached people now and would have as
    many or more without the unit: those whom it alone reaches come to them.
    """
    units, areas = len(picture.sets.start) - 1, len(picture.ground.areas)
    unit, place = picture.sets.unit, picture.sets.place
    now = picture.by_area(picture.unreached())
    area = picture.ground.area[place]
    alone = (picture.count[place] == 1.0) & (area >= 0)
    weight = np.where(picture.reachable, picture.people, 0.0)
    added = np.bincount(
        unit[alone] * areas + area[alone], weights=weight[place[alone]], minlength=units * areas
    ).reshape(units, areas)
    then = np.where((added > 0.0) & (now < least_people), now + added, 0.0)
    opened: list[Void | None] = [None] * units
    for row in np.flatnonzero((then >= least_people).any(axis=1)) if areas else ():
        left = picture.unreached()
        mine = place[picture.sets.start[row] : picture.sets.start[row + 1]]
        mine = mine[picture.count[mine] == 1.0]
        left[mine] = weight[mine]
        opened[row] = picture.void(int(np.argmax(then[row])), left)
    return opened
