"""MCLP and MEXCLP: as much demand as possible within reach, of a site or of a unit that is free."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gis.kernels.expected_coverage import covered_share
from planning.siting.answer import Answer, Limits, Sense, Watch
from planning.siting.covering import covered, most_covered
from planning.siting.covers import joined, served_by, within
from planning.siting.errors import SitingInputError
from planning.siting.instance import Choice, Instance, Room, room

FloatArray = npt.NDArray[np.float64]


def mclp(
    instance: Instance,
    choice: Choice,
    *,
    reach: float,
    limits: Limits | None = None,
    exact: bool = False,
) -> Answer:
    """Choose the sites that have most demand within `reach`, at it too.

    R. Church, C. ReVelle, The maximal covering location problem, Papers of the Regional Science
    Association 32 (1974) 101-118. `exact` lets HiGHS prove it in the time that is left. Raises
    `SitingInputError` and its kinds.
    """
    among = room(instance, choice)
    return by_table(
        "mclp", instance, among, np.array([0.0, 1.0]), reach=reach, limits=limits, exact=exact
    )


def mexclp(
    instance: Instance,
    choice: Choice,
    *,
    reach: float,
    busy_share: float,
    units_a_site: int | None = None,
    limits: Limits | None = None,
    exact: bool = False,
) -> Answer:
    """Choose where units stand so that most demand is expected to have a free one within `reach`.

    Daskin 1983, see `gis.kernels.expected_coverage`. `choice.count` counts units, of which several
    may stand at one site, at most `units_a_site`; a fixed site has one at least. The answer names a
    site once for each of its units. Raises `SitingInputError` and its kinds.
    """
    if not 0.0 <= busy_share < 1.0:
        raise SitingInputError("The share of time a unit is busy is at least 0 and below 1.")
    if choice.count is None:
        raise SitingInputError("Units are counted: say how many there are.")
    if units_a_site is not None and units_a_site < 1:
        raise SitingInputError("A site has room for one unit at least.")
    most = choice.count if units_a_site is None else units_a_site
    open_sites = len(instance.sites) - len(set(choice.forbidden))
    if choice.count > most * open_sites:
        raise SitingInputError(
            f"{choice.count} units do not find room at {open_sites} sites of {most} each."
        )
    sites = room(instance, replace(choice, count=min(choice.count, open_sites)))
    among = Room(sites.price, float(choice.count), sites.lower, sites.upper * most)
    table = covered_share(np.arange(choice.count + 1), busy_share)
    return by_table("mexclp", instance, among, table, reach=reach, limits=limits, exact=exact)


def by_table(
    model: str,
    instance: Instance,
    among: Room,
    table: FloatArray,
    *,
    reach: float,
    limits: Limits | None = None,
    exact: bool = False,
) -> Answer:
    """Choose what covers most where 0, 1, 2, … units within reach are worth the `table`."""
    check_reach(reach)
    watch = Watch(Sense.MOST, Limits() if limits is None else limits)
    cover = joined(within(instance, reach), instance.weight)
    plan = most_covered(cover, among, table, watch, exact=exact)
    value = covered(cover, plan.units, table)
    chosen = np.flatnonzero(plan.units)
    names = tuple(instance.sites[at] for at in np.repeat(chosen, plan.units[chosen]))
    return Answer(
        model, Sense.MOST, names, value, max(watch.bound, value), watch.seconds, plan.solver,
        watch.limits.seed, plan.ended, served_by(instance, chosen, reach), tuple(watch.trace),
        instance.digest(),
    )  # fmt: skip


def check_reach(reach: float) -> None:
    """Raise `SitingInputError` unless a reach is a number of zero or more."""
    if not (np.isfinite(reach) and reach >= 0):
        raise SitingInputError("The reach is a number of zero or more, in the unit of travel.")
