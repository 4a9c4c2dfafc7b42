"""A crew on its way to somebody who can wait is asked to come to an arrest, by the keys."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from dispatch.diversions import service as diversions
from gis.access import SYSTEM
from gis.tables import Diversion, Incident, SimulationControl, Unit
from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(600)]

ABDOMINAL = "2301001"
ARREST = "2301021"


@pytest.fixture
def standing(site) -> Iterator[None]:
    """Crews hardly move, and nobody is free but whoever a test leaves in service."""

    def speed(factor: float) -> None:
        with site.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(update(SimulationControl).values(speed_factor=factor))

    speed(0.01)
    yield
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(Unit).values(out_of_service_reason=None))
    speed(20)


def only(site, unit_ids: list[int]) -> None:
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Unit).values(out_of_service_reason="test").where(Unit.unit_id.not_in(unit_ids))
        )


def run_out(site, diversion_id: UUID) -> None:
    """Let the time of an offer pass, and do what the timer does then."""
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Diversion)
            .where(Diversion.diversion_id == diversion_id)
            .values(expires_at=uow.clock.now() - timedelta(seconds=1))
        )
    with site.database.unit_of_work(SYSTEM) as uow:
        diversions.ask_next(uow, diversion_id, answer_within_s=30.0)


def say_yes(page: Page) -> None:
    """Enter the crew's yes: not by one press, since it cannot be taken back."""
    page.keyboard.press("v")
    expect(page.get_by_test_id("messages")).to_contain_text("cannot be taken back")
    page.wait_for_timeout(400)
    page.keyboard.press("v")


def test_a_crew_is_asked_to_divert_and_both_incidents_tell_it(
    open_page, desk, site, standing, screenshot
):
    watched = open_page(locale="en-GB")
    page = log_in(watched)
    mine = desk(page)
    lesser = [mine.call(ABDOMINAL) for _ in range(2)]
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(Incident).values(category="C4").where(
            Incident.incident_id.in_(lesser)
        ))  # fmt: skip
    sent = [mine.send(incident_id) for incident_id in lesser]
    only(site, [one["unit_id"] for one in sent])
    arrest = mine.call(ARREST, conscious="no", breathing="no")
    numbers = {
        one: page.request.get(f"/v1/incidents/{one}").json()["number"] for one in [*lesser, arrest]
    }

    # It stands on top of the list, with what its patient would lose, and can only be asked.
    page.locator(f'[data-testid="queue-row"][data-incident-id="{arrest}"]').click()
    rows = page.get_by_test_id("recommendation-row")
    expect(rows.first).to_contain_text("Could be diverted from a C4; nobody can replace it there")
    expect(rows.first.get_by_test_id("dispatch-button")).to_have_text("Ask to divert")
    screenshot(page, "console-diversion-list")

    # The first press chooses, the second asks; the old task stands, nobody is sent.
    queued = page.locator(f'[data-testid="queue-row"][data-incident-id="{arrest}"]')
    queued.focus()
    page.keyboard.press("d")
    expect(page.locator(".candidate.chosen")).to_have_count(1)
    expect(page.get_by_test_id("offer")).to_have_count(0)
    page.keyboard.press("d")
    offer = page.get_by_test_id("offer")
    expect(offer).to_contain_text("asked to come from C4")
    expect(page.get_by_text("Being asked")).to_have_count(1)
    expect(offer).to_contain_text("nobody can replace it there")
    expect(offer.get_by_test_id("offer-left")).to_have_text(re.compile(r"^0:[0-3]\d$"))
    expect(page.get_by_test_id("incident-state")).to_have_attribute("data-state", "queued")
    screenshot(page, "console-diversion-waiting")
    (told,) = page.request.get(f"/v1/incidents/{arrest}").json()["diversions"]
    losing = told["losing_incident_id"]
    first = told["call_sign"]
    assert page.request.get(f"/v1/incidents/{losing}").json()["state"] != "queued"

    # No answer: the next one is asked, and that is said.
    run_out(site, UUID(told["diversion_id"]))
    expect(page.get_by_test_id("offers-ended")).to_have_text(f"{first} did not answer")
    expect(offer).to_contain_text("asked to come from C4")
    expect(offer).not_to_contain_text(first)

    # The crew says yes by voice: both incidents change and tell it.
    queued.focus()
    say_yes(page)
    expect(page.get_by_test_id("incident-state")).to_have_attribute("data-state", "assigned")
    expect(page.get_by_test_id("offer")).to_have_count(0)
    accepted = page.request.get(f"/v1/incidents/{arrest}").json()["diversions"][1]
    other = accepted["losing_incident_id"]
    screenshot(page, "console-diversion-accepted")
    row = page.locator(f'[data-testid="queue-row"][data-incident-id="{other}"]')
    expect(row).to_contain_text("unit diverted away")
    row.click()
    expect(page.get_by_test_id("incident-state")).to_have_attribute("data-state", "queued")
    expect(page.get_by_test_id("offer-losing")).to_contain_text(numbers[arrest])
    screenshot(page, "console-diversion-lost")
    assert watched.faults == []
