"""Every algorithm that another program has gives its numbers."""

import math
import re

import pytest

from docs import make_parity
from surveillance.reproduction.intervals import gamma_interval
from surveillance.reproduction.table import SERIAL_INTERVALS
from tests.surveillance.goldens import CASES, FOLDER, Case, column, rows_of

TOLERANCE = 1e-6


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.algorithm)
def test_equal_to_what_the_other_program_says(case: Case) -> None:
    assert case.difference() <= TOLERANCE


def test_the_call_stands_beside_the_numbers() -> None:
    for case in CASES:
        script = (FOLDER / case.script).read_text(encoding="utf-8")
        assert re.split(r"::|\.", case.call)[-1] in script
        assert case.golden in script


def test_the_page_has_a_row_of_every_algorithm() -> None:
    page = make_parity.PAGE.read_text(encoding="utf-8")
    table = page.split(make_parity.BEGIN)[1].split(make_parity.END)[0]
    for case in CASES:
        row = f"| {case.algorithm} | `{case.call}` | `{case.golden}` |"
        assert row in table, "run: python -m docs.make_parity"


def test_serial_intervals_are_those_that_their_sources_publish() -> None:
    """Of Cori et al.: the shares in EpiEstim, three digits. Of Nishiura et al.: the median."""
    outbreak = {"influenza": "Flu2009", "measles": "Measles1861", "sars": "SARS2003"}
    for disease, name in outbreak.items():
        told = SERIAL_INTERVALS[disease]
        rows = [row for row in rows_of("serial.csv") if row["outbreak"] == name]
        shares = gamma_interval(mean_days=told.mean_days, sd_days=told.sd_days, days=len(rows))
        assert shares == pytest.approx(column(rows, "published"), abs=0.001)
    # Lognormal over all 28 pairs: “the median serial interval at 4.0 days” (abstract).
    covid = SERIAL_INTERVALS["covid_19"]
    median = covid.mean_days / math.hypot(1.0, covid.sd_days / covid.mean_days)
    assert round(median, 1) == 4.0


def test_what_no_other_program_says_is_named_on_the_page() -> None:
    page = make_parity.PAGE.read_text(encoding="utf-8")
    for one in make_parity.UNCHECKED:
        assert one in page
