"""Prices of a service as data, and what a station with its units costs over years.

Prices differ by city and year, so none is built in: a list is given, with its currency and source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from math import isfinite

from planning.costs.errors import CostsInputError


class Duty(StrEnum):
    """How long of each day a unit is staffed."""

    ALL_DAY = "24h"
    HALF_DAY = "12h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices in one currency, of one source.

    build : once, a new station; enlarge : once, room for one more vehicle at a station that stands
    upgrade : once, a unit's equipment for a higher level of care
    rent_a_year : of a station, a year, 0 where it is owned
    vehicle : one ambulance with its equipment, bought anew after `vehicle_years`
    running_a_year : fuel, upkeep and consumables of a unit that is staffed all day
    crew_a_year : the crew of a unit staffed all day, all shifts with their relief
    upgrade_crew_a_year : what a crew of the higher level costs more
    half_day_share : crew of a unit staffed 12 h, as a share of one staffed 24 h
    discount : share by which a year's money is worth less a year later
    """

    currency: str
    source: str
    build: float
    rent_a_year: float
    vehicle: float
    crew_a_year: float
    enlarge: float = 0.0
    upgrade: float = 0.0
    running_a_year: float = 0.0
    upgrade_crew_a_year: float = 0.0
    vehicle_years: int = 8
    half_day_share: float = 0.5
    discount: float = 0.0

    def __post_init__(self) -> None:
        """Refuse prices that are negative or no number."""
        if not (self.currency and self.source):
            raise CostsInputError("Prices need their currency and their source.")
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str) and not (isfinite(value) and value >= 0.0):
                raise CostsInputError(f"The price {field.name} is {value:g}: give 0 or more.")
        if self.vehicle_years < 1 or self.discount >= 1.0 or self.half_day_share > 1.0:
            raise CostsInputError(
                "A vehicle lasts a year or more; the discount is below 1, the share of half a day "
                "at most 1."
            )


def prices_of(given: Mapping[str, object]) -> Prices:
    """Return prices of a mapping, as a file holds it.

    Raises
    ------
    CostsInputError
        A price is missing, unknown, no number, negative or not finite.
    """
    known = {field.name: field for field in fields(Prices)}
    strange = sorted(set(given) - set(known))
    if strange:
        raise CostsInputError(
            f"There is no price {', '.join(strange)}. Those there are: {', '.join(known)}."
        )
    needed = ("currency", "source", "build", "rent_a_year", "vehicle", "crew_a_year")
    missing = [name for name in needed if name not in given]
    if missing:
        raise CostsInputError(f"The list of prices lacks {', '.join(missing)}.")
    words = {name: str(given[name]) for name in ("currency", "source")}
    numbers: dict[str, float] = {}
    for name in given:
        if name not in words:
            try:
                numbers[name] = float(str(given[name]))
            except ValueError as error:
                raise CostsInputError(f"The price {name} is no number: {given[name]}.") from error
    years = numbers.pop("vehicle_years", 8.0)
    if not years.is_integer():
        raise CostsInputError(f"A vehicle lasts whole years, not {years:g}.")
    return Prices(**words, **numbers, vehicle_years=int(years))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Costs:
    """What something costs over `years`: at once, and all payments of the years as worth today."""

    at_once: float
    over_years: float

    @property
    def total(self) -> float:
        """Both together."""
        return self.at_once + self.over_years

    def __add__(self, other: "Costs") -> "Costs":
        """Return the sum of both."""
        return Costs(self.at_once + other.at_once, self.over_years + other.over_years)


def unit_costs(
    prices: Prices, duty: Duty = Duty.ALL_DAY, *, years: int = 5, higher_level: bool = False
) -> Costs:
    """Return what one more unit costs: vehicle at once, crew, running and its next vehicles later.

    Raises
    ------
    CostsInputError
        Fewer than one year.
    """
    share = 1.0 if duty is Duty.ALL_DAY else prices.half_day_share
    crew = prices.crew_a_year + (prices.upgrade_crew_a_year if higher_level else 0.0)
    yearly = _worth(prices, (crew + prices.running_a_year) * share, years)
    bought = range(prices.vehicle_years, years, prices.vehicle_years)
    again = sum(prices.vehicle * _factor(prices, year) for year in bought)
    return Costs(prices.vehicle + (prices.upgrade if higher_level else 0.0), yearly + again)


def station_costs(
    prices: Prices, units: Mapping[Duty, int] | None = None, *, years: int = 5
) -> Costs:
    """Return what a new station with its `units` (one, all day) costs over the years.

    Raises
    ------
    CostsInputError
        Fewer than one year, or a negative number of units.
    """
    return Costs(prices.build, _worth(prices, prices.rent_a_year, years)) + _units(
        prices, {Duty.ALL_DAY: 1} if units is None else units, years
    )


def enlarging_costs(prices: Prices, units: Mapping[Duty, int], *, years: int = 5) -> Costs:
    """Return what more `units` at a station that stands cost over the years.

    Raises
    ------
    CostsInputError
        As `station_costs`.
    """
    return Costs(prices.enlarge * sum(units.values()), 0.0) + _units(prices, units, years)


def upgrading_costs(prices: Prices, units: int, *, years: int = 5) -> Costs:
    """Return what a higher level of care costs for so many units that are staffed all day.

    Raises
    ------
    CostsInputError
        As `station_costs`.
    """
    if units < 0:
        raise CostsInputError(f"{units} units cannot be upgraded.")
    return Costs(prices.upgrade * units, _worth(prices, prices.upgrade_crew_a_year * units, years))


def _units(prices: Prices, units: Mapping[Duty, int], years: int) -> Costs:
    found = Costs(0.0, 0.0)
    for duty, count in units.items():
        if count < 0:
            raise CostsInputError(f"There cannot be {count} units of {duty.value}.")
        one = unit_costs(prices, duty, years=years)
        found += Costs(one.at_once * count, one.over_years * count)
    return found


def _worth(prices: Prices, a_year: float, years: int) -> float:
    if years < 1:
        raise CostsInputError(f"Costs are reckoned over a year or more, not {years}.")
    return a_year * sum(_factor(prices, year) for year in range(years))


def _factor(prices: Prices, year: int) -> float:
    """Return what money of a year is worth in the first."""
    return float((1.0 - prices.discount) ** year)
