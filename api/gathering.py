"""Doors and commands of the rooms, found where they stand: `api/doors/<room>`, `api/cli/<room>`.

A module added there needs no line anywhere else.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType

from gis.rooms.house import House


def door_modules(house: House) -> tuple[ModuleType, ...]:
    """Return every module of doors, in the order of the rooms, then by name; each has `router`."""
    return tuple(_modules("api.doors", house))


def command_modules(house: House) -> tuple[ModuleType, ...]:
    """Return the rooms' modules of commands; each has `NAME`, its group's name, and `app`."""
    return tuple(_modules("api.cli", house))


def _modules(folder: str, house: House) -> Iterator[ModuleType]:
    for room in house.rooms:
        package = f"{folder}.{room.name}"
        if find_spec(package) is None:
            continue
        path = importlib.import_module(package).__path__
        for module in sorted(pkgutil.iter_modules(path), key=lambda found: found.name):
            yield importlib.import_module(f"{package}.{module.name}")
