"""Where people live, where units stand, and how long one takes to the other: matched by key."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from planning.accessibility.model import named
from planning.coverage.errors import CoverageInputError

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
SecondsArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.int64]

ANY_CLASS = "any"
EVERYBODY = "all"


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """n cells with people of g groups, in d districts.

    cells : n keys; groups : g names, of which `EVERYBODY` may be one; people : (n, g), 0 or more
    districts : d keys; district : (n,) row of `districts`, -1 outside all
    """

    cells: "pd.Index"
    groups: tuple[str, ...]
    people: FloatArray
    districts: tuple[Hashable, ...]
    district: IndexArray

    @classmethod
    def of(
        cls,
        cells: Iterable[Hashable],
        people: Mapping[str, npt.ArrayLike],
        *,
        district: Sequence[Hashable | None] | None = None,
    ) -> "Ground":
        """Return cells with the people of each group, (n,), and the district of each, if any.

        Raises
        ------
        CoverageInputError
            A cell stands twice, lengths differ, or people are negative, no number or nobody.
        """
        import pandas as pd

        index = _keys(cells, "cells")
        groups = {name: np.asarray(one, dtype=np.float64) for name, one in people.items()}
        for name, one in groups.items():
            if one.shape != (len(index),):
                raise CoverageInputError(
                    f"{len(index)} cells, but {one.size} numbers of people of the group {name}."
                )
            wrong = ~(np.isfinite(one) & (one >= 0.0))
            if wrong.any():
                raise CoverageInputError(
                    f"The people of {int(wrong.sum())} cells are negative or no number: "
                    f"{named(index[wrong])} (group {name})."
                )
        if not groups or not any(one.any() for one in groups.values()):
            raise CoverageInputError(
                "No cell has any people, so no share of them is covered. Load a population first."
            )
        whose = [None] * len(index) if district is None else list(district)
        if len(whose) != len(index):
            raise CoverageInputError(f"{len(index)} cells, but {len(whose)} districts of them.")
        codes, names = pd.factorize(pd.Index(whose, dtype=object))
        return cls(
            index, tuple(groups), np.stack(list(groups.values()), axis=1), tuple(names),
            np.asarray(codes, dtype=np.int64),
        )  # fmt: skip

    def summed(self, weight: npt.NDArray[Any]) -> FloatArray:
        """Return people times (n,) weights by district: (d + 1, g), the last outside all."""
        row = np.where(self.district < 0, len(self.districts), self.district)
        found = np.zeros((len(self.districts) + 1, len(self.groups)))
        for column in range(len(self.groups)):
            found[:, column] = np.bincount(
                row, weights=self.people[:, column] * weight, minlength=len(found)
            )
        return found

    def summed_by_hour(self, weight: FloatArray) -> FloatArray:
        """Return people times (n, h) weights by district: (h, d + 1, g); `summed` of each hour."""
        row = np.where(self.district < 0, len(self.districts), self.district)
        order = np.argsort(row, kind="stable")
        edge = np.searchsorted(row[order], np.arange(len(self.districts) + 2))
        people, weights = self.people[order], weight[order]
        found = np.zeros((weight.shape[1], len(self.districts) + 1, len(self.groups)))
        for district, (first, last) in enumerate(pairwise(edge.tolist())):
            found[:, district] = weights[first:last].T @ people[first:last]
        return found

    def split(self, class_of_cell: Sequence[Hashable | None]) -> "Ground":
        """Return everybody by another class of the cells, such as fifths of vulnerability.

        A cell of no class counts as `unknown`: never as none.
        """
        total = self.people[:, self._everybody()]
        classes = ["unknown" if one is None else str(one) for one in class_of_cell]
        people = {EVERYBODY: total} | {
            name: np.where(np.array(classes) == name, total, 0.0) for name in sorted(set(classes))
        }
        whose = [self.districts[row] if row >= 0 else None for row in self.district.tolist()]
        return Ground.of(self.cells, people, district=whose)

    def _everybody(self) -> int:
        if EVERYBODY not in self.groups:
            raise CoverageInputError(f"The people need a group “{EVERYBODY}” to be split anew.")
        return self.groups.index(EVERYBODY)


@dataclass(frozen=True, slots=True, eq=False)
class StationTimes:
    """Seconds from m stations to n cells.

    seconds : (n, m) float32, inf where no way leads; known : (n,) False where no road is near the
    cell, so that nobody can say
    """

    cells: "pd.Index"
    stations: "pd.Index"
    seconds: SecondsArray
    known: BoolArray

    @classmethod
    def of(
        cls,
        seconds: npt.ArrayLike,
        *,
        cells: Iterable[Hashable],
        stations: Iterable[Hashable],
        known: npt.ArrayLike | None = None,
    ) -> "StationTimes":
        """Return times whose rows and columns are named in order.

        Raises
        ------
        CoverageInputError
            A key stands twice, the shape is another, or a time is negative or no number.
        """
        rows, columns = _keys(cells, "cells"), _keys(stations, "stations")
        found = np.asarray(seconds, dtype=np.float32)
        if found.shape != (len(rows), len(columns)):
            raise CoverageInputError(
                f"Times of the shape {found.shape} for {len(rows)} cells and {len(columns)} "
                "stations."
            )
        wrong = int(np.count_nonzero(~(found >= 0.0)))
        if wrong:
            raise CoverageInputError(
                f"{wrong:,} times are negative or no number. Give infinity where no way leads."
            )
        knows = np.ones(len(rows), np.bool_) if known is None else np.asarray(known, np.bool_)
        return cls(rows, columns, found, knows)

    def for_cells(self, cells: "pd.Index") -> "StationTimes":
        """Return the same in the order of `cells`.

        Raises
        ------
        CoverageInputError
            The cells are others.
        """
        if self.cells is cells or self.cells.equals(cells):
            return self
        at = self.cells.get_indexer(cells)
        strange = cells[at < 0]
        if len(strange) or len(cells) != len(self.cells):
            raise CoverageInputError(
                f"{len(cells):,} cells have people and {len(self.cells):,} have times; without "
                f"times are: {named(strange) or 'none'}. Both are matched by key."
            )
        return StationTimes(cells, self.stations, self.seconds[at], self.known[at])

    def without(self, stations: Iterable[Hashable]) -> "StationTimes":
        """Return the times when stations are closed.

        Raises
        ------
        CoverageInputError
            One of them is no station.
        """
        import pandas as pd

        closed = pd.Index(list(stations))
        strange = closed.difference(self.stations)
        if len(strange):
            raise CoverageInputError(f"There is no station {named(strange)} to close.")
        stay = ~self.stations.isin(closed)
        return StationTimes(self.cells, self.stations[stay], self.seconds[:, stay], self.known)

    def with_site(self, key: Hashable, seconds: Mapping[Any, float]) -> "StationTimes":
        """Return the times with one more station; `seconds` by cell, inf where no way leads.

        Raises
        ------
        CoverageInputError
            It has no time for a cell, or is there already.
        """
        import pandas as pd

        at = pd.Index(list(seconds)).get_indexer(self.cells)
        if (at < 0).any():
            raise CoverageInputError(
                f"The new site {key} has no time to {named(self.cells[at < 0])}."
            )
        column = np.fromiter(seconds.values(), np.float32, len(seconds))[at]
        return StationTimes.of(
            np.column_stack([self.seconds, column]), cells=self.cells,
            stations=[*self.stations, key], known=self.known,
        )  # fmt: skip

    def scaled(self, factor: npt.ArrayLike) -> "StationTimes":
        """Return the times multiplied by (n,) factors of the cells, such as a correction's."""
        times = self.seconds * np.asarray(factor, dtype=np.float32)[:, np.newaxis]
        return StationTimes(self.cells, self.stations, times, self.known)

    def nearest(self) -> SecondsArray:
        """Return (n,) seconds of the nearest station."""
        return np.asarray(self.seconds.min(axis=1, initial=np.float32(np.inf)), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """u units at stations, each of a class, on duty in some of h hours.

    station : (u,) key; unit_class : (u,) name; on_duty : (u, h) bool; hours : h labels
    """

    station: tuple[Hashable, ...]
    unit_class: tuple[str, ...]
    on_duty: BoolArray
    hours: tuple[int, ...]

    @classmethod
    def always(cls, units: Mapping[Any, int], *, unit_class: str = ANY_CLASS) -> "Fleet":
        """Return so many units of one class at each station, at every hour alike."""
        for key, count in units.items():
            if count < 0 or count != int(count):
                raise CoverageInputError(f"The station {key} cannot have {count} units.")
        station = [key for key, count in units.items() for _ in range(int(count))]
        return cls(
            tuple(station), (unit_class,) * len(station), np.ones((len(station), 1), np.bool_), (0,)
        )

    def without(self, stations: Iterable[Hashable]) -> "Fleet":
        """Return the fleet without the units of stations that are closed."""
        closed = set(stations)
        stay = [row for row, key in enumerate(self.station) if key not in closed]
        return Fleet(
            tuple(self.station[row] for row in stay),
            tuple(self.unit_class[row] for row in stay),
            self.on_duty[stay],
            self.hours,
        )

    def at_hour(self, column: int) -> "Fleet":
        """Return the fleet at one of its hours."""
        return Fleet(
            self.station, self.unit_class, self.on_duty[:, [column]], (self.hours[column],)
        )

    def rows(self, stations: "pd.Index", unit_class: str | None) -> tuple[IndexArray, BoolArray]:
        """Return of each unit the row of its station, and whether it is of the class (None: any).

        Raises
        ------
        CoverageInputError
            A unit stands at none of the stations: one that was closed takes its units along by
            `without`.
        """
        import pandas as pd

        row = np.asarray(stations.get_indexer(pd.Index(self.station)), dtype=np.int64)
        if (row < 0).any():
            strange = pd.Index(self.station)[row < 0].unique()
            raise CoverageInputError(
                f"Units stand at stations without travel times: {named(strange)}. Close these "
                "for the fleet as well, or give their times."
            )
        fit = np.array([unit_class in {None, one} for one in self.unit_class], np.bool_)
        return row, fit

    def at_stations(
        self, stations: "pd.Index", unit_class: str | None, each: FloatArray | None = None
    ) -> FloatArray:
        """Return how many units of a class each station has, or of `each` (u, h) the sum: (m, h).

        Raises
        ------
        CoverageInputError
            As `rows`.
        """
        row, fit = self.rows(stations, unit_class)
        value = self.on_duty.astype(np.float64) if each is None else np.where(self.on_duty, each, 0)
        found = np.zeros((len(stations), len(self.hours)))
        np.add.at(found, row[fit], value[fit])
        return found


def _keys(keys: Iterable[Hashable], what: str) -> "pd.Index":
    import pandas as pd

    index = keys if isinstance(keys, pd.Index) else pd.Index(list(keys))
    if not index.is_unique:
        raise CoverageInputError(
            f"Among the {what} these stand twice: {named(index[index.duplicated()])}."
        )
    return index
