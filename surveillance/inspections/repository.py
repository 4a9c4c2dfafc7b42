"""All SQL of inspections."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.tables import SRID, IndicatorValue
from gis.tables.inspections import Inspection
from surveillance.inspections.model import SOURCE, AreaMonth, Inspected

_SUMS = text("""
    SELECT up.code AS area_code, date_trunc('month', i.inspected_on)::date AS month,
           coalesce(sum(i.premises) FILTER (WHERE i.containers_positive IS NOT NULL), 0)
               ::bigint AS index_premises,
           coalesce(sum(i.containers_positive) FILTER (WHERE i.premises > 0), 0)
               ::bigint AS containers_of_premises,
           coalesce(sum(i.premises) FILTER (WHERE i.premises_positive IS NOT NULL), 0)
               ::bigint AS house_premises,
           coalesce(sum(i.premises_positive), 0)::bigint AS premises_positive,
           coalesce(sum(i.containers) FILTER (WHERE i.containers_positive IS NOT NULL), 0)
               ::bigint AS containers,
           coalesce(sum(i.containers_positive) FILTER (WHERE i.containers IS NOT NULL), 0)
               ::bigint AS containers_positive,
           count(i.outcome) AS outcomes, count(*) FILTER (WHERE i.outcome = 'failed') AS failed
    FROM inspections AS i
    JOIN areas AS own
      ON own.city_id = i.city_id AND own.code = i.area_code AND own.valid_to IS NULL
    CROSS JOIN LATERAL unnest(own.path) AS up (code)
    JOIN areas AS a ON a.city_id = i.city_id AND a.code = up.code AND a.valid_to IS NULL
    WHERE i.city_id = :city AND date_trunc('month', i.inspected_on)::date = ANY (:months)
    GROUP BY up.code, month""")

_NEWEST = text("""
    SELECT max(inspected_on) FROM inspections
    WHERE city_id = :city AND kind = :kind""")


def months_of(
    session: Session, city_id: int, *, source: str, refs: Collection[str]
) -> set[date]:  # fmt: skip
    """Return the months in which inspections of these numbers stood so far."""
    rows = session.execute(
        select(func.date_trunc("month", Inspection.inspected_on))
        .where(
            Inspection.city_id == city_id, Inspection.source == source,
            Inspection.source_ref.in_(refs),
        )
        .distinct()
    ).scalars()  # fmt: skip
    return {row.date() for row in rows}


def put(
    session: Session, city_id: int, inspections: Sequence[Inspected], *, source: str,
    at: datetime, by: str,
) -> None:  # fmt: skip
    """Store inspections; one of a number that is there takes its place."""
    said = {
        "city_id": city_id, "source": source, "taken_in_at": at, "taken_in_by": by,
        "geom": func.ST_SetSRID(func.ST_MakePoint(bindparam("lon"), bindparam("lat")), SRID),
    }  # fmt: skip
    fields = [
        "kind", "inspected_on", "declared_datum", "area_code", "premises", "premises_positive",
        "containers", "containers_positive", "outcome", "source_ref",
    ]  # fmt: skip
    statement = upsert(Inspection).values(**said, **{name: bindparam(name) for name in fields})
    key = ["city_id", "source", "source_ref"]
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=key,
            set_={
                name: statement.excluded[name]
                for name in (*said, *fields) if name not in key
            },
        ),
        [asdict(one) for one in inspections],
    )  # fmt: skip


def sums(session: Session, city_id: int, months: Collection[date]) -> list[AreaMonth]:
    """Return the inspections of some months, added up by area of any level and month."""
    rows = session.execute(_SUMS, {"city": city_id, "months": sorted(months)})
    return [AreaMonth(**row) for row in rows.mappings()]


def said_before(
    session: Session, codes: Collection[str], months: Collection[date], areas: Collection[str]
) -> dict[tuple[str, date, str], tuple[float, int]]:
    """Return what was reckoned of inspections so far: (area, month, indicator) → value, n."""
    table = IndicatorValue
    key = (table.subject_id, table.period_from, table.indicator)
    rows = session.execute(
        select(*key, table.value, table.n)
        .where(
            table.subject_kind == "area", table.source == SOURCE, table.indicator.in_(codes),
            table.period_from.in_(months), table.subject_id.in_(areas),
        )
        .ext(distinct_on(*key))
        .order_by(*key, table.as_of.desc())
    )  # fmt: skip
    return {(row[0], row[1], row[2]): (row[3], row[4] or 0) for row in rows}


def newest_on(session: Session, city_id: int, kind: str) -> date | None:
    """Return the day of the newest inspection that the viewer may see."""
    day: date | None = session.execute(_NEWEST, {"city": city_id, "kind": kind}).scalar_one()
    return day
