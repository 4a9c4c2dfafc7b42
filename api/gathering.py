"""Doors and commands of the rooms, found where they stand: `api/doors/<room>`, `api/cli/<room>`.

A module added there needs no line anywhere else.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from types import ModuleType

from gis.rooms.errors import HouseRefusedError
from gis.rooms.house import House


def door_modules(house: House) -> tuple[ModuleType, ...]:
    """Return every module of doors, in the order of the rooms, then by name; each has `router`."""
    return tuple(importlib.import_module(name) for name in _module_names("api.doors", house))


def command_modules(house: House) -> Mapping[str, str]:
    """Return the rooms' modules of commands by the word each stands for; none is imported.

    Raises
    ------
    HouseRefusedError
        Two rooms have the same word.
    """
    found: dict[str, str] = {}
    for name in _module_names("api.cli", house):
        word = name.rsplit(".", 1)[1].replace("_", "-")
        if word in found:
            raise HouseRefusedError([f"The command {word} stands in {found[word]} and in {name}."])
        found[word] = name
    return found


def _module_names(folder: str, house: House) -> Iterator[str]:
    for room in house.rooms:
        package = find_spec(f"{folder}.{room.name}")
        if package is not None and package.submodule_search_locations is not None:
            modules = pkgutil.iter_modules(package.submodule_search_locations)
            yield from sorted(f"{package.name}.{module.name}" for module in modules)
