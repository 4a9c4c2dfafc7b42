"""SQL of cluster runs, their clusters, and the shapes of areas."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Date, case, cast, func, insert, null, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from gis.cities import IN_FORCE
from gis.geojson import MultiPolygon
from gis.rows import AnyRow, view_of
from gis.tables import Area
from gis.tables.clusters import Cluster, ClusterRun
from surveillance.cluster_runs.model import FloatArray
from surveillance.cluster_runs.views import ClusterRunView

_RUN = ClusterRun.__table__.columns
_CLUSTER = Cluster.__table__.columns
_SHAPE_TOLERANCE_DEG = 0.0001
"""Some ten metres: what is drawn on a map of a cluster needs no more."""


def newest_run(session: Session, city_id: int) -> ClusterRunView | None:
    """Return the run of the newest day, the last one made of it."""
    row = session.execute(
        select(*_RUN)
        .where(ClusterRun.city_id == city_id)
        .order_by(ClusterRun.day.desc(), ClusterRun.made_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else view_of(ClusterRunView, row)


def run_before(session: Session, run: ClusterRunView) -> ClusterRunView | None:
    """Return the last run of the newest day before that of `run`."""
    row = session.execute(
        select(*_RUN)
        .where(ClusterRun.city_id == run.city_id, ClusterRun.day < run.day)
        .order_by(ClusterRun.day.desc(), ClusterRun.made_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else view_of(ClusterRunView, row)


def add_run(session: Session, values: Mapping[str, Any]) -> None:
    """Store a run."""
    session.execute(insert(ClusterRun).values(values))


def add_clusters(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the clusters of a run."""
    if rows:
        session.execute(insert(Cluster), [dict(row) for row in rows])


def mark_gone(session: Session, run_id: UUID, cluster_ids: Collection[UUID], *, on: date) -> None:
    """Say of a run's clusters which the run of the day `on` did not find; of all others, none."""
    lost = Cluster.cluster_id.in_(cluster_ids)
    session.execute(
        update(Cluster)
        .where(Cluster.run_id == run_id)
        .values(gone_on=case((lost, cast(on, Date)), else_=cast(null(), Date)))
    )


def clusters_of(session: Session, run_id: UUID) -> Sequence[AnyRow]:
    """Return the clusters of a run that the viewer may see, the most seldom ones first."""
    return session.execute(
        select(*_CLUSTER)
        .where(Cluster.run_id == run_id)
        .order_by(
            Cluster.recurrence_days.desc(), Cluster.log_likelihood_ratio.desc(), Cluster.cluster_id
        )
    ).all()


def find_cluster(session: Session, cluster_id: UUID) -> AnyRow | None:
    """Return a cluster that the viewer may see."""
    return session.execute(select(*_CLUSTER).where(Cluster.cluster_id == cluster_id)).one_or_none()


def outlines(session: Session, run_id: UUID) -> Sequence[AnyRow]:
    """Return the told clusters of ordinary diseases, for those who may see no number of them."""
    return session.execute(
        text("SELECT * FROM cluster_outlines(:run)"), {"run": run_id}
    ).all()  # fmt: skip


def area_points(session: Session, city_id: int, codes: Sequence[str]) -> FloatArray:
    """Return a point within each present area (n, 2), degrees, in the order of `codes`."""
    point = func.ST_PointOnSurface(Area.geom)
    rows = session.execute(
        select(Area.code, func.ST_X(point).label("lon"), func.ST_Y(point).label("lat")).where(
            Area.city_id == city_id, Area.code.in_(codes), *IN_FORCE[Area]
        )
    )
    of_code = {row.code: (row.lon, row.lat) for row in rows}
    return np.array([of_code[code] for code in codes], dtype=np.float64)


def area_shapes(session: Session, city_id: int, codes: Collection[str]) -> dict[str, MultiPolygon]:
    """Return the shapes of present areas by code, as GeoJSON."""
    shape = func.ST_AsGeoJSON(
        func.ST_Multi(func.ST_SimplifyPreserveTopology(Area.geom, _SHAPE_TOLERANCE_DEG)), 6
    ).cast(JSONB)
    rows = session.execute(
        select(Area.code, shape.label("shape")).where(
            Area.city_id == city_id, Area.code.in_(codes), *IN_FORCE[Area]
        )
    )
    return {row.code: row.shape for row in rows}
