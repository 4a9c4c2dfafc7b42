"""SQL of the list of hierarchy weights to build: the worker's jobs, and what is ready."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.tables import Installation, RoadConditionsState, RoadMetric
from routing.conditions.versions import ConditionsId


@dataclass(frozen=True, slots=True)
class MetricKey:
    """Which weights: of a city's profile, on a topology, under named conditions."""

    city_id: int
    profile: str
    topology_id: str
    metric_id: str


def want_metric(session: Session, key: MetricKey, *, now: datetime) -> bool:
    """Put a job on the list; one that is there already stays. Returns whether it is new."""
    added = session.execute(
        insert(RoadMetric)
        .values(
            city_id=key.city_id, profile=key.profile, topology_id=key.topology_id,
            metric_id=key.metric_id, conditions_id=key.metric_id, state="wanted", wanted_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RoadMetric.metric_id)
    )  # fmt: skip
    return added.first() is not None


def finish_metric(session: Session, key: MetricKey, *, folder: str, now: datetime) -> bool:
    """Note that a metric stands in `folder`; False if somebody else was first."""
    done = session.execute(
        update(RoadMetric)
        .where(*_is(key), RoadMetric.state == "wanted")
        .values(state="ready", folder=folder, built_at=now)
        .returning(RoadMetric.metric_id)
    )
    return done.first() is not None


def newest_metrics(
    session: Session, city_id: int, topology_ids: Mapping[str, str]
) -> dict[str, str]:
    """Return the ready metric of the newest conditions of each profile that has one.

    topology_ids : the topology that each profile's metric must be of.
    """
    ready = session.execute(
        select(RoadMetric.profile, RoadMetric.topology_id, RoadMetric.metric_id).where(
            RoadMetric.city_id == city_id, RoadMetric.state == "ready"
        )
    )
    # Not by the time of building: two workers, or a clock set back, would turn them round.
    fitting = sorted(
        (row for row in ready if topology_ids.get(row.profile) == row.topology_id),
        key=lambda row: ConditionsId.parse(row.metric_id).order,
    )
    return {row.profile: row.metric_id for row in fitting}


def progress(session: Session) -> tuple[int, int, int, datetime | None]:
    """Return what moves with a restore, a write of conditions and a finished metric: one look.

    The number of metrics is in it for clocks that are set back.
    """
    ready = select(func.count(), func.max(RoadMetric.built_at)).where(RoadMetric.state == "ready")
    counted = ready.subquery()
    row = session.execute(
        select(
            select(Installation.epoch).scalar_subquery(),
            select(func.coalesce(func.sum(RoadConditionsState.change), 0)).scalar_subquery(),
            *counted.c,
        )
    ).one()
    return int(row[0]), int(row[1]), int(row[2]), row[3]


def retire_metrics(
    session: Session, city_id: int, *, wanted_before: datetime, keep: Collection[MetricKey]
) -> Sequence[str]:
    """Take old metrics off the list, all but `keep`; returns the folders they stood in."""
    kept = [(key.profile, key.topology_id, key.metric_id) for key in keep]
    folders = session.execute(
        delete(RoadMetric)
        .where(
            RoadMetric.city_id == city_id,
            RoadMetric.wanted_at < wanted_before,
            tuple_(RoadMetric.profile, RoadMetric.topology_id, RoadMetric.metric_id).not_in(kept),
        )
        .returning(RoadMetric.folder)
    ).scalars()
    return [folder for folder in folders if folder is not None]


def metric_folders(session: Session, city_id: int) -> set[str]:
    """Return the folders of all metrics of a city that are on the list."""
    folders = session.execute(
        select(RoadMetric.folder).where(
            RoadMetric.city_id == city_id, RoadMetric.folder.is_not(None)
        )
    ).scalars()
    return {folder for folder in folders if folder is not None}


def _is(key: MetricKey) -> tuple[ColumnElement[bool], ...]:
    return (
        RoadMetric.city_id == key.city_id, RoadMetric.profile == key.profile,
        RoadMetric.topology_id == key.topology_id, RoadMetric.metric_id == key.metric_id,
    )  # fmt: skip
