"""Others at the same incident, why not the nearer unit, patients, views, and a focus that stays."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in, until

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.timeout(300)]

ARREST = "2301021"


def show(page: Page, incident_id: str) -> None:
    """Select an incident of the queue."""
    page.locator(f'[data-testid="queue-row"][data-incident-id="{incident_id}"]').click()
    expect(page.get_by_test_id("head-facts")).to_be_visible()


@pytest.mark.acceptance
def test_who_else_has_it_open_is_seen_and_gone_with_it(open_page, desk, screenshot):
    watched, other = open_page(locale="en-GB", width=1366, height=768), open_page(locale="en-GB")
    page = log_in(watched)
    beside = log_in(other, "supervisor")
    incident_id = desk(page).call(ARREST)
    show(page, incident_id)
    desks = page.get_by_test_id("head-desks")
    expect(desks).to_be_empty()
    show(beside, incident_id)
    expect(desks).to_have_text("Also open at: supervisor")
    expect(beside.get_by_test_id("head-desks")).to_have_text("Also open at: dispatcher")
    screenshot(page, "desks-en")
    # Whoever leaves is gone at once.
    beside.evaluate("window.goldenhour.store.set({ incidentId: null })")
    expect(desks).to_be_empty()
    assert other.faults == []


@pytest.mark.acceptance
def test_without_a_connection_nobody_is_shown_at_an_incident(open_page, desk):
    page, beside = (
        log_in(open_page(locale="en-GB")),
        log_in(open_page(locale="en-GB"), "supervisor"),
    )
    incident_id = desk(page).call(ARREST)
    desks = page.get_by_test_id("head-desks")
    show(page, incident_id)
    show(beside, incident_id)
    expect(desks).to_have_text("Also open at: supervisor")
    # Without a connection nobody is shown: who was there may have gone.
    page.context.set_offline(True)
    expect(desks).to_be_empty(timeout=40_000)
    page.context.set_offline(False)
    expect(desks).to_have_text("Also open at: supervisor", timeout=40_000)


def test_why_not_the_nearer_unit_is_asked_after_sending(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    incident_id = at.call(ARREST)
    show(page, incident_id)
    rows = page.get_by_test_id("recommendation-row")
    expect(rows.nth(5)).to_be_visible()
    ranked = page.request.get(f"/v1/incidents/{incident_id}/recommendation").json()["units"]
    best = next(one for one in ranked if one["eligible"])
    far = next(
        one for one in ranked[:9]
        if one["eligible"] and (one["travel_time_s"] or 0) > best["travel_time_s"] + 40
    )  # fmt: skip
    page.locator(f'[data-testid="dispatch-button"][data-unit-id="{far["unit_id"]}"]').click()
    asked = page.get_by_test_id("deviation")
    expect(asked).to_contain_text(f"{far['call_sign']} is on its way; {best['call_sign']}")
    # It was sent before anybody asked, and the question took the focus from nobody.
    assert page.request.get(f"/v1/incidents/{incident_id}").json()["assignments"]
    assert not page.evaluate("document.activeElement.closest('[data-testid=deviation]')")
    screenshot(page, "deviation-en")
    page.get_by_test_id("deviation-local_knowledge").click()
    expect(asked).to_have_count(0)
    story = page.request.get(f"/v1/incidents/{incident_id}/story").json()["events"]
    assert any("in truth nearer" in one["text"]["en"] for one in story)
    assert watched.faults == []


@pytest.mark.acceptance
def test_patients_are_added_and_views_are_kept(open_page, desk, screenshot):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    first, second = at.call(ARREST), at.call("2301001")
    show(page, first)
    page.keyboard.press("Alt+a")
    age = page.get_by_test_id("patient-age")
    expect(age).to_be_focused()
    page.keyboard.type("61")
    page.get_by_test_id("patient-sex").select_option("female")
    page.get_by_test_id("patient-colour").select_option("red")
    page.get_by_test_id("patient-name").fill("Ana")
    # Looking at another incident loses nothing of what was typed.
    show(page, second)
    show(page, first)
    page.keyboard.press("Alt+a")
    expect(age).to_have_value("61")
    expect(page.get_by_test_id("patient-name")).to_have_value("Ana")
    page.get_by_test_id("patient-sex").select_option("female")
    page.get_by_test_id("patient-colour").select_option("red")
    page.get_by_test_id("patient-add").click()
    expect(page.get_by_test_id("patient-row")).to_contain_text("61 years · female")
    expect(age).to_have_value("")
    screenshot(page, "patients-en")

    # A remark and a reason half written are there again, too.
    page.get_by_test_id("remark-text").fill("gate 7")
    page.get_by_text("Cancel incident", exact=True).first.click()
    page.get_by_test_id("cancel-reason").fill("twice")
    show(page, second)
    expect(page.get_by_test_id("remark-text")).to_have_value("")
    show(page, first)
    expect(page.get_by_test_id("remark-text")).to_have_value("gate 7")
    page.get_by_text("Cancel incident", exact=True).first.click()
    expect(page.get_by_test_id("cancel-reason")).to_have_value("twice")
    page.get_by_test_id("cancel-reason").fill("")
    page.get_by_test_id("remark-text").fill("")

    # A filter gets a name, is chosen again after a reload, and is forgotten.
    page.get_by_test_id("filter-C4").click()
    page.get_by_test_id("view-save").click()
    page.keyboard.type("Urgent")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("view-choose")).to_have_value("0")
    page.get_by_test_id("filter-C4").click()
    page.reload()
    until(page, "() => Boolean(window.goldenhour?.store.state.loaded)")
    page.get_by_test_id("view-choose").select_option("Urgent")
    expect(page.get_by_test_id("filter-C4")).to_have_attribute("aria-pressed", "false")
    page.get_by_test_id("view-forget").click()
    expect(page.get_by_test_id("view-choose")).to_have_count(0)
    page.get_by_test_id("filter-C4").click()
    assert watched.faults == []


@pytest.mark.acceptance
def test_live_updates_leave_the_focus_in_units_stamps_and_log(open_page, desk):
    watched = open_page(locale="en-GB", width=1366, height=768)
    page = log_in(watched)
    at = desk(page)
    incident_id = at.call(ARREST)
    sent = at.send(incident_id)
    show(page, incident_id)

    # A remark being written, and a reason, while units report.
    remark = page.get_by_test_id("remark-text")
    remark.fill("third floor")
    states = page.evaluate(
        "id => { window.seen = new Set(); const { store } = window.goldenhour;"
        " store.on(['incidents'], () => store.state.incidents.get(id)?.assignments"
        ".forEach(one => window.seen.add(one.state))); return [...window.seen]; }", incident_id,
    )  # fmt: skip
    assert states == []
    until(page, "() => window.seen.size >= 2", seconds=90)
    expect(remark).to_be_focused()
    expect(remark).to_have_value("third floor")
    remark.fill("")

    # The stamp that had the focus is gone with the next report: its card has it, no other button.
    page.keyboard.press("F8")
    until(page, "() => document.activeElement.closest('.assignment')")
    page.evaluate("() => { window.seen = new Set(); }")
    until(page, "() => window.seen.size >= 2", seconds=120)
    assert page.evaluate("Boolean(document.activeElement.closest('.assignment'))")

    # In the list of units the same row keeps focus, place and node while units move and change.
    page.get_by_role("tab").nth(1).click()
    row = page.locator(f'[data-testid="unit-row"][data-unit-id="{sent["unit_id"]}"]')
    row.focus()
    page.evaluate("() => { window.row = document.activeElement; }")
    page.evaluate(
        "() => { window.moved = 0; const { store } = window.goldenhour;"
        " store.on(['units'], () => { window.moved += 1; }); }"
    )
    at.call("2301001")
    until(page, "() => window.moved >= 2", seconds=90)
    assert page.evaluate("window.row.isConnected && document.activeElement === window.row")
    expect(row).to_have_attribute("data-group", re.compile("."))
    assert watched.faults == []
