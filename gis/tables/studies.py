"""Planning studies: what was asked, of which input, and the best answer so far. By `planning`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, REAL, BigInteger, Double, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class StudyRow(Base):
    """A study of a city; its job tells where it stands until `finished_at` is set.

    `areas`: codes of what it counts people in; an empty code: the whole city. `inputs`: what it
    read, each part with its hash; `digest`: of all of them and the parameters. `progress`: seconds,
    value, bound, their trace, and the sites of the best plan so far, which stays if the job is
    killed. `answer`: NULL until it has ended with one.
    """

    __tablename__ = "studies"
    __table_args__ = (Index("ix_studies_city_id", "city_id", "study_id"),)

    study_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    name: Mapped[str]
    kind: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    shared: Mapped[bool]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    stop_asked_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    digest: Mapped[str | None]
    inputs: Mapped[dict[str, Any] | None]
    progress: Mapped[dict[str, Any] | None]
    answer: Mapped[dict[str, Any] | None]


class StudyCells(Base):
    """The cells of a study as it read them, n of each: they may be others in the city by now.

    `district`: code, NULL outside all. `before_s`, `after_s`: seconds from the nearest site, NaN
    where no road is near, infinite where no way leads. `before`, `after`: the share of the cell's
    people within the limit, or the chance of a call from there. `shapes`: WKB.
    """

    __tablename__ = "study_cells"

    study_id: Mapped[int] = mapped_column(
        ForeignKey("studies.study_id", ondelete="CASCADE"), primary_key=True
    )
    cells: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lon: Mapped[list[float]] = mapped_column(ARRAY(Double))
    lat: Mapped[list[float]] = mapped_column(ARRAY(Double))
    people: Mapped[list[float]] = mapped_column(ARRAY(Double))
    district: Mapped[list[str | None]] = mapped_column(ARRAY(Text))
    before_s: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    after_s: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    before: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    after: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    nearest: Mapped[list[str | None]] = mapped_column(ARRAY(Text))
    shapes: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
