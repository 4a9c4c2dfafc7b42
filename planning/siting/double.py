"""The double standard, and sites with capacity: programmes that HiGHS solves as they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Answer, Ended, Limits, Sense, Watch
from planning.siting.covers import joined, served_by, within
from planning.siting.errors import CoverInfeasibleError, SitingInputError, SitingKeysError, named
from planning.siting.instance import Choice, Instance, room
from planning.siting.maximal import check_reach
from planning.siting.programme import Found, Programme, solve

FloatArray = npt.NDArray[np.float64]
MOST_PAIRS = 400_000
"""Pairs of place and site that a programme with capacities holds in good time."""


def double_standard(
    instance: Instance,
    choice: Choice,
    *,
    near: float,
    far: float,
    share: float,
    units_a_site: int = 2,
    limits: Limits | None = None,
) -> Answer:
    """Choose where units stand: all within `far`, a `share` of demand within `near`, most twice.

    M. Gendreau, G. Laporte, F. Semet, Solving an ambulance location model by tabu search, Location
    Science 5 (1997) 75-88. `choice.count` counts units, at most `units_a_site` at each; the value
    is the demand that two units or more reach within `near`. Raises `CoverInfeasibleError` with the
    places beyond `far` of every site, `SitingInputError` where no plan meets both standards.
    """
    for reach in (near, far):
        check_reach(reach)
    if near > far:
        raise SitingInputError("The two standards contradict: the near one is beyond the far one.")
    if choice.count is None or not 0.0 <= share <= 1.0 or units_a_site < 1:
        raise SitingInputError("Say how many units there are, and a share from 0 to 1.")
    open_sites = len(instance.sites) - len(set(choice.forbidden))
    among = room(instance, Choice(count=max(open_sites, 1), fixed=choice.fixed,
                                  forbidden=choice.forbidden))  # fmt: skip
    sites = len(instance.sites)
    wide = within(instance, far)
    alone = np.flatnonzero(np.diff(wide[:, np.flatnonzero(among.upper)].indptr) == 0)
    if alone.size:
        raise CoverInfeasibleError(
            [instance.demand[at] for at in alone],
            f"{alone.size} places are beyond {far:g} of every site",
        )
    cover, all_of = joined(within(instance, near), instance.weight), joined(wide, instance.weight)
    groups = cover.shape[0]
    one, none = scipy.sparse.identity(groups), np.zeros
    wanted = share * float(instance.weight.sum())
    rows: list[tuple[Any, FloatArray, float]] = [
        (_row(all_of.matrix(), groups, groups), np.ones(all_of.shape[0]), np.inf),
        (scipy.sparse.hstack([cover.matrix(), -one, -one]), none(groups), np.inf),
        (scipy.sparse.hstack([scipy.sparse.csr_array((groups, sites)), one, -one]),
         none(groups), np.inf),
        (np.concatenate([none(sites), cover.weight, none(groups)])[None], np.array([wanted]),
         np.inf),
        (np.concatenate([np.ones(sites), none(2 * groups)])[None], np.array([choice.count]),
         float(choice.count)),
    ]  # fmt: skip
    low = np.concatenate([at for _, at, _ in rows]).astype(np.float64)
    high = np.concatenate([np.full(at.size, most) for _, at, most in rows])
    # A share of all demand is met up to rounding.
    low[-2] -= 1e-9 * max(1.0, wanted)
    watch = Watch(Sense.MOST, limits or Limits())
    found = solve(Programme(
        Sense.MOST, np.concatenate([none(sites + groups), cover.weight]),
        scipy.sparse.csr_array(scipy.sparse.vstack([
            scipy.sparse.csr_array(matrix) for matrix, _, _ in rows
        ])), low, high, np.concatenate([among.lower, none(2 * groups)]).astype(np.float64),
        np.concatenate([among.upper * units_a_site, np.ones(2 * groups)]).astype(np.float64),
        np.ones(sites + 2 * groups, dtype=bool),
    ), watch)  # fmt: skip
    x = _plan(found, f"{choice.count} units", "these two standards")
    units = np.rint(x[:sites]).astype(np.int64)
    value = float(cover.weight @ (cover.matrix() @ units >= 2))
    watch.saw(value=value, bound=found.bound)
    chosen = np.flatnonzero(units)
    names = tuple(instance.sites[at] for at in np.repeat(chosen, units[chosen]))
    return Answer(
        "double_standard", Sense.MOST, names, value, max(found.bound, value), watch.seconds,
        "HiGHS", watch.limits.seed, found.ended, served_by(instance, chosen, far),
        tuple(watch.trace), instance.digest(),
    )  # fmt: skip


def capacitated_median(
    instance: Instance,
    choice: Choice,
    *,
    capacity: Mapping[str, float],
    limits: Limits | None = None,
) -> Answer:
    """Choose the sites with the least demand × travel where each serves no more than it can.

    The capacitated p-median, or with `choice.budget` the sites that a budget pays for. The demand
    of a place may be parted among sites; `serves` names the one with the largest part. Raises
    `SitingKeysError`, `CoverInfeasibleError`, `SitingInputError` where capacities do not suffice.
    """
    odd = sorted(set(capacity) ^ set(instance.sites))
    if odd:
        raise SitingKeysError(f"Capacities and sites do not match: {named(odd)}.")
    holds = np.array([capacity[key] for key in instance.sites], dtype=np.float64)
    if not (np.isfinite(holds).all() and (holds >= 0).all()):
        raise SitingInputError("Capacities are numbers of zero or more.")
    among, travel = room(instance, choice), instance.dense().astype(np.float64)
    places, sites = instance.shape
    usable = np.isfinite(travel) & (among.upper > 0)
    alone = np.flatnonzero(~usable.any(axis=1))
    if alone.size:
        raise CoverInfeasibleError(
            [instance.demand[at] for at in alone], "No site can be reached at all from"
        )
    row, column = np.nonzero(usable)
    if row.size > MOST_PAIRS:
        raise SitingInputError(
            f"{row.size} pairs of place and site are too many with capacities; leave out pairs "
            f"that are far apart, to at most {MOST_PAIRS}."
        )
    pairs, at = row.size, np.arange(row.size)
    shape = (pairs, sites)
    served = scipy.sparse.csr_array((np.ones(pairs), (row, at)), shape=(places, pairs))
    used = scipy.sparse.csr_array((instance.weight[row], (column, at)), shape=(sites, pairs))
    opens = scipy.sparse.csr_array((np.ones(pairs), (at, column)), shape=shape)
    matrix = scipy.sparse.csr_array(scipy.sparse.vstack([
        scipy.sparse.hstack([scipy.sparse.csr_array((places, sites)), served]),
        scipy.sparse.hstack([scipy.sparse.diags_array(-holds), used]),
        scipy.sparse.hstack([-opens, scipy.sparse.identity(pairs)]),
        scipy.sparse.csr_array(np.concatenate([among.price, np.zeros(pairs)])[None]),
    ]))  # fmt: skip
    least = np.concatenate([np.ones(places), np.full(sites + pairs + 1, -np.inf)])
    most = np.concatenate([np.ones(places), np.zeros(sites + pairs), [among.budget]])
    watch = Watch(Sense.LEAST, limits or Limits())
    cost = instance.weight[row] * travel[row, column]
    found = solve(Programme(
        Sense.LEAST, np.concatenate([np.zeros(sites), cost]), matrix, least, most,
        np.concatenate([among.lower, np.zeros(pairs)]).astype(np.float64),
        np.concatenate([among.upper, np.ones(pairs)]).astype(np.float64),
        np.concatenate([np.ones(sites, dtype=bool), np.zeros(pairs, dtype=bool)]),
    ), watch)  # fmt: skip
    x = _plan(found, "The sites", "all demand within their capacities")
    parts = scipy.sparse.csr_array((x[sites:], (row, column)), shape=instance.shape).toarray()
    chosen = np.flatnonzero(x[:sites] > 0.5)
    value = float(cost @ x[sites:])
    watch.saw(value=value, bound=found.bound)
    return Answer(
        "capacitated_median", Sense.LEAST, tuple(instance.sites[one] for one in chosen), value,
        min(found.bound, value), watch.seconds, "HiGHS", watch.limits.seed, found.ended,
        parts.argmax(axis=1).astype(np.int64), tuple(watch.trace), instance.digest(),
    )  # fmt: skip


def _row(matrix: scipy.sparse.csr_array, *empty: int) -> scipy.sparse.csr_array:
    blank = [scipy.sparse.csr_array((matrix.shape[0], width)) for width in empty]
    return scipy.sparse.csr_array(scipy.sparse.hstack([matrix, *blank]))


def _plan(found: Found, what: str, standard: str) -> FloatArray:
    """Return x; raises `SitingInputError` where there is none."""
    if not found.feasible:
        raise SitingInputError(f"{what} do not meet {standard}, whatever is chosen.")
    if found.x is None:
        raise SitingInputError(
            f"No plan was found that meets {standard}"
            + (" in the time given." if found.ended is Ended.TIME else " before it was stopped.")
        )
    return found.x
