"""Risks of areas as weights of people: how dispatch and planning read what another room measured.

A risk is named by its layer of the catalogue, which says what it is, in which unit, and who may see
it; its values are the newest of the indicator that the layer shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from gis.access import EVERYWHERE
from gis.database import UnitOfWork
from gis.errors import NotFoundError
from gis.jurisdiction import reach_of, within
from gis.rooms.layers import Group, Layer, Sql
from gis.rows import AnyRow
from gis.tables import Area, IndicatorLatest
from gis.words import Words

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

WEIGHING_UNITS = frozenset({"1", "%", "/100000.a", "{person}", "ug/m3"})
"""Units whose double is twice as much: °C has none."""
LEAST_PEOPLE = 5
"""The smallest number of people above 0 that is told of a layer that counts people."""


class RiskUnknownError(NotFoundError):
    """No layer of that name says how much of a risk areas have, or not for this viewer."""

    code = "risk_unknown"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        told = ", ".join(known) or "none"
        super().__init__(
            f"People cannot be weighed by {name!r}: it is no layer of risks that you may see, or "
            f"its unit has no zero. Those that can: {told}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A risk of areas (m,), and which of them n points lie in.

    values : (m,); area : (n,) row of `values` of the finest area with a value, -1 without one
    counts_people : the values are counts of persons of the area, else how strong the risk is
    first_day, last_day : of the periods that the values are of; sources : who said so
    """

    layer: str
    words: Words
    unit: str
    counts_people: bool
    values: Floats
    area: Rows
    sources: tuple[str, ...]
    first_day: date | None
    last_day: date | None


def weighing_layers(uow: UnitOfWork) -> list[Layer]:
    """Return the layers of risks of areas that the viewer may weigh people by."""
    return [
        layer
        for layer in uow.house.layers.values()
        if layer.group is Group.RISKS and layer.geometry == "polygon"
        and layer.unit in WEIGHING_UNITS and isinstance(layer.source, Sql)
        and (layer.permission is None or uow.identity.holds_any((layer.permission,)))
    ]  # fmt: skip


def risk_of(uow: UnitOfWork, city_id: int, name: str, lonlat: Floats) -> Risk:
    """Return a risk at points (n, 2), in the areas that the viewer may see it of.

    Raises
    ------
    RiskUnknownError
    """
    layer = _layer(uow, name)
    rows = _values(uow.session, city_id, layer, reach_of(uow.identity, layer.permission))
    area = np.full(len(lonlat), -1, np.int64)
    for place, row in enumerate(rows):  # from the largest on, so that the finest stays
        shape = shapely.from_wkb(bytes(row.shape))
        shapely.prepare(shape)
        area[shapely.intersects_xy(shape, lonlat[:, 0], lonlat[:, 1])] = place
    last = max((row.period_until for row in rows), default=None)
    return Risk(
        layer=layer.name, words=layer.words, unit=layer.unit or "1",
        counts_people=any(one.counts_people for one in layer.fields),
        values=np.array([row.value for row in rows], np.float64), area=area,
        sources=tuple(sorted({row.source for row in rows})),
        first_day=min((row.period_from for row in rows), default=None),
        last_day=None if last is None else last - timedelta(days=1),
    )  # fmt: skip


def risk_said_at(uow: UnitOfWork, city_id: int, name: str) -> datetime | None:
    """Return when the newest value of a risk was said; another with every new one.

    Raises
    ------
    RiskUnknownError
    """
    layer = _layer(uow, name)
    return uow.session.execute(
        select(func.max(IndicatorLatest.as_of)).where(
            IndicatorLatest.indicator == _indicator(layer), IndicatorLatest.subject_kind == "area",
            IndicatorLatest.subject_id.in_(select(Area.code).where(Area.city_id == city_id)),
        )
    ).scalar_one()  # fmt: skip


def weighed(people: Floats, risk: Risk) -> Floats:
    """Return the demand (n,) of points with `people` (n,).

    Of a count of persons: each area's count, shared out by its people; NaN where none is known. Of
    a rate, share or index: people times how many times the mean of all people it is, so that the
    sum stays theirs; where it is not known, or 0 everywhere, the people as they are.
    """
    known = risk.area >= 0
    value = np.where(known, risk.values[risk.area] if risk.values.size else 0.0, np.nan)
    if risk.counts_people:
        living = np.zeros(risk.values.size)
        np.add.at(living, risk.area[known], people[known])
        share = np.full(people.shape, np.nan)
        with np.errstate(invalid="ignore", divide="ignore"):
            share[known] = people[known] / living[risk.area[known]]
        return np.asarray(value * share)
    total = float(people[known].sum())
    mean = float((people[known] * value[known]).sum()) / total if total > 0 else 0.0
    if mean <= 0:
        return people.copy()
    return np.asarray(np.where(known, people * value / mean, people))


def told(people: float) -> int | None:
    """Return a sum of persons as it may be told: None for 1 to 4, which are hidden."""
    whole = round(people)
    return whole if whole == 0 or whole >= LEAST_PEOPLE else None


def _layer(uow: UnitOfWork, name: str) -> Layer:
    layers = {layer.name: layer for layer in weighing_layers(uow)}
    if name not in layers:
        raise RiskUnknownError(name, sorted(layers))
    return layers[name]


def _indicator(layer: Layer) -> str:
    assert isinstance(layer.source, Sql)
    return str(layer.source.fixed.get("indicator", layer.name))


def _values(
    session: Session, city_id: int, layer: Layer, reach: tuple[str, ...] | None
) -> list[AnyRow]:
    statement = (
        select(
            Area.area_id, func.cardinality(Area.path).label("depth"), Area.code,
            func.ST_AsBinary(Area.geom).label("shape"), IndicatorLatest.value, IndicatorLatest.n,
            IndicatorLatest.source, IndicatorLatest.period_from, IndicatorLatest.period_until,
        )
        .join(Area, Area.code == IndicatorLatest.subject_id)
        .where(
            IndicatorLatest.indicator == _indicator(layer), IndicatorLatest.subject_kind == "area",
            Area.city_id == city_id, Area.valid_to.is_(None),
            within(Area.code, (EVERYWHERE,) if reach is None else reach),
        )
        .ext(distinct_on(Area.area_id))
        .order_by(
            Area.area_id, IndicatorLatest.period_until.desc(), IndicatorLatest.as_of.desc()
        )
    )  # fmt: skip
    # A value that rests on nothing was taken back.
    rows = [row for row in session.execute(statement) if row.n != 0]
    return sorted(rows, key=lambda row: (row.depth, row.area_id))
