"""A stored signal that tests begin with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from dispatch.advisories.repository import put_advisory
from gis.database import WritingUnitOfWork
from gis.tables.signals import SurveillanceRun, SurveillanceSeries, SurveillanceSignal

DAY = date(2026, 6, 10)
AT = datetime(2026, 6, 10, 16, tzinfo=UTC)


def store_run(uow: WritingUnitOfWork, city_id: int, day: date = DAY) -> UUID:
    """Store a run that found something."""
    run_id = uuid4()
    uow.session.execute(
        insert(SurveillanceRun).values(
            run_id=run_id, city_id=city_id, day=day, as_of=AT, date_basis="entry",
            area_level="district", alarms_a_day=20, false_share=0.1, least_cases=3, series=12,
            judged=9, unjudged={"too_few_cases": 3}, alarms={"ears_c1": 2}, expected_false=0.2,
            signals=2, kept=0, unplaced=1, undated=0, made_at=AT, made_by="system",
        )
    )  # fmt: skip
    return run_id


def store_signal(
    uow: WritingUnitOfWork, city_id: int, *, area_code: str | None, run_id: UUID | None = None,
    disease: str = "dengue", cases: int = 3, **more: Any,
) -> UUID:  # fmt: skip
    """Store a signal with its series, and a run if none is given; return its id."""
    signal_id = uuid4()
    uow.session.execute(
        insert(SurveillanceSignal).values(
            {
                "signal_id": signal_id, "city_id": city_id,
                "run_id": run_id or store_run(uow, city_id), "disease": disease,
                "area_code": area_code, "age_group": "*", "sensitive": "ordinary", "version": 1,
                "state": "new", "state_at": AT, "state_by": "system", "note": None,
                "raised_on": DAY, "last_on": DAY, "newest_case_on": DAY, "cases_7": cases,
                "lead": "farrington_flexible", "obliged": False, "told": True, "observed": cases,
                "expected": 0.4, "threshold": 2.0, "p_value": 0.001, "false_rate": 0.02,
                "weight": 4.2,
                "reason": {"code": "x", "en": f"{cases} cases", "zh": f"{cases}例"},
                "opinions": [
                    {"detector": "ears_c1", "outcome": "judged", "alarm": True, "observed": 3.0,
                     "expected": 0.5, "threshold": 2.0, "p_value": 0.01}
                ],
            } | more
        )
    )  # fmt: skip
    uow.session.execute(
        insert(SurveillanceSeries).values(
            city_id=city_id, date_basis="entry", disease=disease, area_code=area_code,
            age_group="*", sensitive=more.get("sensitive", "ordinary"),
            starts_on=DAY - timedelta(days=399), cases=[0] * 399 + [cases], nowcast=None,
        )
    )  # fmt: skip
    return signal_id


def store_advisory(
    uow: WritingUnitOfWork, city_id: int, *, area_code: str | None = None, cases: int | None = 12
) -> UUID:
    """Store an advisory that lasts for a week from today; return its id."""
    advisory_id, now = uuid4(), uow.clock.now()
    put_advisory(
        uow.session,
        advisory_id,
        {
            "city_id": city_id,
            "area_code": area_code,
            "cases": cases,
            "posted_at": now,
            "what": {"en": "breathing trouble", "zh": "呼吸道症状"},
            "place": {"en": "the whole city", "zh": "全市"},
            "since": now.date(),
            "until": now.date() + timedelta(days=7),
        },
    )
    return advisory_id
