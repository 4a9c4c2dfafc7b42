"""Who is reached from where: sparse cover sets, places with equal sets joined."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.instance import Instance

IndexArray = npt.NDArray[np.int32]
WeightArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cover:
    """Groups of places with the same sites within reach, both ways round.

    row_start (g + 1,), row_site: the sites of each group; site_start (m + 1,), site_row: the groups
    of each site; weight (g,) float64, their demand; group: (n,) the group of each place, -1 where
    no site reaches it.
    """

    row_start: IndexArray
    row_site: IndexArray
    site_start: IndexArray
    site_row: IndexArray
    weight: WeightArray
    group: IndexArray

    @property
    def shape(self) -> tuple[int, int]:
        """The number of groups and of sites."""
        return self.row_start.size - 1, self.site_start.size - 1

    def matrix(self) -> scipy.sparse.csr_array:
        """Return it as a (groups, sites) array of ones."""
        ones = np.ones(self.row_site.size)
        return scipy.sparse.csr_array((ones, self.row_site, self.row_start), shape=self.shape)


def within(instance: Instance, reach: float) -> scipy.sparse.csr_array:
    """Return which sites reach each place within `reach`, at it too: (n, m) CSR of ones."""
    travel = instance.travel
    if isinstance(travel, scipy.sparse.csr_array):
        near = travel.data <= reach
        rows = np.repeat(np.arange(instance.shape[0]), np.diff(travel.indptr))[near]
        sites = np.asarray(travel.indices[near], dtype=np.int64)
    else:
        # A float32 matrix is compared as it is: the limit is rounded the same way.
        rows, sites = np.nonzero(travel <= travel.dtype.type(reach))
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=instance.shape[0]))])
    return scipy.sparse.csr_array(
        (np.ones(sites.size, dtype=np.int8), sites.astype(np.int32), start.astype(np.int32)),
        shape=instance.shape,
    )


def joined(near: scipy.sparse.csr_array, weight: WeightArray) -> Cover:
    """Return the cover of places (n,) with `weight`, those with equal sites joined.

    Isomorphic aggregation (Chen et al., European Journal of Operational Research, 2023): such
    places are served or not together.
    """
    count, sites = near.shape
    chance = np.random.default_rng(20)
    marks = chance.integers(1, 2**63, size=(sites, 2), dtype=np.uint64)
    # Sums of random marks stand for the sets: two different ones collide once in 2^128.
    sums = np.zeros((count, 2), dtype=np.uint64)
    some = np.diff(near.indptr) > 0
    if near.nnz:
        sums[some] = np.add.reduceat(marks[near.indices], near.indptr[:-1][some], axis=0)
    order = np.lexsort((sums[:, 1], sums[:, 0]))
    order = order[some[order]]
    differs = np.ones(order.size, dtype=bool)
    differs[1:] = (sums[order[1:]] != sums[order[:-1]]).any(axis=1)
    group = np.full(count, -1, dtype=np.int32)
    group[order] = np.cumsum(differs) - 1
    groups = int(differs.sum())
    first = order[differs]
    rows = near[first]
    columns = rows.tocsc()
    total = np.bincount(group[some], weights=weight[some], minlength=groups).astype(np.float64)
    return Cover(
        rows.indptr.astype(np.int32), rows.indices.astype(np.int32),
        columns.indptr.astype(np.int32), columns.indices.astype(np.int32), total, group,
    )  # fmt: skip


def served_by(
    instance: Instance, chosen: npt.NDArray[np.int64], reach: float
) -> npt.NDArray[np.int64]:
    """Return the nearest of the `chosen` positions for each place (n,), -1 beyond `reach`."""
    if not chosen.size:
        return np.full(instance.shape[0], -1, dtype=np.int64)
    if isinstance(instance.travel, scipy.sparse.csr_array):
        part = instance.travel[:, chosen].tocsr()
        rows = np.repeat(np.arange(instance.shape[0]), np.diff(part.indptr))
        order = np.lexsort((part.indices, part.data, rows))
        serves = np.full(instance.shape[0], -1, dtype=np.int64)
        order = order[part.data[order] <= reach]
        # The last to be written stays: the nearest.
        serves[rows[order[::-1]]] = chosen[part.indices[order[::-1]]]
        return serves
    costs = instance.travel[:, chosen]
    nearest = costs.argmin(axis=1)
    near = costs[np.arange(instance.shape[0]), nearest] <= instance.travel.dtype.type(reach)
    near &= np.isfinite(costs[np.arange(instance.shape[0]), nearest])
    return np.where(near, chosen[nearest], -1)
