"""What is known of a city's road times in the hours ahead, kept until its conditions change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from routing.conditions.snapshot import ConditionsSnapshot
from routing.live.loading import Layer
from routing.roads.model import Profile
from routing.search.router import DijkstraRouter
from routing.timed.departures import TimedRouter
from routing.timed.times_ahead import hours_needed, times_ahead

ReadHours = Callable[[ConditionsSnapshot, frozenset[int]], ConditionsSnapshot]
"""Reads the learned speeds of further hours of the week."""

_MAX_HOUR_TABLES = 24
_MAX_ROUTERS = 2
_SLACK = timedelta(minutes=30)


class Forecast:
    """Routers over times ahead, made when first asked. Safe to share between threads.

    Of each profile the last two are kept: one for who leaves now, one for who plans.
    """

    def __init__(self, snapshot: ConditionsSnapshot, previous: "Forecast | None" = None) -> None:
        """Keep what was read for `previous` of further hours, if it is still the same."""
        self.snapshot = snapshot
        if previous is not None and _same_speeds(previous.snapshot, snapshot):
            profiles = {**previous.snapshot.profiles, **snapshot.profiles}
            self.snapshot = replace(snapshot, profiles=profiles)
        self._routers: dict[Profile, tuple[TimedRouter, ...]] = {}

    def router(
        self, layer: Layer, *, at: datetime, until: datetime, read: ReadHours
    ) -> TimedRouter:
        """Return who knows the times of a profile from `at` to `until`."""
        profile = layer.rules.profile
        known = self._routers.get(profile, ())
        for router in known:
            if router.ahead.begins <= at and until <= router.ahead.until:
                return router
        until += _SLACK
        snapshot = self.snapshot
        needed = hours_needed(snapshot, layer.rules, at=at, until=until)
        if needed:
            snapshot = read(snapshot, needed)
            kept = list(snapshot.profiles.items())[-_MAX_HOUR_TABLES:]
            self.snapshot = replace(snapshot, profiles=dict(kept))
        ahead = times_ahead(layer.graph, layer.rules, snapshot, at=at, until=until)
        static = DijkstraRouter(
            layer.graph, times=ahead.base, snapper=layer.snapper, pool=layer.scratch
        )
        made = TimedRouter(static, ahead)
        self._routers[profile] = (made, *known)[:_MAX_ROUTERS]
        return made


def _same_speeds(one: ConditionsSnapshot, other: ConditionsSnapshot) -> bool:
    return (one.epoch, one.network_version, one.profiles_change) == (
        other.epoch, other.network_version, other.profiles_change,
    )  # fmt: skip
