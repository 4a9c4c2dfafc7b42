"""Cases as points, for who reads cases where they are worked on.

No point says where somebody lives: it lies somewhere in the finest area of enough people, drawn
from the case's number and the area alone (`surveillance.cases.shown_places`), the same at every
look. Sensitive diseases have none. Nothing of it is stored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import shapely

from gis.database import UnitOfWork
from gis.features import FeatureTable
from gis.geojson import Point
from gis.words import Words
from routing.live.routing import Routing
from surveillance.cases.model import CLASSIFICATION_WORDS, Classification
from surveillance.cases.repository_card import areas_above, shape_of
from surveillance.cases.shown_places import area_of_enough, place_within
from surveillance.counting.model import DateBasis
from surveillance.counting.repository import area_words
from surveillance.permissions import CASES_READ
from surveillance.risk import repository_points as repository
from surveillance.risk.model import Step
from surveillance.risk.service import period_seen

MOST_POINTS = 5_000


@dataclass(frozen=True, slots=True)
class CasePoint:
    """One case, somewhere in the area that its properties name."""

    properties: Mapping[str, Any]
    geometry: Point
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True)
class CasePoints:
    """Cases as a GeoJSON FeatureCollection; placed nowhere: of no area of enough people."""

    features: tuple[CasePoint, ...]
    placed_nowhere: int
    type: Literal["FeatureCollection"] = "FeatureCollection"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    day: date
    area: str
    place: Words
    classification: str
    lon: float
    lat: float


def case_points(
    uow: UnitOfWork, city_id: int, *, disease: str | None, step: Step, at: datetime | None
) -> CasePoints:
    """Return the cases of a disease in the period that holds `at`, at most `MOST_POINTS`.

    disease None: the one with the most cases of late; at None: the newest whole period.

    Raises
    ------
    CityUnknownError, DiseaseUnknownError
    """
    shown, nowhere = _shown(uow, city_id, disease=disease, step=step, at=at)
    table = _table(shown)
    rows = zip(*table.columns.values(), strict=True)
    return CasePoints(
        tuple(
            CasePoint(
                dict(zip(table.columns, row, strict=True)),
                json.loads(shapely.to_geojson(shapely.from_wkb(shape))),
            )
            for row, shape in zip(rows, table.shapes, strict=True)
        ),
        nowhere,
    )


def layer_table(
    uow: UnitOfWork, city_id: int, routing: Routing, time: str | None = None
) -> FeatureTable:
    """Return the points of the leading disease in the week that holds `time`, or the newest."""
    del routing
    at = None if time is None else datetime.fromisoformat(time)
    return _table(_shown(uow, city_id, disease=None, step=Step.WEEK, at=at)[0])


def _shown(
    uow: UnitOfWork, city_id: int, *, disease: str | None, step: Step, at: datetime | None
) -> tuple[list[_Shown], int]:
    seen = period_seen(uow, city_id, disease=disease, step=step, at=at)
    if seen is None:
        return [], 0
    rows = repository.cases_of(
        uow.session, city_id, seen.disease, basis=DateBasis(seen.date_basis),
        first=seen.period.first, until=seen.period.until,
        reach=uow.identity.jurisdictions(CASES_READ), limit=MOST_POINTS,
    )  # fmt: skip
    above = areas_above(uow.session, city_id, {row.residence_area for row in rows})
    enough = {code: area_of_enough(areas) for code, areas in above.items()}
    codes = {code for code in enough.values() if code is not None}
    shapes = {code: shape_of(uow.session, city_id, code) for code in codes}
    places = area_words(uow.session, city_id, codes)
    shown = []
    for row in rows:
        code = enough.get(row.residence_area)
        shape = None if code is None else shapes[code]
        if code is None or shape is None:
            continue
        lon, lat = place_within(row.case_id, shape)
        shown.append(
            _Shown(
                day=row.day, area=code, place=places[code], classification=row.classification,
                lon=lon, lat=lat,
            )
        )  # fmt: skip
    return shown, len(rows) - len(shown)


def _table(shown: list[_Shown]) -> FeatureTable:
    words = [CLASSIFICATION_WORDS[Classification(one.classification)] for one in shown]
    return FeatureTable(
        {
            "day": [one.day.isoformat() for one in shown],
            "code": [one.area for one in shown],
            "area_zh": [one.place.zh for one in shown],
            "area_en": [one.place.en for one in shown],
            "standing": [
                "confirmed" if one.classification == "confirmed" else "other" for one in shown
            ],
            "classification_zh": [one.zh for one in words],
            "classification_en": [one.en for one in words],
        },
        [shapely.to_wkb(shapely.Point(round(one.lon, 5), round(one.lat, 5))) for one in shown],
    )  # fmt: skip
