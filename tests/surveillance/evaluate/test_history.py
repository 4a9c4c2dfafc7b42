"""Own history as a file: read, refused with a sentence, and judged with outbreaks put in."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from api.operations.evaluation import JUDGED_WEEKS, read_history, with_outbreaks
from surveillance.detect.registry import DETECTORS
from surveillance.evaluate.detectors import evaluate
from surveillance.series.errors import CountsUnusableError


def written(file: Path, *, weeks: int = 420, apart: int = 7, cell: str = "") -> Path:
    counts = np.random.default_rng(1).poisson(12.0, (weeks, 3))
    lines = ["week,one,two,three"]
    for week, row in enumerate(counts):
        day = date(2017, 1, 2) + timedelta(days=apart * week)
        lines.append(f"{day},{row[0]},{row[1]},{cell if week == 5 else row[2]}")
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file


def test_history_is_read_with_its_gaps_and_judged(tmp_path: Path) -> None:
    panel = read_history(written(tmp_path / "weeks.csv"))
    assert panel.counts.shape == (3, 420)
    assert panel.starts_on == date(2017, 1, 2)
    assert np.isnan(panel.counts[2, 5])
    given = with_outbreaks(panel, seed=3)
    assert [one.size for one in given] == [2, 3, 5, 10]
    members = {"ears_c1": DETECTORS["ears_c1"]}
    (row,) = evaluate(members, given, first=420 - JUDGED_WEEKS)
    assert row.overall.judged > 0.9
    assert row.overall.detected is not None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"weeks": 52}, "over 52 weeks"),
        ({"apart": 6}, "do not follow"),
        ({"cell": "many"}, "no number"),
        ({"cell": "1,2"}, "more or fewer cells"),
    ],
)
def test_what_is_no_history_is_refused(tmp_path: Path, given: dict, says: str) -> None:
    with pytest.raises(CountsUnusableError, match=says):
        read_history(written(tmp_path / "weeks.csv", **given))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("", encoding="utf-8")
    with pytest.raises(CountsUnusableError, match="needs series"):
        read_history(tmp_path / "none.csv")
