"""Every error that the house declares."""

import importlib
import pkgutil
from collections.abc import Iterator

import api
import data
import dispatch
import gis
import maps
import planning
import referral
import routing
import surveillance
from gis.errors import GoldenHourError


def every_error() -> list[type[GoldenHourError]]:
    """Return every error of every room, by name; the rooms' modules are imported."""
    for package in (gis, data, routing, dispatch, surveillance, planning, referral, maps, api):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                importlib.import_module(found.name)

    def below(base: type[GoldenHourError]) -> Iterator[type[GoldenHourError]]:
        for error in base.__subclasses__():
            if not error.__module__.startswith("tests."):
                yield error
            yield from below(error)

    return sorted(set(below(GoldenHourError)), key=lambda error: error.__qualname__)
