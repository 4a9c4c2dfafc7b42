"""The clusters of the newest run as each viewer may see them, and a cluster's zone for a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.geojson import MultiLineString, Polygon
from gis.rows import AnyRow
from gis.words import Words, alike, listed
from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile
from routing.roads.plane import LocalPlane
from surveillance.cluster_runs import repository
from surveillance.cluster_runs.errors import ClusterNotFoundError
from surveillance.cluster_runs.model import METHOD_WORDS, Change, Shape
from surveillance.cluster_runs.views import (
    ClusterRunView,
    ClustersView,
    ClusterView,
    MemberView,
    MethodOpinionView,
    ZoneFeature,
    ZonePart,
    ZoneView,
)
from surveillance.counting.model import DATE_BASIS_WORDS, DateBasis
from surveillance.counting.repository import area_codes, area_words
from surveillance.diseases.table import disease_table
from surveillance.permissions import CASES_READ, SURVEILLANCE_READ
from surveillance.scan.model import Model
from surveillance.signals.model import IN_CITY
from surveillance.signals.naming import CLASS_WORDS

OUTLINE = Words(
    en="A cluster of {group} in {place}. Numbers are for disease control there.",
    zh="{place}出现{group}聚集。具体数字仅供当地疾控查看。",
)
CHANGED = {
    Change.NEW: Words(en="Not found by the run of {day}.", zh="{day}尚未发现。"),
    Change.GROWN: Words(
        en="{before} cases on {day}, {now} now{joined}{parted}.",
        zh="{day}为{before}例，现{now}例{joined}{parted}。",
    ),
    Change.SHRUNK: Words(
        en="{before} cases on {day}, {now} now{joined}{parted}.",
        zh="{day}为{before}例，现{now}例{joined}{parted}。",
    ),
    Change.SAME: Words(en="As on {day}.", zh="与{day}相同。"),
}
JOINED = Words(en="; joined ({areas})", zh="；新增{areas}")
PARTED = Words(en="; left out now ({areas})", zh="；不再包括{areas}")
NOTHING = alike("")
MORE = Words(en="{count} more", zh="另{count}个")
NAMED_AREAS = 4
_CIRCLE_CORNERS = 96
_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Names of areas, and the district that each lies in, by code."""

    words: Mapping[str, Words]
    districts: Mapping[str, str]

    def of(self, code: str) -> Words:
        return self.words.get(code, alike(code))

    def district(self, code: str) -> Words | None:
        """Return the district of an area, None of a district itself."""
        own = self.districts.get(code)
        return None if own is None or own == code else self.of(own)

    def in_districts(self, codes: Sequence[str]) -> list[Words]:
        """Return the districts of areas, each once, in their order."""
        own = dict.fromkeys(self.districts[code] for code in codes if code in self.districts)
        return [self.of(code) for code in own]

    def some(self, codes: Sequence[str]) -> Words:
        """Return the first few areas, and how many more."""
        named = [self.of(code) for code in codes[:NAMED_AREAS]]
        more = len(codes) - len(named)
        return listed([*named, MORE.filled(count=more)] if more > 0 else named)


def clusters_view(uow: UnitOfWork, city_id: int) -> ClustersView:
    """Return the newest run of a city and its clusters.

    Who reads cases in every area of a cluster sees its numbers; everybody else is told its group
    and districts.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    run = repository.newest_run(uow.session, city_id)
    if run is None:
        return ClustersView(
            city_id=city_id, run=None, basis=None, day_before=None, clusters=[], weaker=[], gone=[]
        )
    before = repository.run_before(uow.session, run)
    reads = uow.identity.holds_any([CASES_READ])
    rows = repository.clusters_of(uow.session, run.run_id) if reads else []
    earlier = repository.clusters_of(uow.session, before.run_id) if reads and before else []
    names = _names(uow, city_id, [*rows, *earlier])
    of_before = {row.cluster_id: row for row in earlier}
    views = [_view(row, names, before, of_before) for row in rows]
    outlined = _outlines(uow, run, {row.cluster_id for row in rows})
    return ClustersView(
        city_id=city_id,
        run=run if reads else _outlined_run(run),
        basis=DATE_BASIS_WORDS[DateBasis(run.date_basis)] if reads else None,
        day_before=None if before is None else before.day,
        clusters=[*(view for view in views if view.told), *outlined],
        weaker=[view for view in views if not view.told],
        gone=[
            _view(row, names, None, {})
            for row in earlier
            if row.told and row.gone_on == run.day
        ],
    )  # fmt: skip


def _names(uow: UnitOfWork, city_id: int, rows: Sequence[AnyRow]) -> _Names:
    codes = {code for row in rows for code in (*row.places, *row.joined, *row.parted, row.centre)}
    districts = area_codes(uow.session, city_id, level="district").of_code
    own = {code: districts[code] for code in codes if code in districts}
    return _Names(
        words=area_words(uow.session, city_id, codes | set(own.values())), districts=own
    )  # fmt: skip


def _view(
    row: AnyRow,
    names: _Names,
    before: ClusterRunView | None,
    of_before: Mapping[UUID, AnyRow],
) -> ClusterView:
    return ClusterView(
        cluster_id=row.cluster_id,
        numbers=True,
        disease=row.disease,
        disease_words=disease_table().get(row.disease).words,
        districts=names.in_districts(row.places),
        place=names.of(row.centre),
        method=METHOD_WORDS[Model(row.model), Shape(row.shape)],
        shape=row.shape,
        radius_m=row.radius_m,
        radius_s=row.radius_s,
        lon=row.lon,
        lat=row.lat,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        first_on=row.first_on,
        observed=row.observed,
        expected=row.expected,
        relative_risk=row.relative_risk,
        log_likelihood_ratio=row.log_likelihood_ratio,
        p_value=row.p_value,
        gumbel_p=row.gumbel_p,
        recurrence_days=row.recurrence_days,
        told=row.told,
        change=row.change,
        reason=Words.from_json(row.reason),
        changed=_changed(row, names, before, of_before.get(row.before_id)),
        members=[_member(one, row, names) for one in row.members],
        joined=[names.of(code) for code in row.joined],
        parted=[names.of(code) for code in row.parted],
        by_day=row.by_day,
        also=[_opinion(one) for one in row.also],
    )


def _changed(
    row: AnyRow, names: _Names, before: ClusterRunView | None, its: AnyRow | None
) -> Words | None:
    """Return what changed since the run before; None where there was none."""
    if before is None or (its is None and row.before_id is not None):
        return None
    return CHANGED[Change(row.change)].filled(
        day=before.day.isoformat(),
        before=0 if its is None else its.observed,
        now=row.observed,
        joined=JOINED.filled(areas=names.some(row.joined)) if row.joined else NOTHING,
        parted=PARTED.filled(areas=names.some(row.parted)) if row.parted else NOTHING,
    )


def _member(one: Mapping[str, Any], row: AnyRow, names: _Names) -> MemberView:
    code = one["area_code"]
    return MemberView(
        area_code=code, place=names.of(code), district=names.district(code),
        observed=one["observed"], expected=one["expected"],
        change="joined" if code in row.joined else None,
    )  # fmt: skip


def _opinion(one: Mapping[str, Any]) -> MethodOpinionView:
    return MethodOpinionView(
        words=METHOD_WORDS[Model(one["model"]), Shape(one["shape"])], places=one["places"],
        observed=one["observed"], expected=one["expected"], relative_risk=one["relative_risk"],
        p_value=one["p_value"], recurrence_days=one["recurrence_days"],
    )  # fmt: skip


def _outlined_run(run: ClusterRunView) -> ClusterRunView:
    """Return a run without what counts people or diseases."""
    return replace(run, scanned=0, too_few=0, unplaced=0)


def _outlines(uow: UnitOfWork, run: ClusterRunView, seen: set[UUID]) -> list[ClusterView]:
    """Return clusters whose numbers the viewer may not see, one a group and set of districts."""
    if not uow.identity.holds_any([SURVEILLANCE_READ]):
        return []
    rows = [row for row in repository.outlines(uow.session, run.run_id)
            if row.cluster_id not in seen]  # fmt: skip
    words = area_words(uow.session, run.city_id, {code for row in rows for code in row.districts})
    views: dict[tuple[str, tuple[str, ...]], ClusterView] = {}
    for row in rows:
        term = disease_table().get(row.disease).term_on(run.day)
        group = CLASS_WORDS[None if term is None else term.legal_class]
        districts = [words.get(code, alike(code)) for code in row.districts]
        place = listed(districts) if districts else IN_CITY
        views.setdefault(
            (group.en, tuple(row.districts)),
            ClusterView(
                cluster_id=row.cluster_id, numbers=False, disease=None, disease_words=group,
                districts=districts, place=place, method=None, shape=None, radius_m=None,
                radius_s=None, lon=None, lat=None, starts_on=None, ends_on=None,
                first_on=row.first_on, observed=None, expected=None, relative_risk=None,
                log_likelihood_ratio=None, p_value=None, gumbel_p=None, recurrence_days=None,
                told=True, change="new" if row.change == "new" else "same",
                reason=OUTLINE.filled(group=group, place=place), changed=None, members=[],
                joined=[], parted=[], by_day=[], also=[],
            ),
        )  # fmt: skip
    return list(views.values())


def city_of(uow: UnitOfWork, cluster_id: UUID) -> int:
    """Return the city of a cluster that the viewer may see.

    Raises
    ------
    ClusterNotFoundError
    """
    row = repository.find_cluster(uow.session, cluster_id)
    if row is None:
        raise ClusterNotFoundError(cluster_id)
    city_id: int = row.city_id
    return city_id


def zone_view(uow: UnitOfWork, cluster_id: UUID, roads: PinnedRoads) -> ZoneView:
    """Return a cluster's zone: its areas, then the circle, or the roads that are reached in time.

    Roads are drawn as they are today, empty and open, as the zone was made.

    Raises
    ------
    ClusterNotFoundError
    """
    row = repository.find_cluster(uow.session, cluster_id)
    if row is None:
        raise ClusterNotFoundError(cluster_id)
    names = _names(uow, row.city_id, [row])
    shapes = repository.area_shapes(uow.session, row.city_id, row.places)
    features = [
        ZoneFeature(shapes[one["area_code"]], _part(one, names))
        for one in row.members
        if one["area_code"] in shapes
    ]
    bbox = _bbox([feature.geometry for feature in features], (row.lon, row.lat))
    drawn = False
    if row.radius_m:
        features.append(
            ZoneFeature(_circle(row.lon, row.lat, row.radius_m), ZonePart(part="circle"))
        )
    elif row.radius_s and roads.has(Profile.CAR):
        lines = roads.roads_reached(
            (row.lon, row.lat), limit_s=row.radius_s, profile=Profile.CAR, free_flow=True
        )
        features.append(ZoneFeature(_lines(lines), ZonePart(part="roads")))
        drawn = True
    features.append(
        ZoneFeature(
            {"type": "Point", "coordinates": (row.lon, row.lat)},
            ZonePart(part="centre", area_code=row.centre, name=names.of(row.centre)),
        )
    )
    return ZoneView(features=features, bbox=bbox, roads=drawn)


def _part(one: Mapping[str, Any], names: _Names) -> ZonePart:
    observed, expected = one["observed"], one["expected"]
    return ZonePart(
        part="member", area_code=one["area_code"], name=names.of(one["area_code"]),
        observed=observed, expected=expected,
        relative_risk=observed / expected if expected > 0 else None,
    )  # fmt: skip


def _bbox(shapes: Sequence[Any], centre: tuple[float, float]) -> tuple[float, float, float, float]:
    bounds = np.array([(*centre, *centre), *(shapely.geometry.shape(one).bounds for one in shapes)])
    west, south = bounds[:, :2].min(axis=0).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _circle(lon: float, lat: float, radius_m: float) -> Polygon:
    plane = LocalPlane.around(np.array([[lon, lat]]))
    angle = np.linspace(0.0, 2 * np.pi, _CIRCLE_CORNERS + 1)
    ring = plane.to_lonlat(radius_m * np.column_stack((np.cos(angle), np.sin(angle))))
    return {"type": "Polygon", "coordinates": [_positions(ring)]}


def _lines(lines: shapely.MultiLineString) -> MultiLineString:
    return {
        "type": "MultiLineString",
        "coordinates": [_positions(np.asarray(one.coords)) for one in lines.geoms],
    }


def _positions(coords: np.ndarray) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in np.round(coords, _DECIMALS).tolist()]
