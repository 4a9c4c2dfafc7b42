"""Clusters of cases that each day's scan found. Written by `surveillance.cluster_runs`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class ClusterRun(Base):
    """A day of a city, scanned: by what rules, how many diseases, by what methods.

    `scanned`: diseases with enough cases; `too_few`: those with fewer. `unplaced`: cases of the
    window that lie in no area of the level. `topology_id`: the roads of zones by road, NULL without
    any. `residents`: whether residents are known, and compared.
    """

    __tablename__ = "cluster_runs"
    __table_args__ = (Index("ix_cluster_runs_city_id", "city_id", "day"),)

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    day: Mapped[date]
    as_of: Mapped[datetime]
    date_basis: Mapped[str]
    area_level: Mapped[str]
    window_days: Mapped[int]
    longest_days: Mapped[int]
    largest_share: Mapped[float] = mapped_column(Double)
    replicates: Mapped[int]
    seed: Mapped[int]
    least_cases: Mapped[int]
    recurrence_days: Mapped[float] = mapped_column(Double)
    scanned: Mapped[int]
    too_few: Mapped[int]
    unplaced: Mapped[int]
    residents: Mapped[bool]
    topology_id: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class Cluster(Base):
    """A cluster that a run found; `before_id` is what it was in the run before.

    `places`: codes of its areas; `members`: of each of them cases and expected cases, from the
    centre outwards. One of `radius_m` and `radius_s` is there, by the shape. `by_day`: cases of the
    days that end with the run's. `told`: due by chance seldom enough. `first_on`: the day of the
    run that found it first. `joined`, `parted`: areas since the run before. `also`: what other
    methods say. `gone_on`: the day of the next run, if that did not find it.
    """

    __tablename__ = "clusters"
    __table_args__ = (
        Index("ix_clusters_run_id", "run_id"),
        Index("ix_clusters_city_id", "city_id"),
        Index("ix_clusters_before_id", "before_id"),
        CheckConstraint("cardinality(places) > 0", name="places"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint("model IN ('permutation','poisson')", name="model"),
        CheckConstraint("shape IN ('circle','road')", name="shape"),
        CheckConstraint("(radius_m IS NULL) <> (radius_s IS NULL)", name="radius"),
        CheckConstraint("change IN ('new','grown','shrunk','same')", name="change"),
    )

    cluster_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("cluster_runs.run_id", ondelete="CASCADE"))
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    disease: Mapped[str]
    sensitive: Mapped[str]
    model: Mapped[str]
    shape: Mapped[str]
    centre: Mapped[str]
    lon: Mapped[float] = mapped_column(Double)
    lat: Mapped[float] = mapped_column(Double)
    radius_m: Mapped[float | None] = mapped_column(Double)
    radius_s: Mapped[float | None] = mapped_column(Double)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    observed: Mapped[int]
    expected: Mapped[float] = mapped_column(Double)
    relative_risk: Mapped[float | None] = mapped_column(Double)
    log_likelihood_ratio: Mapped[float] = mapped_column(Double)
    p_value: Mapped[float] = mapped_column(Double)
    gumbel_p: Mapped[float | None] = mapped_column(Double)
    recurrence_days: Mapped[float] = mapped_column(Double)
    told: Mapped[bool]
    places: Mapped[list[str]] = mapped_column(ARRAY(Text))
    members: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    by_day: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    also: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reason: Mapped[dict[str, Any]]
    change: Mapped[str]
    before_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("clusters.cluster_id", ondelete="SET NULL")
    )
    first_on: Mapped[date]
    joined: Mapped[list[str]] = mapped_column(ARRAY(Text))
    parted: Mapped[list[str]] = mapped_column(ARRAY(Text))
    gone_on: Mapped[date | None]
