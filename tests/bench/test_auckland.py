"""The study of Auckland: what the straight line costs, and the figures that its page tells."""

import re

import numpy as np
import pytest

from bench.auckland import DATA, NEW_UNITS, quantiles, study, wrong_unit
from gis.settings import PROJECT_FOLDER
from planning.siting.answer import Ended
from tests.conftest import NEEDS_SHARED


def test_the_straight_line_is_wrong_where_another_is_quicker() -> None:
    apart = np.array([[100.0, 200.0], [100.0, 200.0]])
    seconds = np.array([[60.0, 90.0], [90.0, 50.0]])
    (found,) = wrong_unit(apart, seconds, fleets=[2], chance=np.random.default_rng(1))
    assert (found.share, found.half_s, found.lost_s) == (0.5, 40.0, 20.0)
    # One that is free is the nearest by any measure; two at one place are as good as each other.
    (alone,) = wrong_unit(apart, seconds, fleets=[1], chance=np.random.default_rng(1))
    assert (alone.share, alone.lost_s) == (0.0, 0.0)
    assert quantiles(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]), [0.25, 0.9]) == [
        1.0,
        3.0,
    ]


@pytest.mark.acceptance
@pytest.mark.skipif(not DATA.is_dir(), reason=NEEDS_SHARED)
def test_its_page_tells_what_it_finds() -> None:
    found = study()
    page = (PROJECT_FOLDER / "docs/studies/auckland.md").read_text("utf-8")
    today, five, one, both = found.states
    for answer in (found.more_units, found.new_station, found.scratch):
        assert answer.ended is Ended.PROVEN
        assert f"{answer.value:,.0f}" in page
    assert (five.fleet, one.fleet, both.fleet) == (today.fleet + NEW_UNITS, 17, 21)
    rows = re.findall(
        r"^\| (?:today|five|one)[^|]*\| \d+ \| ([\d.]+) % \| ([\d.]+) %", page, re.MULTILINE
    )
    told = [(float(once), float(twice)) for once, twice in rows]
    assert told == [
        (pytest.approx(state.once * 100, abs=0.06), pytest.approx(state.twice * 100, abs=0.06))
        for state in found.states
    ]
    # What happens to people only ever gets better by adding.
    assert all(change is None or change.loses.sum() == 0 for change in found.changes)
    assert found.jemss.once > today.once
