"""Two people at one incident, and an Enter that was pressed before its answer came."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

ROW = '[data-testid="queue-row"][data-incident-id="{}"]'


def test_what_two_people_change_at_once_is_shown_and_chosen(open_page, desk, screenshot):
    watched = open_page(locale="en-GB")
    page = log_in(watched)
    at = desk(page)
    incident_id = at.call()
    page.locator(ROW.format(incident_id)).click()
    search = page.get_by_test_id("complaint-search")
    search.fill("chest pain")
    search.press("Enter")
    save = page.get_by_test_id("save-triage")
    expect(save).to_be_visible()

    # Something else of the incident changes: that is no conflict.
    at.change("PUT", incident_id, "place", {
        "point": {"lon": -71.3394, "lat": -29.9533, "datum": "wgs84"}, "confirmed": True,
    })  # fmt: skip
    save.click()
    expect(page.get_by_test_id("triage-result")).to_contain_text("Chest Pain")

    # The other window codes it while this form is open.
    for chosen, complaint in (("keep", "Cardiac Arrest"), ("send", "Fall")):
        page.get_by_test_id("triage-result").get_by_role("button", name="Change").click()
        page.get_by_test_id("patient-count").fill("3" if chosen == "keep" else "4")
        code = page.evaluate(
            "name => window.goldenhour.store.state.protocol.complaints"
            ".find(one => one.name.en.startsWith(name)).code", complaint,
        )  # fmt: skip
        at.change("PUT", incident_id, "triage", {"complaint_code": code, "answers": {}})
        save.click()
        expect(page.get_by_test_id("conflict-stored")).to_contain_text(complaint)
        expect(page.get_by_test_id("conflict-mine")).not_to_contain_text(complaint)
        # An Enter that was pressed twice chooses neither.
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("conflict-stored")).to_be_visible()
        screenshot(page, f"conflict-{chosen}-en")
        page.get_by_test_id(f"conflict-{chosen}").click()
        shown = page.get_by_test_id("triage-result")
        if chosen == "keep":
            expect(shown).to_contain_text(complaint)
        else:
            expect(shown).not_to_contain_text(complaint)
            expect(page.get_by_test_id("messages")).to_contain_text("Triage saved")
    assert at.page.request.get(f"/v1/incidents/{incident_id}").json()["patient_count"] == 4
    assert watched.faults == []


def test_an_enter_before_the_answer_acts_on_its_text_and_incident_or_says_so(open_page, desk):
    watched = open_page(locale="en-GB")
    page = log_in(watched)
    at = desk(page)
    first, other = (
        at.ask("POST", "/v1/calls", {"city_id": at.city_id, "source": "phone"})["incident"]
        for _ in range(2)
    )
    at.taken += [first["incident_id"], other["incident_id"]]
    waiting: list[Route] = []

    def held(route: Route) -> None:
        waiting.append(route)

    page.route("**/v1/places/search", held)

    def answer() -> None:
        while not waiting:
            page.wait_for_timeout(20)
        while waiting:
            waiting.pop(0).continue_()

    told = page.get_by_test_id("messages")
    field = page.get_by_test_id("place-search")
    page.locator(ROW.format(first["incident_id"])).click()

    # The text changes after Enter: nothing is chosen, and it says so.
    field.fill("Hospital San Pablo")
    field.press("Enter")
    field.press("x")
    expect(told).to_contain_text("No place was chosen for “Hospital San Pablo”")
    # Two places fit: nothing is chosen.
    field.fill("Balmaceda")
    field.press("Enter")
    answer()
    expect(told).to_contain_text("Several places fit “Balmaceda”")
    # The answer comes when another incident is shown: the place is the first one's.
    field.fill("Hospital San Pablo")
    field.press("Enter")
    page.locator(ROW.format(other["incident_id"])).click()
    expect(page.get_by_test_id("place-search")).to_have_value("")
    answer()
    expect(told).to_contain_text(f"Place of {first['number']} saved")
    rows = page.evaluate("[...window.goldenhour.store.state.incidents.values()]")
    places = {one["incident_id"]: one["place_label"] for one in rows}
    assert "San Pablo" in places[first["incident_id"]]
    assert not places[other["incident_id"]]
    page.unroute("**/v1/places/search")
    assert watched.faults == []
