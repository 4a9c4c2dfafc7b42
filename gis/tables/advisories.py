"""What other rooms advise dispatch to mind. Written by `dispatch.advisories`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class Advisory(Base):
    """One advisory, under the id of what it is about; `what` and `place` are words.

    `cases`: how many, NULL where that is not told; the database holds none below 5. `until`: its
    last day.
    """

    __tablename__ = "dispatch_advisories"
    __table_args__ = (
        CheckConstraint("cases >= 5", name="cases"),
        CheckConstraint("until >= since", name="days"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
        ),
        Index("ix_dispatch_advisories_city_id", "city_id", "until"),
    )

    advisory_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    area_code: Mapped[str | None]
    what: Mapped[dict[str, Any]]
    place: Mapped[dict[str, Any]]
    cases: Mapped[int | None]
    since: Mapped[date]
    until: Mapped[date]
    posted_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
