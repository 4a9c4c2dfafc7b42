"""The commands of all rooms, each imported when it is asked for."""

import inspect
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from api.gathering import command_modules

if TYPE_CHECKING:
    from types import ModuleType


class FoundCommands(TyperGroup):
    """What stands in `api/cli/<room>`: a module is a command, or a group of them.

    It is named as its file. A group has `app`, a command by itself the function `command`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._modules = command_modules()
        self.commands = cast("MutableMapping[str, Any]", _Commands(self._modules))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands by what their modules say of them; none is made for its line."""
        lines: dict[str, Any] = {
            name: TyperCommand(name, help=_help(import_module(module)))
            for name, module in self._modules.items()
        }
        TyperGroup(commands=lines).format_commands(ctx, formatter)


class _Commands(Mapping[str, Any]):
    """Commands by name; the first question for one imports its module."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _make(name, self._modules[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def _help(module: "ModuleType") -> str | None:
    return module.app.info.help if hasattr(module, "app") else inspect.getdoc(module.command)


def _make(name: str, module_name: str) -> Any:
    module = import_module(module_name)
    if hasattr(module, "app"):
        group = get_group(module.app)
        group.name = name
        return group
    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    alone.command(name)(module.command)
    return get_command(alone)
