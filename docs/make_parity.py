"""Write the table of docs/surveillance.md: how far algorithms are from other programs' numbers.

`python -m docs.make_parity` writes; a test compares which algorithms stand there.
"""

import math
import sys

from gis.settings import PROJECT_FOLDER
from tests.surveillance.goldens import CASES, FOLDER, Case

PAGE = PROJECT_FOLDER / "docs" / "surveillance.md"
BEGIN, END = "<!-- parity: python -m docs.make_parity -->\n", "<!-- /parity -->"


def bound(difference: float) -> str:
    """Return the power of ten that a difference stays below: the digits beyond are the machine's.

    Sums differ in their last bit from processor to processor, so none is said to be below 1e-12.
    """
    return f"< 1e{math.floor(math.log10(max(difference, 1e-13))) + 1}"


def numbers_in(case: Case) -> int:
    """Return the rows of a golden file."""
    return len((FOLDER / case.golden).read_text(encoding="utf-8").splitlines()) - 1


def table() -> str:
    """Return the table, worked out now."""
    lines = [
        "| algorithm | held to | golden | rows | largest difference |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {case.algorithm} | `{case.call}` | `{case.golden}` | {numbers_in(case)} | "
        f"{bound(case.difference())} |"
        for case in CASES
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the table into its page."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + BEGIN + table() + END + rest.split(END)[1], encoding="utf-8")
    sys.stdout.write("docs/surveillance.md\n")


if __name__ == "__main__":
    main()
