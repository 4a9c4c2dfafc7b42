"""The notebooks run, and say what they say."""

import json
from typing import Any

from gis.settings import PROJECT_FOLDER

FOLDER = PROJECT_FOLDER / "docs" / "notebooks"


def run(name: str) -> dict[str, Any]:
    """Run a notebook's cells in order; returns what they left."""
    left: dict[str, Any] = {}
    for number, cell in enumerate(json.loads((FOLDER / name).read_text("utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "kept without outputs: what is seen is what runs"
            exec(compile("".join(cell["source"]), f"{name}:{number}", "exec"), left)
    return left


def test_planning(capsys) -> None:
    left = run("planning.ipynb")
    answer, change, today = left["answer"], left["change"], left["today"]
    assert answer.gap == 0.0
    assert len(left["plan"]) == len(left["stations"]) + 1
    gained = answer.value - today.attrs["share"] * left["people"].people[
        left["seconds"].notna().all(axis=1)
    ].sum()  # fmt: skip
    # What the model promises is what becomes of people; rates of MCLP and of coverage agree.
    assert change.attrs["gains"] > 0
    assert change.attrs["loses"] == 0
    assert abs(gained - change.attrs["gains"]) < 1.0
    assert "133 zones" in capsys.readouterr().out
