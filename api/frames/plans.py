"""Who is covered, where the next sites go, and what they change, as GeoDataFrames.

Everything is matched by the index of the frames, never by position. Times are tables as
`api.frames.roads.Roads.seconds` gives them: places in rows, sites in columns, seconds.
"""

from collections.abc import Hashable, Iterable, Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planning.coverage.changes import compare
from planning.coverage.cover import k_fold, units_reaching
from planning.coverage.model import EVERYBODY, Fleet, Ground, StationTimes
from planning.reports.cells import change_of
from planning.siting.answer import Answer, Limits
from planning.siting.instance import Choice, of_matrix
from planning.siting.maximal import mclp

PEOPLE = "people"
ANSWER = "answer"
"""Under which a frame of sites keeps the answer in its `attrs`: value, bound, gap, seconds."""


def coverage(
    places: gpd.GeoDataFrame,
    seconds: pd.DataFrame,
    units: Mapping[Hashable, int],
    *,
    limit_s: float,
) -> gpd.GeoDataFrame:
    """Return the places with `seconds` of the nearest unit, `units` within the limit, `covered`.

    places : with a column `people`; units : how many stand at each site; sites without any do not
    count. `attrs` has `share` and `share_twice` of the people whose time is known.

    Raises
    ------
    CoverageInputError
        Keys do not match, nobody lives there, or a number is none.
    """
    times, fleet = _times(seconds, [key for key, count in units.items() if count]), Fleet.always(
        {key: count for key, count in units.items() if count}
    )  # fmt: skip
    ground = Ground.of(places.index, {EVERYBODY: places[PEOPLE].to_numpy(np.float64)})
    ordered = times.for_cells(ground.cells)
    count = units_reaching(ordered, fleet, limit_s=limit_s)[:, 0].astype(np.int64)
    found = places.assign(
        seconds=np.where(ordered.known, ordered.nearest(), np.nan),
        units=count,
        covered=pd.arrays.BooleanArray(count > 0, ~ordered.known),
    )
    once, twice = (k_fold(ground, ordered, fleet, limit_s=limit_s, k=k) for k in (1, 2))
    found.attrs |= {
        "share": float(once.total[0, 0]), "share_twice": float(twice.total[0, 0])
    }  # fmt: skip
    return found


def choose(
    places: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    seconds: pd.DataFrame,
    *,
    count: int,
    limit_s: float,
    standing: Iterable[Hashable] = (),
    limits: Limits | None = None,
    exact: bool = True,
) -> gpd.GeoDataFrame:
    """Return the `count` sites, the standing ones among them, that have most people within reach.

    MCLP; of places whose time is known. The sites come back with a column `new`; `attrs["answer"]`
    is the `Answer`: no plan can beat its bound.

    Raises
    ------
    SitingInputError
        Or one of its kinds: keys do not match, more sites than there are, no demand.
    """
    known = seconds.index[seconds.notna().all(axis=1)]
    people = places[PEOPLE]
    lived = people[people.index.isin(known) & (people > 0)]
    stand = [str(key) for key in standing]
    answer = mclp(
        of_matrix(
            {str(key): float(value) for key, value in lived.items()},
            [str(key) for key in sites.index],
            seconds.loc[lived.index].to_numpy(), rows=[str(key) for key in lived.index],
            columns=[str(key) for key in seconds.columns],
        ),
        Choice(count=count, fixed=stand), reach=limit_s, limits=limits, exact=exact,
    )  # fmt: skip
    taken = set(answer.sites)
    chosen = sites[[str(key) in taken for key in sites.index]]
    chosen = chosen.assign(new=[str(key) not in stand for key in chosen.index])
    chosen.attrs[ANSWER] = answer
    return chosen


def answer_of(sites: gpd.GeoDataFrame) -> Answer:
    """Return the answer that sites were chosen by; `KeyError` if they were not chosen here."""
    found: Answer = sites.attrs[ANSWER]
    return found


def gains_and_losses(
    places: gpd.GeoDataFrame, before: pd.DataFrame, after: pd.DataFrame, *, limit_s: float
) -> gpd.GeoDataFrame:
    """Return the places with `before_s`, `after_s` and what becomes of them in `change`.

    before, after : times from the sites that stand before and after. `change` is `gains` or
    `loses` where the limit is crossed, `quicker` or `slower` by a minute, `within`, `beyond`, or
    `unknown`. `attrs` has the people who gain and who lose.

    Raises
    ------
    CoverageInputError
        Keys do not match, or nobody lives there.
    """
    ground = Ground.of(places.index, {EVERYBODY: places[PEOPLE].to_numpy(np.float64)})
    was, will = (_times(one, one.columns).for_cells(ground.cells) for one in (before, after))
    known = was.known & will.known
    change = compare(ground, was, will, limit_s=limit_s)
    found = places.assign(
        before_s=_told(was, known),
        after_s=_told(will, known),
        change=change_of(was.nearest(), will.nearest(), known, limit_s=limit_s),
    )
    found.attrs |= {
        "gains": float(change.gains.sum()), "loses": float(change.loses.sum())
    }  # fmt: skip
    return found


def _told(times: StationTimes, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    return np.where(known, times.nearest().astype(np.float64), np.nan)


def _times(seconds: pd.DataFrame, sites: Iterable[Hashable]) -> StationTimes:
    chosen = seconds[list(sites)]
    known = chosen.notna().all(axis=1).to_numpy()
    return StationTimes.of(
        chosen.fillna(np.inf).to_numpy(), cells=chosen.index, stations=chosen.columns, known=known
    )
