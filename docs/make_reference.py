"""Write docs/reference and the types of the pages from the code.

`python -m docs.make_reference` writes; a test compares what is committed with what it would write.
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator

import typer.main
from pydantic_core import PydanticUndefined

from api.cli.main import app as command_line
from api.http.routes_table import described_routes
from api.rooms import HOUSE
from dispatch.incidents.lifecycle import next_states
from dispatch.model import ETIMES, STATE_WORDS, AssignmentState
from docs import make_types
from gis.errors import GoldenHourError
from gis.rooms.layers import (
    BASE_WORDS,
    GROUP_WORDS,
    LICENCE_WORDS,
    Layer,
    Moment,
    TimeChoices,
)
from gis.settings import PROJECT_FOLDER, Settings
from gis.tables import OPEN_ASSIGNMENT_STATES

FOLDER = PROJECT_FOLDER / "docs" / "reference"
ROOMS = ("gis", "data", "routing", "dispatch", "surveillance", "planning", "referral", "maps",
         "api")  # fmt: skip


def first_paragraph(words: str | None) -> str:
    """Return the first paragraph of a docstring as one line."""
    return " ".join((words or "").strip().split("\n\n")[0].split())


def commands() -> str:
    """Return the page of commands."""
    lines = ["# Commands", "", "`goldenhour COMMAND --help` tells the same.", ""]

    def walk(command: object, words: str) -> None:
        subcommands = getattr(command, "commands", None)
        if subcommands:
            for name, sub in sorted(subcommands.items()):
                walk(sub, f"{words} {name}")
            return
        lines.extend([f"## `{words}`", "", first_paragraph(getattr(command, "help", "")), ""])
        for parameter in getattr(command, "params", []):
            if parameter.name == "help":
                continue
            names = ", ".join(f"`{option}`" for option in parameter.opts)
            shown = "" if parameter.default in {None, False} or callable(parameter.default) else (
                f" Default: `{parameter.default}`.")  # fmt: skip
            lines.append(f"- {names}: {getattr(parameter, 'help', None) or ''}{shown}")
        lines.append("")

    walk(typer.main.get_command(command_line), "goldenhour")
    return "\n".join(lines)


def settings() -> str:
    """Return the page of settings."""
    lines = ["# Settings", "", "Environment variables, read once at start.", "",
             "| variable | meaning | default |", "|---|---|---|"]  # fmt: skip
    for name, field in Settings.model_fields.items():
        default = field.default
        if default is PydanticUndefined:
            default = "by user and checkout"
        lines.append(f"| `GOLDENHOUR_{name.upper()}` | {field.description} | "
                     f"{'–' if default is None else default} |")  # fmt: skip
    return "\n".join([*lines, ""])


def events() -> str:
    """Return the page of event types."""
    words = "Append-only, chained by hash within their subject; see [architecture]"
    lines = ["# Events", "", f"{words}(../architecture.md).", "", "| type | says |", "|---|---|"]
    lines += [f"| `{name}` | {event.says} |" for name, event in sorted(HOUSE.events.items())]
    return "\n".join([*lines, ""])


def states() -> str:
    """Return the page of the states of an assignment."""
    lines = ["# States of an assignment", "",
             "One unit on one incident; numbers are NEMSIS v3.5.1 eTimes.", "",
             "| state | 中文 | eTimes | open | may be followed by |",
             "|---|---|---|---|---|"]  # fmt: skip
    for state in AssignmentState:
        number = ETIMES.get(state, "–").removeprefix("eTimes")
        is_open = "●" if state in OPEN_ASSIGNMENT_STATES else ""
        following = ", ".join(f"`{one}`" for one in next_states(state)) or "–"
        words = STATE_WORDS[state]
        lines.append(f"| `{state}` {words.en} | {words.zh} | {number} | {is_open} | {following} |")
    return "\n".join([*lines, ""])


def permissions() -> str:
    """Return the page of roles and permissions."""
    lines = ["# Roles and permissions", "",
             "What roles hold to begin with; `goldenhour role` changes it and makes others.", "",
             "| role | 中文 | holds |", "|---|---|---|"]  # fmt: skip
    for name, role in sorted(HOUSE.roles.items()):
        held = ", ".join(f"`{one}`" for one in sorted(HOUSE.holdings[name]))
        lines.append(f"| `{name}` {role.words.en} | {role.words.zh} | {held} |")
    lines += ["", "| permission | allows to | 中文 |", "|---|---|---|"]
    lines += [
        f"| `{name}` | {right.words.en} | {right.words.zh} |"
        for name, right in sorted(HOUSE.permissions.items())
    ]
    return "\n".join([*lines, ""])


def error_classes() -> Iterator[type[GoldenHourError]]:
    """Yield every error class of the house, ordered by code."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found: set[type[GoldenHourError]] = set()

    def collect(base: type[GoldenHourError]) -> None:
        for sub in base.__subclasses__():
            if sub.__module__.split(".")[0] in ROOMS:
                found.add(sub)
            collect(sub)

    collect(GoldenHourError)
    yield from sorted(found, key=lambda one: (one.code, one.__name__, one.__module__))


def errors() -> str:
    """Return the page of error codes."""
    words = "Every error reaches HTTP as problem+json (RFC 9457); its `type` is /docs/errors#code."
    lines = ["# Errors", "", words, ""]
    for error in error_classes():
        says = first_paragraph(inspect.getdoc(error))
        lines += [f'<a id="{error.code}"></a>', f"- `{error.code}` ({error.__name__}): {says}"]
    return "\n".join([*lines, ""])


def layers() -> str:
    """Return the page of map layers."""
    says = (
        "What each layer declares; `GET /v1/map/layers?city_id=` tells a page the same, and what "
        "there is in a city. How one is added:"
    )
    lines = ["# Map layers", "",
             f"{says} [architecture](../architecture.md#map-layers).", "",
             "| layer | 中文 | shown | zooms | who | persons | exports |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    lines += [
        f"| [`{layer.name}`](#{layer.name}) {layer.words.en} | {layer.words.zh} | {layer.shown} | "
        f"{layer.minzoom}–{layer.maxzoom} | {layer.permission or 'everybody'} | "
        f"{layer.privacy.replace('_', ' ')} | {', '.join(layer.exports) or '–'} |"
        for layer in HOUSE.layers.values()
    ]
    for layer in HOUSE.layers.values():
        lines += ["", *_layer(layer)]
    return "\n".join([*lines, ""])


def _layer(layer: Layer) -> Iterator[str]:
    """Yield what one layer declares."""
    yield f"## {layer.name}\n\n{layer.says.en} {layer.says.zh}\n"
    base = layer.population_base
    match layer.time:
        case None:
            times = ""
        case TimeChoices(values=values, default=default):
            offered = ", ".join(f"`{one.value}` {one.words.en}" for one in values)
            times = f"{offered}; by default `{default}`"
        case Moment():
            times = "any moment; by default now"
    facts = {
        "group": GROUP_WORDS[layer.group].en,
        "geometry": layer.geometry,
        "unit": f"`{layer.unit}`" if layer.unit else "",
        "provenance": f"{layer.provenance} (each feature says whether it is modelled)"
        if "modelled" in {one.name for one in layer.fields} else layer.provenance,
        "from the running operation": "yes: simulated in a simulation" if layer.operational else "",
        "as of": f"`{layer.as_of}`",
        "counts": BASE_WORDS[base].en if base else "",
        "time": times,
        "licence": LICENCE_WORDS[layer.licence].en,
        "where there is nothing": f"{layer.empty.en} {layer.empty.zh}",
    }  # fmt: skip
    yield from (f"- {name}: {what}" for name, what in facts.items() if what)
    yield "\n| field | type | unit | what | 中文 |\n|---|---|---|---|---|"
    for field in layer.fields:
        unit = f"`{field.unit}`" if field.unit else ""
        yield (
            f"| `{field.name}` | {field.type} | {unit} | {field.words.en} | {field.words.zh} |"
        )  # fmt: skip
    if layer.legend:
        yield "\n| class | 中文 | colour | shape |\n|---|---|---|---|"
    for entry in layer.legend:
        yield f"| {entry.words.en} | {entry.words.zh} | `{entry.colour}` | {entry.shape} |"


def routes() -> str:
    """Return the page of HTTP routes."""
    lines = ["# HTTP routes", "", "`GET /v1/openapi.json` holds every shape.", "",
             "What each class of work waits for: [operations](../operations.md#load).", "",
             "| route | who | work | what |", "|---|---|---|---|"]  # fmt: skip
    lines += [f"| `{route.method} {route.path}` | {route.permission} | {route.work} | "
              f"{route.summary} |"
              for route in described_routes()]  # fmt: skip
    return "\n".join([*lines, ""])


PRIVACY = PROJECT_FOLDER / "docs" / "privacy.md"
_REGISTER_BEGINS = "<!-- The register, from the code: python -m docs.make_reference -->\n"
_REGISTER_ENDS = "<!-- The register ends -->\n"


def register() -> str:
    """Return the register of personal fields as one table."""
    lines = ["| field | where | purpose | legal basis | kept | who reads it |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    for field in HOUSE.personal_fields.values():
        columns = ", ".join(f"`{column}`" for column in field.columns)
        since = "" if field.since is None else f" from the {field.since.en} (`{field.name}`)"
        kept = field.otherwise.en if field.otherwise else f"{field.keep_days} days{since}"
        lines.append(
            f"| {field.what.en} | `{field.table}`: {columns} | {field.purpose.en} | "
            f"{field.legal_basis} | {kept} | {field.readers.en} |"
        )
    return "\n".join([*lines, ""])


def privacy() -> str:
    """Return the page on privacy with the register as the code has it."""
    before, _, rest = PRIVACY.read_text(encoding="utf-8").partition(_REGISTER_BEGINS)
    _, _, after = rest.partition(_REGISTER_ENDS)
    return f"{before}{_REGISTER_BEGINS}\n{register()}\n{_REGISTER_ENDS}{after}"


PAGES = {
    "commands.md": commands, "settings.md": settings, "events.md": events, "errors.md": errors,
    "permissions.md": permissions,
    "states.md": states,
    "layers.md": layers, "routes.md": routes,
}  # fmt: skip


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make())
        sys.stdout.write(f"docs/reference/{name}\n")
    PRIVACY.write_text(privacy())
    sys.stdout.write("docs/privacy.md\n")
    make_types.FILE.write_text(make_types.declarations(make_types.document()))
    sys.stdout.write(f"{make_types.FILE.relative_to(PROJECT_FOLDER)}\n")


if __name__ == "__main__":
    main()
