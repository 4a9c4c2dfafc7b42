"""The pages' modules without a page: overlapping events and outages, rows of tables, layers."""

import shutil
import subprocess
from pathlib import Path

import pytest

from api.http.answers import json_text
from dispatch.incidents.lifecycle_view import lifecycle_view
from gis.settings import PROJECT_FOLDER
from maps.assets import STATIC_FOLDER
from maps.npm import node_command

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.mark.parametrize("name", ["feed", "drafts", "shapes", "worker", "rows", "chart_theme"])
def test_script(name: str, tmp_path: Path) -> None:
    shutil.copytree(STATIC_FOLDER / "js", tmp_path / "js")
    shutil.copytree(SCRIPTS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "lifecycle.json").write_text(json_text(lifecycle_view()), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(PROJECT_FOLDER / "node_modules")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    done = subprocess.run(
        [*node_command(), f"{name}.mjs"],
        check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
