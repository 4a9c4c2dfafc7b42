"""The compiler over the pages: that it would find what it is there to find."""

import re
import shutil
import subprocess
from pathlib import Path

from maps.npm import node_command
from tests.typescript import COMPILER, MODULES, install

FAULTS = {
    "unknown_address": "import { get } from './kit/api.js';\n"
    "export const n = (await get('/v1/x')).n;",
    "unknown_field": "import { get } from './kit/api.js';\n"
    "export const sign = (await get('/v1/units?city_id=1')).units[0].callsign;",
    "wrong_body": "import { post } from './kit/api.js';\n"
    "await post('/v1/incidents/1/close', { outcome: 'nonsense' });",
    "unknown_text": "import { t } from './kit/i18n.js';\nexport const text = t('no.such');",
    "untranslated": "/** @satisfies {import('./words/languages.js').CitizenWords} */\n"
    "export const WORDS = { 'a': { zh: '一', en: 'a' } };",
}
"""Module name → what is wrong in it."""


def test_the_compiler_finds_each_fault_and_nothing_else(tmp_path: Path):
    install()
    project, pages = MODULES.parent, tmp_path / "maps/web/static/js"
    shutil.copytree(project / "maps/web/static/js", pages)
    shutil.copy(project / "tsconfig.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(MODULES)
    for name, text in FAULTS.items():
        (pages / f"{name}.js").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*node_command(), str(COMPILER), "--project", "."],
        check=False, capture_output=True, text=True, timeout=120, cwd=tmp_path,
    )  # fmt: skip
    found = set(re.findall(r"^maps/web/static/js/([\w/]+)\.js\(", done.stdout, re.MULTILINE))
    assert done.returncode != 0
    assert found == set(FAULTS), done.stdout
