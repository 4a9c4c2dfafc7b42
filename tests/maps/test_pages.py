"""The pages: every word in both languages, nothing from outside, nothing a strict CSP refuses."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from api.rooms import HOUSE
from gis.rooms.model import Page
from maps.assets import STATIC_FOLDER, VENDOR_FOLDER, WEB_FOLDER, vendor_files
from maps.pages import import_map, import_map_source, imports, modules_of, render_page
from tests.every_error import every_error

SOURCES = [
    path
    for path in sorted(WEB_FOLDER.rglob("*"))
    if path.suffix in {".html", ".js", ".css", ".svg"} and not path.is_relative_to(VENDOR_FOLDER)
]
WORD_FILES = {
    *(path for path in (STATIC_FOLDER / "js/words").glob("*.js") if path.name != "languages.js"),
    *(STATIC_FOLDER / "js").rglob("words.js"),
}
CITIZEN_FOLDERS = ("words", "shell", "home", "aed", "locate")
CITIZEN_WORDS = {path for path in WORD_FILES if path.parent.name in CITIZEN_FOLDERS}
"""What a page for anybody may show: in every language of `words/languages.js`."""
CITIZEN_PAGES = [
    WEB_FOLDER / "aed.html",
    STATIC_FOLDER / "js/map/base.js",
    *(
        path
        for name in ("aed", "home", "locate", "shell", "kit")
        for path in (STATIC_FOLDER / "js" / name).rglob("*.js")
    ),
]
STAFF = {"zh", "en"}
CITIZEN = {"zh", "en", "es"}
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
ENTRY = re.compile(rf"^ *'([^']+)': \{{ ((?:\w+: {QUOTED}(?:, )?)+) \}},$", re.MULTILINE)
TEXT = re.compile(rf"(\w+): ({QUOTED})")

Words = dict[str, dict[str, str]]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def entries(path: Path) -> Words:
    return {
        key: {language: text[1:-1] for language, text in TEXT.findall(texts)}
        for key, texts in ENTRY.findall(text_of(path))
    }


def keys_used(path: Path) -> set[str]:
    text = text_of(path)
    marked = re.findall(r'data-i18n[a-z-]*="([^"]+)"', text)
    return {*marked, *re.findall(r"\bt\('([^']+)'", text)}


@pytest.fixture(scope="module")
def words() -> Words:
    found: Words = {}
    for path in WORD_FILES:
        for key, texts in entries(path).items():
            assert key not in found, f"{key} stands twice"
            found[key] = texts
    return found


def test_every_entry_is_one_line_with_all_its_languages(words: Words):
    key = re.compile(r"^ *'[\w.-]+':", re.MULTILINE)
    keys = sum(len(key.findall(text_of(path))) for path in WORD_FILES)
    assert len(words) == keys > 200


def test_languages_are_those_of_the_pages():
    text = text_of(STATIC_FOLDER / "js/words/languages.js")
    assert set(re.findall(r"^  (\w+): \{ name:", text, re.MULTILINE)) == CITIZEN
    for name, languages in (("CITIZEN_LANGUAGES", CITIZEN), ("STAFF_LANGUAGES", STAFF)):
        listed = re.search(rf"{name} = \[(.*)\]", text)
        assert listed
        assert set(re.findall(r"'(\w+)'", listed[1])) == languages


def test_no_word_is_untranslated(words: Words):
    for path in WORD_FILES:
        wanted = CITIZEN if path in CITIZEN_WORDS else STAFF
        for key, texts in entries(path).items():
            assert set(texts) == wanted, key
            assert all(texts.values()), key


def test_translations_take_the_same_values_and_their_own_script(words: Words):
    for key, texts in words.items():
        values = {tuple(sorted(re.findall(r"\{\w+\}", text))) for text in texts.values()}
        assert len(values) == 1, key
        for language in set(texts) - {"zh"}:
            assert not re.search(r"[\u4e00-\u9fff]", texts[language]), key


def test_every_key_used_exists(words: Words):
    for path in set(SOURCES) - WORD_FILES:
        assert keys_used(path) - set(words) == set(), path.name


def test_a_page_for_anybody_speaks_every_language():
    known = {key for path in CITIZEN_WORDS for key in entries(path)}
    for path in CITIZEN_PAGES:
        assert keys_used(path) - known == set(), path.name


def test_a_page_brings_the_words_it_uses_and_no_other_pages():
    for page in HOUSE.pages.values():
        modules = [WEB_FOLDER / name.removeprefix("/") for name in modules_of(page.script)]
        own = [path for path in modules if not path.is_relative_to(VENDOR_FOLDER)]
        brought = {key for path in WORD_FILES & set(own) for key in entries(path)}
        markup = [WEB_FOLDER / page.markup] if page.markup else []
        used = {
            key for path in (*own, *markup) if path not in WORD_FILES for key in keys_used(path)
        }
        assert used - brought == set(), page.path
        folders = {path.parent for path in WORD_FILES & set(own)} - {STATIC_FOLDER / "js/words"}
        at_home = {
            STATIC_FOLDER / "js/shell", STATIC_FOLDER / "js/map", STATIC_FOLDER / "js/records",
            STATIC_FOLDER / "js/staff", STATIC_FOLDER / "js/chart",
            (STATIC_FOLDER / "js" / page.script).parent,
        }  # fmt: skip
        assert all(any(one.is_relative_to(home) for home in at_home) for one in folders), page.path


def test_every_error_has_a_sentence_on_every_page_that_can_meet_it():
    for_anybody = entries(STATIC_FOLDER / "js/words/errors.js")
    of_staff = entries(STATIC_FOLDER / "js/staff/words.js")
    codes = {f"error.{error.code}" for error in every_error()}
    assert codes - set(for_anybody) - set(of_staff) == set()
    assert set(of_staff) - codes == set()
    for page in HOUSE.pages.values():
        if page.permission is None:
            continue
        brought = set(modules_of(page.script))
        for file in ("words/errors.js", "staff/words.js"):
            assert any(name.endswith(f"/js/{file}") for name in brought), (page.path, file)
    citizen = HOUSE.pages["/aed"]
    assert not any(name.endswith("/js/staff/words.js") for name in modules_of(citizen.script))


def test_states_and_levels_of_the_server_have_words(words: Words):
    from dispatch.model import AssignmentState, IncidentState, UnitLevel

    assert not [s for s in AssignmentState if f"stamp.{s.value}" not in words]
    assert not [s for s in IncidentState if f"state.{s.value}" not in words]
    assert not [s for s in UnitLevel if f"level.{s.value}" not in words]


def test_no_page_keeps_a_copy_of_the_lifecycle():
    from dispatch.model import AssignmentState, IncidentState

    states = {state.value for state in (*AssignmentState, *IncidentState)}
    for path in set(SOURCES) - WORD_FILES:
        for listed in re.findall(r"\[([^\[\]]*)\]", text_of(path)):
            named = set(re.findall(r"'(\w+)'", listed)) & states
            assert len(named) < 2, f"{path.name}: {named}"


def test_every_phase_of_a_unit_has_a_mark_and_words(words: Words):
    from dispatch.incidents.lifecycle import UnitPhase

    text = text_of(STATIC_FOLDER / "js/kit/symbols.js")
    marks = re.search(r"UNIT_MARK = [^;]*;", text)
    assert marks
    for phase in UnitPhase:
        assert f"  {phase.value}: {{" in marks[0], phase
        assert f"unit.{phase.value}" in words


def test_refusals_of_dispatch_have_sentences(words: Words):
    import dispatch.errors
    from gis.errors import GoldenHourError

    own = [
        value.code for value in vars(dispatch.errors).values()
        if isinstance(value, type) and issubclass(value, GoldenHourError)
        and value.__module__ == "dispatch.errors"
    ]  # fmt: skip
    at_start_only = {
        "protocol_invalid",
        "patient_unknown",
        "cursor_invalid",
        "emergency_numbers_invalid",
    }
    assert not [code for code in own if f"error.{code}" not in words and code not in at_start_only]


def test_road_conditions_have_words(words: Words):
    from routing.conditions.model import ConditionKind, Structure, VehicleClass

    assert not [one for one in ConditionKind if f"road.kind.{one.value}" not in words]
    assert not [one for one in Structure if f"road.structure.{one.value}" not in words]
    assert not [one for one in VehicleClass if f"road.class.{one.value}" not in words]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_comes_from_another_host(path: Path):
    addresses = set(re.findall(r"(?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[^\s'\"]*", text_of(path)))
    assert {address for address in addresses if address not in SVG_NAMESPACE} == set()


@pytest.mark.parametrize("page", HOUSE.pages.values(), ids=lambda page: page.path)
def test_pages_hold_no_script_but_the_import_map(page: Page):
    text = render_page(page)
    inline = re.findall(r"<script([^>]*)>([^<]+)</script>", text)
    assert inline == [
        (' type="importmap"', import_map()),
        *([(' type="application/json" id="page-data"', inline[-1][1])] if not page.markup else []),
    ]
    assert re.findall(r"\son\w+=", text) == []
    assert "javascript:" not in text
    assert re.search(r'<html lang="zh(-CN)?">', text)
    assert text.count("<!--") == 0


@pytest.mark.parametrize("page", HOUSE.pages.values(), ids=lambda page: page.path)
def test_files_a_page_names_exist_and_are_kept(page: Page):
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', render_page(page))
    assert len(addresses) > 4
    for address in addresses:
        own = re.fullmatch(r"/static/[0-9a-f]{12}/(.+)", address)
        assert own or address.startswith("/static/vendor/"), address
        path = f"static/{own[1]}" if own else address.removeprefix("/")
        assert (WEB_FOLDER / path).is_file(), address


def test_the_policy_names_the_hash_of_the_import_map():
    digest = hashlib.sha256(import_map().encode()).digest()
    assert import_map_source() == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert json.loads(import_map()) == {"imports": imports()}
    assert {"preact", "preact/hooks", "htm", "@preact/signals", "maplibre-gl"} <= set(imports())
    for address in imports().values():
        assert (WEB_FOLDER / address.removeprefix("/")).is_file()


def test_only_pages_with_a_map_ask_for_the_map_library():
    with_map = {
        page.path
        for page in HOUSE.pages.values()
        if "maplibre" in " ".join(modules_of(page.script))
    }
    assert "/console" in with_map
    assert not {"/", "/login", "/aed"} & with_map


def test_modules_import_what_exists():
    for path in SOURCES:
        if path.suffix != ".js":
            continue
        for name in re.findall(r"from '([^']+)';", text_of(path)):
            if name.startswith("."):
                assert (path.parent / name).is_file(), f"{path.name}: {name}"
            else:
                assert name in imports(), f"{path.name}: {name}"


def test_no_page_names_a_version_of_a_library():
    for path in SOURCES:
        assert "/static/vendor/" not in text_of(path), path.name


def test_htm_brings_no_second_preact():
    assert "preact" not in text_of(WEB_FOLDER / imports()["htm"].removeprefix("/"))
    whole = [file for file in vendor_files() if "standalone" in file.source]
    assert whole == []


def test_scripts_write_no_html_and_run_no_text():
    for path in SOURCES:
        if path.suffix == ".js":
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function",
                                 text_of(path)), path.name  # fmt: skip


def test_the_citizens_position_is_never_kept_or_put_into_an_address():
    for path in sorted((STATIC_FOLDER / "js/aed").glob("*.js")):
        text = text_of(path)
        assert "localStorage" not in text
        assert "sessionStorage" not in text
        assert "pushState" not in text
        assert "replaceState" not in text
        assert not re.search(r"get\(`", text)
