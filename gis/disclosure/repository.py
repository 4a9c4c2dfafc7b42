"""SQL of published counts: releases and their cells, written once."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.disclosure.deciding import AreaNode
from gis.disclosure.model import ALL, Cell, Period, PublishedCount, Release
from gis.jurisdiction import within
from gis.rows import view_of
from gis.tables import Area, DisclosureCell, DisclosureRelease


def areas_on(session: Session, city_id: int, day: date) -> list[AreaNode]:
    """Return the areas of a city that were valid on a day."""
    rows = session.execute(
        select(Area.code, Area.level, Area.path)
        .where(
            Area.city_id == city_id, Area.valid_from <= day,
            or_(Area.valid_to.is_(None), Area.valid_to > day),
        )
        .order_by(Area.code)
    )  # fmt: skip
    return [AreaNode(row.code, row.level, tuple(row.path)) for row in rows]


def released_periods(session: Session, subject: str, city_id: int) -> frozenset[date]:
    """Return the first days of the periods that are published."""
    rows = session.execute(
        select(DisclosureRelease.period_from).where(
            DisclosureRelease.subject == subject, DisclosureRelease.city_id == city_id
        )
    )
    return frozenset(rows.scalars())


def add_release(
    session: Session,
    subject: PublishedCount,
    *,
    city_id: int,
    period: Period,
    simulated: bool,
    made_at: datetime,
    cells: Sequence[Cell],
) -> int | None:
    """Store a release whole; None: somebody else did."""
    release_id = session.execute(
        upsert(DisclosureRelease)
        .values(
            subject=subject.name, city_id=city_id, period_from=period.first,
            period_until=period.until, smallest_told=subject.k,
            sensitivity=subject.sensitivity.value, simulated=simulated, made_at=made_at,
        )
        .on_conflict_do_nothing()
        .returning(DisclosureRelease.release_id)
    ).scalar_one_or_none()  # fmt: skip
    if release_id is not None:
        session.execute(
            insert(DisclosureCell),
            [
                {"release_id": release_id, "area_code": cell.area_code,
                 "group_code": cell.group, "people": cell.people}
                for cell in cells
            ],
        )  # fmt: skip
    return release_id


def list_releases(
    session: Session, city_id: int, *, subjects: Collection[str], limit: int
) -> list[Release]:
    """Return the releases of `subjects`, newest period first."""
    rows = session.execute(
        select(*DisclosureRelease.__table__.columns)
        .where(DisclosureRelease.city_id == city_id, DisclosureRelease.subject.in_(subjects))
        .order_by(DisclosureRelease.period_from.desc(), DisclosureRelease.subject)
        .limit(limit)
    )
    return [view_of(Release, row) for row in rows]


def newest_release(
    session: Session, subject: str, city_id: int, *, begun_by: date
) -> Release | None:
    """Return the newest release whose period begins on a day or before, None if there is none."""
    row = session.execute(
        select(*DisclosureRelease.__table__.columns)
        .where(
            DisclosureRelease.subject == subject, DisclosureRelease.city_id == city_id,
            DisclosureRelease.period_from <= begun_by,
        )
        .order_by(DisclosureRelease.period_from.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    return view_of(Release, row) if row else None


def list_period_cells(
    session: Session,
    subject: str,
    city_id: int,
    *,
    since: date,
    before: date,
    reach: Collection[str],
) -> list[tuple[date, Cell]]:
    """Return the cells of releases whose period begins on the days of a span, with its first day.

    Within the areas of `reach`; periods in their order.
    """
    rows = session.execute(
        select(
            DisclosureRelease.period_from, DisclosureCell.area_code, DisclosureCell.group_code,
            DisclosureCell.people,
        )
        .join(DisclosureRelease, DisclosureRelease.release_id == DisclosureCell.release_id)
        .where(
            DisclosureRelease.subject == subject, DisclosureRelease.city_id == city_id,
            DisclosureRelease.period_from >= since, DisclosureRelease.period_from < before,
            within(DisclosureCell.area_code, reach),
        )
        .order_by(DisclosureRelease.period_from)
    )  # fmt: skip
    return [(row[0], Cell(*row[1:])) for row in rows]


def find_release(session: Session, release_id: int) -> Release | None:
    """Return a release, None if there is none."""
    row = session.execute(
        select(*DisclosureRelease.__table__.columns).where(
            DisclosureRelease.release_id == release_id
        )
    ).one_or_none()
    return view_of(Release, row) if row else None


def list_cells(session: Session, release_id: int, *, reach: Collection[str]) -> list[Cell]:
    """Return a release's cells within the areas of `reach`, by area and group."""
    rows = session.execute(
        select(DisclosureCell.area_code, DisclosureCell.group_code, DisclosureCell.people)
        .where(DisclosureCell.release_id == release_id, within(DisclosureCell.area_code, reach))
        .order_by(DisclosureCell.area_code, DisclosureCell.group_code)
    )
    return [Cell(*row) for row in rows]


def cells_of_group(
    session: Session, subject: str, city_id: int, *, group: str, since: date,
    reach: Collection[str],
) -> list[tuple[Period, Cell]]:  # fmt: skip
    """Return the cells of one group within `reach`, of periods from `since` on, oldest first."""
    rows = session.execute(
        select(
            DisclosureRelease.period_from, DisclosureRelease.period_until,
            DisclosureCell.area_code, DisclosureCell.group_code, DisclosureCell.people,
        )
        .join(DisclosureCell, DisclosureCell.release_id == DisclosureRelease.release_id)
        .where(
            DisclosureRelease.subject == subject, DisclosureRelease.city_id == city_id,
            DisclosureRelease.period_from >= since, DisclosureCell.group_code == group,
            within(DisclosureCell.area_code, reach),
        )
        .order_by(DisclosureRelease.period_from, DisclosureCell.area_code)
    )  # fmt: skip
    return [(Period(row[0], row[1]), Cell(row[2], row[3], row[4])) for row in rows]


def groups_told(
    session: Session, subject: str, city_id: int, *, since: date, reach: Collection[str]
) -> list[str]:
    """Return the groups with a cell within `reach` that is hidden or above 0, most people first."""
    told = func.coalesce(func.sum(DisclosureCell.people), 0)
    rows = session.execute(
        select(DisclosureCell.group_code)
        .join(DisclosureRelease, DisclosureRelease.release_id == DisclosureCell.release_id)
        .where(
            DisclosureRelease.subject == subject, DisclosureRelease.city_id == city_id,
            DisclosureRelease.period_from >= since, DisclosureCell.group_code != ALL,
            or_(DisclosureCell.people.is_(None), DisclosureCell.people > 0),
            within(DisclosureCell.area_code, reach),
        )
        .group_by(DisclosureCell.group_code)
        .order_by(told.desc(), DisclosureCell.group_code)
    )  # fmt: skip
    return list(rows.scalars())
