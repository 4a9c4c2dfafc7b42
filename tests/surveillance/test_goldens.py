"""Every algorithm that another program has gives its numbers."""

import pytest

from docs import make_parity
from tests.surveillance.goldens import CASES, FOLDER, Case

TOLERANCE = 1e-6


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.algorithm)
def test_equal_to_what_the_other_program_says(case: Case) -> None:
    assert case.difference() <= TOLERANCE


def test_the_call_stands_beside_the_numbers() -> None:
    script = (FOLDER / "make.R").read_text(encoding="utf-8")
    for case in CASES:
        assert case.call.split("::")[1] in script
        assert case.golden in script


def test_the_page_has_a_row_of_every_algorithm() -> None:
    page = make_parity.PAGE.read_text(encoding="utf-8")
    table = page.split(make_parity.BEGIN)[1].split(make_parity.END)[0]
    for case in CASES:
        row = f"| {case.algorithm} | `{case.call}` | `{case.golden}` |"
        assert row in table, "run: python -m docs.make_parity"
