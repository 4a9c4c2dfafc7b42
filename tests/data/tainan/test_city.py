"""Tainan: its cases are the published ones, its areas are modelled and say so."""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.tainan.cases import PATH, dengue_cases
from data.tainan.city import tainan


@pytest.fixture(scope="module")
def city():
    return tainan()


@pytest.fixture(scope="module")
def cases():
    return dengue_cases()


def test_the_outbreak_of_2015_is_whole(cases):
    # Taiwan's open data, rows with County_living = Tainan City, by year of onset.
    assert cases["onset"].dt.year.value_counts().sort_index().to_dict() == {
        2008: 37, 2009: 18, 2010: 487, 2011: 112, 2012: 754, 2013: 51, 2014: 175, 2015: 22_777,
        2016: 16,
    }  # fmt: skip
    assert cases["key"].is_unique
    assert cases["onset"].is_monotonic_increasing
    assert (cases["notified"] - cases["onset"]).median() == pd.Timedelta(days=2)
    assert (cases["notified"] >= cases["onset"]).all()
    assert PATH.stat().st_size < 300_000


def test_every_case_lives_in_an_area_of_the_city(city, cases):
    codes = set(city.areas["code"])
    assert city.areas["code"].is_unique
    assert set(cases["district"]) <= codes
    assert set(cases["village"].dropna()) <= codes
    assert cases["village"].isna().sum() == 16


def test_areas_are_modelled_and_do_not_overlap(city):
    areas = city.areas
    assert areas["modelled"].all()
    assert city.modelled
    assert areas.geometry.is_valid.all()
    villages = areas.loc[areas["level"] == "zone", "geometry"].to_numpy()
    districts = areas.loc[areas["level"] == "district", "geometry"].to_numpy()
    assert (len(districts), len(villages)) == (36, 574)
    whole = shapely.union_all(villages).area
    assert sum(v.area for v in villages) == pytest.approx(whole, rel=1e-4)
    assert sum(d.area for d in districts) == pytest.approx(whole, rel=1e-4)


def test_a_case_lies_near_its_village(city, cases):
    cell = dict(zip(city.areas["code"], city.areas.geometry, strict=True))
    placed = cases.dropna(subset=["lon", "village"]).drop_duplicates(["lon", "lat"])
    points = shapely.points(placed["lon"], placed["lat"])
    away = shapely.distance(points, np.array([cell[code] for code in placed["village"]]))
    assert away.max() < 0.12
    assert np.median(away) == 0
