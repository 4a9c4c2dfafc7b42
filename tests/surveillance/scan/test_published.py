"""The scan against SaTScan 10.3.2 and R's rflexscan, to the digits they print."""

import numpy as np
import pandas as pd
import pytest

from docs import make_parity
from tests.surveillance.scans import RUNS, Run, null_of_satscan, places_of, ratio_of


def within_chance(mine: float, theirs: float, replicates: int) -> bool:
    """Say whether two p-values differ by three standard errors of both at most."""
    both = max((mine + theirs) / 2, 1 / (replicates + 1))
    return abs(mine - theirs) <= 3 * np.sqrt(2 * both * (1 - both) / replicates)


@pytest.mark.parametrize(
    "run",
    [pytest.param(run, id=f"{run.data}: {run.name}",
                  marks=[pytest.mark.acceptance] if run.slow else []) for run in RUNS],
)  # fmt: skip
def test_the_same_clusters(run: Run, request: pytest.FixtureRequest) -> None:
    if run.bulk:
        request.getfixturevalue("shared_data")
    found, published, names = run.both()
    assert len(found.clusters) >= len(published) > 0
    for mine, theirs in zip(found.clusters, published, strict=False):
        assert mine.log_likelihood_ratio == pytest.approx(ratio_of(theirs), abs=1e-6)
        assert mine.observed == theirs["observed"]
        assert mine.expected == pytest.approx(theirs["expected"], abs=0.006)
        if (risk := theirs.get("rel_risk")) is not None:
            assert mine.relative_risk() == pytest.approx(risk, abs=0.006)
        if "members" in theirs:
            assert places_of(mine, names) == {str(one) for one in theirs["members"]}
        assert mine.p is not None
        p = theirs.get("p", theirs.get("p_value"))
        assert within_chance(mine.p, p, found.maxima.size)
    null = null_of_satscan(run)
    if null is not None and found.maxima.size >= 999:
        theirs = pd.to_numeric(
            pd.read_csv(null, header=None)[0].str.strip(), errors="coerce"
        ).dropna()
        shares = (0.1, 0.5, 0.9)
        assert np.quantile(found.maxima, shares) == pytest.approx(
            np.quantile(theirs, shares), abs=0.4
        )


def test_the_gumbel_p_values_of_a_thousand_places() -> None:
    """SaTScan 10.3.2 printed 0.0047, 0.21 and 0.86."""
    run = next(run for run in RUNS if run.name.startswith("1,000 places"))
    gumbel = [cluster.gumbel_p for cluster in run.both()[0].clusters[:3]]
    assert gumbel == pytest.approx([0.0047, 0.21, 0.86], abs=0.04)


def test_the_page_has_a_row_of_every_run() -> None:
    page = make_parity.PAGE.read_text(encoding="utf-8")
    for run in RUNS:
        row = f"| {run.data} | {run.name} | {run.program} |"
        assert row in page, "run: python -m docs.make_parity"
