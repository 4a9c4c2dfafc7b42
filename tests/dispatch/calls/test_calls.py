"""From the ring to the incident: nothing lost, nothing twice, callers known again by hash alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, text

from dispatch.calls import locating, service
from dispatch.calls.aml import read_form, read_sms
from dispatch.calls.errors import (
    CallStepRefusedError,
    LocationLinkInvalidError,
    NoCallBackDueError,
    TooManyLinksError,
)
from dispatch.calls.figures import answering
from dispatch.calls.model import CallBackResult
from dispatch.incidents.retention import service as retention
from gis.access import SYSTEM
from gis.tables.calls import CallerDigest, CallerFix

pytestmark = pytest.mark.database

NUMBER = "+86 138 0013 8000"
SMS = 'A"ML=1;lt=+22.55000;lg=+114.05000;rd=50;top={at};lc=90;pm=W;si=;ei=;mcc=460;mnc=00;ml=101'


def sms(at):
    return read_sms(SMS.format(at=at.strftime("%Y%m%d%H%M%S")))


def take(database, city, keys, fix, number=NUMBER):
    with database.unit_of_work(SYSTEM) as uow:
        return locating.take_fix(
            uow, keys, city.city_id, fix=fix, number=number, source="sms"
        )  # fmt: skip


def of_incident(database, incident_id):
    with database.read(SYSTEM) as uow:
        return locating.calls_and_fixes(uow, incident_id)


def test_a_call_that_is_answered_becomes_an_incident_once(database, city, clock, tell):
    ringing = tell("1", "rang", number=NUMBER)
    assert (ringing.state, ringing.incident_id, ringing.quiet) == ("ringing", None, False)
    clock.advance(4)
    answered = tell("1", "answered")
    again = tell("1", "answered", recording_ref="rec-7")
    assert answered.incident_id == again.incident_id is not None
    assert again.recording_ref == "rec-7"
    tell("1", "held")
    tell("1", "resumed")
    ended = tell("1", "ended")
    assert (ended.state, ended.call_back) == ("ended", "none")
    with pytest.raises(CallStepRefusedError):
        tell("1", "answered")
    with database.read(SYSTEM) as uow:
        count = uow.session.execute(text("SELECT count(*) FROM incidents")).scalar_one()
        shown = service.figures(
            uow, city.city_id, since=clock.now() - timedelta(hours=1),
            before=clock.now() + timedelta(hours=1),
        )  # fmt: skip
    assert count == 1
    assert (shown.rang, shown.answered, shown.median_s) == (1, 1, 4.0)
    assert all(one.kept for one in shown.standards)


def test_an_abandoned_call_waits_for_a_call_back_and_a_second_call_goes_on_with_it(
    database, city, clock, tell
):
    tell("1", "rang", number=NUMBER)
    lost = tell("1", "abandoned")
    assert lost.incident_id is not None
    assert (lost.call_back, lost.quiet) == ("due", True)
    with database.unit_of_work(SYSTEM) as uow:
        assert not service.say_overdue(uow, lost.call_id)
    clock.advance(61)
    with database.unit_of_work(SYSTEM) as uow:
        assert service.say_overdue(uow, lost.call_id)
        tried = service.try_call_back(uow, lost.call_id, CallBackResult.NO_ANSWER)
    assert (tried.call_back, tried.call_back_tries) == ("due", 1)
    tell("2", "rang", number="0086-13800138000")
    second = tell("2", "answered")
    assert second.incident_id == lost.incident_id
    assert second.follows_call_id == lost.call_id
    with database.read(SYSTEM) as uow:
        lines = {one.call_id: one for one in service.open_calls(uow, city.city_id)}
        assert service.quiet_incidents(uow, [lost.incident_id]) == frozenset()
    assert set(lines) == {second.call_id}
    with database.unit_of_work(SYSTEM) as uow, pytest.raises(NoCallBackDueError):
        service.try_call_back(uow, lost.call_id, CallBackResult.REACHED)


def test_a_withheld_number_is_never_the_same_caller(tell):
    first = tell("1", "abandoned", number=None)
    second = tell("2", "abandoned", number="anonymous")
    assert first.incident_id != second.incident_id


def test_a_silent_call_is_quiet_until_somebody_speaks(database, take_silent):
    call_id, incident_id = take_silent
    with database.unit_of_work(SYSTEM) as uow:
        silent = service.set_silent(uow, call_id, silent=True)
        assert (silent.silent, silent.quiet, silent.call_back) == (True, True, "due")
        assert service.quiet_incidents(uow, [incident_id]) == {incident_id}
        spoke = service.set_silent(uow, call_id, silent=False)
    assert (spoke.silent, spoke.quiet, spoke.call_back) == (False, False, "reached")


@pytest.fixture
def take_silent(tell):
    tell("1", "rang")
    call = tell("1", "answered")
    return call.call_id, call.incident_id


def test_one_ring_told_by_eight_at_once_is_one_call(database, tell):
    with ThreadPoolExecutor(8) as pool:
        calls = list(pool.map(lambda _: tell("9", "answered", number=NUMBER), range(8)))
    assert len({one.incident_id for one in calls}) == 1
    with database.read(SYSTEM) as uow:
        assert uow.session.execute(text("SELECT count(*) FROM incidents")).scalar_one() == 1
        assert uow.session.execute(text("SELECT count(*) FROM calls")).scalar_one() == 1


def test_a_phones_place_finds_its_call_before_and_after_the_ring(database, city, clock, keys, tell):
    early = take(database, city, keys, sms(clock.now()))
    assert early.outcome == "waiting"
    tell("1", "rang", number=NUMBER)
    call = tell("1", "answered")
    late = take(database, city, keys, sms(clock.now()))
    assert late.outcome == "matched"
    assert take(database, city, keys, sms(clock.now()), number="13900139000").outcome == "waiting"
    assert take(database, city, keys, sms(clock.now()), number=None).outcome == "unmatched"
    shown = of_incident(database, call.incident_id)
    assert len(shown.fixes) == 2
    assert all(one.shown_radius_m > 50 and one.radius_said for one in shown.fixes)
    form = read_form(urlencode({"location_latitude": "x", "device_number": NUMBER}))
    assert take(database, city, keys, form).outcome == "no_place"


def test_a_caller_is_known_again_by_hash_and_forgotten_on_demand(database, city, clock, keys, tell):
    tell("1", "rang", number=NUMBER)
    first = tell("1", "answered")
    take(database, city, keys, sms(clock.now()))
    clock.advance(7_200)
    tell("2", "rang", number=NUMBER)
    second = tell("2", "answered")
    assert first.incident_id != second.incident_id
    shown = of_incident(database, second.incident_id)
    assert (shown.known_number, shown.earlier_total) == (True, 1)
    assert shown.earlier[0].incident_id == first.incident_id
    keys.rotate("callers")
    clock.advance(7_200)
    tell("3", "rang", number=NUMBER)
    third = tell("3", "answered")
    # A hash of before the rotation has another digest; it is not compared by guessing.
    assert of_incident(database, third.incident_id).earlier_total == 0
    with database.unit_of_work(SYSTEM) as uow:
        retention.forget_incident(uow, str(first.incident_id))
        assert not uow.session.scalars(
            select(CallerFix.fix_id).where(CallerFix.call_id == first.call_id)
        ).all()
        stored = uow.session.execute(select(CallerDigest.__table__)).all()
        assert first.call_id not in {one.call_id for one in stored}
        assert all(len(one.digest) == 32 for one in stored)
    assert of_incident(database, second.incident_id).earlier_total == 0


def test_a_link_works_once_for_a_while_and_not_too_often(database, clock, take_silent):
    call_id, incident_id = take_silent

    def make():
        with database.unit_of_work(SYSTEM) as uow:
            return locating.make_link(uow, call_id).path.partition("#")[2]

    def use(token, accuracy_m=12.0):
        with database.unit_of_work(SYSTEM) as uow:
            return locating.use_link(uow, token, lon=114.05, lat=22.55, accuracy_m=accuracy_m)

    token = make()
    assert use(token).shown_radius_m == 12.0
    for bad in (token, "nothing-like-it", "x\ud800"):
        with pytest.raises(LocationLinkInvalidError):
            use(bad)
    late = make()
    clock.advance(901)
    with pytest.raises(LocationLinkInvalidError):
        use(late)
    for _ in range(3):
        make()
    with pytest.raises(TooManyLinksError):
        make()
    (fix,) = of_incident(database, incident_id).fixes
    assert (fix.source, fix.shown_radius_m) == ("link", 12.0)


def test_figures_leave_out_what_cannot_be_true_and_count_it():
    # NENA-STA-020.1-2020: 90 % within 15 s, 95 % within 20 s.
    shown = answering([*[5.0] * 90, *[18.0] * 6, *[30.0] * 4, -1.0, 99_999.0], abandoned=3)
    assert (shown.rang, shown.answered, shown.excluded, shown.abandoned) == (105, 100, 2, 3)
    assert [one.share for one in shown.standards] == [0.90, 0.96, 0.90, 0.90]
    assert [one.kept for one in shown.standards] == [True, True, True, False]
    assert answering([], abandoned=0).standards[0].kept is None
