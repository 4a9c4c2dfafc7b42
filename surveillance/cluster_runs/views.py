"""What is shown of runs and clusters; the fields are the JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from gis.geojson import MultiLineString, MultiPolygon, Point, Polygon
from gis.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRunView:
    """A day as it was scanned; fields as of `gis.tables.clusters.ClusterRun`."""

    run_id: UUID
    city_id: int
    day: date
    as_of: datetime
    date_basis: str
    area_level: str
    window_days: int
    longest_days: int
    largest_share: float
    replicates: int
    seed: int
    least_cases: int
    recurrence_days: float
    scanned: int
    too_few: int
    unplaced: int
    residents: bool
    topology_id: str | None
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One area of a cluster; `change`: joined since the run before, else None."""

    area_code: str
    place: Words
    district: Words | None
    observed: int
    expected: float
    change: Literal["joined"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodOpinionView:
    """What another method says of a cluster in some of the same areas."""

    words: Words
    places: int
    observed: int
    expected: float
    relative_risk: float | None
    p_value: float
    recurrence_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """One cluster. `by_day`: cases of its areas on the days up to the run's.

    numbers: whether the viewer may see any; else they are None, as are disease, dates, centre,
    zone and lists, and `disease_words` name the group only. districts: in which it lies.
    joined, parted: areas that came to it and that it lost since the run before.
    """

    cluster_id: UUID
    numbers: bool
    disease: str | None
    disease_words: Words
    districts: list[Words]
    place: Words
    method: Words | None
    shape: str | None
    radius_m: float | None
    radius_s: float | None
    lon: float | None
    lat: float | None
    starts_on: date | None
    ends_on: date | None
    first_on: date
    observed: int | None
    expected: float | None
    relative_risk: float | None
    log_likelihood_ratio: float | None
    p_value: float | None
    gumbel_p: float | None
    recurrence_days: float | None
    told: bool
    change: str
    reason: Words
    changed: Words | None
    members: list[MemberView]
    joined: list[Words]
    parted: list[Words]
    by_day: list[int]
    also: list[MethodOpinionView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClustersView:
    """The newest run of a city. `run` None: none was scanned.

    clusters: told ones, those that are due most seldom first; weaker: the others that are kept;
    gone: those told by the run before that this one does not find (`day_before`, None: no run).
    """

    city_id: int
    run: ClusterRunView | None
    basis: Words | None
    day_before: date | None
    clusters: list[ClusterView]
    weaker: list[ClusterView]
    gone: list[ClusterView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePart:
    """What a feature of a zone is: an area that belongs to it, its border, its roads, its centre.

    Numbers and names are of areas only.
    """

    part: Literal["member", "circle", "roads", "centre"]
    area_code: str | None = None
    name: Words | None = None
    observed: int | None = None
    expected: float | None = None
    relative_risk: float | None = None


@dataclass(frozen=True, slots=True)
class ZoneFeature:
    """A part of a zone as a GeoJSON feature."""

    geometry: Point | Polygon | MultiPolygon | MultiLineString
    properties: ZonePart
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneView:
    """A cluster's zone as a GeoJSON FeatureCollection, from the ground up.

    bbox: west, south, east, north of its areas. roads: whether a zone by road could be drawn.
    """

    features: Sequence[ZoneFeature]
    bbox: tuple[float, float, float, float]
    roads: bool
    type: Literal["FeatureCollection"] = "FeatureCollection"
