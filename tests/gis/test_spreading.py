"""Null data sets shared out over a Dask cluster: the same numbers, and who is missing is said."""

import numpy as np
import pytest

from gis import spreading
from gis.spreading import DaskMissingError, DaskUnreachableError, over_dask
from surveillance.scan.model import Model, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.zones import circles


def test_without_the_library_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "find_spec", lambda _: None)
    with pytest.raises(DaskMissingError, match=r"goldenhour\[dask\]"), over_dask("tcp://h:1"):
        pass


@pytest.mark.acceptance
def test_where_nobody_answers_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "CONNECT_S", 0.5)
    with (
        pytest.raises(DaskUnreachableError, match=r"127\.0\.0\.1:9"),
        over_dask("tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.acceptance
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_of_two_gives_the_same_numbers() -> None:
    from distributed import LocalCluster

    chance = np.random.default_rng(1)
    xy = chance.uniform(0, 10, (60, 2))
    people = chance.integers(50, 200, 60)
    cases = chance.poisson(0.4, (60, 30))
    cases[:5, -6:] += 2
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        for model, span in (
            (Model.PERMUTATION, Span.CURRENT),
            (Model.POISSON, Span.ANY),
            (Model.POISSON, Span.WHOLE),
        ):
            zones = circles(xy, people.astype(float), 0.5)
            expected = np.repeat(people[:, np.newaxis], 30, axis=1).astype(float)
            rules = Settings(model, span, replicates=199, seed=7)
            alone = scan(zones, cases, rules, expected=expected)
            with over_dask(cluster.scheduler_address) as (spread, parts):
                assert parts == 8
                shared = scan(zones, cases, rules, expected=expected, spread=spread, parts=parts)
            np.testing.assert_array_equal(shared.maxima, alone.maxima)
            assert shared.clusters == alone.clusters
