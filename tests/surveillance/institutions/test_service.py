"""Names of institutions: renamed, merged, parted again; every version stays; runs count by them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from gis.concurrency import StaleVersionError
from gis.database import WritingUnitOfWork
from gis.tables.signals import SurveillanceSignal
from surveillance.institutions import service
from surveillance.institutions.errors import (
    InstitutionMergedInCircleError,
    InstitutionUnknownError,
)
from surveillance.signals.lifecycle import State
from surveillance.signals.material import read_material
from surveillance.signals.model import Rules
from surveillance.signals.replay import take_reports
from surveillance.signals.service import decide, judged_day, store_judged
from surveillance.signals.today import today
from tests.surveillance.cases.reports import reports, store_institution

pytestmark = pytest.mark.database


def names(uow: WritingUnitOfWork, city_id: int) -> dict[str, tuple[str, int, str | None]]:
    return {
        one.institution_key: (one.name, one.cases, one.same_as_name)
        for one in service.institutions(uow, city_id).institutions
    }


def test_names_are_renamed_merged_and_parted_and_each_version_stays(
    uow: WritingUnitOfWork, place: tuple[int, str]
) -> None:
    city_id, area = place
    store_institution(uow, city_id, key="一小", name="一小", cases=3, area=area)
    store_institution(uow, city_id, key="第一小学", name="第一小学", cases=2, area=area)
    store_institution(uow, city_id, key="一小", name="一小（3）班", cases=1, disease="mumps")
    assert names(uow, city_id) == {"一小": ("一小", 4, None), "第一小学": ("第一小学", 2, None)}
    one = service.institutions(uow, city_id).institutions[0]
    assert (one.written, one.diseases) == (("一小", "一小（3）班"), ("chickenpox", "mumps"))

    service.decide(uow, city_id, "第一小学", name="市第一小学", same_as_key=None)
    service.decide(uow, city_id, "一小", name=None, same_as_key="第一小学", expected_version=0)
    assert names(uow, city_id) == {
        "一小": ("一小", 4, "市第一小学"), "第一小学": ("市第一小学", 2, None),
    }  # fmt: skip
    with pytest.raises(InstitutionMergedInCircleError):
        service.decide(uow, city_id, "第一小学", name=None, same_as_key="一小")
    with pytest.raises(StaleVersionError):
        service.decide(uow, city_id, "一小", name="x", same_as_key=None, expected_version=0)
    with pytest.raises(InstitutionUnknownError):
        service.decide(uow, city_id, "nowhere", name="x", same_as_key=None)
    service.decide(uow, city_id, "一小", name=None, same_as_key=None)
    # The same again is no version of its own.
    said = service.decide(uow, city_id, "一小", name=None, same_as_key=None).decisions
    assert [(one.version, one.same_as_key) for one in said] == [(2, None), (1, "第一小学")]
    assert all(one.decided_by == "system" for one in said)


def test_a_run_tells_of_a_school_and_knows_it_again_wherever_its_cases_live(
    uow: WritingUnitOfWork, place: tuple[int, str]
) -> None:
    city_id, area = place
    zone = ZoneInfo("Asia/Shanghai")
    day: date = uow.clock.now().astimezone(zone).date() - timedelta(days=1)
    take_reports(
        uow, city_id, source="cards", file_name="x", as_of=uow.clock.now(),
        reports=reports([{"key": "1", "disease": "dengue", "classification": "confirmed",
                          "onset_on": day - timedelta(days=900), "entered_on": day}]),
    )  # fmt: skip
    for key, cases in (("一小", 7), ("第一小学", 5)):
        store_institution(uow, city_id, key=key, name=key, cases=cases, area=area, day=day)

    def run() -> list[SurveillanceSignal]:
        made = judged_day(
            read_material(uow, city_id, first_day=day, last_day=day), day, rules=Rules()
        )
        store_judged(uow, made)
        return list(uow.session.scalars(
            select(SurveillanceSignal).where(SurveillanceSignal.kind == "institution")
        ))  # fmt: skip

    assert run() == []
    service.decide(uow, city_id, "一小", name="实验小学", same_as_key=None)
    service.decide(uow, city_id, "第一小学", name=None, same_as_key="一小")
    (signal,) = run()
    assert (signal.institution_key, signal.area_code, signal.told) == ("一小", area, True)
    decide(uow, signal.signal_id, wanted=State.ACKNOWLEDGED, note=None)
    store_institution(
        uow, city_id, key="一小", name="一小", cases=20, day=day, disease="chickenpox"
    )
    uow.session.expire_all()
    (again,) = run()
    assert (again.signal_id, again.state) == (signal.signal_id, "acknowledged")
    view = next(one for one in today(uow, city_id).signals if one.kind == "institution")
    assert view.institution == "实验小学"
    assert view.recent[-1] == view.cases_7
    assert view.lead.en == "Rule for schools and worksites"


def test_a_name_nearly_alike_is_suggested_until_somebody_says_what_it_is(
    uow: WritingUnitOfWork, place: tuple[int, str]
) -> None:
    city_id, area = place
    store_institution(uow, city_id, key="育才实验学校", name="育才实验学校", cases=3, area=area)
    store_institution(uow, city_id, key="育材实验学校", name="育材实验学校", cases=1, area=area)

    def like() -> dict[str, str | None]:
        found = service.institutions(uow, city_id).institutions
        return {one.institution_key: one.like_name for one in found}

    assert like() == {"育才实验学校": None, "育材实验学校": "育才实验学校"}
    service.decide(uow, city_id, "育材实验学校", name="育材实验学校", same_as_key=None)
    assert set(like().values()) == {None}
