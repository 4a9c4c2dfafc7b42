"""What surveillance found unusual, and the series it saw. Written by `surveillance.signals`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey


class SurveillanceRun(Base):
    """A day of a city, judged: by what rules, what could not be judged, who alarms how often.

    `unjudged`: outcome → series; `alarms`: detector → series in which it alarms. `signals`: those
    told; `kept`: beyond what staff can verify in a day. `covered`: diseases counted by aggregate
    reports, of whom and since when. `threshold`: the p that meets the number of alarms staff can
    verify, what it gives a day, how many of these by chance, and words.
    """

    __tablename__ = "surveillance_runs"
    __table_args__ = (Index("ix_surveillance_runs_city_id", "city_id", "day"),)

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    day: Mapped[date]
    as_of: Mapped[datetime]
    date_basis: Mapped[str]
    area_level: Mapped[str]
    alarms_a_day: Mapped[int]
    false_share: Mapped[float] = mapped_column(Double)
    least_cases: Mapped[int]
    series: Mapped[int]
    judged: Mapped[int]
    unjudged: Mapped[dict[str, Any]]
    alarms: Mapped[dict[str, Any]]
    expected_false: Mapped[float] = mapped_column(Double)
    signals: Mapped[int]
    kept: Mapped[int]
    unplaced: Mapped[int]
    undated: Mapped[int]
    threshold: Mapped[dict[str, Any] | None]
    covered: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class SurveillanceSignal(Base):
    """An unusual series from the day it was raised until it has been quiet for long.

    The partial unique index forbids two open ones of one series. `area_code` NULL: the whole city;
    `age_group` `*`: all ages. `kind`: of a series of cases, of calls of a syndrome (whose code
    `disease` is), or of one institution (`institution`, its name, found by `institution_key`).
    `sensitive` as of its disease. The numbers are those of the newest run that found it
    (`last_on`); `reason`: code and words, `opinions`: what each detector says. `newest_case_on`: a
    later case wakes what is muted. `recent`: cases by day up to `last_on`, of what has no row in
    `surveillance_series`. `advised_until`: the last day on which dispatch is advised of it.
    """

    __tablename__ = "surveillance_signals"
    __table_args__ = (
        Index(
            "uq_surveillance_signals_open", "city_id", "kind", "disease", "area_code",
            "age_group", "institution_key", unique=True, postgresql_nulls_not_distinct=True,
            postgresql_where=text("state <> 'ended'"),
        ),
        Index("ix_surveillance_signals_run_id", "run_id"),
        Index("ix_surveillance_signals_city_id", "city_id", "last_on"),
        CheckConstraint(
            "state IN ('new','acknowledged','explained','muted','ended')", name="state"
        ),
        CheckConstraint("last_on >= raised_on", name="days"),
        CheckConstraint("kind IN ('series','institution','calls','drop')", name="kind"),
        CheckConstraint(
            "(kind = 'drop' OR (kind = 'institution') = (institution_key IS NOT NULL))"
            " AND (institution_key IS NULL) = (institution IS NULL)",
            name="institution",
        ),
    )  # fmt: skip

    signal_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    run_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("surveillance_runs.run_id", ondelete="CASCADE")
    )
    disease: Mapped[str]
    area_code: Mapped[str | None]
    age_group: Mapped[str]
    sensitive: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str]
    state_at: Mapped[datetime]
    state_by: Mapped[str]
    note: Mapped[str | None]
    raised_on: Mapped[date]
    last_on: Mapped[date]
    newest_case_on: Mapped[date]
    cases_7: Mapped[int]
    lead: Mapped[str]
    obliged: Mapped[bool]
    told: Mapped[bool]
    observed: Mapped[float] = mapped_column(Double)
    expected: Mapped[float | None] = mapped_column(Double)
    threshold: Mapped[float | None] = mapped_column(Double)
    p_value: Mapped[float | None] = mapped_column(Double)
    false_rate: Mapped[float | None] = mapped_column(Double)
    weight: Mapped[float] = mapped_column(Double)
    reason: Mapped[dict[str, Any]]
    opinions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    kind: Mapped[str] = mapped_column(server_default=text("'series'"))
    institution_key: Mapped[str | None]
    institution: Mapped[str | None]
    recent: Mapped[list[int | None] | None] = mapped_column(ARRAY(Integer))
    advised_until: Mapped[date | None]


class SurveillanceSeries(Base):
    """One series by day as the newest run saw it, for curves and small pictures.

    `cases`: a day each from `starts_on`, NULL = no report. `nowcast`: of the newest days, by
    onset: `starts_on`, `median`, `low`, `high`.
    """

    __tablename__ = "surveillance_series"
    __table_args__ = (
        UniqueConstraint(
            "city_id",
            "date_basis",
            "disease",
            "area_code",
            "age_group",
            name="uq_surveillance_series_key",
            postgresql_nulls_not_distinct=True,
        ),
    )

    series_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    date_basis: Mapped[str]
    disease: Mapped[str]
    area_code: Mapped[str | None]
    age_group: Mapped[str]
    sensitive: Mapped[str]
    starts_on: Mapped[date]
    cases: Mapped[list[int | None]] = mapped_column(ARRAY(Integer))
    nowcast: Mapped[dict[str, Any] | None]
