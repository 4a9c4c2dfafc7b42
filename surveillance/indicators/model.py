"""What an indicator of an area is: its code, unit, bounds, and who may see how much of it."""

from dataclasses import dataclass
from enum import StrEnum

from gis.words import Words


class Theme(StrEnum):
    """What an indicator is about."""

    CHRONIC = "chronic"
    MATERNAL = "maternal"
    ELDERLY = "elderly"
    VACCINATION = "vaccination"
    HEAT = "heat"
    AIR = "air"
    MOSQUITO = "mosquito"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator.

    unit : UCUM code of `gis.units`; lowest, highest : bounds of its values
    breaks, ramp : classes of its map, of the ramps of the house
    counts_people : a count of persons: told from `LEAST_PEOPLE` on, of one level of areas
    modelled : reckoned of other values, such as heat of temperature and humidity
    synonyms : what files call it, besides its code and words
    """

    code: str
    words: Words
    theme: Theme
    unit: str
    breaks: tuple[float, ...]
    ramp: str
    lowest: float = 0.0
    highest: float = 1e9
    counts_people: bool = False
    modelled: bool = False
    synonyms: tuple[str, ...] = ()


ABOUT_PEOPLE = frozenset({Theme.CHRONIC, Theme.MATERNAL, Theme.ELDERLY, Theme.VACCINATION})
"""Themes whose shares are shares of persons."""
LEAST_PEOPLE = 5
"""The smallest count of persons above 0 that is stored, or that a stored share stands for."""
