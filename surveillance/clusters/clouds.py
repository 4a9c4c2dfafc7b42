"""Clouds of cases: many near one another in place and time.

D. Birant & A. Kut, ST-DBSCAN: an algorithm for clustering spatial-temporal data, Data Knowl. Eng.
60 (2007) 208, doi 10.1016/j.datak.2006.01.013; the clusters of M. Ester et al., KDD 1996, with two
radii, metres and time.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from surveillance.clusters.errors import CasesUnusableError

FloatArray = npt.NDArray[np.float64]
NOBODYS = -1


def clouds(
    xy_m: FloatArray, at: FloatArray, *, within_m: float, within: float, least: int
) -> npt.NDArray[np.int64]:
    """Return the cloud of each case (k,), numbered by its first case; -1 of those in none.

    `xy_m` (k, 2) metres on a plane, `at` (k,) times of any unit. A case with at least `least` cases
    within both distances, itself among them, is a core; cores within reach of each other are one
    cloud, and a case in reach of a core belongs to the cloud of the nearest one (the first, if
    several are as near). Cases without place or time are in no cloud. Raises `CasesUnusableError`
    for arrays that do not fit, distances below 0 or fewer than one case.
    """
    if xy_m.ndim != 2 or xy_m.shape[1] != 2 or at.shape != (len(xy_m),):
        raise CasesUnusableError("each needs a place and a time")
    if not (within_m >= 0 and within >= 0) or least < 1:
        raise CasesUnusableError("distances are from 0 on, and a cloud has at least one case")
    known = np.flatnonzero(np.isfinite(xy_m).all(axis=1) & np.isfinite(at))
    of_case = np.full(len(xy_m), NOBODYS, dtype=np.int64)
    if known.size:
        of_case[known] = _clouds(xy_m[known], at[known], within_m, within, least)
    return of_case


def _clouds(
    xy_m: FloatArray, at: FloatArray, within_m: float, within: float, least: int
) -> npt.NDArray[np.int64]:
    count = len(xy_m)
    pairs = cKDTree(xy_m).query_pairs(within_m, output_type="ndarray")
    pairs = pairs[np.abs(at[pairs[:, 0]] - at[pairs[:, 1]]) <= within]
    core = 1 + np.bincount(pairs.ravel(), minlength=count) >= least
    joined = pairs[core[pairs].all(axis=1)]
    ones = np.ones(len(joined), dtype=np.int8)
    graph = coo_array((ones, (joined[:, 0], joined[:, 1])), shape=(count, count))
    part = np.asarray(connected_components(graph, directed=False)[1], np.int64)
    cloud = np.where(core, part, NOBODYS)
    _take_in(cloud, core, pairs, xy_m)
    return _numbered(cloud)


def _take_in(
    cloud: npt.NDArray[np.int64], core: npt.NDArray[np.bool_], pairs: npt.NDArray[np.int64],
    xy_m: FloatArray,
) -> None:  # fmt: skip
    """Give cases that are no core the cloud of the nearest core in reach."""
    both = np.vstack((pairs, pairs[:, ::-1]))
    both = both[~core[both[:, 0]] & core[both[:, 1]]]
    far = np.hypot(*(xy_m[both[:, 0]] - xy_m[both[:, 1]]).T)
    nearest = np.lexsort((both[:, 1], far, both[:, 0]))
    case, first = np.unique(both[nearest, 0], return_index=True)
    cloud[case] = cloud[both[nearest[first], 1]]


def _numbered(cloud: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the clouds numbered 0, 1, 2 … by their first case."""
    names, first = np.unique(cloud, return_index=True)
    names = names[np.argsort(first)]
    names = names[names != NOBODYS]
    number = {int(name): k for k, name in enumerate(names)}
    return np.array([number.get(int(one), NOBODYS) for one in cloud], np.int64)
