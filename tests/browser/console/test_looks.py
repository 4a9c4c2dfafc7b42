"""Every state of the console in each language, theme and size: pictures, and open to all.

The pictures are for eyes (tests/screenshots); held here is that axe-core finds nothing serious and
that the desk never scrolls sideways.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, update

from gis.access import SYSTEM
from gis.tables import Incident, LoginSession, SimulationControl, Unit, User
from tests.browser.conftest import Site, into_view, log_in, until
from tests.browser.console.conftest import Desk
from tests.browser.cutting import Line, line_to
from tests.browser.looks import LOOKS, Look, look_at

pytestmark = [
    pytest.mark.browser, pytest.mark.database, pytest.mark.acceptance, pytest.mark.timeout(1800),
]  # fmt: skip

ARREST, CHEST, ABDOMINAL = "2301019", "2301021", "2301001"
Open = Callable[..., Any]
States = Iterator[tuple[str, Page]]
"""A state's name and the page in it."""


@pytest.fixture(autouse=True)
def standing(site: Site) -> Iterator[None]:
    """Crews hardly move; afterwards all are in service again."""

    def speed(factor: float) -> None:
        with site.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(update(SimulationControl).values(speed_factor=factor))

    speed(0.01)
    yield
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(Unit).values(out_of_service_reason=None))
    speed(20)


@pytest.fixture
def opened(open_page: Open, desk: Callable[[Page], Desk]) -> Callable[..., tuple[Page, Desk]]:
    """Return a function that signs in at an empty desk, with streets on the map if asked for."""

    def make(look: Look, **more: Any) -> tuple[Page, Desk]:
        page = log_in(open_page(**look.as_context(), **more), "supervisor")
        return page, desk(page)

    return make


def show(page: Page, incident_id: str) -> None:
    """Select an incident of the queue."""
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()
    expect(page.get_by_test_id("head-facts")).to_be_visible()


def taking(opened: Any, look: Look, _site: Site) -> States:
    """An empty desk, a call with its place, its triage and its units."""
    page, at = opened(look, streets=True)
    yield "empty", page
    page.keyboard.press("F2")
    expect(page.get_by_test_id("call-words")).to_be_focused()
    page.keyboard.type("my husband has collapsed, he does not answer")
    page.get_by_test_id("call-number").fill("51 255 12 abc")
    until(page, "() => Boolean(window.goldenhour.store.state.incidentId)")
    at.taken.append(page.evaluate("window.goldenhour.store.state.incidentId"))
    yield "new-call", page
    page.get_by_test_id("call-number").fill("51 255 1234")
    page.get_by_test_id("place-search").fill("Balmaceda")
    expect(page.get_by_test_id("place-option").first).to_be_visible()
    yield "place", page
    page.get_by_test_id("place-search").fill("Hospital San Pablo")
    page.get_by_test_id("place-option").first.click()
    page.get_by_test_id("complaint-search").fill("arrest")
    page.get_by_test_id("complaint-option").first.click()
    expect(page.get_by_test_id("save-triage")).to_be_visible()
    yield "triage", page
    page.get_by_test_id("save-triage").click()
    expect(page.get_by_test_id("recommendation-row").first).to_be_visible()
    into_view(page.locator(".recommend"))
    yield "recommendation", page
    page.evaluate("document.getElementById('incident-panel').scrollTop = 0")
    yield "coded", page


def working(opened: Any, look: Look, site: Site) -> States:
    """A full queue; a unit under way, its hospital, its end, and the story of it."""
    page, at = opened(look)
    arrest = at.call(ARREST)
    lesser = at.call(CHEST)
    at.call()
    at.call(placed=False)
    at.call(ABDOMINAL)
    sent = at.send(lesser)
    at.send(arrest)
    show(page, arrest)
    expect(page.get_by_test_id("head-missing")).to_be_visible()
    yield "under-way", page
    into_view(page.get_by_test_id("assignment-row").first)
    yield "stamps", page
    for state in ("acknowledged", "en_route", "on_scene"):
        at.try_to(
            "POST", f"/v1/assignments/{sent['assignment_id']}/stamps",
            {"state": state, "source": "console"},
        )  # fmt: skip
    show(page, lesser)
    page.get_by_test_id("choose-destination").click()
    expect(page.get_by_test_id("destination-option").first).to_be_visible()
    into_view(page.get_by_test_id("destination-option").first)
    yield "hospitals", page
    at.try_to(
        "POST", f"/v1/assignments/{sent['assignment_id']}/stamps",
        {"state": "no_transport", "source": "console"},
    )  # fmt: skip
    expect(page.get_by_test_id("close-outcome")).to_be_visible()
    into_view(page.get_by_test_id("close-outcome"))
    yield "closing", page
    page.get_by_test_id("close-outcome").select_option("false_alarm")
    page.get_by_test_id("close-incident").click()
    expect(page.get_by_test_id("incident-ended")).to_be_visible()
    yield "ended", page
    page.get_by_role("button", name=re.compile("经过|Story")).click()
    expect(page.locator(".story li").first).to_be_visible()
    yield "story", page
    page.keyboard.press("Escape")
    page.get_by_role("tab").nth(1).click()
    expect(page.get_by_test_id("unit-row").first).to_be_visible()
    yield "units", page
    page.get_by_role("tab").nth(2).click()
    yield "roads", page
    page.keyboard.press("F1")
    expect(page.get_by_test_id("commands")).to_be_visible()
    yield "help", page
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+f")
    expect(page.get_by_test_id("search-number")).to_be_focused()
    page.get_by_test_id("search-number").fill("0")
    page.keyboard.press("Enter")
    yield "search", page


def doubles(opened: Any, look: Look, _site: Site) -> States:
    """Two calls about one thing: the hint, the comparison; two windows at one triage."""
    page, at = opened(look)
    at.call(CHEST, said={"words": "my father fell", "caller_number": "1"})
    second = at.call(ARREST, said={"words": "he does not breathe, he is on the floor"})
    show(page, second)
    expect(page.get_by_test_id("similar")).to_be_visible()
    yield "similar", page
    page.keyboard.press("Alt+g")
    expect(page.get_by_test_id("merge-dialog")).to_be_visible()
    yield "merge", page
    page.keyboard.press("Escape")
    page.get_by_test_id("triage-result").get_by_role("button").first.click()
    expect(page.get_by_test_id("save-triage")).to_be_visible()
    yield "retriage", page
    page.get_by_test_id("patient-count").fill("3")
    at.change("PUT", second, "triage", {"complaint_code": CHEST, "answers": {}})
    page.get_by_test_id("save-triage").click()
    expect(page.get_by_test_id("conflict-stored")).to_be_visible()
    yield "conflict", page


def diverting(opened: Any, look: Look, site: Site) -> States:
    """Nobody is free: a crew on its way to a C4 is asked to come."""
    page, at = opened(look)
    lesser = [at.call(ABDOMINAL) for _ in range(2)]
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Incident).values(category="C4").where(Incident.incident_id.in_(lesser))
        )
    sent = [at.send(incident_id)["unit_id"] for incident_id in lesser]
    with site.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Unit).values(out_of_service_reason="test").where(Unit.unit_id.not_in(sent))
        )
    arrest = at.call(ARREST)
    show(page, arrest)
    expect(page.get_by_test_id("recommendation-row").first).to_be_visible()
    into_view(page.locator(".recommend"))
    yield "diversion-list", page
    page.get_by_test_id("recommendation-row").first.get_by_test_id("dispatch-button").click()
    expect(page.get_by_test_id("offer")).to_be_visible()
    yield "diversion-offered", page


def lost(opened: Any, look: Look, site: Site) -> States:
    """The sign-in has ended; the server is away."""
    with line_to(site.url) as line:
        page, at = opened(look, base_url=line.url)
        yield from _lost(page, at, site, line)


def _lost(page: Page, at: Desk, site: Site, line: Line) -> States:
    show(page, at.call(ARREST))
    with site.database.unit_of_work(SYSTEM) as uow:
        of = uow.session.query(User.user_id).filter(User.username == "supervisor")
        uow.session.execute(
            update(LoginSession).where(LoginSession.user_id.in_(of))
            .values(expires_at=func.now() - timedelta(seconds=1))
        )  # fmt: skip
    page.get_by_test_id("remark-text").fill("gate 7")
    page.get_by_test_id("remark-text").press("Enter")
    expect(page.get_by_test_id("signed-out")).to_be_visible(timeout=60_000)
    yield "session-lost", page
    page.get_by_test_id("again-password").fill("golden-hour")
    page.get_by_test_id("again").click()
    expect(page.get_by_test_id("signed-out")).to_have_count(0)
    page.get_by_test_id("new-call").click()
    page.get_by_test_id("call-words").fill("a fall from a ladder")
    line.cut()
    page.get_by_test_id("call-words").press_sequentially(" at the port")
    expect(page.get_by_test_id("connection-banner")).to_be_visible(timeout=60_000)
    yield "server-lost", page
    line.mend()
    expect(page.get_by_test_id("connection-banner")).to_be_hidden(timeout=60_000)
    # What was typed meanwhile arrives.
    until(page, "() => !window.goldenhour.store.state.lost")
    at.away()


def other_views(opened: Any, look: Look, _site: Site) -> States:
    """A map with streets beside its queue; the light map; the wall."""
    page, at = opened(look, streets=True)
    at.call(ARREST)
    sent = at.call(CHEST)
    at.send(sent)
    at.call()
    yield "waiting", page
    page.evaluate("localStorage.setItem('goldenhour.map.light', 'on')")
    page.reload()
    until(page, "() => Boolean(window.goldenhour && window.goldenhour.map.loaded())")
    yield "light-map", page
    page.goto("/console?view=wall")
    expect(page.get_by_test_id("wall-row").first).to_be_visible()
    yield "wall", page


GROUPS = (taking, working, doubles, diverting, lost, other_views)


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("states", GROUPS, ids=lambda group: group.__name__)
def test_every_state_of_the_console_in_every_look(opened, site, states, look):
    found = {}
    for name, page in states(opened, look, site):
        found |= look_at(page, f"console-{name}", look)
    assert found == {}
