"""Residents of areas: their own count, or all that lies in them."""

from datetime import date

import numpy as np

from surveillance.risk.residents import CountedArea, residents_of


def area(code: str, *above: str, persons: float | None = None, year: int = 2020) -> CountedArea:
    return CountedArea(
        code=code, path=(*above, code), persons=persons,
        counted_on=None if persons is None else date(year, 11, 1),
        source=None if persons is None else f"census {year}",
    )  # fmt: skip


AREAS = (
    area("1"),
    area("11", "1", persons=500.0),
    area("111", "1", "11", persons=900.0, year=2010),
    area("12", "1"),
    area("121", "1", "12", persons=30.0),
    area("122", "1", "12", persons=12.0, year=2022),
    area("13", "1"),
    area("131", "1", "13", persons=7.0),
    area("132", "1", "13"),
    area("14", "1"),
)


def test_an_own_count_goes_before_the_sum_of_the_parts() -> None:
    found = residents_of(["11", "12"], AREAS)
    assert found.residents.tolist() == [500.0, 42.0]
    assert (found.first_year, found.last_year) == (2020, 2022)
    assert found.sources == ("census 2020", "census 2022")


def test_an_area_with_an_uncounted_part_is_not_known() -> None:
    found = residents_of(["13", "14", "1", "99"], AREAS)
    assert np.isnan(found.residents).all()
    assert (found.first_year, found.sources) == (None, ())
