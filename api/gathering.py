"""Doors and commands of the rooms, found where they stand: `api/doors/<room>`, `api/cli/<room>`.

A module added there needs no line anywhere else.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from gis.rooms.errors import HouseRefusedError

if TYPE_CHECKING:
    from gis.rooms.house import House


def door_modules(house: "House") -> tuple[ModuleType, ...]:
    """Return every module of doors, in the order of the rooms, then by name; each has `router`."""
    packages = (f"api.doors.{room.name}" for room in house.rooms)
    return tuple(
        importlib.import_module(name) for package in packages for name in _module_names(package)
    )


def command_modules() -> Mapping[str, str]:
    """Return the rooms' modules of commands by the word each stands for, in order of the words.

    It imports none of them and reads no manifest: to say what commands there are must be quick.

    Raises
    ------
    HouseRefusedError
        Two rooms have the same word.
    """
    found: dict[str, str] = {}
    rooms = pkgutil.iter_modules(importlib.import_module("api.cli").__path__)
    for package in sorted(f"api.cli.{room.name}" for room in rooms if room.ispkg):
        for name in _module_names(package):
            word = name.rsplit(".", 1)[1].replace("_", "-")
            if word in found:
                raise HouseRefusedError(
                    [f"The command {word} stands in {found[word]} and in {name}."]
                )
            found[word] = name
    return dict(sorted(found.items()))


def _module_names(package: str) -> Iterator[str]:
    spec = find_spec(package)
    if spec is not None and spec.submodule_search_locations is not None:
        modules = pkgutil.iter_modules(spec.submodule_search_locations)
        yield from sorted(f"{package}.{module.name}" for module in modules)
