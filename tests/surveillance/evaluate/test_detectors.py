"""The measures by hand, the table of detectors, and that what is shipped is what it recommends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.settings import PROJECT_FOLDER
from surveillance.detect.model import Alarms
from surveillance.detect.registry import DETECTORS, RECOMMENDED
from surveillance.evaluate.detectors import compared, evaluate, recommended, simulated, table
from surveillance.evaluate.measures import measures
from surveillance.signals.day import LEAD

PAGE = PROJECT_FOLDER / "docs" / "surveillance.md"


def flags(*rows: str) -> np.ndarray:
    return np.array([[one == "x" for one in row] for row in rows])


def test_measures_by_hand() -> None:
    sick = flags("..xxx...", ".xx.....", "...xx...")
    alarm = flags("x..x...x", ".x.....x", "........")
    found = measures(alarm, sick, np.ones_like(sick))
    assert found.detected == pytest.approx(2 / 3)
    assert found.detected_first == pytest.approx(1 / 3)
    assert found.false_positive_rate == pytest.approx(3 / 17)
    assert found.predictive_value == pytest.approx(2 / 5)
    assert found.delay == pytest.approx((1 + 0) / 2)
    assert found.judged == 1


def test_what_is_not_judged_is_missed() -> None:
    sick, alarm = flags(".xx."), flags(".xx.")
    found = measures(alarm, sick, flags("...x"))
    assert found.detected == 0
    assert found.predictive_value is None
    assert found.delay is None
    assert found.judged == 0.25


@given(st.integers(0, 2**32 - 1))
def test_more_alarms_find_no_fewer_outbreaks_and_no_later(seed: int) -> None:
    random = np.random.default_rng(seed)
    sick = np.zeros((9, 12), bool)
    for row, start in enumerate(random.integers(0, 9, 9)):
        sick[row, start : start + 3] = True
    few = random.random((9, 12)) < 0.2
    more = few | (random.random((9, 12)) < 0.3)
    judged = np.ones_like(sick)
    one, other = measures(few, sick, judged), measures(more, sick, judged)
    assert (other.detected or 0) >= (one.detected or 0)
    assert (other.detected_first or 0) >= (one.detected_first or 0)
    assert (other.false_positive_rate or 0) >= (one.false_positive_rate or 0)


def test_drops_are_not_compared() -> None:
    names = set(compared())
    assert names == {n for n, one in DETECTORS.items() if one.alarms is not Alarms.BELOW}


def test_larger_outbreaks_are_found_more_often_and_the_table_has_every_detector() -> None:
    members = {name: DETECTORS[name] for name in ("farrington_flexible", "ears_c1")}
    rows = evaluate(members, simulated(replicates=3, sizes=(2, 10)))
    for row in rows:
        small, large = row.detected_by_size.values()
        assert small is not None
        assert large is not None
        assert large > small
    text = table(rows)
    assert text.count("\n") == 4
    assert "| `farrington_flexible` |" in text
    assert recommended(rows) == rows[0].name == "farrington_flexible"
    assert recommended([]) is None


def test_all_are_compared_at_the_same_false_alarms() -> None:
    members = {name: DETECTORS[name] for name in ("moving_percentile", "ears_c1")}
    for row in evaluate(members, simulated(replicates=3, sizes=(5,)), most_false=0.02):
        assert row.alike is not None
        assert row.alike.false_positive_rate is not None
        assert 0.01 < row.alike.false_positive_rate <= 0.02


def test_what_is_shipped_is_what_the_table_recommends() -> None:
    """The page's table is that of the command; the recommended one is read off it here."""
    page = PAGE.read_text(encoding="utf-8")
    part = page.split("<!-- evaluate: goldenhour surveillance evaluate -->\n")[1]
    lines = part.split("<!-- /evaluate -->")[0].splitlines()[2:]
    rows = {}
    for line in filter(None, lines):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows[cells[0].strip("`")] = [cell.removesuffix(" %") for cell in cells[1:]]
    assert set(rows) == set(compared())
    fit = {name: float(row[0]) for name, row in rows.items() if row[0] != "–"}
    assert max(fit, key=lambda name: fit[name]) == RECOMMENDED == LEAD
