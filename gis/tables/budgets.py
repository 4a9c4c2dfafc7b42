"""How many alarms a day staff can verify. Written by `surveillance.signals`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class AlarmBudget(Base):
    """One version of what staff of a city said; the newest holds, none is ever changed."""

    __tablename__ = "alarm_budgets"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("alarms_a_day BETWEEN 1 AND 1000", name="alarms_a_day"),
    )

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    alarms_a_day: Mapped[int]
    set_at: Mapped[datetime]
    set_by: Mapped[str]
