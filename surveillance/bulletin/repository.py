"""SQL of bulletins: present versions of ordinary diseases, counted by area, disease and span."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from gis.cities import IN_FORCE
from gis.rows import AnyRow
from gis.tables import Area, Population
from gis.tables.clusters import Cluster, ClusterRun
from gis.tables.signals import SurveillanceRun, SurveillanceSignal
from gis.words import Words
from surveillance.bulletin.model import Of, Span
from surveillance.counting.model import COUNTED, DateBasis

_DAY = {
    DateBasis.ONSET: "onset_on", DateBasis.DIAGNOSIS: "diagnosed_on",
    DateBasis.ENTRY: "entered_on", DateBasis.REVIEW: "reviewed_on",
}  # fmt: skip
FIELDS = ("onset_on", "diagnosed_on", "residence_area", "age_years", "sex")
"""Fields whose completeness a bulletin tells, besides the final review."""

_COUNTED = """
    FROM case_versions AS v JOIN cases AS c USING (case_id)
    {join}
    WHERE v.city_id = :city AND c.same_as_id IS NULL AND v.known_until IS NULL
      AND v.deleted_at IS NULL AND v.classification = ANY(:counted) AND v.disease = ANY(:diseases)
"""


def _of(city_id: int, diseases: Collection[str]) -> dict[str, Any]:
    return {"city": city_id, "counted": list(COUNTED), "diseases": sorted(diseases)}


def count_spans(
    session: Session,
    city_id: int,
    spans: Mapping[Of, Span],
    *,
    basis: DateBasis,
    diseases: Collection[str],
) -> Sequence[AnyRow]:
    """Return cases by their day and deaths by the day of death: disease, area, span, both numbers.

    area: that of residence as reported, None where it is not known.
    """
    day = _DAY[basis]
    join = (
        "JOIN unnest(CAST(:names AS text[]), CAST(:firsts AS date[]), CAST(:untils AS date[]))"
        f" AS span (name, first, until) ON v.{day} >= span.first AND v.{day} < span.until"
        " OR v.died_on >= span.first AND v.died_on < span.until"
    )
    return session.execute(
        text(
            "SELECT v.disease, v.residence_area AS area, span.name,"
            f" count(*) FILTER (WHERE v.{day} >= span.first AND v.{day} < span.until) AS cases,"
            " count(*) FILTER (WHERE v.died_on >= span.first AND v.died_on < span.until) AS deaths"
            f"{_COUNTED.format(join=join)} GROUP BY v.disease, v.residence_area, span.name"
        ),
        _of(city_id, diseases)
        | {
            "names": [of.value for of in spans],
            "firsts": [span.first for span in spans.values()],
            "untils": [span.until for span in spans.values()],
        },
    ).all()


def count_weeks(
    session: Session,
    city_id: int,
    *,
    first: date,
    until: date,
    basis: DateBasis,
    diseases: Collection[str],
) -> Sequence[AnyRow]:
    """Return cases by disease, area and week (its Monday) of the days of a span."""
    day = _DAY[basis]
    return session.execute(
        text(
            f"SELECT v.disease, v.residence_area AS area,"
            f" CAST(date_trunc('week', v.{day}) AS date) AS week, count(*) AS cases"
            f"{_COUNTED.format(join='')} AND v.{day} >= :first AND v.{day} < :until"
            " GROUP BY v.disease, v.residence_area, week"
        ),
        _of(city_id, diseases) | {"first": first, "until": until},
    ).all()


def quality(
    session: Session,
    city_id: int,
    span: Span,
    *,
    basis: DateBasis,
    diseases: Collection[str],
    terms: Mapping[str, Sequence[Any]],
    areas: Collection[str] | None,
    zone: str,
) -> AnyRow:
    """Return how complete and how late the reports of a span are.

    terms: `code`, `since`, `until`, `hours` of the law, as `surveillance.cases.review` has them. A
    report is late where it surely is: by the hour where both times are known, else by two days.
    areas: codes of residence, None = all.
    """
    day = _DAY[basis]
    join = """
    LEFT JOIN (
        SELECT * FROM unnest(CAST(:code AS text[]), CAST(:since_day AS date[]),
                             CAST(:until_day AS date[]), CAST(:hours AS int[]))
            AS t (code, since, until, hours)) AS law
        ON law.code = v.disease AND v.diagnosed_on >= law.since
        AND (law.until IS NULL OR v.diagnosed_on < law.until)
    CROSS JOIN LATERAL (
        SELECT extract(epoch FROM v.entered_at - v.diagnosed_at) / 3600 AS delay_h,
               v.entered_on - v.diagnosed_on AS delay_d) AS took"""
    filled = ", ".join(f"count(v.{name}) AS {name}" for name in FIELDS)
    known = "law.hours IS NOT NULL AND (delay_h IS NOT NULL OR delay_d IS NOT NULL)"
    return session.execute(
        text(
            f"SELECT count(*) AS cases, {filled},"
            " count(*) FILTER (WHERE v.review_state = 'final') AS final_review,"
            f" count(*) FILTER (WHERE {known}) AS due,"
            f" count(*) FILTER (WHERE {known} AND (delay_h > hours OR delay_h IS NULL"
            " AND delay_d > 1)) AS late,"
            " count(*) FILTER (WHERE v.known_from >="
            " CAST(:until AS timestamp) AT TIME ZONE :zone) AS after_end,"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY delay_h) AS median_h,"
            " percentile_cont(0.9) WITHIN GROUP (ORDER BY delay_h) AS p90_h"
            f"{_COUNTED.format(join=join)} AND v.{day} >= :first AND v.{day} < :until"
            " AND (CAST(:areas AS text[]) IS NULL OR v.residence_area = ANY(:areas))"
        ),
        _of(city_id, diseases)
        | {
            "first": span.first, "until": span.until, "zone": zone,
            "areas": None if areas is None else sorted(areas), "code": terms["code"],
            "since_day": terms["since"], "until_day": terms["until"], "hours": terms["hours"],
        },
    ).one()  # fmt: skip


def files_of(session: Session, city_id: int, span: Span, *, zone: str) -> AnyRow:
    """Return how many files of a span's days were taken in, and the rows that they had refused."""
    return session.execute(
        text("""
        SELECT count(*) AS files, coalesce(sum(i.rows_rejected), 0) AS rejected
        FROM case_imports AS i JOIN case_sources AS s USING (source_id)
        WHERE s.city_id = :city AND s.kind = 'line_list'
          AND i.as_of >= CAST(:first AS timestamp) AT TIME ZONE :zone
          AND i.as_of < CAST(:until AS timestamp) AT TIME ZONE :zone"""),
        {"city": city_id, "first": span.first, "until": span.until, "zone": zone},
    ).one()


def waiting(
    session: Session, city_id: int, *, basis: DateBasis, diseases: Collection[str]
) -> AnyRow:
    """Return how many likely doubles nobody decided, and how many cases have no day to count on."""
    return session.execute(
        text(
            "SELECT (SELECT count(*) FROM case_doubles"  # noqa: S608
            " WHERE city_id = :city AND decision IS NULL) AS doubles,"
            f" (SELECT count(*) {_COUNTED.format(join='')} AND v.{_DAY[basis]} IS NULL) AS undated"
        ),
        _of(city_id, diseases),
    ).one()


def signals_within(session: Session, city_id: int, span: Span) -> Sequence[AnyRow]:
    """Return the told signals of ordinary diseases that stood in a span, the weightiest first."""
    return session.execute(
        select(*SurveillanceSignal.__table__.columns)
        .where(
            SurveillanceSignal.city_id == city_id, SurveillanceSignal.told,
            SurveillanceSignal.kind.not_in(("calls", "drop")),
            SurveillanceSignal.sensitive == "ordinary",
            SurveillanceSignal.raised_on < span.until, SurveillanceSignal.last_on >= span.first,
        )
        .order_by(SurveillanceSignal.weight.desc(), SurveillanceSignal.signal_id)
    ).all()  # fmt: skip


def newest_scan(session: Session, city_id: int, span: Span) -> AnyRow | None:
    """Return id and day of the newest scan for clusters of the days of a span."""
    return session.execute(
        select(ClusterRun.run_id, ClusterRun.day)
        .where(
            ClusterRun.city_id == city_id, ClusterRun.day >= span.first,
            ClusterRun.day < span.until,
        )
        .order_by(ClusterRun.day.desc(), ClusterRun.made_at.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip


def told_clusters(session: Session, run_id: UUID) -> Sequence[AnyRow]:
    """Return the told clusters of ordinary diseases of a scan, those most seldom due first."""
    return session.execute(
        select(
            Cluster.disease, Cluster.places, Cluster.starts_on, Cluster.ends_on, Cluster.observed,
            Cluster.expected, Cluster.recurrence_days,
        )
        .where(Cluster.run_id == run_id, Cluster.told, Cluster.sensitive == "ordinary")
        .order_by(Cluster.recurrence_days.desc(), Cluster.cluster_id)
    ).all()  # fmt: skip


def cluster_outlines(session: Session, run_id: UUID) -> Sequence[AnyRow]:
    """Return disease and districts of the told clusters of a scan, for who may see no number."""
    return session.execute(
        text("SELECT disease, districts FROM cluster_outlines(:run)"), {"run": run_id}
    ).all()


def judged_days(session: Session, city_id: int, span: Span) -> int:
    """Return of how many days of a span signals were looked for."""
    return session.execute(
        select(func.count(SurveillanceRun.day.distinct())).where(
            SurveillanceRun.city_id == city_id, SurveillanceRun.day >= span.first,
            SurveillanceRun.day < span.until,
        )
    ).scalar_one()  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaNode:
    """A present area: its codes from the outermost to its own, and its own residents if counted."""

    code: str
    level: str
    path: tuple[str, ...]
    words: Words
    residents: int | None
    counted_on: date | None
    source: str | None


def area_nodes(session: Session, city_id: int) -> list[AreaNode]:
    """Return the present areas of a city by code, each with its newest total of residents."""
    newest = (
        select(Population.area_id, Population.persons, Population.counted_on, Population.source)
        .where(
            Population.base == "resident", Population.sex == "all", Population.age_from == 0,
            Population.age_below.is_(None),
        )
        .ext(distinct_on(Population.area_id))
        .order_by(
            Population.area_id, Population.counted_on.desc().nulls_last(),
            Population.population_id.desc(),
        )
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(
            Area.code, Area.level, Area.path, Area.name, Area.name_zh, Area.name_en,
            newest.c.persons, newest.c.counted_on, newest.c.source,
        )
        .outerjoin(newest, newest.c.area_id == Area.area_id)
        .where(Area.city_id == city_id, *IN_FORCE[Area])
        .order_by(Area.code)
    )  # fmt: skip
    return [
        AreaNode(
            code=row.code, level=row.level, path=tuple(row.path),
            words=Words(en=row.name_en or row.name, zh=row.name_zh or row.name),
            residents=None if row.persons is None else round(row.persons),
            counted_on=row.counted_on, source=row.source,
        )
        for row in rows
    ]  # fmt: skip
