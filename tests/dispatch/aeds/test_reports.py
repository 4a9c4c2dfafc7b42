"""A report flags a device and never removes it; a moderator with the right for the place does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from dispatch.aeds import reports
from dispatch.aeds.around import aeds_around
from dispatch.aeds.emergency_numbers import BUILT_IN
from dispatch.aeds.errors import (
    AedAlreadyReportedError,
    AedNotFoundError,
    AedReportDecidedError,
    AedReportNotFoundError,
    TooManyReportsError,
)
from dispatch.aeds.reports import WAITING_REPORTS
from gis.access import ANONYMOUS, SYSTEM, Identity
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.tables import Aed
from tests.identities import granted

pytestmark = pytest.mark.database


@pytest.fixture
def aed_ids(database, city):
    with database.read(SYSTEM) as uow:
        return list(uow.session.scalars(select(Aed.aed_id).order_by(Aed.aed_id)))


def moderator_of(*codes, role="supervisor"):
    return Identity(uuid4(), "vera", "Vera", grants=tuple(granted(role, code) for code in codes))


def report(database, aed_id, *, kind="missing", words=None, address="198.51.100.7"):
    with database.unit_of_work(ANONYMOUS) as uow:
        return reports.report_aed(uow, aed_id, kind=kind, words=words, address=address)


def shown(database):
    with database.read(ANONYMOUS) as uow:
        point = DeclaredPoint(114.05, 22.55, Datum.WGS84)
        found = aeds_around(uow, point=point, limit=10, numbers=BUILT_IN)
        return {one.aed_id: one.reported for one in found.aeds}


def waiting(database, identity):
    with database.read(identity) as uow:
        return [one for one in reports.list_reports(uow).reports if one.decision is None]


def decide(database, identity, report_id, decision):
    with database.unit_of_work(identity) as uow:
        return reports.decide_report(uow, report_id, decision)


def test_a_report_flags_and_only_a_moderator_takes_out_and_puts_back(database, city, aed_ids):
    moderator = moderator_of(city.west_code, city.east_code)
    report(database, aed_ids[0], words="the box is empty")
    assert set(shown(database)) == set(aed_ids)
    assert shown(database)[aed_ids[0]].kind == "missing"
    (one,) = waiting(database, moderator)
    assert (one.words, one.state) == ("the box is empty", "unknown")
    decide(database, moderator, one.report_id, "accepted")
    assert set(shown(database)) == set(aed_ids[1:])
    with pytest.raises(AedReportDecidedError):
        decide(database, moderator, one.report_id, "dismissed")
    with database.unit_of_work(moderator) as uow:
        (after,) = reports.return_to_service(uow, one.report_id).reports
    assert after.state == "in_service"
    assert shown(database)[aed_ids[0]] is None
    with database.read(SYSTEM) as uow:
        told = uow.session.execute(
            text("SELECT type, payload::text FROM events WHERE subject_kind = 'aed'")
        ).all()
    assert {row.type for row in told} == {"aed.reported", "aed.report_decided", "aed.returned"}
    assert not any("empty" in row.payload or "198.51" in row.payload for row in told)


def test_a_dismissed_report_leaves_no_flag_and_the_device_as_it_was(database, city, aed_ids):
    moderator = moderator_of(city.west_code, city.east_code)
    report(database, aed_ids[0], kind="broken")
    decide(database, moderator, waiting(database, moderator)[0].report_id, "dismissed")
    assert shown(database) == dict.fromkeys(aed_ids)
    with database.read(SYSTEM) as uow:
        assert uow.session.execute(text("SELECT count(*) FROM aed_states")).scalar_one() == 0


def test_another_district_neither_sees_nor_decides(database, city, aed_ids):
    report(database, aed_ids[0])
    everywhere = waiting(database, moderator_of(city.west_code, city.east_code))
    codes = {city.west_code, city.east_code}
    there = next(c for c in codes if waiting(database, moderator_of(c)))
    (elsewhere,) = codes - {there}
    assert waiting(database, moderator_of(elsewhere)) == []
    assert waiting(database, moderator_of(there, role="dispatcher")) == []
    with pytest.raises(AedReportNotFoundError):
        decide(database, moderator_of(elsewhere), everywhere[0].report_id, "accepted")


def test_a_device_that_is_not_there_cannot_be_reported(database, city):
    with pytest.raises(AedNotFoundError):
        report(database, 999_999)


def test_one_sender_never_takes_the_place_of_others(database, city, clock, aed_ids):
    moderator = moderator_of(city.west_code, city.east_code)
    report(database, aed_ids[0])
    for _ in range(4):
        with pytest.raises(AedAlreadyReportedError):
            report(database, aed_ids[0])
    report(database, aed_ids[0], kind="broken")
    for n in range(WAITING_REPORTS - 1):
        report(database, aed_ids[0], address=f"203.0.113.{n}")
    with pytest.raises(AedAlreadyReportedError):
        report(database, aed_ids[0], address="203.0.113.9")
    report(database, aed_ids[0], kind="broken", address="203.0.113.9")
    for one in waiting(database, moderator):
        decide(database, moderator, one.report_id, "dismissed")
    # Dismissed, it is not said again by the same sender today; anybody else may.
    with pytest.raises(AedAlreadyReportedError):
        report(database, aed_ids[0])
    report(database, aed_ids[0], address="203.0.113.77")
    clock.advance(86_401)
    report(database, aed_ids[0])


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_is_one_sender(address, sender):
    assert reports.sender_of(address) == sender


def test_so_many_a_day_from_one_sender_however_many_come_at_once(
    database, city, aed_ids, monkeypatch
):
    monkeypatch.setattr(reports, "SENDER_REPORTS", 3)
    what = [(aed_id, kind) for aed_id in aed_ids for kind in ("missing", "broken")]

    def attempt(n: int) -> bool:
        aed_id, kind = what[n % len(what)]
        try:
            report(database, aed_id, kind=kind)
        except (TooManyReportsError, AedAlreadyReportedError):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(9))) == 3
    with pytest.raises((TooManyReportsError, AedAlreadyReportedError)):
        report(database, aed_ids[0])
    report(database, aed_ids[-1], address="203.0.113.9")


def test_a_check_is_noted_the_report_waits_on_and_the_history_tells_all(database, city, aed_ids):
    moderator = moderator_of(city.west_code, city.east_code)
    report(database, aed_ids[0])
    (one,) = waiting(database, moderator)
    with database.unit_of_work(moderator) as uow:
        (checked,) = reports.request_check(uow, one.report_id).reports
    assert (checked.decision, checked.check_requested_by) == (None, moderator.label)
    assert shown(database)[aed_ids[0]].kind == "missing"
    decide(database, moderator, one.report_id, "accepted")
    with pytest.raises(AedReportDecidedError), database.unit_of_work(moderator) as uow:
        reports.request_check(uow, one.report_id)
    with database.read(moderator) as uow:
        steps = reports.aed_history(uow, aed_ids[0]).steps
    assert [(step.step, step.decision) for step in steps] == [
        ("aed.report_decided", "accepted"), ("aed.check_requested", None), ("aed.reported", None),
    ]  # fmt: skip
    assert {step.actor for step in steps[:2]} == {moderator.label}
    with pytest.raises(AedNotFoundError), database.read(moderator_of("elsewhere")) as uow:
        reports.aed_history(uow, aed_ids[0])


def test_the_words_and_the_digest_of_the_address_end(database, city, clock, aed_ids):
    report(database, aed_ids[0], words="next to the desk")
    later = clock.now() + timedelta(days=1, seconds=1)
    columns = text("SELECT words, sender_salt, sender_digest FROM aed_reports")
    for past, expected in (
        (reports.senders_past, ("next to the desk", None, None)),
        (reports.words_past, (None, None, None)),
    ):
        with database.unit_of_work(SYSTEM) as uow:
            again = partial(past, uow, later, 10)
            assert (again(), again()) == (1, 0)
        with database.read(SYSTEM) as uow:
            assert tuple(uow.session.execute(columns).one()) == expected
