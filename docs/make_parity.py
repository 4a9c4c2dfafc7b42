"""Write the tables of docs/surveillance.md: how far algorithms are from other programs' numbers.

`python -m docs.make_parity` writes; a test compares which algorithms stand there.
"""

import math
import sys

from gis.settings import PROJECT_FOLDER
from tests.surveillance.goldens import CASES, FOLDER, Case
from tests.surveillance.maps import GOLDEN, MAPS
from tests.surveillance.scans import BULK, RUNS, Run, ratio_of

PAGE = PROJECT_FOLDER / "docs" / "surveillance.md"
SCANS, SCANS_END = "<!-- scans: python -m docs.make_parity -->\n", "<!-- /scans -->"
MAP, MAP_END = "<!-- maps: python -m docs.make_parity -->\n", "<!-- /maps -->"
BEGIN, END = "<!-- parity: python -m docs.make_parity -->\n", "<!-- /parity -->"


UNCHECKED = {
    "CIDARS: fixed value, moving percentile": "no open program; tests write the papers' rule "
    "plainly",
    "EWMA, switch of regression and EWMA": "ESSENCE is not open; tests write the rules plainly",
    "First case, reporting drop, institution rules": "rules of law and of this project; tests "
    "state each",
    "Zones by road travel time": "no other program has them; tests hold them to circles where "
    "roads are straight, and to banks of a river",
    "Scans of measures, times, categories: periods, p": "SaTScan was not run on them; best circles "
    "are R's fits, periods and p are held to plain search and exchange",
    "Moving epidemic method, a season with gaps": "the authors' program fills gaps by smoothing; "
    "here a week without report counts nothing",
    "Serial intervals of chickenpox, mumps, rubella, pertussis, dengue": "their sources name a "
    "mean; the spread is an assumption, and said to be one",
    "Vulnerability index": "no standard; its bounds are held to drawn weights",
}
"""What no other program says, and what it is held to instead."""


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
    lines += ["", "| held to no other program | why, and what it is held to |", "|---|---|"]
    lines += [f"| {one} | {why} |" for one, why in UNCHECKED.items()]
    return "\n".join([*lines, ""])


def maps() -> str:
    """Return the table of maps of risk, worked out now."""
    lines = [
        "| algorithm | held to | golden | areas | largest difference |",
        "|---|---|---|---|---|",
    ]
    for case in MAPS:
        areas = len((GOLDEN / case.golden).read_text(encoding="utf-8").splitlines()) - 1
        lines.append(
            f"| {case.algorithm} | `{case.call}` | `{case.golden}` | {areas} | "
            f"{bound(case.difference())} |"
        )
    return "\n".join([*lines, ""])


def scan_row(run: Run) -> str:
    """Return the row of one scan, worked out now."""
    found, published, _ = run.both()
    pairs = list(zip(found.clusters, published, strict=False))
    worst = max(abs(mine.log_likelihood_ratio - ratio_of(theirs)) for mine, theirs in pairs)
    mine, theirs = pairs[0]
    p = theirs.get("p", theirs.get("p_value"))
    return (
        f"| {run.data} | {run.name} | {run.program} | {len(pairs)} | {ratio_of(theirs):.6f} | "
        f"{bound(worst)} | {mine.p:.3f}, {p:.3f} |"
    )


def scans(page: str) -> str:
    """Return the table of scans; rows whose data are not here stay as they are in `page`."""
    lines = [
        "| data | run | program | clusters | first ratio | largest difference | p, ours and its |",
        "|---|---|---|---|---|---|---|",
    ]
    for run in RUNS:
        if not run.bulk or BULK.is_dir():
            lines.append(scan_row(run))
        else:
            start = f"| {run.data} | {run.name} |"
            lines += [line for line in page.splitlines() if line.startswith(start)]
    return "\n".join([*lines, ""])


def written(page: str, begin: str, text: str, end: str) -> str:
    """Return the page with `text` between two marks."""
    before, rest = page.split(begin)
    return before + begin + text + end + rest.split(end)[1]


def main() -> None:
    """Write the tables into their page."""
    page = PAGE.read_text(encoding="utf-8")
    page = written(page, BEGIN, table(), END)
    page = written(page, MAP, maps(), MAP_END)
    PAGE.write_text(written(page, SCANS, scans(page), SCANS_END), encoding="utf-8")
    sys.stdout.write("docs/surveillance.md\n")


if __name__ == "__main__":
    main()
