"""Who is to be served, where sites may stand, and what it costs to get there: matched by key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.errors import (
    BudgetTooSmallError,
    SitingDemandError,
    SitingInputError,
    SitingKeysError,
    TooManySitesError,
    named,
)

FloatArray = npt.NDArray[np.floating]
IndexArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Instance:
    """Places with demand, sites, and travel between them.

    demand: n keys; sites: m keys; weight: (n,) float64 > 0; travel: (n, m), a dense array of floats
    with inf where nobody gets, or a CSR array whose missing pairs are out of reach. Any unit, the
    same for all. Make it by `of_matrix` or `of_pairs`, which match by key.
    """

    demand: tuple[str, ...]
    sites: tuple[str, ...]
    weight: npt.NDArray[np.float64]
    travel: FloatArray | scipy.sparse.csr_array

    @property
    def shape(self) -> tuple[int, int]:
        """The number of places and of sites."""
        return len(self.demand), len(self.sites)

    def dense(self) -> FloatArray:
        """Return travel as (n, m) floats, inf where nobody gets."""
        if not isinstance(self.travel, scipy.sparse.csr_array):
            return self.travel
        full = np.full(self.shape, np.inf)
        rows = np.repeat(np.arange(self.shape[0]), np.diff(self.travel.indptr))
        full[rows, self.travel.indices] = self.travel.data
        return full

    def digest(self) -> str:
        """Return a hash of everything in it, by which a stored study knows its input."""
        made = blake2b(digest_size=16)
        for keys in (self.demand, self.sites):
            made.update("\x1f".join(keys).encode() + b"\x1e")
        made.update(self.weight.tobytes())
        if isinstance(self.travel, scipy.sparse.csr_array):
            for part in (self.travel.indptr, self.travel.indices, self.travel.data):
                made.update(np.ascontiguousarray(part).tobytes())
        else:
            made.update(np.ascontiguousarray(self.travel).tobytes())
        return made.hexdigest()

    def with_weight(self, weight: npt.ArrayLike) -> "Instance":
        """Return the same with other demand, (n,) in the order of `demand`."""
        return replace(self, weight=checked_weight(self.demand, weight))


def of_matrix(
    weight: Mapping[str, float],
    sites: Sequence[str],
    travel: npt.ArrayLike,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
) -> Instance:
    """Return an instance of a full matrix whose `rows` and `columns` are named.

    travel: (len(rows), len(columns)), inf where nobody gets. Rows and columns may come in any
    order; each place of `weight` and each of `sites` has exactly one. Raises `SitingKeysError`
    where they do not, `SitingDemandError`, `SitingInputError`.
    """
    matrix = np.asarray(travel)
    if matrix.dtype != np.float32:
        matrix = matrix.astype(np.float64)
    if matrix.shape != (len(rows), len(columns)):
        raise SitingInputError(
            f"The travel matrix is {' × '.join(map(str, matrix.shape))}, but {len(rows)} rows and "
            f"{len(columns)} columns are named."
        )
    demand, wanted = tuple(weight), tuple(sites)
    row_at = _positions(rows, demand, "row of the travel matrix", "place with demand")
    column_at = _positions(columns, wanted, "column of the travel matrix", "site")
    if not (_in_order(row_at) and _in_order(column_at)):
        matrix = matrix[np.ix_(row_at, column_at)]
    _check_travel(matrix)
    return Instance(demand, wanted, checked_weight(demand, list(weight.values())), matrix)


def of_pairs(
    weight: Mapping[str, float],
    sites: Sequence[str],
    pairs: Iterable[tuple[str, str, float]],
    *,
    complete: bool = True,
) -> Instance:
    """Return an instance of a long table: place, site, travel.

    With `complete` each pair must be there once, and the matrix is dense; else missing pairs are
    out of reach, and it is sparse. Raises as `of_matrix`.
    """
    demand, wanted = tuple(weight), tuple(sites)
    _no_duplicates(demand, "place with demand")
    _no_duplicates(wanted, "site")
    place_at = {key: at for at, key in enumerate(demand)}
    site_at = {key: at for at, key in enumerate(wanted)}
    table = list(pairs)
    _known({place for place, _, _ in table}, place_at, "place", "no demand is given for it")
    _known({site for _, site, _ in table}, site_at, "site", "it is not in the list of sites")
    row = np.fromiter((place_at[place] for place, _, _ in table), dtype=np.int64, count=len(table))
    column = np.fromiter((site_at[site] for _, site, _ in table), dtype=np.int64, count=len(table))
    cost = np.fromiter((cost for _, _, cost in table), dtype=np.float64, count=len(table))
    cell = row * len(wanted) + column
    _once(cell, demand, wanted)
    _check_travel(cost)
    checked = checked_weight(demand, list(weight.values()))
    shape = len(demand), len(wanted)
    if not complete:
        reached = np.isfinite(cost)
        order = np.argsort(cell[reached], kind="stable")
        row, column, cost = row[reached][order], column[reached][order], cost[reached][order]
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=shape[0]))])
        return Instance(
            demand, wanted, checked, scipy.sparse.csr_array((cost, column, start), shape=shape)
        )
    full = np.full(shape, np.nan)
    full[row, column] = cost
    absent = np.argwhere(np.isnan(full))
    if len(absent):
        those = [f"{demand[i]} to {wanted[j]}" for i, j in absent[:6]]
        raise SitingKeysError(
            f"The table of travel lacks {len(absent)} of {full.size} pairs: {named(those)}. Add "
            "them, or say that pairs that are not there are out of reach."
        )
    return Instance(demand, wanted, checked, full)


@dataclass(frozen=True, slots=True)
class Choice:
    """How many sites are chosen, and which of them are not up for choice.

    count: sites that stand in the end, the `fixed` ones among them; or instead `budget`, what all
    that are chosen may cost together, at `price` by site (default 1 each; fixed ones cost too,
    unless their price is 0). fixed: keys of sites that stand already; forbidden: of those that may
    not be taken.
    """

    count: int | None = None
    budget: float | None = None
    price: Mapping[str, float] = field(default_factory=dict)
    fixed: Sequence[str] = ()
    forbidden: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """A choice by position: `price` (m,) at most `budget` in all, `lower` ≤ chosen ≤ `upper`."""

    price: npt.NDArray[np.float64]
    budget: float
    lower: npt.NDArray[np.int64]
    upper: npt.NDArray[np.int64]

    @property
    def by_count(self) -> bool:
        """Whether each site costs one, so that the budget is a number of sites."""
        return bool((self.price == 1.0).all())


def room(instance: Instance, choice: Choice) -> Room:
    """Return the choice by position.

    Raises `SitingKeysError`, `TooManySitesError`, `BudgetTooSmallError`, `SitingInputError`.
    """
    count = len(instance.sites)
    at = {key: position for position, key in enumerate(instance.sites)}
    for keys, what in (
        (choice.fixed, "fixed"), (choice.forbidden, "forbidden"), (choice.price, "priced")
    ):  # fmt: skip
        _known(set(keys), at, f"{what} site", "it is not in the list of sites")
    both = sorted(set(choice.fixed) & set(choice.forbidden))
    if both:
        raise SitingKeysError(f"Sites cannot be fixed and forbidden at once: {named(both)}.")
    lower, upper = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    lower[[at[key] for key in choice.fixed]] = 1
    upper[[at[key] for key in choice.forbidden]] = 0
    if (choice.count is None) == (choice.budget is None):
        raise SitingInputError("Say either how many sites stand in the end, or the budget.")
    price = np.ones(count)
    if choice.count is not None:
        if choice.price:
            raise SitingInputError("Prices need a budget; without one, sites are counted.")
        _check_count(choice.count, int(upper.sum()), int(lower.sum()))
        return Room(price, float(choice.count), lower, upper)
    assert choice.budget is not None
    for key, cost in choice.price.items():
        price[at[key]] = cost
    if not (np.isfinite(price).all() and (price >= 0).all()):
        raise SitingInputError("Prices of sites are numbers of zero or more.")
    # Prices that add up to the budget but for rounding fit into it.
    budget = float(choice.budget) * (1.0 + ROUNDING)
    _check_budget(budget, price, lower, upper)
    return Room(price, budget, lower, upper)


def _check_count(count: int, most: int, fixed: int) -> None:
    if count < 1:
        raise TooManySitesError("At least one site has to be chosen.")
    if count > most:
        raise TooManySitesError(
            f"{count} sites are to be chosen, but only {most} may be. Choose fewer, or add sites."
        )
    if fixed > count:
        raise TooManySitesError(
            f"{fixed} sites are fixed, but only {count} are to stand in the end. The count holds "
            "the fixed ones too."
        )


def _check_budget(budget: float, price: FloatArray, lower: IndexArray, upper: IndexArray) -> None:
    if not np.isfinite(budget) or budget < 0:
        raise BudgetTooSmallError("The budget is a number of zero or more.")
    must = float(price[lower > 0].sum())
    if must > budget:
        raise BudgetTooSmallError(
            f"The fixed sites cost {must:g}, the budget is {budget:g}. Price sites that stand "
            "already at 0, or raise the budget."
        )
    free = price[(upper > 0) & (lower == 0)]
    if not lower.any() and (not free.size or free.min() > budget):
        cheapest = f"the cheapest site costs {free.min():g}" if free.size else "no site is allowed"
        raise BudgetTooSmallError(f"The budget of {budget:g} pays for no site: {cheapest}.")


def checked_weight(demand: Sequence[str], weight: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return `weight` as (n,) float64; raises `SitingDemandError` unless all are positive."""
    values = np.asarray(weight, dtype=np.float64)
    if values.shape != (len(demand),):
        raise SitingDemandError(f"{len(demand)} places have {values.size} values of demand.")
    if not len(demand):
        raise SitingDemandError("There is no place with demand.")
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        those = [f"{demand[at]} ({values[at]:g})" for at in np.flatnonzero(bad).tolist()]
        raise SitingDemandError(
            f"Demand is a positive number; it is not for {named(those)}. Leave places without "
            "demand out."
        )
    return values


def _positions(
    there: Sequence[str], wanted: Sequence[str], what: str, of_what: str
) -> IndexArray:  # fmt: skip
    _no_duplicates(there, what)
    _no_duplicates(wanted, of_what)
    at = {key: position for position, key in enumerate(there)}
    absent = [key for key in wanted if key not in at]
    surplus = sorted(set(there) - set(wanted))
    if absent or surplus:
        told = []
        if absent:
            told.append(f"no {what} for {named(absent)}")
        if surplus:
            told.append(f"a {what} without {of_what}: {named(surplus)}")
        raise SitingKeysError(f"The keys do not match: {'; '.join(told)}.")
    return np.fromiter((at[key] for key in wanted), dtype=np.int64, count=len(wanted))


def _in_order(at: IndexArray) -> bool:
    return bool((at == np.arange(at.size)).all())


def _no_duplicates(keys: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    twice = sorted({key for key in keys if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
    if twice:
        raise SitingKeysError(f"Each {what} is named once; named more often: {named(twice)}.")


def _known(keys: set[str], known: Mapping[str, int], what: str, why: str) -> None:
    strange = sorted(keys - known.keys())
    if strange:
        raise SitingKeysError(f"Unknown {what}, {why}: {named(strange)}.")


def _once(cell: IndexArray, demand: Sequence[str], sites: Sequence[str]) -> None:
    values, counts = np.unique(cell, return_counts=True)
    twice = values[counts > 1]
    if twice.size:
        those = [
            f"{demand[at // len(sites)]} to {sites[at % len(sites)]}" for at in twice[:6].tolist()
        ]
        raise SitingKeysError(
            f"The table of travel names {len(twice)} pairs more than once: {named(those)}."
        )


def _check_travel(travel: FloatArray) -> None:
    if np.isnan(travel).any():
        raise SitingInputError("Travel is not a number (NaN) somewhere; out of reach is infinite.")
    if travel.size and travel.min() < 0:
        raise SitingInputError("Travel is negative somewhere.")
