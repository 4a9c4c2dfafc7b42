"""What a study is made of: cells with people, sites with ways to them, and the state before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gis.words import Words
from planning.access.model import Cells, District
from planning.coverage.views import PlaceName
from planning.studies.views import DistrictRow, InputPart

FloatArray = npt.NDArray[np.float64]
SecondsArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
CountArray = npt.NDArray[np.int64]

FELT_S = 60.0
"""A change of the time to the nearest site that is told."""
FELT_SHARE = 0.005
"""A change of the chance to be covered that is told."""


@dataclass(frozen=True, slots=True)
class StudySite:
    """One site; `stands`: today; `units` that stand there, 0 where none do."""

    key: str
    name: str | None
    name_zh: str | None
    name_en: str | None
    lon: float
    lat: float
    stands: bool
    units: int


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """p points all over n cells, on which their people stand: cells may be wider than a reach.

    owner : (p,) row of the cell; people : (p,), 0 where no way is near
    ways : (p, m) CSR float32 seconds from the sites; what is not there is beyond `beyond_s`
    """

    owner: CountArray
    people: FloatArray
    ways: scipy.sparse.csr_array
    beyond_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """n cells and m sites, those that stand today in front.

    known : (n,) whether a road is near the cell; travel_s : (n, m), inf where no way leads
    then_s : (n, m) the same after what the study supposes of the roads, None: as it is
    calibration : whether times were set beside recorded ones
    points : where people stand within cells, in the place of `travel_s`; None: at one point a cell
    notes : what was left out or taken, one sentence each
    """

    cells: Cells
    districts: Sequence[District]
    known: BoolArray
    sites: tuple[StudySite, ...]
    travel_s: SecondsArray
    parts: tuple[InputPart, ...]
    calibration: Words
    notes: tuple[Words, ...]
    then_s: SecondsArray | None = None
    points: Points | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """n cells before and after.

    before_s, after_s : (n,) seconds from the nearest site, NaN where no road is near
    before, after : (n,) the share of the cell's people within the limit, or the chance to be
    covered; nearest : (n,) position of the nearest site after, -1 where none is reached
    """

    before_s: SecondsArray
    after_s: SecondsArray
    before: FloatArray
    after: FloatArray
    nearest: CountArray


def nearest_of(travel_s: SecondsArray, of: BoolArray) -> tuple[SecondsArray, CountArray]:
    """Return (n,) seconds of the nearest of some of m sites and its position, inf and -1: none."""
    n = travel_s.shape[0]
    chosen = np.flatnonzero(of)
    if not chosen.size:
        return np.full(n, np.inf, np.float32), np.full(n, -1, np.int64)
    part = travel_s[:, chosen]
    row = part.argmin(axis=1)
    seconds = part[np.arange(n), row]
    return seconds, np.where(np.isfinite(seconds), chosen[row], -1)


def changes(
    before_s: npt.ArrayLike, after_s: npt.ArrayLike, before: npt.ArrayLike, after: npt.ArrayLike
) -> npt.NDArray[np.str_]:
    """Return (n,) what becomes of each cell: gains, loses, quicker, slower, same, unknown."""
    was, will = np.asarray(before_s, np.float64), np.asarray(after_s, np.float64)
    more = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    both_cut_off = np.isinf(was) & np.isinf(will)
    later = np.where(both_cut_off, 0.0, will - np.where(both_cut_off, 0.0, was))
    return np.select(
        [np.isnan(was) | np.isnan(will), more > FELT_SHARE, more < -FELT_SHARE,
         later <= -FELT_S, later >= FELT_S],
        ["unknown", "gains", "loses", "quicker", "slower"],
        default="same",
    )  # fmt: skip


def district_rows(
    cells_people: FloatArray,
    district: Sequence[str | None],
    names: Sequence[PlaceName],
    outcome: Outcome,
) -> tuple[DistrictRow, ...]:
    """Return the city's row, one a district in the order of `names`, and one outside if needed."""
    change = changes(outcome.before_s, outcome.after_s, outcome.before, outcome.after)
    codes = np.array([one or "" for one in district], object)
    everywhere = np.ones(len(codes), np.bool_)
    parts = [("city", PlaceName(None, None, None, None), everywhere)]
    parts += [("district", one, codes == one.code) for one in names]
    outside = ~np.isin(codes, [one.code or "" for one in names])
    if cells_people[outside].any():
        parts.append(("outside", PlaceName(None, None, None, None), outside))
    return tuple(
        _row(part, name, cells_people, rows, outcome, change)
        for part, name, rows in parts
        if part == "city" or rows.any()
    )


def _row(  # noqa: PLR0917 (each is one column of the same cells)
    part: str,
    name: PlaceName,
    people: FloatArray,
    rows: BoolArray,
    outcome: Outcome,
    change: npt.NDArray[np.str_],
) -> DistrictRow:
    known = rows & ~np.isnan(outcome.before_s) & ~np.isnan(outcome.after_s)
    lived = float(people[known].sum())
    before, after = (
        float((people * one)[known].sum()) for one in (outcome.before, outcome.after)
    )  # fmt: skip
    more = np.where(known, people * (outcome.after - outcome.before), 0.0)
    return DistrictRow(
        part=part,
        district=name,
        people=round(float(people[rows].sum())),
        known=round(lived),
        before=round(before),
        after=round(after),
        share_before=before / lived if lived else None,
        share_after=after / lived if lived else None,
        gains=round(float(more[more > 0].sum())),
        loses=round(-float(more[more < 0].sum())),
        quicker=round(float(people[known & (change == "quicker")].sum())),
        slower=round(float(people[known & (change == "slower")].sum())),
        mean_before_s=_mean(outcome.before_s, people, known),
        mean_after_s=_mean(outcome.after_s, people, known),
    )


def _mean(seconds: SecondsArray, people: FloatArray, known: BoolArray) -> float | None:
    reached = known & np.isfinite(seconds)
    total = float(people[reached].sum())
    return float(people[reached] @ seconds[reached].astype(np.float64)) / total if total else None
