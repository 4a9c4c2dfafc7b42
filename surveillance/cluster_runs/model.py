"""What a day's scan looks at, by what rules, and the clusters it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.words import Words
from surveillance.scan.model import Model

CountArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Shape(StrEnum):
    """How places are joined into zones."""

    CIRCLE = "circle"
    """By distance as the crow flies."""
    ROAD = "road"
    """By travel time on empty, open roads: the roads' state of one day makes no cluster."""


METHOD_WORDS = {
    (Model.PERMUTATION, Shape.CIRCLE): Words(
        en="own past of the places, circles", zh="与自身历史比较，圆形"
    ),
    (Model.PERMUTATION, Shape.ROAD): Words(
        en="own past of the places, by road", zh="与自身历史比较，按道路"
    ),
    (Model.POISSON, Shape.CIRCLE): Words(en="by residents, circles", zh="按人口比较，圆形"),
    (Model.POISSON, Shape.ROAD): Words(en="by residents, by road", zh="按人口比较，按道路"),
}
"""The method as staff read it: what the cases are compared with, and which zones."""


class Change(StrEnum):
    """What a cluster is beside the run before."""

    NEW = "new"
    GROWN = "grown"
    SHRUNK = "shrunk"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRules:
    """By what rules a day is scanned.

    window_days: the days that are looked at, the last of them the day itself; longest_days: of a
    cluster. largest_share: of cases (permutation) or residents (Poisson) that a zone may hold at
    most. least_cases: of a cluster; a disease with fewer than `least_of_disease` in the window is
    not scanned. largest_p: of a cluster that is kept; recurrence_days: a cluster is told if one as
    strong is due by chance at most once in so many days.
    """

    window_days: int = 365
    longest_days: int = 28
    largest_share: float = 0.5
    replicates: int = 999
    seed: int = 1
    least_cases: int = 3
    least_of_disease: int = 10
    largest_p: float = 0.05
    recurrence_days: float = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """n places of one level, and how far they are from one another.

    lonlat: (n, 2) degrees. far_m: (n, n) metres. times_s: (n, n) seconds by car from the place of
    the row to that of the column, inf = no way; None: the city has no roads. residents: (n,), 0
    where nobody is known to live; None: it is not known of any. circles: whether these are zones.
    """

    level: str
    codes: Sequence[str]
    lonlat: FloatArray
    far_m: FloatArray
    times_s: FloatArray | None
    residents: FloatArray | None
    circles: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One scan of a disease: its model and zones."""

    model: Model
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one method says of a cluster that it finds; numbers as in `FoundCluster`."""

    method: Method
    places: int
    observed: int
    expected: float
    relative_risk: float | None
    p: float
    recurrence_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCluster:
    """One cluster of a disease, by the method that finds it clearest.

    centre, places: indices into the places of the geography; the centre need not have a case.
    radius_m, radius_s: from the centre to the farthest place, None of the other shape. first, last:
    days of the window, both in it. place_observed, place_expected: of each of `places`, in its
    days. by_day: cases of all its places on each day of the window. p: by rank, gumbel_p by a
    Gumbel distribution; recurrence_days: in how many days one as strong is due once by chance.
    also: what the other methods say that find a cluster in some of its places and days.
    """

    disease: str
    method: Method
    centre: int
    places: tuple[int, ...]
    radius_m: float | None
    radius_s: float | None
    first: int
    last: int
    observed: int
    expected: float
    relative_risk: float | None
    log_likelihood_ratio: float
    p: float
    gumbel_p: float | None
    recurrence_days: float
    place_observed: tuple[int, ...]
    place_expected: tuple[float, ...]
    by_day: tuple[int, ...]
    also: tuple[Opinion, ...] = ()
