"""Volunteers are asked, replaced, called back and stood down; nobody is sent into danger."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from dispatch.aeds.errors import AedNotOutError
from dispatch.arrest import service
from dispatch.arrest.errors import ArrestNotReleasedError
from dispatch.arrest.search import find_helpers
from dispatch.scene_safety.model import Danger, DangerAnswer
from dispatch.volunteers import service as volunteers
from dispatch.volunteers.errors import (
    AlertNotFoundError,
    AlertStepError,
    VolunteerBusyError,
    VolunteerNotVerifiedError,
)
from gis.access import SYSTEM
from gis.tables import AedState, Incident, JobRow
from gis.tables.volunteers import AedClaim, ArrestBundle
from tests.dispatch.arrest.conftest import LATER_S, Centre

pytestmark = pytest.mark.database


def wave(centre: Centre, size: int) -> None:
    """Let at most so many be asked at once."""
    with centre.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(ArrestBundle).values(wave_size=size))


def test_a_whole_arrest(centre: Centre) -> None:
    """One fetches the AED on the way, one goes straight; stood down, positions are gone."""
    aed_id = centre.aed(150)
    centre.aed(60, state=None)
    near, far = centre.volunteer(100), centre.volunteer(200)
    begun = centre.begin()
    assert begun.stands == "open"
    assert {one.route for one in begun.alerts} == {"direct", "via_aed"}
    assert [one.why.code for one in begun.apart] == ["service_unknown"]
    assert 1 <= len(begun.crews) <= 2
    assert centre.begin().alerts == begun.alerts  # pressed twice, nobody is asked twice
    before = centre.mine(far).alert
    assert (before.exact, before.place_label, before.aed) == (False, None, None)
    assert before.radius_m >= 300.0
    assert before.lon * 300 == pytest.approx(round(before.lon * 300))
    after = centre.press(far, "accepted")
    assert after.state == "routed_via_aed"
    assert after.exact
    assert after.aed.aed_id == aed_id
    assert centre.press(near, "accepted").state == "routed_direct"
    assert centre.press(far, "aed_taken").state == "has_aed"
    assert centre.press(far, "aed_taken").state == "has_aed"
    assert centre.press(near, "with_patient").state == "with_patient"
    with centre.database.read(SYSTEM) as uow:
        assert uow.session.scalar(
            select(AedState.state).where(AedState.aed_id == aed_id)
        ) == "in_use"  # fmt: skip
    with centre.database.unit_of_work(centre.dispatcher) as uow:
        service.stand_down(uow, centre.incident_id)
        service.stand_down(uow, centre.incident_id)
    assert set(centre.alerts().values()) == {"stood_down"}
    assert centre.count() == 0
    with centre.database.unit_of_work(centre.supervisor) as uow:
        service.restock(uow, aed_id)
        with pytest.raises(AedNotOutError):
            service.restock(uow, aed_id)


@pytest.mark.parametrize(
    ("plan", "answer", "kinds", "code"),
    [
        ({"cardiac_arrest": False, "assumed": ["awake"]}, DangerAnswer.NONE, (), "only_assumed"),
        ({"cardiac_arrest": False}, DangerAnswer.NONE, (), "not_an_arrest"),
        ({}, DangerAnswer.UNKNOWN, (), "danger_unknown"),
        ({}, DangerAnswer.KNOWN, (Danger.VIOLENCE,), "danger_known"),
    ],
)
def test_nobody_is_asked(centre: Centre, plan, answer, kinds, code) -> None:
    centre.volunteer(100)
    centre.code(**plan)
    centre.danger(answer, *kinds)
    with pytest.raises(ArrestNotReleasedError):
        centre.begin()
    assert code in {one.code for one in centre.look().blocks}
    assert not centre.alerts()


def test_an_excluded_complaint_asks_nobody(centre: Centre) -> None:
    """Drowning (2301029) is excluded by default: no lone volunteer goes to the water."""
    centre.volunteer(100)
    with centre.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(Incident).values(complaint_code="2301029"))
    with pytest.raises(ArrestNotReleasedError):
        centre.begin()


def test_who_never_answers_is_replaced_once(centre: Centre) -> None:
    """The job is there since the alert, due once: a second run of it asks nobody else."""
    first = centre.volunteer(100)
    centre.begin()
    wave(centre, 1)
    second = centre.volunteer(150)
    alert_id = centre.mine(first).alert.alert_id
    with centre.database.read(SYSTEM) as uow:
        kept = uow.session.scalars(select(JobRow.name)).all()
    assert kept.count("dispatch.volunteer") == 1
    centre.expire(alert_id)
    assert centre.alerts() == {"volunteer0": "alerted"}
    centre.clock.advance(LATER_S)
    centre.expire(alert_id)
    centre.expire(alert_id)
    assert centre.alerts() == {"volunteer0": "expired", "volunteer1": "alerted"}
    with pytest.raises(AlertStepError):
        centre.press(first, "accepted", alert_id)
    assert centre.press(second, "rejected") is None
    assert centre.alerts() == {"volunteer0": "expired", "volunteer1": "rejected"}


def test_an_aed_that_is_not_there(centre: Centre) -> None:
    """The volunteer goes straight on, a moderator is told, somebody is sent for another one."""
    gone, other = centre.aed(150), centre.aed(190)
    for east_m in (90, 200):
        centre.volunteer(east_m)
    centre.begin()
    wave(centre, 2)
    centre.volunteer(210)
    fetching = next(i for i in (0, 1) if centre.press(i, "accepted").aed)
    assert centre.mine(fetching).alert.aed.aed_id == gone
    assert centre.press(fetching, "aed_not_there").state == "routed_direct"
    apart = {one.aed_id: one.why.code for one in centre.look().apart}
    assert apart[gone] == "reported"
    assert apart[other] == "claimed"
    assert centre.mine(2).alert.route == "via_aed"


def test_two_accept_at_once(centre: Centre) -> None:
    """Both come, each once; of two arrests that ask one volunteer at once, one does."""
    centre.aed(150)
    people = [centre.volunteer(100), centre.volunteer(160)]
    with ThreadPoolExecutor(2) as pool:
        begun = list(pool.map(lambda _: centre.begin(), range(2)))
    assert all(one.stands == "open" for one in begun)
    assert len(centre.look().alerts) == 2
    assert centre.count(AedClaim) == 1
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda who: centre.press(who, "accepted").state, people * 2))
    assert sorted(set(states)) == ["routed_direct", "routed_via_aed"]


def test_a_new_danger_recalls(centre: Centre) -> None:
    """Who is on the way is called back and confirms; who has not answered is asked no longer."""
    first, second, third = (centre.volunteer(m) for m in (80, 100, 120))
    centre.begin()
    for who in (first, second):
        centre.press(who, "accepted")
    centre.danger(DangerAnswer.KNOWN, Danger.WEAPON)
    late = centre.press(third, "accepted")
    assert late is None  # the danger was known a moment before
    centre.follow()
    centre.follow()
    assert centre.alerts() == {
        "volunteer0": "recalled", "volunteer1": "recalled", "volunteer2": "stood_down",
    }  # fmt: skip
    assert centre.mine(first).alert.lon is None
    calls = [one for one in centre.look().alerts if one.call]
    assert len(calls) == 2
    assert centre.look().ended_why == "danger"
    assert centre.press(first, "recall_heard") is None
    told = next(one for one in centre.look().alerts if one.state == "recalled")
    with centre.database.unit_of_work(SYSTEM) as uow:
        service.say_recall_unheard(uow, told.alert_id)
    with centre.database.unit_of_work(centre.dispatcher) as uow:
        service.hear_recall(uow, told.alert_id)
        service.hear_recall(uow, told.alert_id)
    assert set(centre.alerts().values()) == {"stood_down"}
    assert centre.count() == 0
    with pytest.raises(ArrestNotReleasedError):
        centre.begin()


def test_a_claim_expires(centre: Centre) -> None:
    """The AED is free again, and who was to fetch it goes straight on."""
    centre.aed(150)
    for east_m in (90, 200):
        centre.volunteer(east_m)
    centre.begin()
    fetching = next(i for i in (0, 1) if centre.press(i, "accepted").aed)
    alert_id = centre.mine(fetching).alert.alert_id
    for seconds in (1, 10):
        centre.clock.advance(LATER_S * seconds)
        with centre.database.unit_of_work(SYSTEM) as uow:
            service.expire_claim(uow, alert_id)
        assert centre.count(AedClaim) == (1 if seconds == 1 else 0)
    assert centre.mine(fetching).alert.state == "routed_direct"


def test_killed_between_the_steps(centre: Centre) -> None:
    """A transaction that dies after a no leaves the no untold and nobody else asked."""
    centre.volunteer(100)
    centre.begin()
    wave(centre, 1)
    centre.volunteer(150)

    class Killed(BaseException):
        """The process is gone."""

    def killed() -> None:
        with centre.database.unit_of_work(centre.who[0]) as uow:
            helpers = find_helpers(uow, centre.routing, centre.incident_id)
            service.take_step(uow, alert_id, service.Step.REJECTED, helpers=helpers)
            raise Killed

    alert_id = centre.mine(0).alert.alert_id
    with pytest.raises(Killed):
        killed()
    assert centre.alerts() == {"volunteer0": "alerted"}
    centre.press(0, "rejected")
    assert centre.alerts() == {"volunteer0": "rejected", "volunteer1": "alerted"}


def test_only_verified_adults_are_asked(centre: Centre) -> None:
    who = centre.volunteer(100, verified=False)
    with (
        pytest.raises(VolunteerNotVerifiedError),
        centre.database.unit_of_work(centre.who[who]) as uow,
    ):
        volunteers.set_duty(uow, on_duty=True)
    assert not centre.begin().alerts


def test_off_duty_erases_the_position(centre: Centre) -> None:
    free, asked = centre.volunteer(5_000), centre.volunteer(100)
    centre.begin()
    with centre.database.unit_of_work(centre.who[free]) as uow:
        volunteers.set_duty(uow, on_duty=False)
    assert centre.count() == 1
    with pytest.raises(VolunteerBusyError), centre.database.unit_of_work(centre.who[asked]) as uow:
        volunteers.set_duty(uow, on_duty=False)
    with pytest.raises(AlertNotFoundError):
        centre.press(free, "accepted", centre.mine(asked).alert.alert_id)
