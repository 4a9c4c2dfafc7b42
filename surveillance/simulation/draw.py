"""Drawing cases: usual ones by negative binomials of every area and day, outbreaks on top.

The way in which outbreaks are added follows A. Noufaily et al., Stat. Med. 32 (2013) 1206-1222:
a size, then days after the beginning by a lognormal; theirs are weeks.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from surveillance.simulation.diseases import AGE_BOUNDS
from surveillance.simulation.model import (
    NO_OUTBREAK,
    InjectedOutbreak,
    SeasonalDisease,
    SimulatedCases,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKDAYS = np.array([1.15, 1.08, 1.04, 1.02, 1.03, 0.86, 0.82])
"""Onsets told by weekday, from Monday; they mean 1."""
YEAR_DAYS = 365.25
LOG_SIGMA = 0.5
FEMALE_SHARE = 0.48


def draw_cases(
    residents: Floats,
    *,
    first: date,
    until: date,
    diseases: Sequence[SeasonalDisease],
    outbreaks: Sequence[InjectedOutbreak] = (),
    southern: bool = False,
    seed: int,
) -> SimulatedCases:
    """Return the cases of all areas with onset from `first` up to the day before `until`.

    residents: (n_areas,). southern: seasons lie half a year later. The same arguments give the same
    cases; a disease has random numbers of its own, so that another one changes none of its cases.
    """
    days = np.arange(np.datetime64(first, "D"), np.datetime64(until, "D"))
    parts = [
        _usual(number, disease, residents, days, southern=southern, seed=seed)
        for number, disease in enumerate(diseases)
    ]
    codes = [disease.code for disease in diseases]
    parts += [
        _injected(
            number, outbreak, codes.index(outbreak.disease),
            diseases[codes.index(outbreak.disease)], days, seed=seed,
        )
        for number, outbreak in enumerate(outbreaks)
    ]  # fmt: skip
    columns = [np.concatenate(its) for its in zip(*parts, strict=True)]
    disease, area, onset, delay, age, female, outbreak_of = columns
    order = np.lexsort((age, area, disease, onset))
    return SimulatedCases(
        diseases=tuple(codes),
        outbreaks=tuple(outbreaks),
        disease=disease[order],
        area=area[order],
        onset=days[onset[order]],
        reported=days[onset[order]] + delay[order].astype("timedelta64[D]"),
        age=age[order],
        female=female[order].astype(bool),
        outbreak=outbreak_of[order],
    )


def fresh_outbreaks(residents: Floats, *, until: date) -> list[InjectedOutbreak]:
    """Return two outbreaks of the last days before `until`, where the most people live (n_areas,).

    So there is something to be found whatever the random ones are.
    """
    largest = np.argsort(-residents, kind="stable")
    return [
        InjectedOutbreak(
            disease=disease, area=int(largest[place % largest.size]),
            starts_on=until - timedelta(days=days), cases=cases, median_days=median_days,
        )
        for place, (disease, days, cases, median_days) in enumerate(_FRESH)
    ]  # fmt: skip


_FRESH = (("dengue", 12, 26, 6.0), ("infectious_diarrhoea", 7, 34, 2.5))


def choose_outbreaks(
    n_areas: int,
    *,
    first: date,
    until: date,
    diseases: Sequence[SeasonalDisease],
    a_year: float,
    seed: int,
) -> tuple[InjectedOutbreak, ...]:
    """Return outbreaks at random places and days, a Poisson number of mean `a_year` each year.

    Their sizes are lognormal: half have 20 cases or more, one in twenty some 60 or more.
    """
    chance = np.random.default_rng([seed, 1])
    days = (until - first).days
    count = int(chance.poisson(a_year * days / YEAR_DAYS))
    found = [
        InjectedOutbreak(
            disease=diseases[int(chance.integers(len(diseases)))].code,
            area=int(chance.integers(n_areas)),
            starts_on=first + timedelta(days=int(chance.integers(days))),
            cases=max(5, int(chance.lognormal(np.log(20), 0.7))),
            median_days=float(np.round(chance.uniform(4, 14), 1)),
        )
        for _ in range(count)
    ]
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.disease, one.area)))


def daily_rates(
    disease: SeasonalDisease, days: NDArray[np.datetime64], *, southern: bool
) -> Floats:
    """Return expected cases (t,) of one resident on each day; over a year they sum to the rate."""
    of_year = (days - days.astype("datetime64[Y]")).astype(np.int64) + 1
    shift = YEAR_DAYS / 2 if southern else 0.0
    wave = disease.swing * np.cos(2 * np.pi * (of_year - disease.peak_day - shift) / YEAR_DAYS)
    # The mean of exp(a cos x) over a year is the Bessel function I0(a).
    season = np.exp(wave) / np.i0(disease.swing)
    weekday = (days.astype(np.int64) + 3) % 7
    return np.asarray(disease.rate_per_1e5 / 1e5 / YEAR_DAYS * season * WEEKDAYS[weekday])


def _usual(
    number: int,
    disease: SeasonalDisease,
    residents: Floats,
    days: NDArray[np.datetime64],
    *,
    southern: bool,
    seed: int,
) -> tuple[Ints, ...]:
    """Return disease, area, day, delay, age, sex and outbreak (k,) of the usual cases."""
    chance = np.random.default_rng([seed, 2, _stable(disease.code)])
    mean = residents[:, None] * daily_rates(disease, days, southern=southern)
    if disease.spread > 1:
        # Gamma of this shape under a Poisson: variance = spread x mean.
        more = disease.spread - 1
        mean = chance.gamma(np.maximum(mean, 1e-12) / more) * more
    counts = chance.poisson(mean)
    area, onset = np.nonzero(counts)
    each = np.repeat(np.arange(area.size), counts[area, onset])
    return _people(chance, number, disease, area[each], onset[each], outbreak=NO_OUTBREAK)


def _injected(
    place: int,
    outbreak: InjectedOutbreak,
    number: int,
    disease: SeasonalDisease,
    days: NDArray[np.datetime64],
    *,
    seed: int,
) -> tuple[Ints, ...]:
    """Return the same columns of one outbreak, without who would fall ill after the last day."""
    chance = np.random.default_rng([seed, 3, place])
    after = chance.lognormal(np.log(outbreak.median_days), LOG_SIGMA, outbreak.cases)
    begin = (np.datetime64(outbreak.starts_on, "D") - days[0]).astype(np.int64)
    onset = begin + after.astype(np.int64)
    onset = onset[(onset >= 0) & (onset < days.size)]
    return _people(
        chance, number, disease, np.full(onset.size, outbreak.area), onset, outbreak=place
    )


def _people(
    chance: np.random.Generator,
    number: int,
    disease: SeasonalDisease,
    area: Ints,
    onset: Ints,
    *,
    outbreak: int,
) -> tuple[Ints, ...]:
    size = area.size
    group = chance.choice(len(disease.ages), size, p=disease.ages)
    bounds = np.array(AGE_BOUNDS)
    age = chance.integers(bounds[group], bounds[group + 1])
    female = (chance.random(size) < FEMALE_SHARE).astype(np.int64)
    delay = chance.negative_binomial(2, 2 / (2 + disease.delay_days), size)
    return (
        np.full(size, number), area, onset, delay, age, female, np.full(size, outbreak),
    )  # fmt: skip


def _stable(code: str) -> int:
    """Return a number that follows from a code, in every process."""
    return int.from_bytes(code.encode()[:8], "big")
