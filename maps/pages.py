"""The HTML of the pages: one shell for those built on it, a file of markup for older ones.

Every page gets the addresses of its files with the tree's number in them (`maps.files`), the
import map that names our copies of third-party modules, and the list of modules that its script
will ask for, so that the browser fetches them at once.
"""

import base64
import hashlib
import json
import posixpath
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html import escape

from dispatch.aeds.emergency_numbers import BUILT_IN, EmergencyNumbers
from gis.rooms.model import Page
from maps.assets import STATIC_FOLDER, WEB_FOLDER
from maps.files import TREE
from maps.spoken import spoken, style_element

_SHELL = WEB_FOLDER / "shell.html"
_OWN_FILE = re.compile(r'(?<=")/static/(?!vendor/)')
_STYLE_LINK = '<link rel="stylesheet" href="{}">'
_PRELOAD = '<link rel="modulepreload" href="{}">'
_IMPORT = re.compile(
    r"""^(?:import|export)\s+(?:[\w*{][^'";()=]*?\sfrom\s+)?['"]([^'"]+)['"];""", re.MULTILINE
)


@cache
def imports() -> dict[str, str]:
    """Return the name of each third-party module → the address of our copy."""
    table = tomllib.loads((WEB_FOLDER / "vendor.toml").read_text(encoding="utf-8"))
    return {
        name: f"/static/vendor/{package}-{entry['version']}/{posixpath.basename(source)}"
        for package, entry in table.items()
        for name, source in entry.get("imports", {}).items()
    }


@cache
def import_map() -> str:
    """Return the text of the import map, as it stands in every page."""
    return json.dumps({"imports": imports()}, separators=(",", ":"), sort_keys=True)


@cache
def import_map_source() -> str:
    """Return what the Content-Security-Policy says of the import map: its hash."""
    digest = hashlib.sha256(import_map().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def render_page(page: Page, language: str = "zh", numbers: EmergencyNumbers = BUILT_IN) -> str:
    """Return the HTML of a page of the manifest; the rest matters to a spoken one."""
    template = _SHELL if page.markup is None else WEB_FOLDER / page.markup
    text = _render(page, template.read_text(encoding="utf-8"), TREE.number())
    return spoken(text, page.script, language, numbers) if page.spoken else text


def modules_of(script: str) -> tuple[str, ...]:
    """Return the addresses below /static of all modules that `script` imports, itself first.

    script : path below static/js
    """
    return _modules_of(script, TREE.number())


@cache
def _render(page: Page, template: str, number: str) -> str:
    def versioned(address: str) -> str:
        return _OWN_FILE.sub(f"/static/{number}/", f'"{address}"')[1:-1]

    modules = [versioned(address) for address in modules_of(page.script)]
    map_styles = [
        address.replace(".mjs", ".css") for address in modules if "/maplibre-gl.mjs" in address
    ]
    head = "\n  ".join([
        *(_STYLE_LINK.format(address) for address in map_styles),
        *([style_element(page.styles)] if page.spoken else
          (_STYLE_LINK.format(versioned(f"/static/css/{name}")) for name in page.styles)),
        f'<script type="importmap">{import_map()}</script>',
        *(_PRELOAD.format(address) for address in modules[1:]),
        f'<script type="module" src="{modules[0]}"></script>',
    ])  # fmt: skip
    facts = {"path": page.path, "title": page.words.as_json(), "public": page.permission is None}
    # A data block is not run; `<` cannot end it early.
    data = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return (
        _OWN_FILE.sub(f"/static/{number}/", template)
        .replace("<!-- head -->", head)
        .replace("<!-- title -->", escape(page.words.zh))
        .replace("<!-- page -->", f'<script type="application/json" id="page-data">{data}</script>')
    )


@cache
def _modules_of(script: str, number: str) -> tuple[str, ...]:  # noqa: ARG001 (the number of the tree it holds for)
    found: dict[str, None] = {}
    waiting = [f"/static/js/{script}"]
    while waiting:
        address = waiting.pop(0)
        if address in found:
            continue
        found[address] = None
        waiting += _imports_of(address)
    return tuple(found)


def _imports_of(address: str) -> Iterator[str]:
    path = STATIC_FOLDER / address.removeprefix("/static/")
    for name in _IMPORT.findall(path.read_text(encoding="utf-8")):
        if name.startswith("."):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(address), name))
        elif name in imports():
            yield imports()[name]
