"""Indicators of an area and a month, of its inspections."""

from datetime import date, datetime, timedelta

from gis.indicators import Indication
from surveillance.indicators import mosquito
from surveillance.indicators.catalogue import INDICATORS, SUBJECT
from surveillance.inspections.model import LEAST_PREMISES, SOURCE, AreaMonth

Values = dict[tuple[str, date, str], tuple[float, int]]
"""(area, month, indicator) → value and what it rests on."""


def reckoned(sums: list[AreaMonth]) -> Values:
    """Return the indices of areas and months with `LEAST_PREMISES` inspections or more."""
    found: Values = {}
    for one in sums:
        parts = (
            ("breteau_index", mosquito.breteau_index(
                one.containers_of_premises, one.index_premises), one.index_premises),
            ("house_index", mosquito.house_index(
                one.premises_positive, one.house_premises), one.house_premises),
            ("container_index", mosquito.container_index(
                one.containers_positive, one.containers), one.containers),
            ("inspection_failed", mosquito.house_index(one.failed, one.outcomes), one.outcomes),
        )  # fmt: skip
        for code, value, of in parts:
            if of >= LEAST_PREMISES:
                found[one.area_code, one.month, code] = float(value), of
    return found


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def indications(values: Values, before: Values, *, as_of: datetime) -> list[Indication]:
    """Return what is new against what was said before.

    What was said and is no more (a corrected inspection lies elsewhere) is said again as resting on
    nothing (n = 0), which readers leave out.
    """
    gone = {key: (0.0, 0) for key in before.keys() - values.keys() if before[key][1] > 0}
    return [
        Indication(
            code, SUBJECT, area, month, (month + timedelta(days=32)).replace(day=1), value, of,
            INDICATORS[code].unit, SOURCE, as_of,
        )
        for (area, month, code), (value, of) in sorted({**values, **gone}.items())
        if before.get((area, month, code)) != (value, of)
    ]  # fmt: skip
