"""A day's clusters: what is put in is found where it is, by every method that the data allow."""

from dataclasses import replace

import numpy as np
import pytest

from surveillance.cluster_runs.day import (
    clusters_of_day,
    clusters_of_disease,
    methods,
    recurrence_days,
)
from surveillance.cluster_runs.model import ClusterRules, Geography, Shape
from surveillance.scan.model import Model

SIDE = 6
PLACES = SIDE * SIDE
RULES = ClusterRules(window_days=60, longest_days=14, replicates=199)
OUTBREAK = (7, 8, 13, 14)
"""Four places in a square."""


def grid(*, roads: bool = False, residents: bool = False) -> Geography:
    """Return places one kilometre apart; by road the outbreak's column is far from the others."""
    xy = np.array([(x, y) for y in range(SIDE) for x in range(SIDE)], dtype=np.float64) * 1000.0
    far = np.hypot(*(xy[:, np.newaxis] - xy).transpose(2, 0, 1))
    inside = np.isin(np.arange(PLACES), OUTBREAK)
    apart = 10_000.0 * (inside[:, np.newaxis] != inside)
    return Geography(
        level="zone", codes=[f"a{number}" for number in range(PLACES)], lonlat=xy / 1e5, far_m=far,
        times_s=(far + apart) / 10.0 if roads else None,
        residents=np.full(PLACES, 1000.0) if residents else None,
    )  # fmt: skip


def cases(*, outbreak: int = 0, level: float = 0.1, days: int = 60, seed: int = 3) -> np.ndarray:
    made = np.random.default_rng(seed).poisson(level, (PLACES, days))
    made[np.array(OUTBREAK), -7:] += outbreak
    return made


def test_an_outbreak_is_found_with_its_places_and_days() -> None:
    counts = cases(outbreak=2)
    (found,) = clusters_of_disease("dengue", counts, grid(), RULES)
    assert set(found.places) >= set(OUTBREAK)
    assert len(found.places) <= 9
    assert (found.first, found.last) == (60 - 7, 59)
    assert found.observed == counts[np.array(found.places), -7:].sum()
    assert found.observed == sum(found.place_observed)
    assert found.expected == pytest.approx(sum(found.place_expected))
    assert found.observed > 1.5 * found.expected
    assert found.p == pytest.approx(1 / 200)
    assert found.recurrence_days >= 200
    assert list(found.by_day) == counts[np.array(found.places)].sum(axis=0).tolist()
    assert found.radius_m is not None
    assert found.radius_s is None


def test_a_quiet_city_has_hardly_a_cluster() -> None:
    told = [
        one
        for seed in range(8)
        for one in clusters_of_disease("dengue", cases(seed=seed), grid(), RULES)
        if one.recurrence_days >= RULES.recurrence_days
    ]
    assert len(told) <= 1


def test_methods_are_those_that_the_data_allow() -> None:
    assert [(one.model, one.shape) for one in methods(grid())] == [
        (Model.PERMUTATION, Shape.CIRCLE)
    ]
    assert len(methods(grid(roads=True, residents=True))) == 4


def test_what_several_methods_find_is_one_cluster_with_their_opinions() -> None:
    found = clusters_of_disease(
        "dengue", cases(outbreak=2), grid(roads=True, residents=True), RULES
    )
    assert len(found) == 1
    assert len(found[0].also) == 3
    assert {one.method for one in found[0].also} | {found[0].method} == set(
        methods(grid(roads=True, residents=True))
    )
    # By road the four places are a zone by themselves: it is the one without a place too many.
    by_road = [one for one in found[0].also if one.method.shape is Shape.ROAD]
    exact = found[0].places if found[0].method.shape is Shape.ROAD else None
    assert all(one.places == 4 for one in by_road)
    assert exact is None or set(exact) == set(OUTBREAK)


def test_where_nobody_lives_cases_count_by_their_own_past_alone() -> None:
    where = grid(residents=True)
    assert where.residents is not None
    where.residents[OUTBREAK[0]] = 0.0
    (found,) = clusters_of_disease("dengue", cases(outbreak=2), where, RULES)
    by_residents = next(one for one in (*found.also, found) if one.method.model is Model.POISSON)
    assert by_residents.observed < 4 * 7 * 2


def test_clusters_of_one_disease_share_no_place() -> None:
    counts = cases(outbreak=2)
    counts[np.array([28, 29, 34, 35]), -5:] += 2
    found = clusters_of_disease("dengue", counts, grid(residents=True), RULES)
    assert len(found) == 2
    assert set(found[0].places).isdisjoint(found[1].places)


def test_diseases_with_few_cases_are_not_scanned_and_the_clearest_comes_first() -> None:
    begun: list[str] = []
    rare = np.zeros((PLACES, 60), dtype=np.int64)
    rare[0, -5:] = 1
    found = clusters_of_day(
        {"mumps": cases(outbreak=1, seed=5), "plague": rare, "dengue": cases(outbreak=3)}, grid(),
        RULES, begin=begun.append,
    )  # fmt: skip
    assert begun == ["mumps", "dengue"]
    assert found[0].disease == "dengue"
    days = [one.recurrence_days for one in found]
    assert days == sorted(days, reverse=True)


def test_parts_change_no_number() -> None:
    counts = cases(outbreak=1)
    whole = clusters_of_disease("dengue", counts, grid(), RULES)
    assert clusters_of_disease("dengue", counts, grid(), RULES, parts=7) == whole
    other = clusters_of_disease("dengue", counts, grid(), replace(RULES, seed=2))
    assert other[0].places == whole[0].places
    assert other[0].gumbel_p != whole[0].gumbel_p


@pytest.mark.parametrize(
    ("p", "gumbel_p", "days"),
    [(0.02, 0.5, 50), (0.001, 1e-4, 1e4), (0.001, 0.01, 1000), (0.001, None, 1000)],
)
def test_recurrence_is_by_rank_and_beyond_it_by_gumbel(p, gumbel_p, days) -> None:
    assert recurrence_days(p, gumbel_p, 999) == pytest.approx(days)
