"""Incidents are found again; nothing leaks without the right; what was looked at is on record."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, text

from dispatch.errors import NothingToFindError
from dispatch.incidents import calls, outcomes
from dispatch.incidents.finding import repository as repository_finding
from dispatch.incidents.finding import service as finding
from dispatch.model import CallSource
from gis.access import SYSTEM
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.paging import CursorInvalidError
from gis.tables import PersonalAccess

pytestmark = pytest.mark.database


@pytest.fixture
def told(database, city, clock, dispatcher):
    """Six incidents, a day apart, half of them cancelled, all but one in the west."""
    taken = []
    for index in range(6):
        point = DeclaredPoint(114.15 if index == 5 else 114.05, 22.55, Datum.WGS84, 10.0)
        with database.unit_of_work(SYSTEM) as uow:
            call = calls.NewCall(
                city.city_id, CallSource.PHONE, point=point, place_label=f"深南大道 {100 + index}",
                caller_number="+86 138 0013 8000" if index % 2 else f"139000000{index:02d}",
            )  # fmt: skip
            incident = calls.take_call(uow, call).incident
            taken.append(incident)
            if index < 3:
                outcomes.cancel(uow, incident.incident_id, reason="test")
        clock.advance(86_400)
    return taken


def numbers(page):
    return [one.number for one in page.incidents]


def find(database, identity, city, **wanted):
    more = {name: wanted.pop(name) for name in ("limit", "cursor") if name in wanted}
    with database.read(identity) as uow:
        return finding.find_incidents(uow, finding.Wanted(city_id=city.city_id, **wanted), **more)


def by_caller(database, identity, city, number, **more):
    with database.unit_of_work(identity) as uow:
        return finding.find_by_caller(uow, city.city_id, caller_number=number, **more)


def test_by_number_place_and_date_ended_ones_too(database, city, dispatcher, told):
    first = told[0]
    assert numbers(find(database, dispatcher, city, number=first.number)) == [first.number]
    assert numbers(find(database, dispatcher, city, number=first.number[2:8])) == [first.number]
    assert numbers(find(database, dispatcher, city, place="大道 101")) == [told[1].number]
    day = first.received_at
    found = find(database, dispatcher, city, since=day, before=day + timedelta(days=2))
    assert numbers(found) == [told[1].number, told[0].number]
    assert numbers(find(database, dispatcher, city, place="%")) == []
    with pytest.raises(NothingToFindError):
        find(database, dispatcher, city)
    with pytest.raises(CursorInvalidError):
        find(database, dispatcher, city, place="深南", cursor="x")


def test_pages_follow_one_another_without_gap_or_repeat(database, city, told):
    seen, cursor = [], None
    while True:
        page = find(database, SYSTEM, city, place="深南大道", limit=2, cursor=cursor)
        seen += numbers(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [one.number for one in reversed(told)]


@pytest.mark.parametrize("given", ["13800138000", "+8613800138000", "0086 138-0013-8000"])
def test_by_the_caller_s_number_in_any_form_and_on_record(database, city, dispatcher, told, given):
    page = by_caller(database, dispatcher, city, given, limit=2)
    assert numbers(page) == [told[5].number, told[3].number]
    rest = by_caller(database, dispatcher, city, given, limit=2, cursor=page.next_cursor)
    assert numbers(rest) == [told[1].number]
    with database.read(SYSTEM) as uow:
        reads = uow.session.scalars(
            select(PersonalAccess.subject_id).where(
                PersonalAccess.reason == finding.CALLER_REASON,
                PersonalAccess.actor == dispatcher.label,
            )
        ).all()
    assert len(set(reads)) == 3
    with pytest.raises(NothingToFindError):
        by_caller(database, dispatcher, city, "no digits")


def test_chilean_numbers_with_and_without_the_country_s_code():
    with_code, without = (
        set(repository_finding.digits_of(one)) for one in ("+56 9 8765 4321", "9 8765 4321")
    )
    assert with_code & without >= {"987654321", "56987654321"}


def test_another_district_finds_only_its_own(database, city, eastern_dispatcher, told):
    found = find(database, eastern_dispatcher, city, place="深南大道")
    assert numbers(found) == [told[5].number]
    assert numbers(by_caller(database, eastern_dispatcher, city, "13800138000")) == [told[5].number]


def test_a_search_comes_from_an_index(database, city, told, owner_url):
    statements = {
        "ix_incidents_number_trgm": "SELECT 1 FROM incidents WHERE number LIKE '%0504-0001%'",
        "ix_incidents_place_label_trgm":
            "SELECT 1 FROM incidents WHERE place_label ILIKE '%深南大道 101%'",
        "ix_personal_values_number":
            "SELECT 1 FROM personal_values WHERE field = 'caller_number'"
            " AND phone_digits(value) IN ('13800138000', '8613800138000')",
    }  # fmt: skip
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        for index, statement in statements.items():
            plan = "\n".join(connection.scalars(text(f"EXPLAIN {statement}")))
            assert index in plan, plan
    owner.dispose()
