"""The house of this process: the doors say where it stands, and it is opened when first asked for.

So a command that only says how it is used reads no manifest.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from gis.rooms.errors import HouseNotOpenError

if TYPE_CHECKING:
    from gis.rooms.house import House

_modules: list[str] = []
_opened: list["House"] = []


def house_stands_in(module: str) -> None:
    """Say which module opens the house of this process when it is imported."""
    _modules[:] = [module]


def make_current(house: "House") -> None:
    """Have `house` as the one of this process."""
    _opened[:] = [house]


def current_house() -> "House":
    """Return the house of this process, opening it the first time.

    Raises
    ------
    HouseNotOpenError
    """
    if not _opened and _modules:
        import_module(_modules[0])
    if not _opened:
        raise HouseNotOpenError
    return _opened[0]
