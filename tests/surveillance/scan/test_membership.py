"""How surely a place belongs to a cluster, beside SaTScan's bootstrap."""

import numpy as np
import pandas as pd
import pytest

from surveillance.scan.errors import ScanInputError
from surveillance.scan.membership import membership
from surveillance.scan.model import Model, Settings, Span
from surveillance.scan.zones import circles
from tests.surveillance.scans import GOLDEN, counties


def test_shares_are_those_of_satscan_within_chance() -> None:
    """SaTScan 10.3.2, CalculateOliveira=y, 1,000 draws; here 400: five standard errors of both."""
    table = counties()
    births = table["population"].to_numpy(dtype=float)
    zones = circles(table[["x_km", "y_km"]].to_numpy(dtype=float), births, 0.5)
    cases = table["cases"].to_numpy(dtype=np.int64)[:, np.newaxis]
    mine = membership(zones, cases, Settings(), expected=births[:, np.newaxis], bootstraps=400)
    theirs = pd.read_csv(GOLDEN / "nc_sids_membership.csv")["share"].to_numpy()
    both = np.clip((mine + theirs) / 2, 0.01, 0.99)
    error = np.sqrt(both * (1 - both) * (1 / 400 + 1 / 1000))
    # the bar is that of 999 null data sets on either side, so all shares move together a little
    assert (np.abs(mine - theirs) <= 5 * error + 0.02).all()
    assert np.corrcoef(mine, theirs)[0, 1] > 0.99


def test_the_middle_of_an_outbreak_is_surer_than_its_edge_and_a_quiet_map_has_none() -> None:
    xy = np.column_stack((np.arange(20.0) + 0.01 * np.arange(20.0) ** 2, np.zeros(20)))
    due = np.full((20, 1), 20.0)
    cases = np.full((20, 1), 20)
    cases[8:11] = [[42], [48], [42]]
    cases[11] = 27
    shares = membership(circles(xy, np.ones(20)), cases, Settings(), expected=due, bootstraps=200)
    assert shares[9] > 0.9
    assert 0.05 < shares[11] < shares[9]
    assert shares[:5].max() < 0.2
    none = np.zeros((20, 1), int)
    assert not membership(circles(xy, np.ones(20)), none, Settings(), expected=due).any()


def test_other_models_and_spans_are_refused() -> None:
    zones, due = circles(np.zeros((2, 2)), np.ones(2)), np.ones((2, 1))
    for rules in (Settings(Model.PERMUTATION), Settings(span=Span.ANY)):
        with pytest.raises(ScanInputError, match="purely spatial"):
            membership(zones, np.ones((2, 1), int), rules, expected=due)
