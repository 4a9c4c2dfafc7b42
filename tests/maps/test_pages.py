"""The pages: every word in both languages, nothing from outside, nothing a strict CSP refuses."""

import re
from pathlib import Path

import pytest

from maps.assets import STATIC_FOLDER, VENDOR_FOLDER, WEB_FOLDER, vendor_files

PAGES = sorted(WEB_FOLDER.glob("*.html"))
SOURCES = [
    path
    for path in sorted(WEB_FOLDER.rglob("*"))
    if path.suffix in {".html", ".js", ".css", ".svg"} and not path.is_relative_to(VENDOR_FOLDER)
]
WORD_FILES = sorted((STATIC_FOLDER / "js/words").glob("*.js"))
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
ENTRY = re.compile(
    rf"^\s*'([^']+)':\s*\{{\s*zh:\s*({QUOTED}),\s*en:\s*({QUOTED}),?\s*\}},$", re.MULTILINE
)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in WORD_FILES:
        for key, zh, en in ENTRY.findall(text_of(path)):
            assert key not in found, f"{key} stands twice"
            found[key] = (zh[1:-1], en[1:-1])
    return found


def test_every_entry_is_understood_by_this_test(words: dict[str, tuple[str, str]]):
    key = re.compile(r"^\s*'[\w.-]+':", re.MULTILINE)
    keys = sum(len(key.findall(text_of(path))) for path in WORD_FILES)
    assert len(words) == keys > 200


def test_every_word_stands_in_both_languages(words: dict[str, tuple[str, str]]):
    for key, (zh, en) in words.items():
        assert zh, key
        assert en, key
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en)), key
        assert not re.search(r"[\u4e00-\u9fff]", en), key


def test_every_key_used_exists(words: dict[str, tuple[str, str]]):
    for path in SOURCES:
        if path in WORD_FILES:
            continue
        text = text_of(path)
        used = re.findall(r'data-i18n[a-z-]*="([^"]+)"', text)
        used += re.findall(r"\bt\('([^']+)'", text)
        assert not [key for key in used if key not in words], path.name


def test_states_and_levels_of_the_server_have_words(words: dict[str, tuple[str, str]]):
    from dispatch.model import AssignmentState, IncidentState, UnitLevel

    assert not [s for s in AssignmentState if f"stamp.{s.value}" not in words]
    assert not [s for s in IncidentState if f"state.{s.value}" not in words]
    assert not [s for s in UnitLevel if f"level.{s.value}" not in words]


def test_refusals_of_dispatch_have_sentences(words: dict[str, tuple[str, str]]):
    import dispatch.errors
    from gis.errors import GoldenHourError

    own = [
        value.code for value in vars(dispatch.errors).values()
        if isinstance(value, type) and issubclass(value, GoldenHourError)
        and value.__module__ == "dispatch.errors"
    ]  # fmt: skip
    at_start_only = {"protocol_invalid", "patient_unknown", "cursor_invalid"}
    assert not [code for code in own if f"error.{code}" not in words and code not in at_start_only]


def test_road_conditions_have_words(words: dict[str, tuple[str, str]]):
    from routing.conditions.model import ConditionKind, Structure, VehicleClass

    assert not [one for one in ConditionKind if f"road.kind.{one.value}" not in words]
    assert not [one for one in Structure if f"road.structure.{one.value}" not in words]
    assert not [one for one in VehicleClass if f"road.class.{one.value}" not in words]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_comes_from_another_host(path: Path):
    addresses = set(re.findall(r"(?:https?:)?//[a-z0-9][\w.-]*\.[a-z]{2,}[^\s'\"]*", text_of(path)))
    assert {address for address in addresses if address not in SVG_NAMESPACE} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_pages_hold_no_inline_script(page: Path):
    text = text_of(page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert re.findall(r"<script[^>]*>[^<]+</script>", text) == []
    assert re.findall(r"\son\w+=", text) == []
    assert "javascript:" not in text
    assert 'lang="zh"' in text


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_a_page_names_exist(page: Path):
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', text_of(page)):
        assert (WEB_FOLDER / address.removeprefix("/")).is_file(), address


def test_modules_import_what_exists():
    for path in SOURCES:
        if path.suffix != ".js":
            continue
        for name in re.findall(r"from '([^']+)';", text_of(path)):
            inside = WEB_FOLDER / name.removeprefix("/")
            target = inside if name.startswith("/") else path.parent / name
            assert target.is_file(), f"{path.name}: {name}"


def test_pages_use_the_pinned_map_library():
    folders = {file.path.parent.name for file in vendor_files()}
    for path in SOURCES:
        used = set(re.findall(r"/static/vendor/([^/'\"]+)/", text_of(path)))
        assert used <= folders, path.name


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
