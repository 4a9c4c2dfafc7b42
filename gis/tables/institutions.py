"""What staff said of schools and worksites. Written by `surveillance.institutions`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class InstitutionName(Base):
    """One version of what was said of an institution; the newest holds, none is ever changed.

    `name`: what it is called, NULL: as reports write it. `same_as_key`: the institution that its
    cases count for.
    """

    __tablename__ = "institution_names"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("same_as_key <> institution_key", name="same_as"),
    )

    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), primary_key=True
    )
    institution_key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    same_as_key: Mapped[str | None]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]
