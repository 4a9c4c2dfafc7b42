"""What became of a cluster from one run to the next: new, grown, shrunk, the same, or gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from surveillance.cluster_runs.model import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A cluster as two runs are compared by it; `places` are codes of areas."""

    disease: str
    places: frozenset[str]
    starts_on: date
    ends_on: date
    observed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a cluster is beside the run before.

    before: its number among the clusters before, None of a new one. joined, left: areas that came
    to it and that it lost.
    """

    change: Change
    before: int | None
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def follow(now: Sequence[Known], before: Sequence[Known]) -> list[Followed]:
    """Return of each cluster of `now` what it was before.

    It is that cluster of its disease with which it shares most of both their places, if their days
    meet or follow on one another; one that split goes on as the part that shares more. More cases
    make it grown, fewer shrunk.
    """
    pairs = sorted(
        (
            (-_likeness(one, other), i, j)
            for i, one in enumerate(now)
            for j, other in enumerate(before)
            if _meet(one, other)
        )
    )
    of: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in of and j not in of.values():
            of[i] = j
    return [
        _followed(one, before[of[i]], of[i])
        if i in of
        else Followed(change=Change.NEW, before=None)
        for i, one in enumerate(now)
    ]


def gone(followed: Sequence[Followed], before: Sequence[Known]) -> list[int]:
    """Return the numbers of the clusters before that no cluster now goes on with."""
    kept = {one.before for one in followed}
    return [j for j in range(len(before)) if j not in kept]


def _meet(one: Known, other: Known) -> bool:
    return (
        one.disease == other.disease
        and not one.places.isdisjoint(other.places)
        and one.starts_on <= other.ends_on + timedelta(days=1)
        and other.starts_on <= one.ends_on + timedelta(days=1)
    )


def _likeness(one: Known, other: Known) -> float:
    """Return the share of the places of either that are in both (Jaccard)."""
    return len(one.places & other.places) / len(one.places | other.places)


def _followed(one: Known, other: Known, number: int) -> Followed:
    if one.observed == other.observed and one.places == other.places:
        change = Change.SAME
    else:
        change = Change.GROWN if one.observed >= other.observed else Change.SHRUNK
    return Followed(
        change=change,
        before=number,
        joined=tuple(sorted(one.places - other.places)),
        left=tuple(sorted(other.places - one.places)),
    )
