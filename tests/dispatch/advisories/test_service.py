"""Advisories: posted by another room's event, shown where one may see, acknowledged once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.advisories import repository, service
from dispatch.advisories.errors import AdvisoryNotFoundError
from gis.database import WritingUnitOfWork
from gis.rooms.model import ConsumedEvent
from gis.tables import Event
from surveillance.signals.errors import AdvisoryRefusedError
from surveillance.signals.service import advise
from tests.surveillance.signals.stored import store_advisory, store_signal

pytestmark = pytest.mark.database


def advised(uow: WritingUnitOfWork) -> ConsumedEvent:
    """Return the newest event that advises, as a consumer gets it."""
    row = uow.session.scalars(
        select(Event).where(Event.type == "signal.advised").order_by(Event.subject_version.desc())
    ).first()
    return ConsumedEvent(
        position=1, event_id=row.event_id, type=row.type, subject_kind=row.subject_kind,
        subject_id=row.subject_id, subject_version=row.subject_version,
        occurred_at=row.occurred_at, actor=row.actor, payload=row.payload, city_id=row.city_id,
        area_code=row.area_code,
    )  # fmt: skip


def posted(uow, place, **signal):
    """Advise of a stored signal and let dispatch take it; return what the console shows."""
    signal_id = store_signal(uow, place[0], area_code=place[1], **signal)
    advise(uow, signal_id, days=7)
    service.take_advisory(uow, advised(uow))
    (one,) = service.advisories(uow, place[0]).advisories
    return one


def test_calls_are_advised_with_syndrome_district_days_and_how_many(uow, place) -> None:
    one = posted(uow, place, kind="calls", disease="respiratory", cases=12)
    assert (one.what.en, one.cases) == ("breathing trouble", 12)
    assert one.place.en
    assert one.until == uow.clock.now().date() + timedelta(days=7) or one.until > one.since
    first = service.acknowledge(uow, one.advisory_id)
    again = service.acknowledge(uow, one.advisory_id)
    assert first.acknowledged_by == "system"
    assert again.acknowledged_at == first.acknowledged_at
    # Advised again it is to be seen again, and stands once.
    advise(uow, one.advisory_id, days=3)
    service.take_advisory(uow, advised(uow))
    (again,) = service.advisories(uow, place[0]).advisories
    assert again.acknowledged_at is None


@pytest.mark.parametrize(("cases", "what"), [(14, "Dengue"), (4, "a disease of class B")])
def test_of_cases_no_number_goes_out_and_of_few_not_even_the_disease(
    uow, place, cases, what
) -> None:
    one = posted(uow, place, cases=cases)
    assert (one.what.en, one.cases) == (what, None)
    assert str(cases) not in str(advised(uow).payload.get("what"))


def test_a_school_is_not_named(uow, place) -> None:
    one = posted(
        uow, place, kind="institution", institution="First School", institution_key="first",
        disease="chickenpox", cases=12, recent=[12],
    )  # fmt: skip
    assert "First School" not in f"{one} {advised(uow).payload}"


def test_sensitive_diseases_are_never_advised(uow, place) -> None:
    signal_id = store_signal(
        uow, place[0], area_code=None, disease="syphilis", sensitive="hiv_sti"
    )  # fmt: skip
    with pytest.raises(AdvisoryRefusedError):
        advise(uow, signal_id, days=7)


def test_the_database_holds_no_count_below_five_and_shows_none_elsewhere(uow, place) -> None:
    store_advisory(uow, place[0], area_code=place[1])
    today = uow.clock.now().date()
    assert repository.list_advisories(uow.session, place[0], ("nowhere",), day=today) == []
    assert len(repository.list_advisories(uow.session, place[0], (place[1],), day=today)) == 1
    with pytest.raises(AdvisoryNotFoundError):
        service.acknowledge(uow, uuid4())
    with pytest.raises(IntegrityError), uow.session.begin_nested():
        store_advisory(uow, place[0], cases=4)
