"""What a series counts: a disease, in an area, of an age group."""

from collections.abc import Mapping
from dataclasses import dataclass

WHOLE_CITY = "*"
ALL_AGES = "*"
ALL_DISEASES = "*"
AGE_GROUPS: Mapping[str, tuple[int, int | None]] = {
    "0-4": (0, 5), "5-14": (5, 15), "15-39": (15, 40), "40-64": (40, 65), "65+": (65, None),
}  # fmt: skip
"""Groups of ages in completed years, the upper bound not included."""


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """A disease in an area (`WHOLE_CITY`: all of them) and an age group (or `ALL_AGES`)."""

    disease: str
    area_code: str
    age_group: str
